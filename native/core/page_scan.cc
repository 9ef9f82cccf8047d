#include "core/page_scan.h"

#include <array>

#include "core/feature.h"
#include "core/file.h"
#include "core/uapi.h"

namespace hugepages {
namespace {

result<std::vector<range>> scan(range part, uint64_t categories) {
  const file pagemap("/proc/self/pagemap");
  if (!pagemap.is_open()) return last_failure("open(/proc/self/pagemap)");
  std::array<uapi::page_region, 512> found{};
  uapi::pm_scan_arg request{};
  request.size = sizeof request;
  request.start = part.start;
  request.end = part.end();
  request.vec = reinterpret_cast<uintptr_t>(found.data());
  request.vec_len = found.size();
  request.category_mask = categories;
  request.return_mask = categories;
  std::vector<range> ranges;
  while (request.start < request.end) {
    const int count = ioctl(pagemap.descriptor(), uapi::pagemap_scan, &request);
    if (count < 0) return last_failure("ioctl(PAGEMAP_SCAN)");
    for (int i = 0; i < count; i++) {
      const auto& region = found.at(static_cast<size_t>(i));
      // The kernel starts a new entry at each page-table boundary of a long run.
      if (!ranges.empty() && ranges.back().end() == region.start) {
        ranges.back().length += region.end - region.start;
      } else {
        ranges.push_back({region.start, region.end - region.start});
      }
    }
    request.start = request.walk_end;  // the vector was full, or the walk is over
  }
  return ranges;
}

}  // namespace

result<std::vector<range>> present_ranges(range part) { return scan(part, uapi::page_is_present); }

result<std::vector<range>> huge_ranges(range part) { return scan(part, uapi::page_is_huge | uapi::page_is_present); }

bool has_page_scan() {
  static feature page_scan;
  return page_scan.present([] { return present_ranges({base_page_size(), base_page_size()}); });
}

}  // namespace hugepages
