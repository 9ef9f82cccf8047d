#include "core/frame_file.h"

#include <doctest/doctest.h>

#include <vector>

#include "core/page_entry.h"
#include "support/child.h"
#include "support/memory.h"

using namespace hugepages;
using namespace hugepages::test;

namespace {

constexpr uint64_t compound_head = uint64_t{1} << 15U;
constexpr uint64_t compound_tail = uint64_t{1} << 16U;
constexpr uint64_t huge = uint64_t{1} << 17U;
constexpr uint64_t no_page = uint64_t{1} << 20U;
constexpr uint64_t beyond_memory = uint64_t{1} << 45U;

std::vector<uint64_t> values(frame_file which, const std::vector<uint64_t>& frames) {
  const auto read = read_frames(which, frames, never_stops);
  REQUIRE(outcome(read) == "ok");
  return read.value();
}

}  // namespace

TEST_CASE("frame_file: a hugetlb page is a compound head and its tails, mapped once") {
  if (!needs_root("reading page frames")) return;
  const pool exact(huge_page, 1);
  if (!exact) return;
  const mapping made = map(request_for(backing_kind::hugetlb, 1));
  touch(made.usable(), huge_page);
  const auto entries = read_page_entries(0, {made.usable()}, huge_page, never_stops);
  REQUIRE(outcome(entries) == "ok");
  REQUIRE(entries.value().size() == 1);
  const uint64_t first = page_entry(entries.value()[0]).frame();
  std::vector<uint64_t> frames;
  for (size_t i = 0; i < huge_page / base_page_size(); i++) frames.push_back(first + i);
  const auto flags = values(frame_file::flags, frames);
  CHECK((flags[0] & (compound_head | compound_tail | huge)) == (compound_head | huge));
  for (size_t i = 1; i < flags.size(); i++) CHECK((flags[i] & (compound_head | compound_tail | huge)) == (compound_tail | huge));
  CHECK(values(frame_file::count, {first}) == std::vector<uint64_t>{1});
}

TEST_CASE("frame_file: frames in any order, and such as there are not") {
  if (!needs_root("reading page frames")) return;
  const auto ascending = values(frame_file::flags, {256, 257, 258});
  CHECK(values(frame_file::flags, {258, 256, beyond_memory, 257}) ==
        std::vector<uint64_t>{ascending[2], ascending[0], no_page, ascending[1]});
  CHECK(values(frame_file::count, {beyond_memory, beyond_memory + 1}) == std::vector<uint64_t>{0, 0});
  CHECK(values(frame_file::cgroup, {}).empty());
}

TEST_CASE("frame_file: others may not read it") {
  if (!needs_root("becoming another user")) return;
  CHECK(fate_of_child([] {
          if (setuid(65534) != 0) return 1;
          return outcome(read_frames(frame_file::count, {256}, never_stops)) == "open(/proc/kpagecount): EACCES" ? 0 : 2;
        }) == success);
}

TEST_CASE("frame_file: reading can be stopped") {
  if (!needs_root("reading page frames")) return;
  const stop_flag at_once{true};
  CHECK(outcome(read_frames(frame_file::flags, {256}, at_once)) == "pread(/proc/kpageflags): ECANCELED");
}
