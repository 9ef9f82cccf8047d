// NUMA policy of a mapping: mbind(2), and of a thread: set_mempolicy(2).
#pragma once

#include <string>
#include <vector>

#include "core/range.h"
#include "core/result.h"

namespace hugepages {

// `mode` is a MPOL_* value of <linux/mempolicy.h>. EINVAL when no node of the list is online and allowed.
status bind_to_nodes(range part, int mode, const std::vector<int>& nodes);

// Writes to a kernel file that goes by the writer's memory policy, such as nr_hugepages_mempolicy. This thread has the policy only
// for as long as this call takes. EINVAL when no node of the list is online and allowed.
status write_under_policy(const std::string& path, const std::string& text, int mode, const std::vector<int>& nodes);

}  // namespace hugepages
