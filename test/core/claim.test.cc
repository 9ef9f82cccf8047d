#include "core/claim.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <functional>

#include "core/region.h"
#include "support/object.h"

using namespace hugepages;
using namespace hugepages::test;

namespace {

std::shared_ptr<hold> share(const map_request& request, source_kind source) {
  return registry::instance().add(map(mapping_of(make(object_for(source, request)), request)));
}

object_claim claimed(const region& shared) {
  const auto claim = claim_of(shared);
  REQUIRE(outcome(claim) == "ok");
  CHECK(is_sane(claim.value()));
  return claim.value();
}

}  // namespace

TEST_CASE("claim: what is claimed is true, and maps the same memory") {
  for_each_kind(2, [](const map_request& request) {
    for (const auto source : {source_kind::memfd, source_kind::sysv}) {
      if (source == source_kind::sysv && request.kind == backing_kind::thp) continue;
      CAPTURE(static_cast<int>(source));
      const auto held = share(request, source);
      const auto& target = *held->target();
      touch(target.usable(), request.page_size, 7);
      const auto claim = claimed(target);
      CHECK(is_segment(claim) == (source == source_kind::sysv));
      const int descriptor = target.object()->descriptor();
      REQUIRE(outcome(check_claim(claim, descriptor)) == "ok");
      for (const bool writable : {true, false}) {
        const auto mapped = map_claim(claim, file(descriptor < 0 ? -1 : dup(descriptor)), {writable, false});
        REQUIRE(outcome(mapped) == "ok");
        CHECK(mapped.value().memory.writable() == writable);
        CHECK(holds(mapped.value().memory.usable(), request.page_size, 7));
      }
    }
  });
}

TEST_CASE("claim: private memory and memory without an object cannot be shared") {
  auto request = request_for(backing_kind::base, 1);
  request.shared = true;
  CHECK(outcome(claim_of(*registry::instance().add(map(request))->target())) == "mmap: ENODEV");
  request = mapping_of(make(object_for(source_kind::memfd, request)), request);
  request.shared = false;
  CHECK(outcome(claim_of(*registry::instance().add(map(request))->target())) == "mmap: ENODEV");
}

TEST_CASE("claim: of a memfd, in each field another one") {
  const auto held = share(request_for(backing_kind::base, 2), source_kind::memfd);
  const auto& object = *held->target()->object();
  const auto claim = claimed(*held->target());
  const auto altered = [&](const std::function<void(object_claim&)>& alter) {
    object_claim wrong = claim;
    alter(wrong);
    return outcome(check_claim(wrong, object.descriptor()));
  };
  CHECK(altered([](object_claim&) {}) == "ok");
  CHECK(altered([](object_claim& of) { of.length *= 2; }) == "fstat: ERANGE");
  CHECK(altered([](object_claim& of) { of.kind = static_cast<uint32_t>(backing_kind::hugetlb); }) == "fstatfs: EINVAL");
  CHECK(altered([](object_claim& of) { of.seals |= F_SEAL_SHRINK; }) == "fcntl(F_GET_SEALS): EPERM");
  for (const size_t at : {size_t{0}, std::string(claim.identity.data()).size() - 1}) {
    CHECK(altered([at](object_claim& of) { of.identity.at(at) ^= 1; }) == "fstat: ENOENT");
  }
  const auto other = share(request_for(backing_kind::base, 2), source_kind::memfd);
  CHECK(outcome(check_claim(claim, other->target()->object()->descriptor())) == "fstat: ENOENT");
  REQUIRE(outcome(object.resize(base_page_size())) == "ok");
  CHECK(outcome(check_claim(claim, object.descriptor())) == "fstat: ERANGE");
  CHECK(outcome(check_claim(claim, -1)) == "fstat: EBADF");
  CHECK(outcome(check_claim(claim, file("/dev/null").descriptor())) == "fstatfs: EINVAL");
}

TEST_CASE("claim: of a segment that is gone, or has another size than is claimed") {
  auto held = share(request_for(backing_kind::base, 2), source_kind::sysv);
  auto claim = claimed(*held->target());
  for (const size_t factor : {2, 4}) {
    claim.length = factor * claim.length / 4 * 3;
    CAPTURE(claim.length);
    CHECK(outcome(map_claim(claim, file(-1), {})) == "shmctl: ERANGE");
  }
  held.reset();
  CHECK(outcome(check_claim(claim, -1)) == "shmctl: EINVAL");
}

TEST_CASE("claim: only regular files are opened, and no links are followed to one that is named") {
  char path[] = "/tmp/hugepages-test-claim-XXXXXX";
  REQUIRE(mkdtemp(path) != nullptr);
  const std::string directory(path);
  const std::string fifo = directory + "/fifo";
  const std::string link = directory + "/link";
  REQUIRE(mkfifo(fifo.c_str(), 0600) == 0);
  REQUIRE(symlink("/proc/self/exe", link.c_str()) == 0);
  for (const std::string& wrong : {directory, fifo, link, std::string("/dev/zero")}) {
    CAPTURE(wrong);
    CHECK(outcome(open_by_path(wrong.c_str(), false)) == "fstatfs: EINVAL");
  }
  CHECK(outcome(open_by_path((directory + "/none").c_str(), false)) == "open: ENOENT");
  std::filesystem::remove_all(directory);
  const file fifo_end("/dev/zero");
  CHECK(outcome(open_of_process(getpid(), fifo_end.descriptor(), false)) == "fstatfs: EINVAL");
  CHECK(outcome(open_of_process(getpid(), 1'000'000, false)) == "open: ENOENT");
}
