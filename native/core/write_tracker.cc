#include "core/write_tracker.h"

#include <sys/syscall.h>

#include <mutex>

#include "core/page_scan.h"
#include "core/uapi.h"

namespace hugepages {
namespace {

// What there is and was written. A page of zeros that was only read is none: it says what a hole says.
constexpr page_categories written_pages{uapi::page_is_written, uapi::page_is_present | uapi::page_is_swapped, uapi::page_is_pfn_zero, 0};

// User mode is what everybody may have, and no limit here: the kernel's own writes do not wait for a handler either.
result<file> open_userfaultfd() {
  file opened(static_cast<int>(syscall(SYS_userfaultfd, O_CLOEXEC | UFFD_USER_MODE_ONLY)));
  if (!opened.is_open()) return last_failure("userfaultfd");
  uffdio_api features{UFFD_API, uapi::uffd_wp_async | uapi::uffd_wp_unpopulated | uapi::uffd_wp_hugetlbfs_shmem, 0};
  if (ioctl(opened.descriptor(), UFFDIO_API, &features) != 0) return last_failure("ioctl(UFFDIO_API)");
  return opened;
}

// Protects what it finds.
result<std::vector<scanned_range>> take_written(range part) {
  const auto pagemap = pagemap_file::open(0);
  if (!pagemap.ok()) return pagemap.error();
  return scan_pages(pagemap.value(), part, written_pages, never_stops, uapi::scan_write_protects | uapi::scan_checks_async);
}

// From now on, also where it was before.
status watch(const file& descriptor, range part) {
  uffdio_register request{{part.start, part.length}, UFFDIO_REGISTER_MODE_WP, 0};
  if (ioctl(descriptor.descriptor(), UFFDIO_REGISTER, &request) != 0) return last_failure("ioctl(UFFDIO_REGISTER)");
  const auto taken = take_written(part);
  return taken.ok() ? done() : taken.error();
}

}  // namespace

result<std::unique_ptr<write_tracker>> write_tracker::begin(const std::shared_ptr<region>& target) {
  if (!target->writable()) return failure{EACCES, "ioctl(UFFDIO_REGISTER)"};
  const std::lock_guard lock(target->pages());
  if (target->dropped()) return failure{EBUSY, "ioctl(UFFDIO_REGISTER)"};
  auto opened = open_userfaultfd();
  if (!opened.ok()) return opened.error();
  const auto watched = watch(opened.value(), target->usable());
  if (!watched.ok()) return watched.error();
  target->dropped().emplace();
  return std::unique_ptr<write_tracker>(new write_tracker(target, std::move(opened.value())));
}

write_tracker::~write_tracker() {
  const std::lock_guard lock(target_->pages());
  target_->dropped().reset();
}

result<std::vector<range>> write_tracker::take() {
  const range all = target_->usable();
  const std::lock_guard lock(target_->pages());
  const auto scanned = take_written(all);
  if (!scanned.ok() || forgot_) {
    // EPERM: a part was mapped anew. What was found before it came to that is protected again, and told to nobody.
    forgot_ = true;
    const auto watched = watch(descriptor_, all);
    if (!watched.ok()) return watched.error();
    forgot_ = false;
    target_->dropped().emplace();
    return std::vector<range>{all};
  }
  hole_map dropped = *std::exchange(target_->dropped(), hole_map());
  for (const auto& one : scanned.value()) dropped.add(one.extent);
  return dropped.within(all);
}

}  // namespace hugepages
