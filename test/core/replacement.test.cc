// replacement: a region's memory gets other addresses, and its id stays.
#include <doctest/doctest.h>

#include <atomic>
#include <functional>
#include <thread>
#include <utility>

#include "core/region.h"
#include "core/relocate.h"
#include "support/address_space.h"
#include "support/object.h"

using namespace hugepages;
using namespace hugepages::test;

namespace {

std::shared_ptr<hold> add(const map_request& request) { return registry::instance().add(map(request)); }

relocation same_size(const mapping& memory) {
  relocation to;
  to.length = memory.usable().length;
  return to;
}

// As the addon does it: the caller's hold becomes one of the new region.
bool replace(
    std::shared_ptr<hold>& held, const std::function<void()>& meanwhile = [] {}) {
  const auto moving = registry::instance().replace(held->target());
  meanwhile();
  if (!moving) return false;
  auto moved = relocate(moving->memory(), same_size(moving->memory()));
  if (!moved.ok()) return false;
  std::exchange(held, moving->finish(std::move(moved.value().memory), std::move(moved.value().survives)))->release();
  return true;
}

}  // namespace

TEST_CASE("replacement: the same memory and the same id at other addresses, and zeroed memory at the old ones") {
  for_each_kind(2, [](const map_request& request) {
    auto held = add(request);
    const auto before = registry::instance().totals();
    const auto old = held->target();
    const std::string id = old->id();
    touch(old->usable(), old->page_size(), 6);
    old->holes().add({old->usable().start, old->page_size()});
    REQUIRE(replace(held));
    auto& target = *held->target();
    CHECK(target.id() == id);
    CHECK(target.usable().start != old->usable().start);
    CHECK(holds(target.usable(), target.page_size(), 6));
    CHECK(held->target()->holes().within(target.usable()).at(0).start == target.usable().start);
    CHECK(holds(old->usable(), base_page_size(), 0));
    CHECK(work::begin(old) == nullptr);
    CHECK(registry::instance().attach(id)->target() == held->target());
    CHECK(registry::instance().totals().regions == before.regions);
    CHECK(registry::instance().totals().bytes == before.bytes);
  });
}

TEST_CASE("replacement: an id that is asked for afterwards is of the new addresses") {
  auto held = add(request_for(backing_kind::base, 1));
  REQUIRE(replace(held));
  CHECK(registry::instance().attach(held->target()->id())->target() == held->target());
}

TEST_CASE("replacement: not while anybody else holds the region, or works on it") {
  auto held = add(request_for(backing_kind::base, 1));
  {
    const auto other = registry::instance().attach(held->target()->id());
    CHECK(registry::instance().replace(held->target()) == nullptr);
  }
  {
    const auto working = work::begin(held->target());
    CHECK(registry::instance().replace(held->target()) == nullptr);
  }
  CHECK(replace(held));
}

TEST_CASE("replacement: one that is not finished changes nothing") {
  const auto held = add(request_for(backing_kind::base, 1));
  touch(held->target()->usable(), base_page_size(), 3);
  CHECK(registry::instance().replace(held->target()) != nullptr);
  CHECK(registry::instance().attach(held->target()->id())->target() == held->target());
  CHECK(holds(held->target()->usable(), base_page_size(), 3));
}

TEST_CASE("replacement: who attaches meanwhile waits, and has the new region") {
  auto held = add(request_for(backing_kind::base, 1));
  const std::string id = held->target()->id();
  auto moving = registry::instance().replace(held->target());
  REQUIRE(moving != nullptr);
  std::shared_ptr<hold> attached;
  std::atomic<bool> begun{false};
  std::atomic<bool> returned{false};
  std::thread other([&] {
    begun = true;
    attached = registry::instance().attach(id);
    returned = true;
  });
  while (!begun) std::this_thread::yield();
  auto moved = relocate(moving->memory(), same_size(moving->memory()));
  REQUIRE(outcome(moved) == "ok");
  CHECK_FALSE(returned);
  const auto old = std::exchange(held, moving->finish(std::move(moved.value().memory), nullptr));
  old->release();
  moving.reset();
  other.join();
  REQUIRE(attached != nullptr);
  CHECK(attached->target() == held->target());
}

TEST_CASE("replacement: threads that attach at any moment of it have the same memory") {
  for_each_kind(2, [](const map_request& request) {
    for (const auto source : {source_kind::anonymous, source_kind::memfd}) {
      CAPTURE(static_cast<int>(source));
      const bool anonymous = source == source_kind::anonymous;
      auto held = add(anonymous ? request : mapping_of(make(object_for(source, request)), request));
      touch(held->target()->usable(), request.page_size, 4);
      const std::string id = held->target()->id();
      constexpr int rounds = 50;
      std::atomic<int> begun{0};
      std::atomic<int> read{0};
      std::atomic<bool> wrong{false};
      const auto read_each_round = [&] {
        for (int round = 1; round <= rounds; round++) {
          while (begun < round) std::this_thread::yield();
          const auto mine = registry::instance().attach(id);
          if (!mine || !holds(mine->target()->usable(), request.page_size, 4)) wrong = true;
          if (mine) mine->release();
          read++;
        }
      };
      std::thread one(read_each_round);
      std::thread other(read_each_round);
      for (int round = 1; round <= rounds; round++) {
        CHECK(replace(held, [&] { begun = round; }));
        while (read < 2 * round) std::this_thread::yield();
      }
      one.join();
      other.join();
      CHECK_FALSE(wrong);
    }
  });
}
