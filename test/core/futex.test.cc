#include "core/futex.h"

#include <doctest/doctest.h>
#include <sys/mman.h>

#include <string>
#include <thread>
#include <vector>

#include "support/child.h"
#include "support/memory.h"

using namespace hugepages;
using namespace hugepages::test;
using namespace std::chrono_literals;

namespace {

std::shared_ptr<hold> add(bool shared) {
  auto request = request_for(backing_kind::base, 1);
  request.shared = shared;
  request.inherit_on_fork = shared;
  return registry::instance().add(map(request));
}

std::atomic<uint32_t>& word_of(const hold& held) { return *static_cast<std::atomic<uint32_t>*>(held.target()->usable().pointer()); }

uintptr_t address_of(const hold& held) { return held.target()->usable().start; }

std::unique_ptr<futex_waiter> wait_for(const hold& held, uint32_t expected, futex_deadline until = std::nullopt) {
  return std::make_unique<futex_waiter>(work::begin(held.target()), futex_word{address_of(held), expected}, until);
}

bool always() { return true; }

futex_outcome value(const result<futex_outcome>& waited) {
  REQUIRE(outcome(waited) == "ok");
  return waited.value();
}

// Returns when it has woken one: nobody can be woken before he sleeps.
void wake_one(uintptr_t address) {
  for (;;) {
    const auto woken = futex_wake(address, 1);
    REQUIRE(outcome(woken) == "ok");
    if (woken.value() == 1) return;
    std::this_thread::yield();
  }
}

}  // namespace

TEST_CASE("futex: what the word holds is compared, and nothing else happens") {
  for (const bool shared : {false, true}) {
    const auto held = add(shared);
    word_of(*held) = 7;
    CHECK(futex_equal({address_of(*held), 7}).value());
    CHECK_FALSE(futex_equal({address_of(*held), 8}).value());
    CHECK(futex_wait({address_of(*held), 8}, std::nullopt, 1s, always).value() == futex_outcome::not_equal);
    CHECK(futex_wake(address_of(*held), 5).value() == 0);
    CHECK(word_of(*held) == 7);
  }
}

TEST_CASE("futex: a waiter is woken without a change of the word, in private and in shared memory") {
  for (const bool shared : {false, true}) {
    const auto held = add(shared);
    auto waiter = wait_for(*held, 0);
    futex_outcome ended{};
    std::thread waiting([&] { ended = value(waiter->run()); });
    wake_one(address_of(*held));
    waiting.join();
    CHECK(ended == futex_outcome::woken);
  }
}

TEST_CASE("futex: a wait that ends by its deadline") {
  const auto held = add(true);
  const auto begin = futex_clock::now();
  CHECK(value(wait_for(*held, 0, begin + 20ms)->run()) == futex_outcome::timed_out);
  CHECK(value(futex_wait({address_of(*held), 0}, begin + 40ms, 1s, always)) == futex_outcome::timed_out);
  CHECK(value(futex_wait({address_of(*held), 0}, begin + 60ms, 1ms, always)) == futex_outcome::timed_out);
  CHECK(futex_clock::now() - begin >= 60ms);
  CHECK(value(wait_for(*held, 0, futex_clock::time_point{})->run()) == futex_outcome::timed_out);
}

TEST_CASE("futex: a change of the word ends a wait in slices, also without a wake-up") {
  const auto held = add(true);
  int asked = 0;
  const auto go_on = [&] {
    if (++asked == 3) word_of(*held) = 1;
    return true;
  };
  CHECK(value(futex_wait({address_of(*held), 0}, std::nullopt, 1ms, go_on)) == futex_outcome::woken);
  CHECK(asked == 3);
  CHECK(value(futex_wait({address_of(*held), 1}, std::nullopt, 1ms, [&] { return ++asked < 6; })) == futex_outcome::cancelled);
}

TEST_CASE("futex: cancelled before it begins and while it waits, without waking anybody else") {
  const auto held = add(true);
  auto early = wait_for(*held, 0);
  early->cancel();
  CHECK(value(early->run()) == futex_outcome::cancelled);

  auto cancelled = wait_for(*held, 0);
  auto other = wait_for(*held, 0);
  futex_outcome ended{};
  futex_outcome other_ended{};
  std::thread waiting([&] { ended = value(cancelled->run()); });
  std::thread other_waiting([&] { other_ended = value(other->run()); });
  std::this_thread::sleep_for(10ms);
  cancelled->cancel();
  waiting.join();
  CHECK(ended == futex_outcome::cancelled);
  wake_one(address_of(*held));
  other_waiting.join();
  CHECK(other_ended == futex_outcome::woken);
}

TEST_CASE("futex: a spin sees the change, or gives up") {
  const auto held = add(true);
  CHECK_FALSE(futex_spin({address_of(*held), 0}, 1ms).value());
  std::thread changing([&] { word_of(*held) = 1; });
  while (!futex_spin({address_of(*held), 0}, 1ms).value()) continue;
  changing.join();
}

TEST_CASE("futex: a wait keeps the pages of a region that everybody else has given up") {
  auto held = add(false);
  word_of(*held) = 7;
  const auto target = held->target();  // the addresses
  const auto& word = *static_cast<std::atomic<uint32_t>*>(target->usable().pointer());
  auto waiter = wait_for(*held, 7);
  held->release();
  CHECK(word == 7);
  waiter->cancel();
  CHECK(value(waiter->run()) == futex_outcome::cancelled);
  CHECK(word == 0);
}

TEST_CASE("futex: another process is woken, and wakes") {
  const auto held = add(true);
  const uintptr_t address = address_of(*held);
  const auto answer = [&] {
    if (value(futex_wait({address, 0}, std::nullopt, 1s, always)) != futex_outcome::woken) return 1;
    wake_one(address + 4);
    return 0;
  };
  auto waiter = std::make_unique<futex_waiter>(work::begin(held->target()), futex_word{address + 4, 0}, std::nullopt);
  futex_outcome ended{};
  const auto meanwhile = [&] {
    std::thread waiting([&] { ended = value(waiter->run()); });
    wake_one(address);
    waiting.join();
  };
  CHECK(fate_of_child(answer, meanwhile) == success);
  CHECK(ended == futex_outcome::woken);
}

TEST_CASE("futex: a word on no page is an error, not a signal") {
  const auto check = [](const hold& held) {
    const futex_word word{address_of(held), 0};
    CHECK(outcome(futex_equal(word)) == "futex(FUTEX_CMP_REQUEUE): EFAULT");
    CHECK(outcome(futex_spin(word, 1ms)) == "futex(FUTEX_CMP_REQUEUE): EFAULT");
    CHECK(outcome(futex_wake(word.address, 1)) == "futex(FUTEX_WAKE): EFAULT");
    CHECK(outcome(futex_wait(word, std::nullopt, 1s, always)) == "futex(FUTEX_WAIT): EFAULT");
    CHECK(outcome(wait_for(held, 0)->run()) == "futex_waitv: EFAULT");
  };
  const auto held = add(true);
  REQUIRE(mprotect(held->target()->usable().pointer(), base_page_size(), PROT_NONE) == 0);
  check(*held);

  const pool exact(huge_page, 0);
  if (!exact) return;
  auto request = request_for(backing_kind::hugetlb, 1);
  request.reserve = false;
  request.shared = true;
  check(*registry::instance().add(map(request)));
}
