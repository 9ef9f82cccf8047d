// On which NUMA node pages are: move_pages(2), which moves none when it is given no nodes.
#pragma once

#include <sys/types.h>

#include <vector>

#include "core/pagemap.h"

namespace hugepages {

// `runs` with their nodes, those divided that lie on several. `process` 0 is this one. ECANCELED: stopped.
result<std::vector<page_run>> with_nodes(pid_t process, const std::vector<page_run>& runs, const stop_flag& stop);

// The same by asking for each page, also where the machine has one node.
result<std::vector<page_run>> with_queried_nodes(pid_t process, const std::vector<page_run>& runs, const stop_flag& stop);

}  // namespace hugepages
