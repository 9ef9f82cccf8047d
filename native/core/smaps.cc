#include "core/smaps.h"

#include <cinttypes>
#include <cstdio>
#include <cstring>
#include <optional>

#include "core/lines.h"
#include "core/proc_path.h"

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

status visit_smaps(pid_t process, const std::function<bool(const smaps_entry&)>& visit) {
  lines smaps(proc_path(process, "smaps").c_str());
  if (!smaps.is_open()) return last_failure("open(/proc/PID/smaps)");
  smaps_entry entry;
  while (const char* line = smaps.next()) {
    uintptr_t start = 0;
    uintptr_t end = 0;
    // Only the first line of an entry has the form "start-end ".
    if (sscanf(line, "%" SCNxPTR "-%" SCNxPTR " ", &start, &end) == 2) {
      if (entry.extent.length != 0 && !visit(entry)) return done();
      entry = smaps_entry{};
      entry.extent = {start, end - start};
    } else {
      read_line(line, entry);
    }
  }
  if (smaps.failed()) return last_failure("read(/proc/PID/smaps)");
  if (entry.extent.length != 0) (void)visit(entry);
  return done();
}

result<smaps_entry> read_smaps(uintptr_t address) {
  std::optional<smaps_entry> found;
  const auto visited = visit_smaps(0, [&](const smaps_entry& entry) {
    if (entry.extent.end() <= address) return true;
    if (entry.extent.start <= address) found = entry;
    return false;
  });
  if (!visited.ok()) return visited.error();
  if (!found) return failure{ENOENT, "read(/proc/PID/smaps)"};
  return *found;
}

}  // namespace hugepages
