// NUMA policy of a mapping: mbind(2).
#pragma once

#include <vector>

#include "core/range.h"
#include "core/result.h"

namespace hugepages {

// `mode` is a MPOL_* value of <linux/mempolicy.h>. EINVAL when no node of the list is online and allowed.
status bind_to_nodes(range part, int mode, const std::vector<int>& nodes);

}  // namespace hugepages
