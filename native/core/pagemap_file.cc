#include "core/pagemap_file.h"

#include <algorithm>
#include <array>

#include "core/page_entry.h"
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

// Two pages by one call, which costs more than what it reads: the last entry of one, and the first of the next, which lie side by side.
status pagemap_file::visit_pages(range part, size_t page_size, const stop_flag& stop, const visitor& visit) const {
  const auto end_of = [&](uintptr_t start) { return std::min(round_down(start, page_size) + page_size, part.end()); };
  for (uintptr_t next = part.start; next < part.end();) {
    if (stop) return failure{ECANCELED, "pread(/proc/PID/pagemap)"};
    const range one{next, end_of(next) - next};
    const range other{one.end(), one.end() < part.end() ? end_of(one.end()) - one.end() : 0};
    std::array<uint64_t, 2> pair{};
    const auto got = read(one.end() - base_page_size(), pair.data(), other.length == 0 ? 1 : 2);
    if (!got.ok()) return got;
    // Frames of a page follow each other.
    visit(one, pair[0] - std::min<uint64_t>(page_entry(pair[0]).frame(), one.length / base_page_size() - 1));
    if (other.length != 0) visit(other, pair[1]);
    next = other.end();
  }
  return done();
}

status pagemap_file::check_alive() const {
  uint64_t entry = 0;
  return read(base_page_size(), &entry, 1);
}

result<std::vector<uint64_t>> read_page_entries(pid_t process, const std::vector<range>& parts, size_t page_size, const stop_flag& stop) {
  const auto pagemap = pagemap_file::open(process);
  if (!pagemap.ok()) return pagemap.error();
  std::vector<uint64_t> entries;
  for (const range& part : parts) {
    const auto visited = pagemap.value().visit_pages(part, page_size, stop, [&](range, uint64_t entry) { entries.push_back(entry); });
    if (!visited.ok()) return visited.error();
  }
  return entries;
}

}  // namespace hugepages
