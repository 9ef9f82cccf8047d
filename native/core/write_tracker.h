// Which pages of a region were written since it was last asked: userfaultfd(2) write-protects them, and lets each write through by itself
// (WP_ASYNC); PAGEMAP_SCAN finds those that are protected no more. Linux 6.7.
//
// It sees writes through this mapping, by any thread and by the kernel. Not those of other processes, nor those to memory that was pinned
// for a device before.
#pragma once

#include <memory>
#include <vector>

#include "core/file.h"
#include "core/region.h"
#include "core/result.h"

namespace hugepages {

class write_tracker {
 public:
  // EBUSY: the region is tracked; EPERM: a seccomp filter forbids it; EACCES: the region is read-only; EINVAL: before Linux 6.7.
  static result<std::unique_ptr<write_tracker>> begin(const std::shared_ptr<region>& target);

  write_tracker(const write_tracker&) = delete;
  write_tracker& operator=(const write_tracker&) = delete;
  ~write_tracker();

  [[nodiscard]] const region& target() const { return *target_; }

  // In ascending order, neither overlapping nor adjacent: what was written or discarded, or came to be, since the last call. All of the
  // region where the kernel has forgotten what was, because a part of it was mapped anew.
  result<std::vector<range>> take();

 private:
  write_tracker(std::shared_ptr<region> target, file descriptor) : target_(std::move(target)), descriptor_(std::move(descriptor)) {}

  const std::shared_ptr<region> target_;
  const file descriptor_;
  bool forgot_ = false;  // a part of what was written was found, and not told
};

}  // namespace hugepages
