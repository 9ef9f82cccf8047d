#include "core/discard.h"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>

#include "core/touch.h"
#include "support/memory.h"

using namespace hugepages;
using namespace hugepages::test;

namespace {

map_request of_source(source_kind source, size_t pages) {
  map_request request = request_for(backing_kind::hugetlb, pages);
  request.shared = true;
  if (source == source_kind::anonymous) return request;
  object_request object;
  object.source = source;
  object.length = request.length;
  object.page_size = request.page_size;
  auto made = memory_object::create(object);
  REQUIRE(outcome(made) == "ok");
  request.object = made.value();
  return request;
}

std::shared_ptr<hold> hold_of(const map_request& request) {
  auto held = registry::instance().add(map(request));
  if (request.object) request.object->keep();
  return held;
}

range page_of(const region& target, size_t index) { return {target.usable().start + index * target.page_size(), target.page_size()}; }

}  // namespace

TEST_CASE("discard: of shared memory, a hole without a reservation") {
  const pool exact(huge_page, 4);
  if (!exact) return;
  for (const auto source : {source_kind::anonymous, source_kind::memfd, source_kind::sysv}) {
    CAPTURE(static_cast<int>(source));
    const auto held = hold_of(of_source(source, 4));
    auto& target = *held->target();
    touch(target.usable(), huge_page);
    const auto gone = discard(target, page_of(target, 1), false);
    REQUIRE(outcome(gone) == "ok");
    CHECK(gone.value().freed == huge_page);
    CHECK(gone.value().state == reservation::lost);
    CHECK(exact.change() == counters{0, -3, 0, 0});
    REQUIRE(holes(target, target.usable()).value().size() == 1);
    CHECK(holes(target, target.usable()).value()[0].start == page_of(target, 1).start);
    const bool can = source == source_kind::memfd;
    CHECK(reserve(target, target.usable()).ok() == can);
    CHECK(exact.change() == counters{0, -3, can ? 1 : 0, 0});
    CHECK(holes(target, target.usable()).value().empty() == can);
  }
}

TEST_CASE("discard: what may only be read stays") {
  map_request request = request_for(backing_kind::base, 1);
  request.writable = false;
  const auto held = hold_of(request);
  CHECK(outcome(discard(*held->target(), held->target()->usable(), false)) == "madvise(MADV_DONTNEED): EACCES");
}

TEST_CASE("discard: a reservation that cannot be taken back leaves a hole, and says so") {
  const pool exact(huge_page, 2);
  if (!exact) return;
  const auto held = hold_of(of_source(source_kind::memfd, 2));
  auto& target = *held->target();
  touch(target.usable(), huge_page);
  exact.set(0);
  const auto gone = discard(target, target.usable(), true);
  exact.set(2);
  REQUIRE(outcome(gone) == "ok");
  CHECK(gone.value().error.error == ENOMEM);
  CHECK(gone.value().freed == 2 * huge_page);
  CHECK(gone.value().state == reservation::lost);
}

TEST_CASE("discard: two threads, of which one takes what the other gives back") {
  const pool exact(huge_page, 1);
  if (!exact) return;
  const auto held = hold_of(of_source(source_kind::memfd, 1));
  auto& target = *held->target();
  std::atomic<bool> stop{false};
  std::thread taker([&] {
    while (!stop) (void)populate(target.usable(), huge_page);
  });
  size_t freed = 0;
  for (int round = 0; round < 2000; round++) {
    const auto gone = discard(target, target.usable(), round % 2 == 0);
    if (gone.ok()) freed += gone.value().freed;
    (void)holes(target, target.usable());
  }
  stop = true;
  taker.join();
  CHECK(freed > 0);
  CHECK(freed <= 2000 * huge_page);
}
