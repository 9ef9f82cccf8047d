// Handing the object of a region to another process over a Unix socket: SCM_RIGHTS, unix(7). The sender tells what it is; the receiver
// finds that out to be true, maps it and says so, or says why not. Whoever fails has what it had before.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "core/claim.h"
#include "core/stop_event.h"

namespace hugepages {

struct handover_request {
  std::string address;    // as of unix_listener
  bool any_user = false;  // else the other side has to be our effective user, or root
  std::optional<std::chrono::steady_clock::time_point> until;
};

// How a handover ended. Besides what the system calls say: ECANCELED, `stop` was set; ETIMEDOUT.
struct handover_outcome {
  std::optional<surviving_memory> memory;  // of the receiver, unless it failed
  failure error{0, ""};
  bool refused = false;      // it is the receiver that failed
  failure reason{0, ""};     // when time ran out: why the last attempt had failed; ETIMEDOUT of recv, who listens did not answer
  unsigned turned_away = 0;  // senders that had nothing to give, or not what they said
};

// Both block.

// Waits for somebody to listen there, and tries again when he goes without an answer: he may have taken another's.
handover_outcome send_object(const object_claim& claim, int descriptor, const handover_request& request, const stop_event& stop);

// Listens there until one object has come that is what its sender says. Others are turned away, and told why. That it cannot be mapped
// ends it.
handover_outcome receive_object(const handover_request& request, claim_use use, const stop_event& stop);

}  // namespace hugepages
