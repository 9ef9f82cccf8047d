#include "core/range.h"

#include <unistd.h>

namespace hugepages {

size_t base_page_size() {
  static const auto size = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  return size;
}

}  // namespace hugepages
