#include "core/procmap.h"

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <cstring>

#include "core/feature.h"
#include "core/file.h"
#include "core/lines.h"
#include "core/proc_path.h"
#include "core/smaps.h"
#include "core/uapi.h"

namespace hugepages {
namespace {

constexpr uint64_t readable = 1;
constexpr uint64_t writable_executable_or_shared = 2 | 4 | 8;

result<uapi::procmap_query> query(const file& maps, uintptr_t address, uint64_t flags = 0) {
  uapi::procmap_query answer{};
  answer.size = sizeof answer;
  answer.query_flags = flags;
  answer.query_addr = address;
  if (ioctl(maps.descriptor(), uapi::procmap_query_ioctl, &answer) != 0) return last_failure("ioctl(PROCMAP_QUERY)");
  return answer;
}

result<uapi::procmap_query> query_own(uintptr_t address) {
  const file maps("/proc/self/maps");
  if (!maps.is_open()) return last_failure("open(/proc/self/maps)");
  return query(maps, address);
}

range extent_of(const uapi::procmap_query& answer) { return {answer.vma_start, answer.vma_end - answer.vma_start}; }

result<mapped> read_mapping(uintptr_t address) {
  lines maps("/proc/self/maps");
  if (!maps.is_open()) return last_failure("open(/proc/self/maps)");
  while (const char* line = maps.next()) {
    uintptr_t start = 0;
    uintptr_t end = 0;
    char permissions[5] = "";
    if (sscanf(line, "%" SCNxPTR "-%" SCNxPTR " %4s", &start, &end, permissions) != 3) continue;
    if (start <= address && address < end) return mapped{{start, end - start}, strcmp(permissions, "r--p") == 0};
  }
  return failure{ENOENT, "read(/proc/self/maps)"};
}

// As far as it lies in `part`; of length 0 where it does not.
mapped_pages cut(const mapped_pages& mapping, range part) {
  const uintptr_t start = std::max(mapping.extent.start, part.start);
  const uintptr_t end = std::min(mapping.extent.end(), part.end());
  return {{start, start < end ? end - start : 0}, mapping.page_size};
}

result<std::vector<mapped_pages>> query_within(pid_t process, range part) {
  const file maps(proc_path(process, "maps").c_str());
  if (!maps.is_open()) return last_failure("open(/proc/PID/maps)");
  std::vector<mapped_pages> found;
  for (uintptr_t next = part.start; next < part.end();) {
    const auto answer = query(maps, next, uapi::procmap_query_covering_or_next);
    if (!answer.ok() && answer.error().error == ENOENT) break;  // none follows
    if (!answer.ok()) return answer.error();
    const mapped_pages mapping = cut({extent_of(answer.value()), static_cast<size_t>(answer.value().vma_page_size)}, part);
    if (mapping.extent.length == 0) break;
    found.push_back(mapping);
    next = mapping.extent.end();
  }
  return found;
}

}  // namespace

result<size_t> query_page_size(uintptr_t address) {
  const auto answer = query_own(address);
  if (!answer.ok()) return answer.error();
  return static_cast<size_t>(answer.value().vma_page_size);
}

bool has_procmap_query() {
  static const char anywhere = 0;
  static feature asked;
  return asked.present([] { return query_own(reinterpret_cast<uintptr_t>(&anywhere)); });
}

result<std::vector<mapped_pages>> mapped_by_smaps(pid_t process, range part) {
  std::vector<mapped_pages> found;
  const auto visited = visit_smaps(process, [&](const smaps_entry& entry) {
    const mapped_pages mapping = cut({entry.extent, entry.kernel_page_size}, part);
    if (mapping.extent.length != 0) found.push_back(mapping);
    return entry.extent.end() < part.end();
  });
  if (!visited.ok()) return visited.error();
  return found;
}

result<std::vector<mapped_pages>> mapped_within(pid_t process, range part) {
  return has_procmap_query() ? query_within(process, part) : mapped_by_smaps(process, part);
}

result<mapped> find_mapping(uintptr_t address) {
  if (!has_procmap_query()) return read_mapping(address);
  const auto answer = query_own(address);
  if (!answer.ok()) return answer.error();
  const auto& found = answer.value();
  const bool read_only = (found.vma_flags & (readable | writable_executable_or_shared)) == readable;
  return mapped{extent_of(found), read_only};
}

}  // namespace hugepages
