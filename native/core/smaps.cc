#include "core/smaps.h"

#include <cinttypes>
#include <cstdio>
#include <cstring>
#include <memory>

namespace hugepages {
namespace {

// "AnonHugePages:      2048 kB" → 2 MiB when the name matches.
bool field(const char* line, const char* name, size_t& bytes) {
  const size_t length = strlen(name);
  if (strncmp(line, name, length) != 0 || line[length] != ':') return false;
  uint64_t kibibytes = 0;
  if (sscanf(line + length + 1, "%" SCNu64, &kibibytes) != 1) return false;
  bytes += kibibytes * 1024;
  return true;
}

void read_line(const char* line, smaps_entry& entry) {
  size_t eligible_kib = 0;
  if (field(line, "THPeligible", eligible_kib)) {
    entry.thp_eligible = eligible_kib != 0;
    return;
  }
  (void)(field(line, "KernelPageSize", entry.kernel_page_size) || field(line, "Rss", entry.rss) ||
         field(line, "Private_Hugetlb", entry.hugetlb) || field(line, "Shared_Hugetlb", entry.hugetlb) ||
         field(line, "AnonHugePages", entry.pmd_mapped) || field(line, "ShmemPmdMapped", entry.pmd_mapped) ||
         field(line, "FilePmdMapped", entry.pmd_mapped));
}

}  // namespace

result<smaps_entry> read_smaps(uintptr_t address) {
  const std::unique_ptr<FILE, int (*)(FILE*)> smaps(fopen("/proc/self/smaps", "re"), fclose);
  if (!smaps) return last_failure("open(/proc/self/smaps)");
  smaps_entry entry;
  bool inside = false;
  char line[4096];
  while (fgets(line, sizeof line, smaps.get()) != nullptr) {
    uintptr_t start = 0;
    uintptr_t end = 0;
    // Only the first line of an entry has the form "start-end ".
    if (sscanf(line, "%" SCNxPTR "-%" SCNxPTR " ", &start, &end) == 2) {
      if (inside) break;
      inside = start <= address && address < end;
      entry.extent = {start, end - start};
    } else if (inside) {
      read_line(line, entry);
    }
  }
  if (!inside) return failure{ENOENT, "read(/proc/self/smaps)"};
  return entry;
}

}  // namespace hugepages
