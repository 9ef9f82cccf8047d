// survival: memory that gets base pages where a touch finds no page.
#include "core/survival.h"

#include <doctest/doctest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstring>
#include <thread>
#include <vector>

#include "core/region.h"
#include "core/sigbus.h"
#include "support/address_space.h"
#include "support/child.h"
#include "support/memory.h"

using namespace hugepages;
using namespace hugepages::test;

namespace {

map_request unreserved(size_t pages, bool shared = false) {
  map_request request = request_for(backing_kind::hugetlb, pages);
  request.reserve = false;
  request.shared = shared;
  return request;
}

std::unique_ptr<survival> survive_on(const mapping& memory, const map_request& request) {
  auto begun = survival::begin({memory.usable(), memory.page_size(), request.shared, request.inherit_on_fork});
  REQUIRE(outcome(begun) == "ok");
  return std::move(begun.value());
}

std::vector<size_t> offsets_since(const survival& of, uint64_t& position) {
  auto found = of.since(position);
  CHECK(found.missed == 0);
  return found.offsets;
}

// fate_of_child() gives its child the default action.
void survive_again() {
  if (!respond_to_sigbus(survive).ok()) _exit(101);
}

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

range page_of(const mapping& memory, size_t index) { return {memory.usable().start + index * memory.page_size(), memory.page_size()}; }

}  // namespace

TEST_CASE("survival: a touch that finds no page gets base pages, is counted and logged, and keeps what is written") {
  const pool exact(huge_page, 2);
  if (!exact) return;
  for (const bool shared : {false, true}) {
    CAPTURE(shared);
    const auto request = unreserved(8, shared);
    const mapping made = map(request);
    const auto survives = survive_on(made, request);
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
    const auto survives = survive_on(made, request);
    touch(made.usable(), huge_page);
    CHECK(has_vm_flag(made.usable().start, "dc") == !inherit);
  }
}

