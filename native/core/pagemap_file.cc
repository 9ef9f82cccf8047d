#include "core/pagemap_file.h"

#include "core/proc_path.h"

namespace hugepages {

result<pagemap_file> pagemap_file::open(pid_t process) {
  file opened(proc_path(process, "pagemap").c_str());
  if (!opened.is_open()) return last_failure("open(/proc/PID/pagemap)");
  return pagemap_file(std::move(opened));
}

status pagemap_file::read(uintptr_t address, uint64_t* entries, size_t count) const {
  auto* next = reinterpret_cast<char*>(entries);
  auto position = static_cast<off_t>(address / base_page_size() * sizeof(uint64_t));
  for (size_t rest = count * sizeof(uint64_t); rest != 0;) {
    const ssize_t got = pread(file_.descriptor(), next, rest, position);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return last_failure("pread(/proc/PID/pagemap)");
    if (got == 0) return failure{ESRCH, "pread(/proc/PID/pagemap)"};
    next += got;
    position += got;
    rest -= static_cast<size_t>(got);
  }
  return done();
}

result<std::vector<uint64_t>> read_page_entries(pid_t process, const std::vector<range>& parts, size_t page_size, const stop_flag& stop) {
  const auto pagemap = pagemap_file::open(process);
  if (!pagemap.ok()) return pagemap.error();
  std::vector<uint64_t> entries;
  for (const range& part : parts) {
    const size_t first = entries.size();
    const size_t count = part.length / page_size;
    entries.resize(first + count);
    if (page_size == base_page_size()) {
      const auto read = pagemap.value().read(part.start, entries.data() + first, count);
      if (!read.ok()) return read.error();
      continue;
    }
    for (size_t page = 0; page < count; page++) {
      if (stop) return failure{ECANCELED, "pread(/proc/PID/pagemap)"};
      const auto read = pagemap.value().read(part.start + page * page_size, entries.data() + first + page, 1);
      if (!read.ok()) return read.error();
    }
  }
  return entries;
}

}  // namespace hugepages
