#include "core/data_file.h"

#include <sys/stat.h>
#include <sys/vfs.h>

#include <algorithm>

#include "core/range.h"
#include "core/uapi.h"

namespace hugepages {
namespace {

// Where the kernel does not say (before 6.1, and for some file systems): the block size of almost any disk.
constexpr size_t usual_alignment = 4096;

constexpr mode_t readable_by_all = 0666;  // less the umask

constexpr const char* open_direct_call = "open(O_DIRECT)";

// The same file with other flags. Not by its path, where there may be another one by now.
file open_again(int descriptor, int flags) { return file(("/proc/self/fd/" + std::to_string(descriptor)).c_str(), flags); }

struct alignment {
  size_t offset;
  size_t memory;
};

// Zero for a file that has no direct I/O.
alignment direct_alignment(int descriptor) {
  uapi::statx_facts facts{};
  const bool known =
      syscall(SYS_statx, descriptor, "", AT_EMPTY_PATH, uapi::statx_dioalign, &facts) == 0 && (facts.stx_mask & uapi::statx_dioalign) != 0;
  return known ? alignment{facts.stx_dio_offset_align, facts.stx_dio_mem_align} : alignment{usual_alignment, usual_alignment};
}

bool writes(int flags) { return (flags & O_ACCMODE) != O_RDONLY; }

}  // namespace

result<std::unique_ptr<data_file>> data_file::open(const data_file_request& request) {
  auto made = std::make_unique<data_file>(request.opened, request.direct);
  if (request.opened == nullptr) {
    if (const auto opened = made->open_path(request.path, request.flags); !opened.ok()) return opened.error();
  }
  if (const auto ready = made->get_ready(request.flags); !ready.ok()) {
    made->forget();
    return ready.error();
  }
  return made;
}

status data_file::open_path(const std::string& path, int wanted) {
  // O_NONBLOCK: a fifo would wait for its other end.
  const int flags = wanted | O_NONBLOCK | O_NOCTTY;
  const auto opens = [&](int more) {
    through_cache_ = std::make_shared<const file>(path.c_str(), flags | more, readable_by_all);
    return through_cache_->is_open();
  };
  // Only O_EXCL tells who made it.
  if ((flags & O_CREAT) != 0 && opens(O_EXCL)) {
    made_ = path;
    return done();
  }
  return opens(0) ? done() : last_failure("open");
}

status data_file::get_ready(int wanted) {
  const int descriptor = through_cache_->descriptor();
  const int flags = fcntl(descriptor, F_GETFL);
  if (flags < 0) return last_failure("fcntl(F_GETFL)");
  if (const auto inspected = inspect(wanted | (flags & O_APPEND)); !inspected.ok()) return inspected;
  if ((flags & O_DIRECT) != 0) {
    auto again = std::make_shared<const file>(open_again(descriptor, flags & O_ACCMODE));
    if (!again->is_open()) return last_failure("open");
    through_cache_ = std::move(again);
  }
  if (wanted_ == direct_io::never) return done();
  const auto direct = open_direct(flags & O_ACCMODE);
  return direct.ok() || do_without_direct(direct.error()) ? done() : direct;
}

void data_file::forget() const {
  if (!made_.empty()) unlink(made_.c_str());
}

status data_file::inspect(int flags) {
  const int descriptor = through_cache_->descriptor();
  struct stat facts {};
  if (fstat(descriptor, &facts) != 0) return last_failure("fstat");
  if (S_ISDIR(facts.st_mode)) return failure{EISDIR, "fstat"};
  if (!S_ISREG(facts.st_mode)) return failure{ESPIPE, "fstat"};
  size_ = static_cast<size_t>(facts.st_size);
  if (!writes(flags)) return done();
  struct statfs system {};
  if (fstatfs(descriptor, &system) != 0) return last_failure("fstatfs");
  if (system.f_type == uapi::hugetlbfs_magic) return failure{EINVAL, "pwrite"};
  if ((flags & O_APPEND) != 0) return failure{EINVAL, "pwrite(O_APPEND)"};
  return done();
}

status data_file::open_direct(int access) {
  const int descriptor = through_cache_->descriptor();
  const auto [offset, memory] = direct_alignment(descriptor);
  if (offset == 0 || memory == 0) return failure{EOPNOTSUPP, open_direct_call};
  auto again = std::make_unique<const file>(open_again(descriptor, access | O_DIRECT));
  if (!again->is_open()) return failure{errno == EINVAL ? EOPNOTSUPP : errno, open_direct_call};
  direct_ = std::move(again);
  offset_alignment_ = offset;
  memory_alignment_ = memory;
  return done();
}

status data_file::place(size_t position, uintptr_t address) {
  // Where the position is aligned, the address has to be.
  const size_t until_aligned = round_up(position, std::max<size_t>(offset_alignment_, 1)) - position;
  if (direct_ == nullptr || is_multiple(address + until_aligned, memory_alignment_)) return done();
  const failure misaligned{EINVAL, open_direct_call};
  return do_without_direct(misaligned) ? done() : misaligned;
}

status data_file::truncate() const { return ftruncate(through_cache_->descriptor(), 0) == 0 ? done() : last_failure("ftruncate"); }

data_file::step data_file::next(size_t position, size_t length) const {
  const step through_cache{through_cache_->descriptor(), length, false};
  if (direct_ == nullptr || refused_ != 0) return through_cache;
  const size_t until_aligned = round_up(position, offset_alignment_) - position;
  if (until_aligned != 0) return {through_cache.descriptor, std::min(length, until_aligned), false};
  const size_t whole_blocks = round_down(length, offset_alignment_);
  return whole_blocks == 0 ? through_cache : step{direct_->descriptor(), whole_blocks, true};
}

bool data_file::do_without_direct(failure why) {
  if (wanted_ == direct_io::always) return false;
  refused_ = why.error;
  return true;
}

}  // namespace hugepages
