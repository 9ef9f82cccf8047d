// fault_range: found by their addresses while others come and go.
#include "core/fault_table.h"

#include <doctest/doctest.h>

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include "support/child.h"

using namespace hugepages;
using namespace hugepages::test;

namespace {

class counting_owner : public fault_owner {
 public:
  bool handle(uintptr_t address) override {
    const bool alone = !busy_.exchange(true);
    last_ = address;
    calls_++;
    busy_ = false;
    return alone;
  }
  [[nodiscard]] uintptr_t last() const { return last_; }
  [[nodiscard]] size_t calls() const { return calls_; }

 private:
  std::atomic<bool> busy_{false};
  std::atomic<uintptr_t> last_{0};
  std::atomic<size_t> calls_{0};
};

}  // namespace

TEST_CASE("fault_table: an address belongs to the range around it") {
  counting_owner first;
  counting_owner second;
  fault_range& one = fault_range::add({0x1000, 0x1000}, first);
  fault_range& other = fault_range::add({0x2000, 0x1000}, second);
  CHECK_FALSE(fault_range::dispatch(0xfff));
  CHECK(fault_range::dispatch(0x1000));
  CHECK(fault_range::dispatch(0x1fff));
  CHECK(first.last() == 0x1fff);
  CHECK(fault_range::dispatch(0x2000));
  CHECK(second.calls() == 1);
  CHECK_FALSE(fault_range::dispatch(0x3000));
  one.remove();
  CHECK_FALSE(fault_range::dispatch(0x1000));
  other.remove();
  CHECK_FALSE(fault_range::dispatch(0x2000));
  CHECK_FALSE(fault_range::dispatch(0));
}

TEST_CASE("fault_table: any number of ranges") {
  std::vector<counting_owner> owners(1000);
  std::vector<fault_range*> ranges;
  for (size_t i = 0; i < owners.size(); i++) ranges.push_back(&fault_range::add({(i + 1) << 20U, 1U << 20U}, owners[i]));
  for (size_t i = 0; i < owners.size(); i++) CHECK(fault_range::dispatch(((i + 1) << 20U) + i));
  for (const auto& owner : owners) CHECK(owner.calls() == 1);
  for (auto* const each : ranges) each->remove();
  CHECK_FALSE(fault_range::dispatch(1U << 20U));
}

TEST_CASE("fault_table: ranges come and go while others are looked for, and no owner is called after its end") {
  counting_owner constant;
  fault_range& kept = fault_range::add({0x10'000'000, 0x1000}, constant);
  std::atomic<bool> finished{false};
  std::atomic<bool> failed{false};
  std::vector<std::thread> threads;
  for (size_t adder = 0; adder < 2; adder++) {
    threads.emplace_back([&, adder] {
      for (uintptr_t round = 0; round < 2000; round++) {
        // Freed at the end of each round: a call after that is a use after free.
        const auto owner = std::make_unique<counting_owner>();
        const uintptr_t start = ((round % 7) + 1) << (16U + adder);
        fault_range& entry = fault_range::add({start, 0x1000}, *owner);
        entry.exclusively([] {});
        entry.remove();
      }
    });
  }
  for (size_t thread = 0; thread < 2; thread++) {
    threads.emplace_back([&] {
      while (!finished) {
        for (uintptr_t start = 1; start <= 14; start++) fault_range::dispatch(start << 16U);
        if (!fault_range::dispatch(0x10'000'fff)) failed = true;
        if (fault_range::dispatch(0x10'001'000)) failed = true;
      }
    });
  }
  threads[0].join();
  threads[1].join();
  finished = true;
  threads[2].join();
  threads[3].join();
  CHECK_FALSE(failed);
  CHECK(constant.calls() > 0);
  kept.remove();
}

TEST_CASE("fault_table: a child of fork waits for no thread that it does not have") {
  counting_owner owner;
  fault_range& entry = fault_range::add({0x1000, 0x1000}, owner);
  std::atomic<bool> claimed{false};
  std::atomic<bool> forked{false};
  std::thread holder([&] {
    entry.exclusively([&] {
      claimed = true;
      while (!forked) std::this_thread::yield();
    });
  });
  while (!claimed) std::this_thread::yield();
  CHECK(fate_of_child([] { return fault_range::dispatch(0x1000) ? 0 : 1; }, [&] { forked = true; }) == success);
  holder.join();
  entry.remove();
}
