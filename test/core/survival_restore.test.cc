// survival::restore: pages that were degraded are huge pages again.
#include <doctest/doctest.h>

#include <vector>

#include "support/address_space.h"
#include "support/survival.h"

using namespace hugepages;
using namespace hugepages::test;

TEST_CASE("survival: pages that are there again take the place of those that were degraded") {
  const pool exact(huge_page, 1);
  if (!exact) return;
  for (const bool shared : {false, true}) {
    CAPTURE(shared);
    const mapping made = map(unreserved(2, shared));
    const auto survives = survive_on(made);
    const auto renew = [&](range page, int protection) { return made.renew(page, protection); };
    REQUIRE(outcome(survives->protect(page_of(made, 1), PROT_READ)) == "ok");
    {
      const mapping other = map(request_for(backing_kind::hugetlb, 1));
      touch(page_of(made, 0), huge_page, 5);
      CHECK(holds(made.usable(), huge_page, 5) == false);
      CHECK(survives->count() == 2);
    }
    survives->restore(page_of(made, 0), renew);
    CHECK(survives->count() == 1);
    CHECK(byte_at(made.usable(), 0) == 0);
    CHECK(exact.change() == counters{0, -1, 0, 0});
    CHECK(smaps_bytes(made.usable().start, "KernelPageSize") == huge_page);
    CHECK(has_vm_flag(made.usable().start, "dc"));
    // Without a page for it, the other is degraded again, and stays read-only.
    survives->restore(made.usable(), renew);
    CHECK(survives->count() == 0);
    CHECK(maps_of(page_of(made, 1)).at(0).permissions == (shared ? "r--s" : "r--p"));
    CHECK(byte_at(page_of(made, 1), 0) == 0);
    CHECK(survives->count() == 1);
    uint64_t position = 0;
    CHECK(offsets_since(*survives, position) == std::vector<size_t>{0, huge_page, huge_page});
  }
}

TEST_CASE("survival: a page that cannot be renewed is empty all the same") {
  const pool exact(huge_page, 0);
  if (!exact) return;
  const mapping made = map(unreserved(1));
  const auto survives = survive_on(made);
  touch(made.usable(), huge_page, 5);
  survives->restore(made.usable(), [](range /*page*/, int /*protection*/) { return failure{ENOMEM, "mmap"}; });
  CHECK(survives->count() == 1);
  CHECK(holds(made.usable(), huge_page, 0));
}
