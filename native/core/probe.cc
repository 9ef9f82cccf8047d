#include "core/probe.h"

#include <algorithm>

#include "core/page_scan.h"
#include "core/procmap.h"
#include "core/smaps.h"

namespace hugepages {
namespace {

size_t sum(const std::vector<range>& ranges) {
  size_t bytes = 0;
  for (const auto& part : ranges) bytes += part.length;
  return bytes;
}

}  // namespace

result<backing_probe> probe_by_smaps(range part) {
  const auto entry = read_smaps(part.start);
  if (!entry.ok()) return entry.error();
  const auto& found = entry.value();
  backing_probe probe;
  probe.mapping_page_size = found.kernel_page_size;
  probe.present = std::min(part.length, found.rss + found.hugetlb);
  probe.huge = std::min(part.length, found.pmd_mapped + found.hugetlb);
  probe.thp_eligible = found.thp_eligible;
  return probe;
}

result<backing_probe> probe_backing(range part) {
  if (!has_procmap_query() || !has_page_scan()) return probe_by_smaps(part);
  const auto page_size = query_page_size(part.start);
  if (!page_size.ok()) return page_size.error();
  const auto present = present_ranges(part);
  if (!present.ok()) return present.error();
  const auto huge = huge_ranges(part);
  if (!huge.ok()) return huge.error();
  backing_probe probe;
  probe.mapping_page_size = page_size.value();
  probe.present = sum(present.value());
  probe.huge = sum(huge.value());
  if (probe.present == 0 && probe.mapping_page_size == base_page_size()) {
    // Page tables say nothing about memory that was never touched; only smaps knows what a fault would find.
    const auto entry = read_smaps(part.start);
    if (!entry.ok()) return entry.error();
    probe.thp_eligible = entry.value().thp_eligible;
  }
  return probe;
}

size_t mapping_page_size(uintptr_t address) {
  if (has_procmap_query()) {
    const auto queried = query_page_size(address);
    return queried.ok() ? queried.value() : 0;
  }
  const auto entry = read_smaps(address);
  return entry.ok() ? entry.value().kernel_page_size : 0;
}

result<size_t> present_bytes(range part) {
  if (has_page_scan()) {
    const auto present = present_ranges(part);
    if (!present.ok()) return present.error();
    return sum(present.value());
  }
  const auto probe = probe_by_smaps(part);
  if (!probe.ok()) return probe.error();
  return probe.value().present;
}

}  // namespace hugepages
