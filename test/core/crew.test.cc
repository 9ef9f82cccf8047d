#include "core/crew.h"

#include <doctest/doctest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <string>
#include <thread>
#include <vector>

#include "core/cpus.h"
#include "support/address_space.h"
#include "support/child.h"

using namespace hugepages;
using namespace hugepages::test;

namespace {

constexpr std::chrono::milliseconds often(1);

}  // namespace

TEST_CASE("crew: all threads are there before the first works, and work at the same time") {
  crew threads(4, {});
  CHECK(threads.size() == 4);
  CHECK(std::stoul(status_field("Threads")) >= 5);  // this one too; a sanitizer may have one of its own
  std::atomic<size_t> arrived{0};
  std::vector<int> calls(4, 0);
  const auto meet = [&](size_t index) {
    calls[index]++;
    for (arrived++; arrived < 4;) std::this_thread::yield();
  };
  threads.run(meet, often, do_nothing);
  CHECK(calls == std::vector<int>{1, 1, 1, 1});
}

TEST_CASE("crew: calls meanwhile on the calling thread until all have finished") {
  crew threads(2, {});
  std::atomic<int> called{0};
  int elsewhere = 0;
  const auto caller = std::this_thread::get_id();
  // The deadline only keeps a failure from hanging.
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  const auto wait = [&](size_t index) {
    const int enough = index == 0 ? 3 : 6;
    while (called < enough && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
  };
  threads.run(wait, often, [&] {
    if (std::this_thread::get_id() != caller) elsewhere++;
    called++;
  });
  CHECK(called >= 6);
  CHECK(elsewhere == 0);
}

TEST_CASE("crew: threads that are never started end with it") {
  // One that went on would find its crew gone, or end the process.
  const crew idle(3, {});
  CHECK(idle.size() == 3);
}

TEST_CASE("crew: its threads stay on the given CPUs") {
  const int last = allowed_cpus().back();
  crew threads(2, {last});
  std::vector<std::vector<int>> seen(2);
  threads.run([&](size_t index) { seen[index] = allowed_cpus(); }, often, do_nothing);
  CHECK(seen == std::vector<std::vector<int>>{{last}, {last}});
}

TEST_CASE("crew: its threads take no signals, and the caller's mask stays") {
  sigset_t before;
  pthread_sigmask(SIG_SETMASK, nullptr, &before);
  crew threads(1, {});
  sigset_t after;
  pthread_sigmask(SIG_SETMASK, nullptr, &after);
  for (const int signal : {SIGINT, SIGTERM, SIGPROF, SIGUSR1}) CHECK(sigismember(&before, signal) == sigismember(&after, signal));
  bool blocked = true;
  const auto look = [&](size_t) {
    sigset_t mask;
    pthread_sigmask(SIG_SETMASK, nullptr, &mask);
    for (const int signal : {SIGINT, SIGTERM, SIGPROF, SIGUSR1}) blocked = blocked && sigismember(&mask, signal) == 1;
  };
  threads.run(look, often, do_nothing);
  CHECK(blocked);
}

TEST_CASE("crew: as many threads as the system gives, which may be none") {
  CHECK(fate_of_child([] {
          // RLIMIT_NPROC does not bind root.
          if (geteuid() == 0 && setuid(65534) != 0) return 1;
          const rlimit itself_only{1, 1};
          if (setrlimit(RLIMIT_NPROC, &itself_only) != 0) return 2;
          crew threads(3, {});
          if (threads.size() != 0) return 3;
          bool called = false;
          threads.run([&](size_t) { called = true; }, often, do_nothing);
          return called ? 4 : 0;
        }) == success);
}
