#include "core/hole_map.h"

#include <doctest/doctest.h>

#include <random>
#include <set>

using namespace hugepages;

namespace {

std::set<uintptr_t> units(const std::vector<range>& parts) {
  std::set<uintptr_t> found;
  for (const auto& part : parts) {
    for (uintptr_t at = part.start; at < part.end(); at++) CHECK(found.insert(at).second);
  }
  return found;
}

bool same(const std::vector<range>& left, const std::vector<range>& right) {
  if (left.size() != right.size()) return false;
  for (size_t i = 0; i < left.size(); i++) {
    if (left[i].start != right[i].start || left[i].length != right[i].length) return false;
  }
  return true;
}

}  // namespace

TEST_CASE("hole_map: what touches becomes one, what is removed is cut out") {
  hole_map holes;
  CHECK(holes.within({0, 100}).empty());
  holes.add({10, 10});
  holes.add({30, 10});
  CHECK(same(holes.within({0, 100}), {{10, 10}, {30, 10}}));
  holes.add({20, 10});
  CHECK(same(holes.within({0, 100}), {{10, 30}}));
  holes.remove({15, 5});
  CHECK(same(holes.within({0, 100}), {{10, 5}, {20, 20}}));
  CHECK(same(holes.within({12, 10}), {{12, 3}, {20, 2}}));
  CHECK(holes.within({15, 5}).empty());
  holes.remove({0, 100});
  CHECK(holes.within({0, 100}).empty());
  holes.add({5, 0});
  CHECK(holes.within({0, 100}).empty());
}

TEST_CASE("hole_map: agrees with a set of units, whatever is done to it") {
  std::mt19937 random(1);  // NOLINT(cert-msc32-c,cert-msc51-cpp): the same every time
  const auto below = [&random](uintptr_t end) { return std::uniform_int_distribution<uintptr_t>(0, end - 1)(random); };
  for (int game = 0; game < 200; game++) {
    hole_map holes;
    std::set<uintptr_t> model;
    for (int move = 0; move < 40; move++) {
      const uintptr_t start = below(48);
      const range part{start, below(49 - start)};
      const bool adds = below(2) == 0;
      if (adds) holes.add(part);
      if (!adds) holes.remove(part);
      for (uintptr_t at = part.start; at < part.end(); at++) {
        if (adds) model.insert(at);
        if (!adds) model.erase(at);
      }
      CHECK(units(holes.within({0, 64})) == model);
      const auto found = holes.within({0, 64});
      for (size_t i = 1; i < found.size(); i++) CHECK(found[i - 1].end() < found[i].start);
    }
  }
}
