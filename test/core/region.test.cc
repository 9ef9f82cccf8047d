#include "core/region.h"

#include <doctest/doctest.h>

#include <atomic>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "support/address_space.h"
#include "support/memory.h"

using namespace hugepages;
using namespace hugepages::test;

namespace {

std::shared_ptr<hold> add(const map_request& request) { return registry::instance().add(map(request)); }

}  // namespace

TEST_CASE("region: counted in the registry while held") {
  const auto before = registry::instance().totals();
  const auto held = add(request_for(backing_kind::base, 3));
  const auto& target = *held->target();
  CHECK(target.usable().length == 3 * base_page_size());
  CHECK(target.page_size() == base_page_size());
  CHECK(target.kind() == backing_kind::base);
  CHECK_FALSE(target.shared());
  const auto with = registry::instance().totals();
  CHECK(with.regions == before.regions + 1);
  CHECK(with.bytes == before.bytes + 3 * base_page_size());
  held->release();
  CHECK(registry::instance().totals().regions == before.regions);
  CHECK(registry::instance().totals().bytes == before.bytes);
}

TEST_CASE("region: attached to by its exact id") {
  const auto held = add(request_for(backing_kind::base, 1));
  const std::string id = held->target()->id();
  const auto other = add(request_for(backing_kind::base, 1));
  REQUIRE(registry::instance().attach(id) != nullptr);
  CHECK(registry::instance().attach(id)->target() == held->target());
  CHECK(other->target()->id() != id);
  const std::string key = id.substr(0, id.find('-'));
  const std::string random = id.substr(id.find('-') + 1);
  CHECK(random.size() == 32);
  for (const std::string& wrong : {std::string(), key, key + "-", " " + id, id + "0", "0" + id, "0-" + random, "-" + id,
                                   key + other->target()->id().substr(other->target()->id().find('-')), "99999999999999999999-" + random}) {
    CAPTURE(wrong);
    CHECK(registry::instance().attach(wrong) == nullptr);
  }
}

TEST_CASE("region: has one id, whichever thread asks first") {
  const auto held = add(request_for(backing_kind::base, 1));
  std::vector<std::string> ids(4);
  std::vector<std::thread> threads;
  threads.reserve(ids.size());
  for (auto& id : ids) {
    threads.emplace_back([&held, &id] { id = held->target()->id(); });
  }
  for (auto& thread : threads) thread.join();
  CHECK(ids == std::vector<std::string>(ids.size(), held->target()->id()));
  CHECK(registry::instance().attach(ids[0]) != nullptr);
  const std::string other = registry::instance().new_id();
  CHECK(other != ids[0]);
  CHECK(registry::instance().attach(other) == nullptr);
}

TEST_CASE("region: the last of several holds gives the pages back, in whatever order they end") {
  const pool exact(huge_page, 2);
  if (!exact) return;
  for (const bool first_ends_first : {true, false}) {
    CAPTURE(first_ends_first);
    const auto first = add(request_for(backing_kind::hugetlb, 2));
    const auto second = registry::instance().attach(first->target()->id());
    const std::string id = first->target()->id();
    const range usable = first->target()->usable();
    touch(usable, huge_page, 4);
    (first_ends_first ? first : second)->release();
    CHECK(holds(usable, huge_page, 4));
    CHECK(exact.change() == counters{0, -2, 0, 0});
    (first_ends_first ? second : first)->release();
    CHECK(exact.change() == counters{});
    CHECK(maps_of(usable).empty());
    CHECK(registry::instance().attach(id) == nullptr);
  }
}

TEST_CASE("region: a hold ends once, by release or with its owner") {
  const auto before = registry::instance().totals();
  auto held = add(request_for(backing_kind::base, 1));
  const auto second = registry::instance().attach(held->target()->id());
  held->release();
  held->release();
  CHECK(held->target() == nullptr);
  held.reset();
  CHECK(registry::instance().totals().regions == before.regions + 1);
  CHECK(holds(second->target()->usable(), base_page_size(), 0));
}

TEST_CASE("region: views keep the addresses, not the pages") {
  for_each_kind(2, [](const map_request& request) {
    auto held = add(request);
    const range usable = held->target()->usable();
    {
      const std::shared_ptr<const region> view = held->target();
      touch(usable, request.page_size, 8);
      held.reset();
      CHECK(smaps_bytes(usable.start, "Rss") == 0);
      CHECK(smaps_bytes(usable.start, "Private_Hugetlb") == 0);
      CHECK(holds(usable, request.page_size, 0));
    }
    CHECK(maps_of(usable).empty());
  });
}

