// /proc/kpageflags, /proc/kpagecount and /proc/kpagecgroup: eight bytes for each page frame of the machine. For root.
#pragma once

#include <cstdint>
#include <vector>

#include "core/pagemap_file.h"
#include "core/result.h"

namespace hugepages {

// By its number, lib/native: FrameFile.
enum class frame_file { flags, count, cgroup };

// What the file says of each of `frames`; of a frame that the machine does not have what it says of one that is no memory.
result<std::vector<uint64_t>> read_frames(frame_file which, const std::vector<uint64_t>& frames, const stop_flag& stop);

}  // namespace hugepages
