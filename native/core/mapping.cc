#include "core/mapping.h"

#include <sys/mman.h>
#include <sys/prctl.h>

#include <algorithm>
#include <atomic>
#include <cinttypes>
#include <cstdio>

#include "core/numa.h"
#include "core/procmap.h"
#include "core/uapi.h"

namespace hugepages {
namespace {

void* as_pointer(uintptr_t address) { return range{address, 0}.pointer(); }

int map_flags(const map_request& request) {
  int flags = request.shared ? MAP_SHARED : MAP_PRIVATE;
  if (!request.reserve) flags |= MAP_NORESERVE;
  if (request.object != nullptr) return flags;
  flags |= MAP_ANONYMOUS;
  if (request.kind == backing_kind::hugetlb) {
    // The size bits are always given: without them the kernel takes its default size, which an administrator can change.
    flags |= MAP_HUGETLB | (__builtin_ctzll(request.page_size) << MAP_HUGE_SHIFT);
  }
  return flags;
}

result<range> map_at(uintptr_t address, size_t length, int protection, int flags) {
  void* pointer = mmap(as_pointer(address), length, protection, flags, -1, 0);
  if (pointer == MAP_FAILED) return last_failure("mmap");
  return range{reinterpret_cast<uintptr_t>(pointer), length};
}

// What is asked for: at `address` if it is `fixed`, which is EEXIST where something is mapped already, else anywhere.
result<range> map_memory(const map_request& request, uintptr_t address, size_t length, bool fixed) {
  const int protection = request.writable ? PROT_READ | PROT_WRITE : PROT_READ;
  if (request.object != nullptr) return request.object->map({address, length}, fixed, protection, map_flags(request));
  return map_at(address, length, protection, map_flags(request) | (fixed ? MAP_FIXED_NOREPLACE : 0));
}

// False: the process has as many mappings as it may have, and a hole in one would make one more of it.
bool unmap(range part) { return part.length == 0 || munmap(part.pointer(), part.length) == 0; }

bool contains(range outer, range inner) { return outer.start <= inner.start && inner.end() <= outer.end(); }

struct placement {
  range whole;
  range usable;
};

// The kernel aligns to the page size of hugetlb and no further. For more, or for guards, a larger area is reserved and the region
// put into it. The middle is unmapped before it is mapped again, instead of being replaced with MAP_FIXED: when MAP_FIXED fails,
// older kernels leave a hole that another thread may already have filled, and what to unmap cannot be told.
result<placement> map_within_reservation(const map_request& request, size_t length, size_t alignment) {
  const size_t guard = request.guard ? base_page_size() : 0;
  const size_t span = length + alignment + 2 * guard;
  for (int attempt = 0;; attempt++) {
    auto area = map_at(request.hint, span, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE);
    if (!area.ok()) return area.error();
    const range reserved = area.value();
    const range usable{round_up(reserved.start + guard, alignment), length};
    const range whole{usable.start - guard, length + 2 * guard};
    if (!unmap(usable)) {
      const auto refused = last_failure("munmap");
      unmap(reserved);
      return refused;
    }
    unmap({reserved.start, whole.start - reserved.start});
    unmap({whole.end(), reserved.end() - whole.end()});
    auto mapped = map_memory(request, usable.start, length, true);
    if (mapped.ok() && mapped.value().start == usable.start) return placement{whole, usable};
    unmap({whole.start, guard});
    unmap({usable.end(), guard});
    if (mapped.ok()) {  // before 4.17 MAP_FIXED_NOREPLACE is only a hint
      unmap(mapped.value());
    } else if (mapped.error().error != EEXIST) {
      return mapped.error();
    }
    // Another thread mapped something into the gap.
    if (attempt == 7) return failure{EEXIST, "mmap(MAP_FIXED_NOREPLACE)"};
  }
}

result<placement> place(const map_request& request, size_t length, size_t alignment) {
  const size_t natural = request.kind == backing_kind::hugetlb ? request.page_size : base_page_size();
  if (request.guard || alignment > natural) return map_within_reservation(request, length, alignment);
  auto mapped = map_memory(request, request.hint & ~(uintptr_t{natural} - 1), length, false);
  if (!mapped.ok()) return mapped.error();
  return placement{mapped.value(), mapped.value()};
}

// Neighbouring anonymous mappings of equal kind merge into one, and /proc/self/smaps then counts both together. A name of their own
// keeps them apart, and tells people what they are. Kernels without CONFIG_ANON_VMA_NAME do without.
void name_anonymous(range part) {
  static std::atomic<uint64_t> counter{0};
  char name[48];
  (void)snprintf(name, sizeof name, "hugepages-%" PRIu64, ++counter);
  prctl(PR_SET_VMA, PR_SET_VMA_ANON_NAME, part.start, part.length, name);
}

// Writable from the first moment: another thread may be writing through a view that escaped. With vm.overcommit_memory=2 even
// MAP_NORESERVE is accounted and may be refused; read-only memory never is.
bool lay_zeros(range part, int placement) {
  const int flags = placement | MAP_ANONYMOUS | MAP_PRIVATE | MAP_NORESERVE;
  return map_at(part.start, part.length, PROT_READ | PROT_WRITE, flags).ok() || map_at(part.start, part.length, PROT_READ, flags).ok();
}

status prepare(range part, const map_request& request) {
  if (request.kind == backing_kind::thp) {
    if (madvise(part.pointer(), part.length, MADV_HUGEPAGE) != 0) return last_failure("madvise(MADV_HUGEPAGE)");
  } else if (request.kind == backing_kind::base) {
    // Base pages are base pages even where THP is always on. EINVAL: a kernel without THP, where nothing has to be switched off.
    if (madvise(part.pointer(), part.length, MADV_NOHUGEPAGE) != 0 && errno != EINVAL) {
      return last_failure("madvise(MADV_NOHUGEPAGE)");
    }
  }
  if (!request.inherit_on_fork && madvise(part.pointer(), part.length, MADV_DONTFORK) != 0) {
    return last_failure("madvise(MADV_DONTFORK)");
  }
  if (request.kind != backing_kind::hugetlb && request.object == nullptr) name_anonymous(part);
  return request.node_mode < 0 ? done() : bind_to_nodes(part, request.node_mode, request.nodes);
}

}  // namespace

result<mapping> mapping::create(const map_request& request) {
  const size_t length = round_up(request.length, request.page_size);
  const size_t alignment = std::max(request.alignment, request.page_size);
  auto placed = place(request, length, alignment);
  if (!placed.ok()) return placed.error();
  mapping made(placed.value().whole, placed.value().usable, request);
  const auto prepared = prepare(made.usable_, request);
  if (!prepared.ok()) return prepared.error();
  return made;
}

result<mapping> mapping::reserve(const map_request& request) {
  map_request nothing;
  nothing.hint = request.hint;
  nothing.guard = request.guard;
  nothing.reserve = false;
  nothing.writable = false;
  const size_t length = round_up(request.length, request.page_size);
  auto placed = place(nothing, length, std::max(request.alignment, request.page_size));
  if (!placed.ok()) return placed.error();
  return mapping(placed.value().whole, placed.value().usable, request);
}

mapping::mapping(range whole, range usable, map_request request) : whole_(whole), usable_(usable), request_(std::move(request)) {
  request_.length = usable.length;
}

mapping::mapping(mapping&& other) noexcept
    : whole_(std::exchange(other.whole_, {})), usable_(other.usable_), request_(std::move(other.request_)) {}

mapping::~mapping() { unmap(whole_); }

status mapping::renew(range page, int protection) const {
  const int descriptor = object() ? object()->descriptor() : -1;
  if (object() && descriptor < 0) return failure{EOPNOTSUPP, "mmap"};
  // Elsewhere first: when the kernel refuses, what lies there stays.
  void* fresh = mmap(nullptr, page.length, protection, map_flags(request_), descriptor, static_cast<off_t>(page.start - usable_.start));
  if (fresh == MAP_FAILED) return last_failure("mmap");
  auto outcome = prepare({reinterpret_cast<uintptr_t>(fresh), page.length}, request_);
  if (outcome.ok() && mremap(fresh, page.length, page.length, MREMAP_MAYMOVE | MREMAP_FIXED, page.pointer()) == MAP_FAILED) {
    outcome = last_failure("mremap");
  }
  if (!outcome.ok()) munmap(fresh, page.length);
  return outcome;
}

void mapping::overlay() {
  cover();
  request_.object.reset();  // a memfd keeps its pages as long as its descriptor is open
}

void mapping::cover() const {
  if (whole_.length != 0) (void)lay_zeros(usable_, MAP_FIXED);
}

status mapping::uncover() const {
  const int protection = request_.writable ? PROT_READ | PROT_WRITE : PROT_READ;
  void* pointer = mmap(usable_.pointer(), usable_.length, protection, map_flags(request_) | MAP_FIXED, object()->descriptor(), 0);
  return pointer == MAP_FAILED ? last_failure("mmap") : prepare(usable_, request_);
}

// NOLINTNEXTLINE(readability-convert-member-functions-to-static): what it takes back was this mapping's
bool mapping::retake(range part) const { return lay_zeros(part, MAP_FIXED_NOREPLACE); }

void mapping::give_up(range part) {
  const auto found = find_mapping(part.start);
  const bool reserved =
      found.ok() && found.value().read_only && contains(usable_, found.value().extent) && contains(found.value().extent, part);
  if (reserved) unmap(part);
  unmap({part.end(), whole_.end() - part.end()});
  unmap({whole_.start, usable_.start - whole_.start});
  whole_ = {usable_.start, part.start - usable_.start};
}

void mapping::give_up_around(range part) {
  unmap({whole_.start, part.start - whole_.start});
  unmap({part.end(), whole_.end() - part.end()});
  forget();
}

}  // namespace hugepages