TEST_CASE("region: work in progress keeps the pages") {
  const pool exact(huge_page, 2);
  if (!exact) return;
  for (const bool viewed : {true, false}) {
    CAPTURE(viewed);
    const auto held = add(request_for(backing_kind::hugetlb, 2));
    auto target = held->target();
    const range usable = target->usable();
    touch(usable, huge_page, 6);
    auto first = work::begin(target);
    auto second = work::begin(target);
    REQUIRE((first && second));
    held->release();
    CHECK(work::begin(target) == nullptr);
    if (!viewed) target.reset();
    first.reset();
    CHECK(holds(usable, huge_page, 6));
    CHECK(exact.change() == counters{0, -2, 0, 0});
    second.reset();
    CHECK(exact.change() == counters{});
    CHECK(maps_of(usable).empty() == !viewed);
  }
}

TEST_CASE("region: the process has one identity") {
  CHECK(process_identity().size() == 32);
  CHECK(&process_identity() == &process_identity());
}

TEST_CASE("region: threads attach, work and release while the first hold ends") {
  const auto before = registry::instance().totals();
  for_each_kind(2, [](const map_request& request) {
    for (int round = 0; round < 20; round++) {
      auto held = add(request);
      const std::string id = held->target()->id();
      const range usable = held->target()->usable();
      std::atomic<int> attached{0};
      std::atomic<bool> lost{false};
      std::vector<std::thread> threads;
      for (size_t thread = 0; thread < 4; thread++) {
        threads.emplace_back([&] {
          while (const auto mine = registry::instance().attach(id)) {
            attached++;
            const auto view = mine->target();
            const auto working = work::begin(view);
            if (!working) lost = true;  // the hold is this thread's
            mine->release();
            if (!holds(usable, request.page_size, 0)) lost = true;
          }
        });
      }
      while (attached < 8) std::this_thread::yield();
      held->release();
      for (auto& thread : threads) thread.join();
      CHECK_FALSE(lost);
      CHECK(maps_of(usable).empty());
    }
  });
  CHECK(registry::instance().totals().regions == before.regions);
  CHECK(registry::instance().totals().bytes == before.bytes);
}

TEST_CASE("region: renewed, its pages are those of another region") {
  auto& regions = registry::instance();
  const auto first = regions.add(map(request_for(backing_kind::base, 2)));
  const auto target = first->target();
  const std::string id = target->id();
  byte_at(target->usable(), 0) = 7;
  const auto before = regions.totals();
  const auto second = regions.renew(*first);
  REQUIRE(second != nullptr);
  CHECK(first->target() == nullptr);
  CHECK(second->target() == target);
  CHECK(target->id() != id);
  CHECK(regions.attach(id) == nullptr);
  CHECK(regions.attach(target->id()) != nullptr);
  CHECK(byte_at(target->usable(), 0) == 7);
  first->release();
  CHECK(regions.totals().regions == before.regions);
  second->release();
  CHECK(regions.totals().regions == before.regions - 1);
}

TEST_CASE("region: not renewed where somebody can tell") {
  auto& regions = registry::instance();
  const auto refused = [&](const map_request& request, const std::function<void(hold&)>& change) {
    const auto held = regions.add(map(request));
    change(*held);
    const bool was_refused = regions.renew(*held) == nullptr;
    return was_refused && held->target() != nullptr;
  };
  const map_request plain = request_for(backing_kind::base, 1);
  map_request shared = plain;
  shared.shared = true;
  std::vector<std::shared_ptr<void>> kept;
  CHECK(refused(shared, [](hold&) {}));
  CHECK(refused(plain, [&](hold& held) { kept.push_back(regions.attach(held.target()->id())); }));
  CHECK(refused(plain, [&](hold& held) { kept.push_back(work::begin(held.target())); }));
  CHECK(refused(plain, [&](hold& held) { kept.push_back(std::make_shared<pointer_lease>(held.target())); }));
  CHECK(refused(plain, [](hold& held) { held.target()->alter(); }));
  CHECK_FALSE(refused(plain, [](hold& held) { const pointer_lease ended(held.target()); }));
}
