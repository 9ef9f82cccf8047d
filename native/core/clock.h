// The clock of the processor, seen by the time of a step that always takes as many cycles: how long a cycle is changes with load, heat, and
// what others run beside.
#pragma once

namespace hugepages {

// Nanoseconds of a step, now and on this CPU: in some 30 microseconds, without an access to memory.
double clock_step();

}  // namespace hugepages
