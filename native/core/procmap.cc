#include "core/procmap.h"

#include <cinttypes>
#include <cstdio>
#include <cstring>
#include <memory>

#include "core/feature.h"
#include "core/file.h"
#include "core/uapi.h"

namespace hugepages {
namespace {

constexpr uint64_t readable = 1;
constexpr uint64_t writable_executable_or_shared = 2 | 4 | 8;

result<uapi::procmap_query> query(uintptr_t address) {
  const file maps("/proc/self/maps");
  if (!maps.is_open()) return last_failure("open(/proc/self/maps)");
  uapi::procmap_query answer{};
  answer.size = sizeof answer;
  answer.query_addr = address;
  if (ioctl(maps.descriptor(), uapi::procmap_query_ioctl, &answer) != 0) return last_failure("ioctl(PROCMAP_QUERY)");
  return answer;
}

result<mapped> read_mapping(uintptr_t address) {
  const std::unique_ptr<FILE, int (*)(FILE*)> maps(fopen("/proc/self/maps", "re"), fclose);
  if (!maps) return last_failure("open(/proc/self/maps)");
  char line[4096];
  while (fgets(line, sizeof line, maps.get()) != nullptr) {
    uintptr_t start = 0;
    uintptr_t end = 0;
    char permissions[5] = "";
    if (sscanf(line, "%" SCNxPTR "-%" SCNxPTR " %4s", &start, &end, permissions) != 3) continue;  // the rest of a long line
    if (start <= address && address < end) return mapped{{start, end - start}, strcmp(permissions, "r--p") == 0};
  }
  return failure{ENOENT, "read(/proc/self/maps)"};
}

}  // namespace

result<size_t> query_page_size(uintptr_t address) {
  const auto answer = query(address);
  if (!answer.ok()) return answer.error();
  return static_cast<size_t>(answer.value().vma_page_size);
}

bool has_procmap_query() {
  static const char anywhere = 0;
  static feature asked;
  return asked.present([] { return query(reinterpret_cast<uintptr_t>(&anywhere)); });
}

result<mapped> find_mapping(uintptr_t address) {
  if (!has_procmap_query()) return read_mapping(address);
  const auto answer = query(address);
  if (!answer.ok()) return answer.error();
  const auto& found = answer.value();
  const bool read_only = (found.vma_flags & (readable | writable_executable_or_shared)) == readable;
  return mapped{{found.vma_start, found.vma_end - found.vma_start}, read_only};
}

}  // namespace hugepages
