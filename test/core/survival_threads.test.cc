// survival: several threads fault at once, while regions come and go.
#include <doctest/doctest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "core/region.h"
#include "support/survival.h"

using namespace hugepages;
using namespace hugepages::test;

TEST_CASE("survival: threads that touch the same page at once keep what each of them wrote") {
  const pool exact(huge_page, 0);
  if (!exact) return;
  const auto request = unreserved(64);
  constexpr size_t threads = 4;
  for (int round = 0; round < 5; round++) {
    const mapping made = map(request);
    const auto survives = survive_on(made);
    std::atomic<size_t> ready{0};
    std::vector<std::thread> writers;
    for (size_t thread = 0; thread < threads; thread++) {
      writers.emplace_back([&, thread] {
        for (size_t page = 0; page < 64; page++) {
          ready++;
          while (ready < threads * (page + 1)) std::this_thread::yield();
          byte_at(page_of(made, page), thread) = static_cast<unsigned char>(thread + 1);
        }
      });
    }
    for (auto& writer : writers) writer.join();
    size_t lost = 0;
    for (size_t page = 0; page < 64; page++) {
      for (size_t thread = 0; thread < threads; thread++) lost += byte_at(page_of(made, page), thread) == thread + 1 ? 0 : 1;
    }
    CHECK(lost == 0);
    CHECK(survives->count() == 64);
    uint64_t position = 0;
    CHECK(offsets_since(*survives, position).size() == 64);
  }
}

TEST_CASE("survival: regions come and go in some threads while others fault in theirs") {
  const pool exact(huge_page, 0);
  if (!exact) return;
  const auto request = unreserved(4);
  std::atomic<bool> failed{false};
  std::vector<std::thread> threads;
  for (size_t thread = 0; thread < 4; thread++) {
    threads.emplace_back([&, thread] {
      for (int round = 0; round < 100; round++) {
        auto made = mapping::create(request);
        if (!made.ok()) failed = true;
        auto begun = survival::begin({made.value().usable(), huge_page, false, false});
        if (!begun.ok()) failed = true;
        const auto value = static_cast<unsigned char>(thread + 1);
        touch(made.value().usable(), huge_page, value);
        if (!holds(made.value().usable(), huge_page, value) || begun.value()->count() != 4) failed = true;
        uint64_t position = 0;
        if (begun.value()->since(position).offsets.size() != 4) failed = true;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK_FALSE(failed);
}

TEST_CASE("survival: a region is disposed while another thread still reads it through a view that escaped") {
  const pool exact(huge_page, 0);
  if (!exact) return;
  const auto request = unreserved(8);
  for (int round = 0; round < 20; round++) {
    mapping memory = map(request);
    auto survives = survive_on(memory);
    const auto held = registry::instance().add(std::move(memory), std::move(survives));
    auto view = held->target();
    std::atomic<bool> begun{false};
    bool zeros = false;
    std::thread reader([&begun, &zeros, view = std::move(view)] {
      begun = true;
      zeros = holds(view->usable(), huge_page, 0);
    });
    while (!begun) std::this_thread::yield();
    held->release();
    reader.join();
    CHECK(zeros);
  }
}
