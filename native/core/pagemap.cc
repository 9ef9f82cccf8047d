#include "core/pagemap.h"

#include <algorithm>

#include "core/page_scan.h"
#include "core/pagemap_reader.h"
#include "core/uapi.h"

namespace hugepages {
namespace {

size_t pmd_size() { return base_page_size() * (base_page_size() / sizeof(uint64_t)); }

using spans = std::vector<page_span>;

void add(spans& planned, const mapped_pages& part, uintptr_t start, uintptr_t end, bool huge, bool populated) {
  if (start == end) return;
  const bool hugetlb = part.page_size != base_page_size();
  planned.push_back({{start, end - start}, huge && !hugetlb ? pmd_size() : part.page_size, part.page_size, populated});
}

status plan_by_scan(const pagemap_file& pagemap, const mapped_pages& part, const stop_flag& stop, spans& planned) {
  const page_categories populated{0, uapi::page_is_present | uapi::page_is_swapped, 0, uapi::page_is_huge};
  const auto scanned = scan_pages(pagemap, part.extent, populated, stop);
  if (!scanned.ok()) return scanned.error();
  uintptr_t next = part.extent.start;
  for (const auto& [extent, categories] : scanned.value()) {
    add(planned, part, next, extent.start, false, false);
    add(planned, part, extent.start, extent.end(), (categories & uapi::page_is_huge) != 0, true);
    next = extent.end();
  }
  add(planned, part, next, part.extent.end(), false, false);
  return done();
}

result<spans> plan(const pagemap_file& pagemap, const pagemap_request& request, const stop_flag& stop) {
  const bool scans = request.engine == pagemap_engine::scan || (request.engine == pagemap_engine::fastest && has_page_scan());
  spans planned;
  for (const auto& part : request.parts) {
    if (!scans) {
      add(planned, part, part.extent.start, part.extent.end(), false, true);
      continue;
    }
    const auto added = plan_by_scan(pagemap, part, stop, planned);
    if (!added.ok()) return added.error();
  }
  return planned;
}

// The entry of a page that was just written.
uint64_t own_entry() {
  volatile unsigned char here = 1;
  const auto address = round_down(reinterpret_cast<uintptr_t>(&here), base_page_size());
  const auto pagemap = pagemap_file::open(0);
  uint64_t entry = 0;
  return pagemap.ok() && pagemap.value().read(address, &entry, 1).ok() ? entry : 0;
}

}  // namespace

result<std::vector<page_run>> read_pagemap(const pagemap_file& pagemap, const pagemap_request& request, const stop_flag& stop) {
  const auto planned = plan(pagemap, request, stop);
  if (!planned.ok()) return planned.error();
  return pagemap_reader(pagemap, request.frames, stop).read(planned.value());
}

result<std::vector<page_run>> read_pagemap(range part, size_t mapping_page_size) {
  const auto pagemap = pagemap_file::open(0);
  if (!pagemap.ok()) return pagemap.error();
  pagemap_request request;
  request.parts.push_back({part, mapping_page_size});
  return read_pagemap(pagemap.value(), request, never_stops);
}

bool shows_frames() { return page_entry(own_entry()).frame() != 0; }

bool has_soft_dirty() {
  static const bool noted = (page_entry(own_entry()).state() & page_soft_dirty) != 0;
  return noted;
}

}  // namespace hugepages
