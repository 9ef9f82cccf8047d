#include "core/page_nodes.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <memory>

namespace hugepages {
namespace {

constexpr size_t pages_per_call = 4096;

// Of a machine with a single one; -1 of others.
int only_node() {
  const std::unique_ptr<FILE, int (*)(FILE*)> online(fopen("/sys/devices/system/node/online", "re"), fclose);
  if (!online) return -1;
  int node = -1;
  char more = '\n';
  return fscanf(online.get(), "%d%c", &node, &more) >= 1 && more == '\n' ? node : -1;
}

// The start of each page of a run.
std::vector<void*> pages_of(const page_run& run) {
  std::vector<void*> pages;
  for (uintptr_t next = run.extent.start; next < run.extent.end(); next = round_down(next, run.page_size) + run.page_size) {
    pages.push_back(range{next, 0}.pointer());
  }
  return pages;
}

std::vector<int> query(pid_t process, std::vector<void*>& pages, const stop_flag& stop) {
  std::vector<int> nodes(pages.size(), -1);
  for (size_t first = 0; first < pages.size() && !stop; first += pages_per_call) {
    const size_t count = std::min(pages_per_call, pages.size() - first);
    if (syscall(SYS_move_pages, process, count, &pages[first], nullptr, &nodes[first], 0) != 0) break;
  }
  return nodes;
}

// In place of a node there may be an error: the page of zeros is on none.
int valid(int node) { return std::max(node, -1); }

void append_divided(std::vector<page_run>& divided, const page_run& run, const std::vector<void*>& pages, const std::vector<int>& nodes) {
  for (size_t first = 0; first < pages.size();) {
    size_t next = first + 1;
    while (next < pages.size() && valid(nodes[next]) == valid(nodes[first])) next++;
    const auto start = reinterpret_cast<uintptr_t>(pages[first]);
    const uintptr_t end = next < pages.size() ? reinterpret_cast<uintptr_t>(pages[next]) : run.extent.end();
    page_run part = run;
    part.extent = {start, end - start};
    if (part.frame != 0) part.frame += (start - run.extent.start) / base_page_size();
    part.node = valid(nodes[first]);
    divided.push_back(part);
    first = next;
  }
}

}  // namespace

result<std::vector<page_run>> with_nodes(pid_t process, const std::vector<page_run>& runs, const stop_flag& stop) {
  static const int only = only_node();
  if (only < 0) return with_queried_nodes(process, runs, stop);
  auto placed = runs;
  for (auto& run : placed) run.node = run.present() ? only : -1;
  return placed;
}

result<std::vector<page_run>> with_queried_nodes(pid_t process, const std::vector<page_run>& runs, const stop_flag& stop) {
  std::vector<page_run> divided;
  for (const auto& run : runs) {
    if (!run.present()) {
      divided.push_back(run);
      continue;
    }
    auto pages = pages_of(run);
    append_divided(divided, run, pages, query(process, pages, stop));
    if (stop) return failure{ECANCELED, "move_pages"};
  }
  return divided;
}

}  // namespace hugepages
