#include "core/frame_file.h"

#include "core/file.h"

namespace hugepages {
namespace {

constexpr uint64_t no_page = uint64_t{1} << 20U;  // KPF_NOPAGE

struct description {
  const char* path;
  const char* open;
  const char* read;
  uint64_t of_no_memory;
};

description describe(frame_file which) {
  switch (which) {
    case frame_file::flags:
      return {"/proc/kpageflags", "open(/proc/kpageflags)", "pread(/proc/kpageflags)", no_page};
    case frame_file::count:
      return {"/proc/kpagecount", "open(/proc/kpagecount)", "pread(/proc/kpagecount)", 0};
    default:
      return {"/proc/kpagecgroup", "open(/proc/kpagecgroup)", "pread(/proc/kpagecgroup)", 0};
  }
}

// How many of `frames` follow each other from `first` on.
size_t consecutive(const std::vector<uint64_t>& frames, size_t first) {
  size_t count = 1;
  while (first + count < frames.size() && frames[first + count] == frames[first] + count) count++;
  return count;
}

}  // namespace

result<std::vector<uint64_t>> read_frames(frame_file which, const std::vector<uint64_t>& frames, const stop_flag& stop) {
  const auto names = describe(which);
  const file opened(names.path);
  if (!opened.is_open()) return last_failure(names.open);
  std::vector<uint64_t> values(frames.size(), names.of_no_memory);
  for (size_t next = 0; next < frames.size();) {
    if (stop) return failure{ECANCELED, names.read};
    const size_t wanted = consecutive(frames, next);
    const ssize_t got =
        pread(opened.descriptor(), &values[next], wanted * sizeof(uint64_t), static_cast<off_t>(frames[next] * sizeof(uint64_t)));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return last_failure(names.read);
    next += got == 0 ? wanted : static_cast<size_t>(got) / sizeof(uint64_t);  // 0: beyond the last frame
  }
  return values;
}

}  // namespace hugepages
