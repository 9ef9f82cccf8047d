#include "core/smaps.h"

#include <doctest/doctest.h>
#include <sys/mman.h>

#include <filesystem>
#include <string>

#include "core/file.h"
#include "support/address_space.h"
#include "support/memory.h"

using namespace hugepages;
using namespace hugepages::test;

TEST_CASE("smaps: the account of one mapping, asked at any of its addresses") {
  for_each_kind(3, [](map_request request) {
    request.guard = true;  // no neighbour merges with it
    for (const bool shared : {false, true}) {
      CAPTURE(shared);
      request.shared = shared;
      const mapping made = map(request);
      const range usable = made.usable();
      touch({usable.start, 2 * request.page_size}, request.page_size);
      for (const uintptr_t address : {usable.start, usable.start + usable.length / 2, usable.end() - 1}) {
        CAPTURE(address);
        const auto read = read_smaps(address);
        REQUIRE(outcome(read) == "ok");
        const smaps_entry& entry = read.value();
        CHECK(entry.extent.start == usable.start);
        CHECK(entry.extent.length == usable.length);
        CHECK(entry.kernel_page_size == smaps_bytes(address, "KernelPageSize"));
        CHECK(entry.rss == smaps_bytes(address, "Rss"));
        CHECK(entry.thp_eligible == (smaps_field(address, "THPeligible") == "1"));
        const size_t touched = 2 * request.page_size;
        CHECK(entry.hugetlb == (request.kind == backing_kind::hugetlb ? touched : 0));
        // Shared memory is shmem, whose huge pages another mode of the machine allows.
        if (!shared) CHECK(entry.pmd_mapped == (request.kind == backing_kind::thp ? touched : 0));
      }
    }
  });
}

TEST_CASE("smaps: a name that is longer than a line, and looks like one in the middle") {
  const std::filesystem::path top = std::filesystem::temp_directory_path() / ("hugepages-names-" + std::to_string(getpid()));
  std::string lines;
  while (lines.size() < 200) lines += "1-2 ";
  for (size_t shift = 0; shift < 4; shift++) {
    CAPTURE(shift);
    auto directory = top / std::string(1 + shift, 'x');
    for (int level = 0; level < 3; level++) directory /= std::string(250, '\n');  // four characters each: "\012"
    for (int level = 0; level < 10; level++) directory /= lines;
    REQUIRE(std::filesystem::create_directories(directory));
    const file opened((directory / "file").c_str(), O_RDWR | O_CREAT);
    REQUIRE(ftruncate(opened.descriptor(), static_cast<off_t>(base_page_size())) == 0);
    void* mapped = mmap(nullptr, base_page_size(), PROT_READ, MAP_SHARED, opened.descriptor(), 0);
    REQUIRE(mapped != MAP_FAILED);
    size_t found = 0;
    REQUIRE(outcome(visit_smaps(0, [&](const smaps_entry& entry) {
              CHECK(entry.extent.length >= base_page_size());
              CHECK(entry.kernel_page_size >= base_page_size());
              if (entry.extent.start == reinterpret_cast<uintptr_t>(mapped)) found++;
              return true;
            })) == "ok");
    CHECK(found == 1);
    munmap(mapped, base_page_size());
  }
  std::filesystem::remove_all(top);
}

TEST_CASE("smaps: ENOENT where nothing is mapped") {
  const range gone = map(request_for(backing_kind::base, 2)).usable();
  CHECK(outcome(read_smaps(gone.start)) == "read(/proc/PID/smaps): ENOENT");
  CHECK(outcome(read_smaps(UINTPTR_MAX)) == "read(/proc/PID/smaps): ENOENT");
}
