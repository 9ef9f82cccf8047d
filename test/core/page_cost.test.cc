#include "core/page_cost.h"

#include <doctest/doctest.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "core/cpus.h"
#include "core/region.h"
#include "core/touch.h"
#include "support/child.h"
#include "support/memory.h"
#include "support/object.h"
#include "support/refuse.h"

using namespace hugepages;
using namespace hugepages::test;

namespace {

const std::atomic<bool> never{false};

page_cost_request cost_of(const map_request& request, size_t rounds = 3) {
  return {request.kind, request.page_size, request.length, rounds, -1};
}

bool has_child() { return waitpid(-1, nullptr, WNOHANG) != -1 || errno != ECHILD; }

}  // namespace

TEST_CASE("page cost: a figure for each round, and every page back, on every backing") {
  for_each_kind(2, [](const map_request& request) {
    for (const auto& figures : {fault_cost(cost_of(request), never), fork_cost(cost_of(request), never)}) {
      REQUIRE(outcome(figures) == "ok");
      CHECK(figures.value().nanoseconds.size() == 3);
      for (const double each : figures.value().nanoseconds) CHECK(each > 0);
      CHECK(figures.value().clock > 0);
    }
  });
  CHECK_FALSE(has_child());
}

TEST_CASE("page cost: a fork with nothing mapped") {
  CHECK(outcome(fork_cost(cost_of(request_for(backing_kind::base, 0)), never)) == "ok");
}

TEST_CASE("page cost: base pages in the place of a transparent huge one are an error") {
  if (const thp_mode madvised("madvise"); !madvised) return;
  CHECK(fate_of_child([] {
          if (prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0) != 0) return 1;
          const auto request = cost_of(request_for(backing_kind::thp, 2));
          for (const auto& figures : {fault_cost(request, never), fork_cost(request, never)}) {
            if (figures.ok() || figures.error().error != ENOMEM) return 2;
          }
          return 0;
        }) == success);
}

TEST_CASE("page cost: what others have is mapped, read, and left as it is") {
  const pool exact(huge_page, 2);
  if (!exact) return;
  const auto plain = request_for(backing_kind::hugetlb, 2);
  const auto request = mapping_of(make(object_for(source_kind::memfd, plain)), plain);
  const auto held = registry::instance().add(map(request));
  REQUIRE(outcome(populate(held->target()->usable(), huge_page)) == "ok");
  for (const bool read : {false, true}) {
    const auto figures = attach_cost({request.object, request.length, read, 3, -1}, never);
    REQUIRE(outcome(figures) == "ok");
    CHECK(figures.value().nanoseconds.size() == 3);
    for (const double each : figures.value().nanoseconds) CHECK(each > 0);
  }
  CHECK(exact.change() == counters{0, -2, 0, 0});
}

TEST_CASE("page cost: what the child cannot map is an error") {
  const pool exact(huge_page, 1);
  if (!exact) return;
  const auto refused = fault_cost(cost_of(request_for(backing_kind::hugetlb, 2)), never);
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().error == ENOMEM);
  CHECK(std::string(refused.error().call) == "mmap");
}

TEST_CASE("page cost: keeps to a CPU, and leaves the thread where it may run; says why it cannot") {
  const auto before = allowed_cpus();
  auto request = cost_of(request_for(backing_kind::base, 1));
  request.cpu = before.back();
  const auto pinned = fault_cost(request, never);
  REQUIRE(outcome(pinned) == "ok");
  CHECK(pinned.value().pinning.error == 0);
  CHECK(allowed_cpus() == before);
  CHECK(fate_of_child([&request] {
          if (!refuse(SYS_sched_setaffinity, 0, 0, EPERM)) return 0;
          const auto refused = fault_cost(request, never);
          return refused.ok() && refused.value().pinning.error == EPERM ? 0 : 1;
        }) == success);
}
