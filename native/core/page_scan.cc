#include "core/page_scan.h"

#include <algorithm>
#include <array>

#include "core/feature.h"
#include "core/uapi.h"

namespace hugepages {
namespace {

// Some milliseconds where all of it is base pages.
constexpr size_t scanned_at_once = size_t{1} << 30U;

result<std::vector<range>> own_ranges(range part, uint64_t categories) {
  const auto pagemap = pagemap_file::open(0);
  if (!pagemap.ok()) return pagemap.error();
  const auto scanned = scan_pages(pagemap.value(), part, {categories, 0, 0, categories});
  if (!scanned.ok()) return scanned.error();
  std::vector<range> ranges;
  for (const auto& one : scanned.value()) ranges.push_back(one.extent);
  return ranges;
}

}  // namespace

result<std::vector<scanned_range>> scan_pages(const pagemap_file& pagemap, range part, const page_categories& wanted, const stop_flag& stop,
                                              uint64_t flags) {
  std::array<uapi::page_region, 512> found{};
  uapi::pm_scan_arg request{};
  request.size = sizeof request;
  request.flags = flags;
  request.start = part.start;
  request.vec = reinterpret_cast<uintptr_t>(found.data());
  request.vec_len = found.size();
  // The kernel inverts these before it compares: all of them set means that none was.
  request.category_inverted = wanted.none;
  request.category_mask = wanted.all | wanted.none;
  request.category_anyof_mask = wanted.any;
  request.return_mask = wanted.tell;
  std::vector<scanned_range> ranges;
  while (request.start < part.end()) {
    if (stop) return failure{ECANCELED, "ioctl(PAGEMAP_SCAN)"};
    request.end = std::min(round_down(request.start, scanned_at_once) + scanned_at_once, part.end());
    const int count = ioctl(pagemap.descriptor(), uapi::pagemap_scan, &request);
    if (count < 0) return last_failure("ioctl(PAGEMAP_SCAN)");
    for (int i = 0; i < count; i++) {
      const auto& region = found.at(static_cast<size_t>(i));
      // The kernel starts a new entry at each page-table boundary of a long run, and so does each call.
      if (!ranges.empty() && ranges.back().extent.end() == region.start && ranges.back().categories == region.categories) {
        ranges.back().extent.length += region.end - region.start;
      } else {
        ranges.push_back({{region.start, region.end - region.start}, region.categories});
      }
    }
    request.start = request.walk_end;  // the vector was full, or the end was reached
  }
  return ranges;
}

result<std::vector<range>> present_ranges(range part) { return own_ranges(part, uapi::page_is_present); }

result<std::vector<range>> huge_ranges(range part) { return own_ranges(part, uapi::page_is_huge | uapi::page_is_present); }

bool has_page_scan() {
  static feature page_scan;
  return page_scan.present([] { return present_ranges({base_page_size(), base_page_size()}); });
}

}  // namespace hugepages
