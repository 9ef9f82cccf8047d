#include "core/memfd.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#include <csignal>

#include "core/uapi.h"
#include "support/address_space.h"
#include "support/child.h"
#include "support/object.h"
#include "support/refuse.h"

using namespace hugepages;
using namespace hugepages::test;

TEST_CASE("memfd: two mappings of one are the same memory, and cost its pages once") {
  for_each_kind(2, [](const map_request& request) {
    const auto object = make(object_for(source_kind::memfd, request));
    const mapping first = map(mapping_of(object, request));
    const mapping second = map(mapping_of(object, request));
    touch(first.usable(), request.page_size, 5);
    CHECK(holds(second.usable(), request.page_size, 5));
    CHECK(has_vm_flag(second.usable().start, "ht") == (request.kind == backing_kind::hugetlb));
  });
}

TEST_CASE("memfd: its pages are reserved when it is mapped, and back when neither a mapping nor its descriptor is left") {
  const pool exact(huge_page, 3);
  if (!exact) return;
  const auto request = request_for(backing_kind::hugetlb, 3);
  auto object = make(object_for(source_kind::memfd, request));
  CHECK(exact.change() == counters{});
  {
    const mapping made = map(mapping_of(object, request));
    CHECK(exact.change() == counters{0, 0, 3, 0});
    touch({made.usable().start, huge_page}, huge_page);
    CHECK(exact.change() == counters{0, -1, 2, 0});
  }
  CHECK(exact.change() == counters{0, -1, 2, 0});
  object.reset();
  CHECK(exact.change() == counters{});
}

TEST_CASE("memfd: the overlay gives its pages back at once") {
  const pool exact(huge_page, 2);
  if (!exact) return;
  const auto request = request_for(backing_kind::hugetlb, 2);
  mapping made = map(mapping_of(make(object_for(source_kind::memfd, request)), request));
  touch(made.usable(), huge_page);
  made.overlay();
  CHECK(exact.change() == counters{});
}

TEST_CASE("memfd: a name of its own that people can read, closed on exec, sealable") {
  auto request = object_for(source_kind::memfd, request_for(backing_kind::base, 1));
  request.name = "cache";
  const auto object = make(request);
  const mapping made = map(mapping_of(object, request_for(backing_kind::base, 1)));
  CHECK(maps_of(made.usable()).at(0).name.rfind("/memfd:hugepages:cache:", 0) == 0);
  CHECK((fcntl(object->descriptor(), F_GETFD) & FD_CLOEXEC) != 0);
  CHECK(fcntl(object->descriptor(), F_ADD_SEALS, F_SEAL_SHRINK) == 0);
  CHECK(object->segment() == -1);
  CHECK(object->path().empty());
}

TEST_CASE("memfd: what the kernel refuses leaves no descriptor") {
  auto unsupported = object_for(source_kind::memfd, request_for(backing_kind::hugetlb, 1));
  unsupported.page_size = huge_page / 2;
  const size_t before = open_descriptors();
  CHECK(outcome(memory_object::create(unsupported)) == "memfd_create: ENODEV");
  CHECK(open_descriptors() == before);
  CHECK(fate_of_child([&] {
          (void)signal(SIGXFSZ, SIG_IGN);  // as Node.js does
          const rlimit one_page{base_page_size(), base_page_size()};
          setrlimit(RLIMIT_FSIZE, &one_page);
          const auto request = object_for(source_kind::memfd, request_for(backing_kind::base, 2));
          return outcome(memory_object::create(request)) == "ftruncate: EFBIG" && open_descriptors() == before ? 0 : 1;
        }) == success);
}

TEST_CASE("memfd: without MFD_NOEXEC_SEAL, before Linux 6.3") {
  CHECK(fate_of_child([] {
          if (!refuse(SYS_memfd_create, 1, MFD_NOEXEC_SEAL, EINVAL)) return 2;
          const auto request = request_for(backing_kind::base, 1);
          const auto object = memory_object::create(object_for(source_kind::memfd, request));
          return object.ok() && mapping::create(mapping_of(object.value(), request)).ok() ? 0 : 1;
        }) == success);
}
