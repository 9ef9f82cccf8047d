#include "core/numa.h"

#include <doctest/doctest.h>
#include <linux/mempolicy.h>

#include <fstream>
#include <sstream>
#include <string>

#include "support/memory.h"

using namespace hugepages;
using namespace hugepages::test;

namespace {

const std::string numa_maps = "/proc/self/numa_maps";

bool needs_numa() { return needs(read_line(numa_maps).has_value(), obstacle::machine, "this kernel has no NUMA"); }

// Of the mapping that starts at `address`: "bind:0 anon=1 dirty=1 N0=1 kernelpagesize_kB=4".
std::string policy_and_pages(uintptr_t address) {
  std::ifstream lines(numa_maps);
  std::ostringstream start;
  start << std::hex << address << ' ';
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind(start.str(), 0) == 0) return line.substr(start.str().size());
  }
  return "";
}

}  // namespace

TEST_CASE("numa: memory bound to a node comes from it") {
  if (!needs_numa()) return;
  for_each_kind(2, [](map_request request) {
    request.guard = true;  // no neighbour merges with it
    const mapping made = map(request);
    CHECK(outcome(bind_to_nodes(made.usable(), MPOL_BIND, {0})) == "ok");
    touch(made.usable(), base_page_size());
    const std::string line = policy_and_pages(made.usable().start);
    CAPTURE(line);
    CHECK(line.rfind("bind:0 ", 0) == 0);
    const size_t page = request.kind == backing_kind::hugetlb ? request.page_size : base_page_size();
    CHECK((line + " ").find(" N0=" + std::to_string(request.length / page) + " ") != std::string::npos);
  });
}

TEST_CASE("numa: other policies, and back to none") {
  if (!needs_numa()) return;
  map_request request = request_for(backing_kind::base, 1);
  request.guard = true;
  const mapping made = map(request);
  CHECK(outcome(bind_to_nodes(made.usable(), MPOL_INTERLEAVE, {0})) == "ok");
  CHECK(policy_and_pages(made.usable().start).rfind("interleave:0", 0) == 0);
  CHECK(outcome(bind_to_nodes(made.usable(), MPOL_LOCAL, {})) == "ok");
  CHECK(policy_and_pages(made.usable().start).rfind("local", 0) == 0);
  CHECK(outcome(bind_to_nodes(made.usable(), MPOL_DEFAULT, {})) == "ok");
  CHECK(policy_and_pages(made.usable().start).rfind("default", 0) == 0);
}

TEST_CASE("numa: nodes that are not there are refused") {
  if (!needs_numa()) return;
  const mapping made = map(request_for(backing_kind::base, 1));
  for (const int node : {-1, 999, 1024, 1 << 30}) {
    CAPTURE(node);
    CHECK(outcome(bind_to_nodes(made.usable(), MPOL_BIND, {node})) == "mbind: EINVAL");
  }
}
