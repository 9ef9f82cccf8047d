// Entries of a page map, read on several threads and put together to runs.
#pragma once

#include <vector>

#include "core/pagemap.h"

namespace hugepages {

// Pages of one kind.
struct page_span {
  range extent;
  size_t page_size;  // bytes that one page-table entry maps
  size_t step;       // bytes of which one entry says all that there is to know
  bool populated;    // false: nothing is there
};

class pagemap_reader {
 public:
  pagemap_reader(const pagemap_file& pagemap, bool frames, const stop_flag& stop) : pagemap_(pagemap), frames_(frames), stop_(stop) {}

  // `spans` are in ascending order.
  [[nodiscard]] result<std::vector<page_run>> read(const std::vector<page_span>& spans) const;

 private:
  using runs = std::vector<page_run>;

  status read_piece(const page_span& piece, std::vector<uint64_t>& buffer, runs& found) const;
  status read_each(const page_span& piece, runs& found) const;
  status read_bulk(const page_span& piece, std::vector<uint64_t>& buffer, runs& found) const;
  status note_absent(const page_span& piece, runs& found) const;
  [[nodiscard]] page_run decode(uint64_t entry, range extent, const page_span& of) const;

  const pagemap_file& pagemap_;
  const bool frames_;
  const stop_flag& stop_;
};

}  // namespace hugepages
