#include "core/page_cost.h"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <thread>

#include "core/measuring_child.h"
#include "support/memory.h"

using namespace hugepages;
using namespace hugepages::test;

namespace {

const std::atomic<bool> never{false};

page_cost_request cost_of(const map_request& request, size_t rounds = 3) {
  return {request.kind, request.page_size, request.length, request.shared, rounds};
}

bool has_child() { return waitpid(-1, nullptr, WNOHANG) != -1 || errno != ECHILD; }

}  // namespace

TEST_CASE("page cost: a figure for each round, and every page back, on every backing") {
  for_each_kind(2, [](const map_request& request) {
    for (const auto& figures : {fault_cost(cost_of(request), never), fork_cost(cost_of(request), never)}) {
      REQUIRE(outcome(figures) == "ok");
      CHECK(figures.value().size() == 3);
      for (const double each : figures.value()) CHECK(each > 0);
    }
  });
  CHECK_FALSE(has_child());
}

TEST_CASE("page cost: a fork with nothing mapped, and one with shared memory") {
  auto request = cost_of(request_for(backing_kind::base, 0));
  CHECK(outcome(fork_cost(request, never)) == "ok");
  request.length = 16 * base_page_size();
  request.shared = true;
  CHECK(outcome(fork_cost(request, never)) == "ok");
  CHECK(outcome(fault_cost(request, never)) == "ok");
}

TEST_CASE("page cost: what the child cannot map is an error") {
  const pool exact(huge_page, 1);
  if (!exact) return;
  const auto refused = fault_cost(cost_of(request_for(backing_kind::hugetlb, 2)), never);
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().error == ENOMEM);
  CHECK(std::string(refused.error().call) == "mmap");
}

TEST_CASE("measuring child: a signal of a touch kills the child alone") {
  const auto faulty = [](double*) {
    (void)raise(SIGBUS);
    return done();
  };
  const auto killed = in_child(1, faulty, never);
  REQUIRE_FALSE(killed.ok());
  CHECK(killed.error().error == EFAULT);
  CHECK_FALSE(has_child());
}

TEST_CASE("measuring child: is killed when it is to stop") {
  std::atomic<bool> stop{false};
  std::thread stopper([&] { stop = true; });
  const auto endless = [](double*) {
    for (;;) pause();
    return done();
  };
  const auto stopped = in_child(1, endless, stop);
  stopper.join();
  REQUIRE_FALSE(stopped.ok());
  CHECK(stopped.error().error == ECANCELED);
  CHECK_FALSE(has_child());
}
