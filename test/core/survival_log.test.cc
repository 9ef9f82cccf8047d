// What survival tells of the pages that it degraded.
#include <doctest/doctest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <thread>

#include "support/survival.h"

using namespace hugepages;
using namespace hugepages::test;

TEST_CASE("survival: pages that the log has forgotten are counted") {
  constexpr size_t pages = 65'600;
  const int file = memfd_create("empty", 0);
  REQUIRE(ftruncate(file, pages * 4096) == 0);
  void* memory = mmap(nullptr, pages * 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  REQUIRE(memory != MAP_FAILED);
  const range mapped{reinterpret_cast<uintptr_t>(memory), pages * 4096};
  {
    const auto begun = survival::begin({mapped, 4096, true, false});
    REQUIRE(outcome(begun) == "ok");
    REQUIRE(ftruncate(file, 0) == 0);
    CHECK(holds(mapped, 4096, 0));
    CHECK(begun.value()->count() == pages);
    uint64_t position = 0;
    const auto found = begun.value()->since(position);
    CHECK(found.offsets.size() + found.missed == pages);
    CHECK(found.offsets.size() == 65'535);
    CHECK(found.offsets.back() == (pages - 1) * 4096);
  }
  munmap(memory, mapped.length);
  close(file);
}

TEST_CASE("survival: who waits hears of it") {
  const pool exact(huge_page, 0);
  if (!exact) return;
  const mapping made = map(unreserved(1));
  const auto survives = survive_on(made);
  std::thread waiter([&] {
    for (uint32_t seen = 0; survives->count() == 0;) await_degraded(seen);
  });
  touch(made.usable(), huge_page);
  waiter.join();
}
