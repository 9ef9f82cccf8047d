// survival: memory that gets base pages where a touch finds no page.
#include "core/survival.h"

#include <doctest/doctest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <vector>

#include "core/relocate.h"
#include "support/address_space.h"
#include "support/survival.h"

using namespace hugepages;
using namespace hugepages::test;

namespace {

siginfo_t fault_at(uintptr_t address, int code) {
  siginfo_t info{};
  info.si_signo = SIGBUS;
  info.si_code = code;
  info.si_addr = range{address, 0}.pointer();
  return info;
}

// A file of `pages` huge pages and a shared mapping of it, without any reservation.
class unreserved_file {
 public:
  explicit unreserved_file(size_t pages) : length_(pages * huge_page), file_(memfd_create("pages", MFD_HUGETLB)) {
    resize(length_);
    // Unreserved from the start: MAP_NORESERVE.
    void* memory = mmap(nullptr, length_, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, file_, 0);
    REQUIRE(memory != MAP_FAILED);
    mapped_ = {reinterpret_cast<uintptr_t>(memory), length_};
  }
  unreserved_file(const unreserved_file&) = delete;
  unreserved_file& operator=(const unreserved_file&) = delete;
  ~unreserved_file() {
    munmap(mapped_.pointer(), mapped_.length);
    close(file_);
  }
  void resize(size_t length) const { REQUIRE(ftruncate(file_, static_cast<off_t>(length)) == 0); }
  [[nodiscard]] range mapped() const { return mapped_; }

 private:
  size_t length_;
  int file_;
  range mapped_;
};

}  // namespace

TEST_CASE("survival: a touch that finds no page gets base pages, is counted and logged, and keeps what is written") {
  const pool exact(huge_page, 2);
  if (!exact) return;
  for (const bool shared : {false, true}) {
    CAPTURE(shared);
    const mapping made = map(unreserved(8, shared));
    const auto survives = survive_on(made);
    uint64_t position = 0;
    for (size_t page = 0; page < 8; page++) byte_at(page_of(made, page), 4096 * page) = static_cast<unsigned char>(page + 1);
    for (size_t page = 0; page < 8; page++) CHECK(byte_at(page_of(made, page), 4096 * page) == page + 1);
    CHECK(survives->count() == 6);
    CHECK(offsets_since(*survives, position) ==
          std::vector<size_t>{2 * huge_page, 3 * huge_page, 4 * huge_page, 5 * huge_page, 6 * huge_page, 7 * huge_page});
    CHECK(offsets_since(*survives, position).empty());
    CHECK(exact.change() == counters{0, -2, 0, 0});
    CHECK(smaps_bytes(page_of(made, 2).start, "KernelPageSize") == base_page_size());
  }
}

TEST_CASE("survival: the page that is laid is as private to the process as the region") {
  const pool exact(huge_page, 0);
  if (!exact) return;
  for (const bool inherit : {false, true}) {
    CAPTURE(inherit);
    auto request = unreserved(1);
    request.inherit_on_fork = inherit;
    const mapping made = map(request);
    const auto survives = survive_on(made);
    touch(made.usable(), huge_page);
    CHECK(has_vm_flag(made.usable().start, "dc") == !inherit);
  }
}

TEST_CASE("survival: only a page that is not there is made up; a memory error and signals that are sent are not ours") {
  const pool exact(huge_page, 0);
  if (!exact) return;
  const mapping made = map(unreserved(1));
  const auto survives = survive_on(made);
  const uintptr_t address = made.usable().start + 5;
  constexpr std::array<int, 7> others = {BUS_MCEERR_AR, BUS_MCEERR_AO, BUS_ADRALN, BUS_OBJERR, SI_USER, SI_TKILL, SI_KERNEL};
  for (const int code : others) {
    CAPTURE(code);
    CHECK_FALSE(survive(fault_at(address, code)));
  }
  CHECK(survives->count() == 0);
  CHECK_FALSE(survive(fault_at(made.usable().end(), BUS_ADRERR)));
  CHECK(survive(fault_at(address, BUS_ADRERR)));
  CHECK(survives->count() == 1);
}

TEST_CASE("survival: a fault that has been answered meanwhile changes nothing") {
  const pool exact(huge_page, 1);
  if (!exact) return;
  const mapping made = map(unreserved(2));
  const auto survives = survive_on(made);
  touch(made.usable(), huge_page, 7);
  CHECK(survives->count() == 1);
  for (const size_t page : {0, 1}) CHECK(survive(fault_at(page_of(made, page).start, BUS_ADRERR)));
  CHECK(holds(made.usable(), huge_page, 7));
  CHECK(survives->count() == 1);
}

TEST_CASE("survival: a file that ends before the mapping") {
  const pool exact(huge_page, 2);
  if (!exact) return;
  const unreserved_file file(2);
  const auto begun = survival::begin({file.mapped(), huge_page, true, false});
  REQUIRE(outcome(begun) == "ok");
  touch(file.mapped(), huge_page, 3);
  file.resize(huge_page);
  CHECK(byte_at(file.mapped(), 0) == 3);
  CHECK(byte_at(file.mapped(), huge_page) == 0);
  byte_at(file.mapped(), huge_page) = 4;
  CHECK(byte_at(file.mapped(), huge_page) == 4);
  CHECK(begun.value()->count() == 1);
  file.resize(2 * huge_page);
  CHECK(byte_at(file.mapped(), huge_page) == 4);
}

TEST_CASE("survival: a page that is read-only stays so") {
  const pool exact(huge_page, 0);
  if (!exact) return;
  const mapping made = map(unreserved(3));
  const auto survives = survive_on(made);
  REQUIRE(outcome(survives->protect({made.usable().start, 2 * huge_page}, PROT_READ)) == "ok");
  REQUIRE(outcome(survives->protect(page_of(made, 1), PROT_READ | PROT_WRITE)) == "ok");
  CHECK(holds(made.usable(), huge_page, 0));
  CHECK(survives->count() == 3);
  CHECK(maps_of(page_of(made, 0)).at(0).permissions == "r--p");
  CHECK(maps_of(page_of(made, 1)).at(0).permissions == "rw-p");
  CHECK(outcome(survives->protect({made.usable().start + 1, huge_page}, PROT_READ)) == "mprotect: EINVAL");
}

TEST_CASE("survival: pages that moved survive at their new addresses, and stay read-only there") {
  const pool exact(huge_page, 0);
  if (!exact) return;
  mapping from = map(unreserved(2));
  const auto survives = survive_on(from);
  REQUIRE(outcome(survives->protect(page_of(from, 1), PROT_READ)) == "ok");
  relocation to;
  to.length = from.usable().length;
  to.survives = survives.get();
  const auto moved = relocate(from, to);
  REQUIRE(outcome(moved) == "ok");
  const auto& [made, survives_there] = moved.value();
  CHECK(holds(made.usable(), huge_page, 0));
  CHECK(survives_there->count() == 2);
  CHECK(maps_of(page_of(made, 0)).at(0).permissions == "rw-p");
  CHECK(maps_of(page_of(made, 1)).at(0).permissions == "r--p");
}