TEST_CASE("survival: only a page that is not there is made up; a memory error and signals that are sent are not ours") {
  const pool exact(huge_page, 0);
  if (!exact) return;
  const auto request = unreserved(1);
  const mapping made = map(request);
  const auto survives = survive_on(made, request);
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
  const auto request = unreserved(2);
  const mapping made = map(request);
  const auto survives = survive_on(made, request);
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

TEST_CASE("survival: threads that touch the same page at once keep what each of them wrote") {
  const pool exact(huge_page, 0);
  if (!exact) return;
  const auto request = unreserved(64);
  constexpr size_t threads = 4;
  for (int round = 0; round < 5; round++) {
    const mapping made = map(request);
    const auto survives = survive_on(made, request);
    std::atomic<size_t> ready{0};
    std::vector<std::thread> writers;
    for (size_t thread = 0; thread < threads; thread++) {
      writers.emplace_back([&, thread] {
        for (size_t page = 0; page < 64; page++) {
          ready++;
          while (ready < threads * (page + 1)) std::this_thread::yield();
          byte_at(page_of(made, page), thread) = static_cast<unsigned char>(thread + 1);
        }
      });
    }
    for (auto& writer : writers) writer.join();
    size_t lost = 0;
    for (size_t page = 0; page < 64; page++) {
      for (size_t thread = 0; thread < threads; thread++) lost += byte_at(page_of(made, page), thread) == thread + 1 ? 0 : 1;
    }
    CHECK(lost == 0);
    CHECK(survives->count() == 64);
    uint64_t position = 0;
    CHECK(offsets_since(*survives, position).size() == 64);
  }
}

TEST_CASE("survival: regions come and go in some threads while others fault in theirs") {
  const pool exact(huge_page, 0);
  if (!exact) return;
  const auto request = unreserved(4);
  std::atomic<bool> failed{false};
  std::vector<std::thread> threads;
  for (size_t thread = 0; thread < 4; thread++) {
    threads.emplace_back([&, thread] {
      for (int round = 0; round < 100; round++) {
        auto made = mapping::create(request);
        if (!made.ok()) failed = true;
        auto begun = survival::begin({made.value().usable(), huge_page, false, false});
        if (!begun.ok()) failed = true;
        const auto value = static_cast<unsigned char>(thread + 1);
        touch(made.value().usable(), huge_page, value);
        if (!holds(made.value().usable(), huge_page, value) || begun.value()->count() != 4) failed = true;
        uint64_t position = 0;
        if (begun.value()->since(position).offsets.size() != 4) failed = true;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK_FALSE(failed);
}

TEST_CASE("survival: a region is disposed while another thread still reads it through a view that escaped") {
  const pool exact(huge_page, 0);
  if (!exact) return;
  const auto request = unreserved(8);
  for (int round = 0; round < 20; round++) {
    mapping memory = map(request);
    auto survives = survive_on(memory, request);
    const auto held = registry::instance().add(std::move(memory), std::move(survives));
    auto view = held->target();
    std::atomic<bool> begun{false};
    bool zeros = false;
    std::thread reader([&begun, &zeros, view = std::move(view)] {
      begun = true;
      zeros = holds(view->usable(), huge_page, 0);
    });
    while (!begun) std::this_thread::yield();
    held->release();
    reader.join();
    CHECK(zeros);
  }
}

TEST_CASE("survival: a page that is read-only stays so") {
  const pool exact(huge_page, 0);
  if (!exact) return;
  const auto request = unreserved(3);
  const mapping made = map(request);
  const auto survives = survive_on(made, request);
  REQUIRE(outcome(survives->protect({made.usable().start, 2 * huge_page}, PROT_READ)) == "ok");
  REQUIRE(outcome(survives->protect(page_of(made, 1), PROT_READ | PROT_WRITE)) == "ok");
  CHECK(holds(made.usable(), huge_page, 0));
  CHECK(survives->count() == 3);
  CHECK(maps_of(page_of(made, 0)).at(0).permissions == "r--p");
  CHECK(maps_of(page_of(made, 1)).at(0).permissions == "rw-p");
  CHECK(outcome(survives->protect({made.usable().start + 1, huge_page}, PROT_READ)) == "mprotect: EINVAL");
}

TEST_CASE("survival: a write that finds no page for its copy after a fork keeps the content, in the child and in the parent") {
  const pool exact(huge_page, 1);
  if (!exact) return;
  for (const bool child_writes : {true, false}) {
    CAPTURE(child_writes);
    auto request = unreserved(1);
    request.inherit_on_fork = true;
    const mapping made = map(request);
    const auto survives = survive_on(made, request);
    const range all = made.usable();
    std::memset(all.pointer(), 7, all.length);
    std::array<int, 2> ends{};
    REQUIRE(pipe(ends.data()) == 0);
    const auto write_one = [&] {
      byte_at(all, 4096) = 9;
      return byte_at(all, 0) == 7 && byte_at(all, 4095) == 7 && byte_at(all, 4096) == 9 && byte_at(all, huge_page - 1) == 7;
    };
    const auto in_child = [&] {
      survive_again();
      char byte = 0;
      if (!child_writes) return read(ends[0], &byte, 1) == 1 && byte_at(all, 4096) == 7 ? 0 : 1;
      return write_one() && survives->count() == 1 ? 0 : 2;
    };
    const auto in_parent = [&] {
      if (!child_writes) CHECK(write_one());
      CHECK(write(ends[1], "", 1) == 1);
    };
    CHECK(fate_of_child(in_child, in_parent) == success);
    CHECK(survives->count() == (child_writes ? 0 : 1));
    CHECK(byte_at(all, 4096) == (child_writes ? 7 : 9));
    for (const int end : ends) close(end);
  }
}

TEST_CASE("survival: a child whose page the parent took back dies, and reads no zeros instead of its data") {
  const pool exact(huge_page, 1);
  if (!exact) return;
  map_request request = request_for(backing_kind::hugetlb, 1);
  request.inherit_on_fork = true;
  const mapping made = map(request);  // with a reservation: the kernel has it take pages back from children
  const auto survives = survive_on(made, request);
  touch(made.usable(), huge_page, 7);
  std::array<int, 2> ends{};
  REQUIRE(pipe(ends.data()) == 0);
  CHECK(fate_of_child(
            [&] {
              survive_again();
              char byte = 0;
              return read(ends[0], &byte, 1) == 1 ? byte_at(made.usable(), 0) : 100;
            },
            [&] {
              byte_at(made.usable(), 0) = 8;
              CHECK(write(ends[1], "", 1) == 1);
            }) == bus_error);
  CHECK(byte_at(made.usable(), 0) == 8);
  for (const int end : ends) close(end);
}

TEST_CASE("survival: where no memory can be laid either, the process dies by SIGBUS") {
  const pool exact(huge_page, 0);
  if (!exact) return;
  auto request = unreserved(1, true);
  request.inherit_on_fork = true;
  const mapping made = map(request);
  const auto survives = survive_on(made, request);
  CHECK(fate_of_child([&] {
          survive_again();
          const rlimit nothing{0, 0};
          setrlimit(RLIMIT_DATA, &nothing);
          return byte_at(made.usable(), 0);
        }) == bus_error);
}

TEST_CASE("survival: pages that are there again take the place of those that were degraded") {
  const pool exact(huge_page, 1);
  if (!exact) return;
  for (const bool shared : {false, true}) {
    CAPTURE(shared);
    const auto request = unreserved(2, shared);
    const mapping made = map(request);
    const auto survives = survive_on(made, request);
    const auto renew = [&](range page, int protection) { return made.renew(page, protection); };
    REQUIRE(outcome(survives->protect(page_of(made, 1), PROT_READ)) == "ok");
    {
      const mapping other = map(request_for(backing_kind::hugetlb, 1));
      touch(page_of(made, 0), huge_page, 5);
      CHECK(holds(made.usable(), huge_page, 5) == false);
      CHECK(survives->count() == 2);
    }
    survives->restore(page_of(made, 0), renew);
    CHECK(survives->count() == 1);
    CHECK(byte_at(made.usable(), 0) == 0);
    CHECK(exact.change() == counters{0, -1, 0, 0});
    CHECK(smaps_bytes(made.usable().start, "KernelPageSize") == huge_page);
    CHECK(has_vm_flag(made.usable().start, "dc"));
    // Without a page for it, the other is degraded again, and stays read-only.
    survives->restore(made.usable(), renew);
    CHECK(survives->count() == 0);
    CHECK(maps_of(page_of(made, 1)).at(0).permissions == (shared ? "r--s" : "r--p"));
    CHECK(byte_at(page_of(made, 1), 0) == 0);
    CHECK(survives->count() == 1);
    uint64_t position = 0;
    CHECK(offsets_since(*survives, position) == std::vector<size_t>{0, huge_page, huge_page});
  }
}

TEST_CASE("survival: a page that cannot be renewed is empty all the same") {
  const pool exact(huge_page, 0);
  if (!exact) return;
  const auto request = unreserved(1);
  const mapping made = map(request);
  const auto survives = survive_on(made, request);
  touch(made.usable(), huge_page, 5);
  survives->restore(made.usable(), [](range /*page*/, int /*protection*/) { return failure{ENOMEM, "mmap"}; });
  CHECK(survives->count() == 1);
  CHECK(holds(made.usable(), huge_page, 0));
}

TEST_CASE("survival: pages that the log has forgotten are counted") {
  constexpr size_t pages = 65'600;
  const int file = memfd_create("empty", 0);
  REQUIRE(ftruncate(file, pages * 4096) == 0);
  void* memory = mmap(nullptr, pages * 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  REQUIRE(memory != MAP_FAILED);
  const range mapped{reinterpret_cast<uintptr_t>(memory), pages * 4096};
  {
    const auto begun = survival::begin({mapped, 4096, true, false});
    REQUIRE(outcome(begun) == "ok");
    REQUIRE(ftruncate(file, 0) == 0);
    CHECK(holds(mapped, 4096, 0));
    CHECK(begun.value()->count() == pages);
    uint64_t position = 0;
    const auto found = begun.value()->since(position);
    CHECK(found.offsets.size() + found.missed == pages);
    CHECK(found.offsets.size() == 65'535);
    CHECK(found.offsets.back() == (pages - 1) * 4096);
  }
  munmap(memory, mapped.length);
  close(file);
}

TEST_CASE("survival: who waits hears of it") {
  const pool exact(huge_page, 0);
  if (!exact) return;
  const auto request = unreserved(1);
  const mapping made = map(request);
  const auto survives = survive_on(made, request);
  std::thread waiter([&] {
    for (uint32_t seen = 0; survives->count() == 0;) await_degraded(seen);
  });
  touch(made.usable(), huge_page);
  waiter.join();
}
