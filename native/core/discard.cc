#include "core/discard.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/utsname.h>

#include <cstdio>
#include <mutex>

#include "core/pagemap.h"
#include "core/uapi.h"

namespace hugepages {
namespace {

// Linux 6.9 gives a private mapping the reservation of a page back that it drops; before, anybody has the page. (Mapped private, a
// page is dropped by MADV_DONTNEED, hugetlb since Linux 5.18.)
bool drop_restores_reservation() {
  static const bool restores = [] {
    struct utsname kernel {};
    int major = 0;
    int minor = 0;
    // NOLINTNEXTLINE(cert-err34-c): what is no number leaves a zero, which is an old kernel
    if (uname(&kernel) != 0 || sscanf(kernel.release, "%d.%d", &major, &minor) != 2) return false;
    return major > 6 || (major == 6 && minor >= 9);
  }();
  return restores;
}

// Its descriptor, which names a hole in it. Segments and shared anonymous memory have none, and nothing else that could.
int descriptor_of(const region& target) { return target.shared() && target.object() ? target.object()->descriptor() : -1; }

const char* discarding_call(const region& target) {
  if (!target.shared()) return "madvise(MADV_DONTNEED)";
  return descriptor_of(target) < 0 ? "madvise(MADV_REMOVE)" : "fallocate(FALLOC_FL_PUNCH_HOLE)";
}

bool keeps_reservation(const region& target) {
  if (target.kind() != backing_kind::hugetlb) return true;
  return !target.shared() && target.reserves() && drop_restores_reservation();
}

result<size_t> allocated_bytes(int descriptor) {
  struct stat facts {};
  if (fstat(descriptor, &facts) != 0) return last_failure("fstat");
  return static_cast<size_t>(facts.st_blocks) * 512;
}

status advise(range part, int advice, const char* call) {
  return madvise(part.pointer(), part.length, advice) == 0 ? done() : last_failure(call);
}

// Either advice stops at a locked part, with EINVAL, when what is in front of it is gone. MADV_COLD stops there too, and takes nothing away;
// besides, it splits a transparent huge page of which only a part is meant, which the kernel otherwise puts off until memory is short.
status take_away(const region& target, range part, int advice) {
  const char* const call = discarding_call(target);
  if (target.kind() != backing_kind::hugetlb) {
    const auto unlocked = advise(part, MADV_COLD, call);
    if (!unlocked.ok()) return unlocked;
  }
  return advise(part, advice, call);
}

status punch(const region& target, range part) {
  const int descriptor = descriptor_of(target);
  if (descriptor < 0) return take_away(target, part, MADV_REMOVE);
  const auto offset = static_cast<off_t>(part.start - target.usable().start);
  const int mode = FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE;
  const int punched = fallocate(descriptor, mode, offset, static_cast<off_t>(part.length));
  return punched == 0 ? done() : last_failure(discarding_call(target));
}

// What goes when it is dropped: of a private mapping not the pages of a file, nor those that another process shares since a fork.
std::vector<range> removable(const std::vector<page_run>& runs, bool shared) {
  std::vector<range> pages;
  for (const auto& run : runs) {
    if (run.present() && (shared || (run.is(page_exclusive) && !run.is(page_of_file)))) pages.push_back(run.extent);
  }
  return pages;
}

size_t sum(const std::vector<range>& parts) {
  size_t bytes = 0;
  for (const auto& part : parts) bytes += part.length;
  return bytes;
}

// A page that was reserved and not there yet stays reserved. Which pages were there, page tables do not say of those that only other
// processes had touched.
void note_holes(region& target, range part, const std::vector<range>& pages, size_t freed) {
  const bool known = !target.shared() || (descriptor_of(target) >= 0 && freed == sum(pages));
  for (const auto& hole : known ? pages : std::vector<range>{part}) target.holes().add(hole);
}

status map_once_more(const region& target, range part) {
  const int descriptor = descriptor_of(target);
  if (descriptor < 0) return failure{EOPNOTSUPP, "mmap"};
  // A range of a file that is mapped shared is reserved for the file, and stays so without the mapping.
  void* again = mmap(nullptr, part.length, PROT_READ, MAP_SHARED, descriptor, static_cast<off_t>(part.start - target.usable().start));
  if (again == MAP_FAILED) return last_failure("mmap");
  munmap(again, part.length);
  return done();
}

status reserve_locked(region& target, range part) {
  if (part.length == 0 || target.kind() != backing_kind::hugetlb) return done();
  if (descriptor_of(target) < 0 && target.holes().within(part).empty()) return done();
  const auto mapped = map_once_more(target, part);
  if (mapped.ok()) target.holes().remove(part);
  return mapped;
}

}  // namespace

result<discard_outcome> discard(region& target, range part, bool keep) {
  const std::lock_guard lock(target.pages());
  if (!target.writable()) return failure{EACCES, discarding_call(target)};
  const bool hugetlb = target.kind() == backing_kind::hugetlb;
  const int descriptor = descriptor_of(target);
  if (keep && descriptor < 0 && !keeps_reservation(target)) return failure{EOPNOTSUPP, "mmap"};
  discard_outcome outcome;
  if (hugetlb) outcome.state = reservation::kept;
  if (part.length == 0) return outcome;  // EINVAL for fallocate
  const auto runs = read_pagemap(part, target.mapping_page_size());
  if (!runs.ok()) return runs.error();
  const auto pages = removable(runs.value(), target.shared());
  const auto before = descriptor < 0 ? sum(pages) : allocated_bytes(descriptor);
  if (!before.ok()) return before.error();
  if (target.dropped()) target.dropped()->add(part);  // even of what fails, a part may be gone
  const auto gone = target.shared() ? punch(target, part) : take_away(target, part, MADV_DONTNEED);
  if (!gone.ok()) return gone.error();
  target.renew(part);
  const auto after = descriptor < 0 ? size_t{0} : allocated_bytes(descriptor);
  // Another process may have taken pages of the same file meanwhile.
  outcome.freed = after.ok() && after.value() < before.value() ? before.value() - after.value() : 0;
  if (keeps_reservation(target)) return outcome;
  note_holes(target, part, pages, outcome.freed);
  if (keep) {
    const auto reserved = reserve_locked(target, part);
    if (!reserved.ok()) outcome.error = reserved.error();
  }
  if (!target.holes().within(part).empty()) outcome.state = reservation::lost;
  return outcome;
}

status reserve(region& target, range part) {
  const std::lock_guard lock(target.pages());
  return reserve_locked(target, part);
}

result<std::vector<range>> holes(region& target, range part) {
  const std::lock_guard lock(target.pages());
  std::vector<range> found;
  for (const auto& hole : target.holes().within(part)) {
    const auto runs = read_pagemap(hole, target.mapping_page_size());
    if (!runs.ok()) return runs.error();
    for (const auto& run : runs.value()) {
      if (!run.present()) found.push_back(run.extent);
    }
  }
  return found;
}

}  // namespace hugepages
