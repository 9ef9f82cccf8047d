#include "core/cpus.h"

#include <doctest/doctest.h>

#include <sstream>
#include <string>
#include <thread>

#include "support/address_space.h"

using namespace hugepages;
using namespace hugepages::test;

namespace {

// "0-1,4"
std::vector<int> parse_cpu_list(const std::string& list) {
  std::vector<int> cpus;
  std::istringstream parts(list);
  for (std::string part; std::getline(parts, part, ',');) {
    const int first = std::stoi(part);
    const size_t dash = part.find('-');
    const int last = dash == std::string::npos ? first : std::stoi(part.substr(dash + 1));
    for (int cpu = first; cpu <= last; cpu++) cpus.push_back(cpu);
  }
  return cpus;
}

}  // namespace

TEST_CASE("cpus: those of Cpus_allowed_list") {
  CHECK_FALSE(allowed_cpus().empty());
  CHECK(allowed_cpus() == parse_cpu_list(status_field("Cpus_allowed_list")));
}

TEST_CASE("cpus: a pinned thread keeps to its CPUs, and the others to theirs") {
  const auto before = allowed_cpus();
  for (const int cpu : before) {
    std::vector<int> pinned;
    std::thread([&] {
      REQUIRE(pin_this_thread({cpu}).ok());
      pinned = allowed_cpus();
    }).join();
    CHECK(pinned == std::vector<int>{cpu});
  }
  CHECK(allowed_cpus() == before);
}

TEST_CASE("cpus: CPUs that are not there are left out, and none at all changes nothing") {
  const auto before = allowed_cpus();
  std::vector<int> some;
  std::vector<int> none;
  std::thread([&] {
    CHECK(pin_this_thread({-1, 1 << 20, 8191}).error().error == EINVAL);
    none = allowed_cpus();
    CHECK(pin_this_thread({-1, 1 << 20, 8191, before.front()}).ok());
    some = allowed_cpus();
  }).join();
  CHECK(none == before);
  CHECK(some == std::vector<int>{before.front()});
}
