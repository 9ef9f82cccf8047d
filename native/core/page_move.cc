#include "core/page_move.h"

#include <sys/mman.h>

#include <algorithm>
#include <vector>

#include "core/procmap.h"
#include "core/uapi.h"

namespace hugepages {
namespace {

status remap(range from, range to, int flags) {
  void* moved = mremap(from.pointer(), from.length, to.length, MREMAP_MAYMOVE | MREMAP_FIXED | flags, to.pointer());
  return moved == MAP_FAILED ? last_failure("mremap") : done();
}

// A piece, and where it goes.
struct leg {
  range from;
  range to;
  bool both_ways = true;
};
using route = std::vector<leg>;

// The kernel moves what one of its mappings has, and protect(), advise() or lock() of a part make several of one. Since 6.17 it takes
// several, and may stop in the middle.
status add_legs(route& legs, range part, uintptr_t distance) {
  while (part.length != 0) {
    const auto found = find_mapping(part.start);
    if (!found.ok()) return found.error();
    const size_t length = std::min(part.length, found.value().extent.end() - part.start);
    legs.push_back({{part.start, length}, {part.start + distance, length}});
    part = {part.start + length, part.length - length};
  }
  return done();
}

// Modulo 2^64.
uintptr_t distance_of(const mapping& from, const mapping& to) { return to.usable().start - from.usable().start; }

// The first `count`.
void go_back(const route& legs, size_t count, int flags) {
  while (count-- > 0) {
    if (legs[count].both_ways) (void)remap(legs[count].to, legs[count].from, flags);
  }
}

// All of them, or none.
status go(route& legs, const mapping& from, mapping& to, int flags) {
  for (size_t i = 0; i < legs.size(); i++) {
    const auto moved = remap(legs[i].from, legs[i].to, flags);
    if (!moved.ok()) {
      to.give_up(legs[i].to);
      go_back(legs, i, flags);
      return moved;
    }
    if (flags != MREMAP_DONTUNMAP) legs[i].both_ways = from.retake(legs[i].from);
  }
  return done();
}

// hugetlb moves with its addresses.
status go_leaving_gaps(route& legs, mapping& from, mapping& to, range kept) {
  const auto moved = go(legs, from, to, 0);
  const bool lost = !std::all_of(legs.begin(), legs.end(), [](const leg& each) { return each.both_ways; });
  if (moved.ok()) {
    if (lost) from.give_up_around(kept);
    return moved;
  }
  to.forget();
  if (lost) from.forget();
  return moved;
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

// Addresses for what grows, with two mappings to spare for the way back.
result<mapping> reserve_aside(range part, size_t page_size) {
  map_request request;
  request.length = part.length;
  request.page_size = base_page_size();
  request.alignment = page_size;
  request.guard = true;
  return mapping::reserve(request);
}

// Growing takes away the addresses that are grown from, so these are others than those of `last`.
status grow(range last, mapping& aside, range grown, mapping& to) {
  const range between = aside.usable();
  if (const auto moved = remap(last, between, MREMAP_DONTUNMAP); !moved.ok()) {
    aside.give_up(between);
    to.give_up(grown);
    return moved;
  }
  const auto moved = remap(between, grown, 0);
  aside.give_up_around(between);
  if (!moved.ok()) {
    to.give_up(grown);
    (void)remap(between, last, 0);
    return moved;
  }
  // The last piece may have been protected; what is new is not.
  (void)mprotect(range{grown.start + last.length, 0}.pointer(), grown.length - last.length, PROT_READ | PROT_WRITE);
  return done();
}

status grow_pages(const mapping& from, mapping& to) {
  const range source = from.usable();
  const uintptr_t distance = distance_of(from, to);
  const size_t rest = source.length - from.page_size();
  route legs;
  // Only a page goes the long way.
  for (const range part : {range{source.start, rest}, range{source.start + rest, from.page_size()}}) {
    if (const auto added = add_legs(legs, part, distance); !added.ok()) return added;
  }
  const leg last = legs.back();
  legs.pop_back();
  auto aside = reserve_aside(last.from, from.page_size());
  if (!aside.ok()) return aside.error();
  if (const auto moved = go(legs, from, to, MREMAP_DONTUNMAP); !moved.ok()) return moved;
  const auto grown = grow(last.from, aside.value(), {last.to.start, to.usable().end() - last.to.start}, to);
  if (!grown.ok()) go_back(legs, legs.size(), MREMAP_DONTUNMAP);
  return grown;
}

}  // namespace

status move_pages(mapping& from, mapping& to) {
  const range source = from.usable();
  const range kept{source.start, to.usable().length};
  const bool hugetlb = from.kind() == backing_kind::hugetlb;
  if (kept.length > source.length) return hugetlb ? failure{EINVAL, "mremap"} : grow_pages(from, to);
  if (hugetlb && kept.length < source.length) {
    const auto apart = split(kept, {kept.end(), source.length - kept.length});
    if (!apart.ok()) return apart;
  }
  route legs;
  if (const auto added = add_legs(legs, kept, distance_of(from, to)); !added.ok()) return added;
  return hugetlb ? go_leaving_gaps(legs, from, to, kept) : go(legs, from, to, MREMAP_DONTUNMAP);
}

}  // namespace hugepages
