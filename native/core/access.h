// Accesses to memory in the patterns that are measured. All go to pages that are there and, for stores, writable; none goes outside of
// `part`, whatever that holds: JavaScript may write to it meanwhile.
#pragma once

#include "core/cache_lines.h"
#include "core/draw.h"

namespace hugepages {

// Follows a cycle that lay_cycle() laid, `steps` loads, each of which needs the one before. `at` is where it begins and where it comes
// to, in words. False: what the memory holds leads out of it, so somebody else has written there.
bool follow(range part, uint32_t& at, size_t steps);

// Loads words of random lines, each of which needs the one before: what memory holds is part of where the next line is, which is one of
// the lines whatever it holds. Costs some cycles more than a chase, and needs no cycle laid.
void wander(range part, const line_set& lines, draw& random, size_t steps);

// Loads words of random lines, none of which needs another.
void gather(range part, const line_set& lines, draw& random, size_t steps);

// Stores to random lines.
void scatter(range part, const line_set& lines, draw& random, size_t steps);

// Loads, or stores zeros to, each word of a part whose length is a multiple of a line.
void read_through(range part);
void write_through(range part);

}  // namespace hugepages
