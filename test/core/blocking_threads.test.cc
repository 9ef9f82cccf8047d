#include "core/blocking_threads.h"

#include <doctest/doctest.h>

#include <atomic>
#include <csignal>
#include <set>
#include <string>
#include <thread>

#include "support/address_space.h"
#include "support/outcome.h"

using namespace hugepages;
using namespace hugepages::test;

namespace {

void run(std::function<void()> task) { REQUIRE(outcome(blocking_threads::instance().run(std::move(task))) == "ok"); }

}  // namespace

TEST_CASE("blocking threads: each call has one of its own while it blocks") {
  constexpr int count = 300;
  std::atomic<int> blocked{0};
  std::atomic<bool> go{false};
  for (int i = 0; i < count; i++) {
    run([&] {
      blocked++;
      while (!go) std::this_thread::sleep_for(std::chrono::milliseconds(1));
      blocked--;
    });
  }
  while (blocked < count) std::this_thread::yield();
  go = true;
  while (blocked > 0) std::this_thread::yield();
}

TEST_CASE("blocking threads: one that is done is there for the next call") {
  std::mutex mutex;
  std::set<std::thread::id> seen;
  std::atomic<int> ended{0};
  for (int i = 0; i < 100; i++) {
    run([&] {
      const std::lock_guard lock(mutex);
      seen.insert(std::this_thread::get_id());
      ended++;
    });
    while (ended <= i) std::this_thread::yield();
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  CHECK(seen.size() < 100);
}

TEST_CASE("blocking threads: take no signals") {
  std::atomic<int> blocked{-1};
  run([&] {
    sigset_t mask;
    pthread_sigmask(SIG_SETMASK, nullptr, &mask);
    blocked = sigismember(&mask, SIGUSR1);
  });
  while (blocked < 0) std::this_thread::yield();
  CHECK(blocked == 1);
}
