#include "core/claim.h"

#include <sys/shm.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>

#include <cinttypes>
#include <cstdio>
#include <cstring>
#include <string>

#include "core/file_object.h"
#include "core/region.h"
#include "core/segment.h"
#include "core/uapi.h"

namespace hugepages {
namespace {

using identity = decltype(object_claim::identity);

// The size of random_hex() with the colon before it.
constexpr size_t random_part = 33;

std::string link_of(const std::string& path) {
  std::array<char, 512> target{};
  const ssize_t length = readlink(path.c_str(), target.data(), target.size());
  return length < 0 ? "" : std::string(target.data(), static_cast<size_t>(length));
}

std::string link_of(int descriptor) { return "/proc/self/fd/" + std::to_string(descriptor); }

// "/memfd:hugepages:name:0123... (deleted)" → ":0123..."; nothing of a file.
std::string random_name_part(int descriptor) {
  std::string name = link_of(link_of(descriptor));
  const size_t end = name.rfind(" (deleted)");
  if (name.rfind("/memfd:", 0) != 0 || end == std::string::npos || end < random_part) return "";
  return name.substr(end - random_part, random_part);
}

identity identify(const struct stat& facts, const std::string& random) {
  identity text{};
  (void)snprintf(text.data(), text.size(), "%x:%x:%" PRIx64 "%s", major(facts.st_dev), minor(facts.st_dev), uint64_t{facts.st_ino},
                 random.c_str());
  return text;
}

// The key goes when a segment is marked for removal, and its ctime with IPC_SET.
identity identify(const struct shmid_ds& facts) {
  identity text{};
  (void)snprintf(text.data(), text.size(), "%x:%x:%" PRIx64, facts.shm_perm.cuid, static_cast<unsigned>(facts.shm_cpid),
                 static_cast<uint64_t>(facts.shm_ctime));
  return text;
}

bool equal(const identity& left, const identity& right) { return strncmp(left.data(), right.data(), left.size()) == 0; }

// File systems without seals answer EINVAL.
uint32_t seals_of(int descriptor) {
  const int seals = fcntl(descriptor, F_GET_SEALS);
  return seals < 0 ? 0 : static_cast<uint32_t>(seals);
}

status check_file(const object_claim& claim, int descriptor) {
  struct stat facts {};
  if (fstat(descriptor, &facts) != 0) return last_failure("fstat");
  struct statfs system {};
  if (fstatfs(descriptor, &system) != 0) return last_failure("fstatfs");
  const bool hugetlb = static_cast<backing_kind>(claim.kind) == backing_kind::hugetlb;
  const bool fits = hugetlb ? system.f_type == uapi::hugetlbfs_magic && static_cast<uint64_t>(system.f_bsize) == claim.page_size
                            : system.f_type == uapi::tmpfs_magic;
  if (!S_ISREG(facts.st_mode) || !fits) return failure{EINVAL, "fstatfs"};
  const std::string random = random_name_part(descriptor);
  const bool memfd = static_cast<source_kind>(claim.source) == source_kind::memfd;
  if (memfd == random.empty() || !equal(identify(facts, random), claim.identity)) return failure{ENOENT, "fstat"};
  if (static_cast<uint64_t>(facts.st_size) != claim.length) return failure{ERANGE, "fstat"};
  if ((claim.seals & ~seals_of(descriptor)) != 0) return failure{EPERM, "fcntl(F_GET_SEALS)"};
  return done();
}

status check_segment(const object_claim& claim) {
  struct shmid_ds facts {};
  if (shmctl(claim.segment, IPC_STAT, &facts) != 0) return last_failure("shmctl");
  if (!equal(identify(facts), claim.identity)) return failure{ENOENT, "shmctl"};
  return done();  // what pages it has, and how many, is seen when it is mapped
}

result<file> reopen(const char* path, bool writable, int flags) {
  // Not before it is known to be a file: opening a device or a pipe may do something, or block.
  const file found(path, O_PATH | flags);
  struct stat facts {};
  if (!found.is_open() || fstat(found.descriptor(), &facts) != 0) return last_failure("open");
  if (!S_ISREG(facts.st_mode)) return failure{EINVAL, "fstatfs"};
  file opened(link_of(found.descriptor()).c_str(), writable ? O_RDWR : O_RDONLY);
  if (!opened.is_open()) return last_failure("open");
  return opened;
}

}  // namespace

bool is_segment(const object_claim& claim) { return static_cast<source_kind>(claim.source) == source_kind::sysv; }

result<object_claim> claim_of(const region& shared) {
  const auto& object = shared.object();
  if (object == nullptr || !shared.shared()) return failure{ENODEV, "mmap"};
  object_claim claim;
  claim.length = shared.usable().length;
  claim.page_size = shared.page_size();
  claim.kind = static_cast<uint32_t>(shared.kind());
  claim.source = static_cast<uint32_t>(object->source());
  if (object->source() == source_kind::sysv) {
    claim.segment = object->segment();
    struct shmid_ds facts {};
    if (shmctl(claim.segment, IPC_STAT, &facts) != 0) return last_failure("shmctl");
    claim.identity = identify(facts);
    return claim;
  }
  struct stat facts {};
  if (fstat(object->descriptor(), &facts) != 0) return last_failure("fstat");
  claim.seals = seals_of(object->descriptor());
  claim.identity = identify(facts, random_name_part(object->descriptor()));
  return claim;
}

bool is_sane(const object_claim& claim) {
  const auto kind = static_cast<backing_kind>(claim.kind);
  const bool known = claim.kind <= static_cast<uint32_t>(backing_kind::base) && claim.source <= static_cast<uint32_t>(source_kind::sysv) &&
                     static_cast<source_kind>(claim.source) != source_kind::anonymous;
  const bool pages = claim.page_size != 0 && (claim.page_size & (claim.page_size - 1)) == 0 &&
                     (kind == backing_kind::base ? claim.page_size == base_page_size() : claim.page_size > base_page_size());
  const bool length = claim.length != 0 && claim.length <= uint64_t{1} << 47U;
  return known && pages && length && claim.length % claim.page_size == 0 && claim.identity.back() == '\0';
}

result<file> open_of_process(int pid, int number, bool writable) {
  const std::string path = "/proc/" + std::to_string(pid) + "/fd/" + std::to_string(number);
  return reopen(path.c_str(), writable, 0);
}

result<file> open_by_path(const char* path, bool writable) { return reopen(path, writable, O_NOFOLLOW); }

status check_claim(const object_claim& claim, int descriptor) {
  return is_segment(claim) ? check_segment(claim) : check_file(claim, descriptor);
}

result<surviving_memory> map_claim(const object_claim& claim, file descriptor, claim_use use) {
  map_request request;
  request.kind = static_cast<backing_kind>(claim.kind);
  request.length = claim.length;
  request.page_size = claim.page_size;
  request.shared = true;
  request.inherit_on_fork = true;
  request.writable = use.writable;
  if (is_segment(claim)) {
    request.object = adopt_segment(claim.segment, request.kind == backing_kind::hugetlb ? claim.page_size : base_page_size());
  } else {
    request.object = std::make_shared<file_object>(static_cast<source_kind>(claim.source), std::move(descriptor));
  }
  return let_survive(mapping::create(request), use.degrade);
}

}  // namespace hugepages
