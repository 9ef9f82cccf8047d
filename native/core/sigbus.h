// SIGBUS, which belongs to the whole process: one responder of ours is asked first, whoever had the signal gets everything else.
#pragma once

#include <csignal>

#include "core/result.h"

namespace hugepages {

// Called by the signal handler: system calls and atomics only. True: the instruction is to run again.
using sigbus_responder = bool (*)(const siginfo_t&);

// Puts the responder before whoever handles SIGBUS now, unless it is there already. Whoever handled it keeps what its sigaction(2) asked
// for: its kind of handler, its mask, SA_NODEFER, SA_ONSTACK, SA_RESTART and SA_RESETHAND.
//
// Called again after somebody else took the signal, it goes before that one as well. Others may save what they find, and pass signals
// back to it: each time is a layer of its own, with a predecessor of its own, so that no chain ever comes round. ENOSPC when there are
// more predecessors than layers.
status respond_to_sigbus(sigbus_responder responder);

}  // namespace hugepages
