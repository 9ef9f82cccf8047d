#include "core/page_move.h"

#include <sys/mman.h>

#include <algorithm>
#include <vector>

#include "core/procmap.h"
#include "core/uapi.h"

namespace hugepages {
namespace {

constexpr int anywhere_fixed = MREMAP_MAYMOVE | MREMAP_FIXED;

status remap(range from, range to, int flags) {
  void* moved = mremap(from.pointer(), from.length, to.length, MREMAP_MAYMOVE | MREMAP_FIXED | flags, to.pointer());
  return moved == MAP_FAILED ? last_failure("mremap") : done();
}

// The kernel moves what one of its mappings has, and protect(), advise() or lock() of a part make several of one. Since 6.17 it takes
// several, and may stop in the middle.
result<std::vector<range>> pieces_of(range part) {
  std::vector<range> pieces;
  while (part.length != 0) {
    const auto found = find_mapping(part.start);
    if (!found.ok()) return found.error();
    const size_t length = std::min(part.length, found.value().extent.end() - part.start);
    pieces.push_back({part.start, length});
    part = {part.start + length, part.length - length};
  }
  return pieces;
}

status move_pieces(range from, mapping& to, int flags) {
  const auto pieces = pieces_of(from);
  if (!pieces.ok()) return pieces.error();
  const uintptr_t distance = to.usable().start - from.start;  // modulo 2^64
  for (const auto& piece : pieces.value()) {
    const range target{piece.start + distance, piece.length};
    const auto moved = remap(piece, target, flags);
    if (moved.ok()) continue;
    to.reclaim(target);
    for (const auto& back : pieces.value()) {
      if (back.start == piece.start) break;
      (void)remap({back.start + distance, back.length}, back, flags);
    }
    // Without MREMAP_DONTUNMAP that left gaps.
    if (flags == 0 && piece.start != from.start) to.forget();
    return moved;
  }
  return done();
}

// Of a hugetlb mapping that is moved in part, the kernel forgets what is reserved for the rest: the pool has it reserved until the machine
// restarts. So the rest becomes a mapping of its own first, by any difference.
status split(range kept, range rest) {
  const auto is_split = [&kept] {
    const auto last = find_mapping(kept.end() - 1);
    return last.ok() && last.value().extent.end() == kept.end();
  };
  for (const int difference : {MADV_DONTDUMP, MADV_DODUMP}) {
    if (is_split()) return done();
    if (madvise(rest.pointer(), rest.length, difference) != 0) return last_failure("madvise");
  }
  return is_split() ? done() : failure{EINVAL, "madvise"};
}

// Growing takes away the addresses that are grown from, so the last page is moved to addresses of its own first.
status move_growing(range last, range grown, mapping& to) {
  map_request request;
  request.length = last.length;
  request.page_size = to.page_size();
  auto step = mapping::reserve(request);
  if (!step.ok()) return step.error();
  const range between = step.value().usable();
  if (const auto moved = remap(last, between, MREMAP_DONTUNMAP); !moved.ok()) {
    step.value().reclaim(between);
    return moved.error();
  }
  const auto moved = remap(between, grown, 0);
  if (!moved.ok()) {
    to.reclaim(grown);
    (void)remap(between, last, MREMAP_DONTUNMAP);
    return moved;
  }
  step.value().forget();
  // The last page may have been protected; what is new is not.
  (void)mprotect(range{grown.start + last.length, 0}.pointer(), grown.length - last.length, PROT_READ | PROT_WRITE);
  return done();
}

status grow_pages(const mapping& from, mapping& to) {
  const range source = from.usable();
  const range target = to.usable();
  const size_t rest = source.length - from.page_size();
  const range last{source.start + rest, from.page_size()};
  const range grown{target.start + rest, target.length - rest};
  if (const auto moved = move_growing(last, grown, to); !moved.ok()) return moved;
  const auto moved = move_pieces({source.start, rest}, to, MREMAP_DONTUNMAP);
  if (!moved.ok()) (void)remap({grown.start, last.length}, last, MREMAP_DONTUNMAP);
  return moved;
}

}  // namespace

status move_pages(mapping& from, mapping& to) {
  const range source = from.usable();
  const range kept{source.start, to.usable().length};
  const bool hugetlb = from.kind() == backing_kind::hugetlb;
  if (kept.length > source.length) return hugetlb ? failure{EINVAL, "mremap"} : grow_pages(from, to);
  if (!hugetlb) return move_pieces(kept, to, MREMAP_DONTUNMAP);
  if (kept.length < source.length) {
    const auto apart = split(kept, {kept.end(), source.length - kept.length});
    if (!apart.ok()) return apart;
  }
  const auto moved = move_pieces(kept, to, 0);
  if (moved.ok()) from.vacated(kept);
  return moved;
}

}  // namespace hugepages
