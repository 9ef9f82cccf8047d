#include "core/segment.h"

#include <sched.h>
#include <sys/shm.h>
#include <sys/wait.h>

#include <array>

#include "core/probe.h"
#include "core/signals.h"
#include "core/uapi.h"

namespace hugepages {
namespace {

constexpr int owner_only = 0600;

class segment_object : public memory_object {
 public:
  // `page_size`: what its attachments have to have.
  segment_object(int id, size_t page_size, bool remove_unless_kept)
      : id_(id), page_size_(page_size), remove_unless_kept_(remove_unless_kept) {}
  segment_object(const segment_object&) = delete;
  segment_object& operator=(const segment_object&) = delete;
  ~segment_object() override {
    if (remove_unless_kept_) shmctl(id_, IPC_RMID, nullptr);
    if (anchor_ != nullptr) shmdt(anchor_);
  }

  [[nodiscard]] source_kind source() const override { return source_kind::sysv; }
  [[nodiscard]] int segment() const override { return id_; }

  // There are neither private attachments nor those without the segment's reservation.
  [[nodiscard]] result<range> map(range where, bool fixed, int protection, int /*flags*/) const override {
    void* pointer = shmat(id_, fixed ? where.pointer() : nullptr, (protection & PROT_WRITE) != 0 ? 0 : SHM_RDONLY);
    // NOLINTNEXTLINE(performance-no-int-to-ptr): how shmat(2) says that it failed
    if (pointer == reinterpret_cast<void*>(-1)) return fixed && errno == EINVAL ? failure{EEXIST, "shmat"} : last_failure("shmat");
    const range attached{reinterpret_cast<uintptr_t>(pointer), where.length};
    if (const auto fits = check(attached); !fits.ok()) {
      shmdt(pointer);
      return fits.error();
    }
    return attached;
  }

  void keep() override {
    remove_unless_kept_ = false;
    if (anchor_ != nullptr) shmdt(std::exchange(anchor_, nullptr));
  }

  void anchor(void* attachment) { anchor_ = attachment; }

 private:
  // What pages a segment has, and with that how much is attached, only an attachment shows.
  [[nodiscard]] status check(range attached) const {
    struct shmid_ds facts {};
    if (shmctl(id_, IPC_STAT, &facts) != 0) return last_failure("shmctl");
    const auto probed = probe_backing({attached.start, base_page_size()});
    if (!probed.ok()) return probed.error();
    const size_t page_size = probed.value().mapping_page_size;
    const bool fits = page_size == page_size_ && round_up(facts.shm_segsz, page_size) == attached.length;
    return fits ? done() : failure{ERANGE, "shmctl"};
  }

  const int id_;
  const size_t page_size_;
  bool remove_unless_kept_;
  void* anchor_ = nullptr;  // keeps a segment that is marked for removal until it is mapped where it shall be
};

size_t page_size_of(const object_request& request) { return request.hugetlb ? request.page_size : base_page_size(); }

int make_flags(const object_request& request) {
  int flags = owner_only;
  if (request.hugetlb) flags |= SHM_HUGETLB | (__builtin_ctzll(request.page_size) << MAP_HUGE_SHIFT);
  if (!request.reserve) flags |= SHM_NORESERVE;
  return flags;
}

struct making {
  const object_request& request;
  int id = -1;
  void* attachment = nullptr;
  failure error{0, ""};
};

int make_and_mark(void* argument) {
  auto& task = *static_cast<making*>(argument);
  task.id = shmget(task.request.key, task.request.length, make_flags(task.request) | IPC_CREAT | IPC_EXCL);
  if (task.id < 0) {
    task.error = last_failure("shmget");
    return 0;
  }
  task.attachment = shmat(task.id, nullptr, 0);
  // NOLINTNEXTLINE(performance-no-int-to-ptr): how shmat(2) says that it failed
  if (task.attachment == reinterpret_cast<void*>(-1)) task.error = last_failure("shmat");
  shmctl(task.id, IPC_RMID, nullptr);
  return 0;
}

// A segment that nobody has attached yet cannot be marked for removal, which would be its end, and stays for good when its maker is
// killed before it is attached. So a child does all three steps. It shares our memory, as one of vfork(2) does, so what it attaches is
// attached here; and it goes on when we are killed.
status make_beyond_kill(making& task) {
  alignas(16) std::array<char, size_t{64} << 10U> stack;
  const signals_blocked blocked;
  const int child = clone(make_and_mark, stack.data() + stack.size(), CLONE_VM | CLONE_VFORK, &task);
  if (child < 0) return last_failure("clone");
  while (waitpid(child, nullptr, __WALL) < 0 && errno == EINTR) {
  }
  return task.error.error == 0 ? done() : task.error;
}

result<std::shared_ptr<memory_object>> make_persistent(const object_request& request) {
  const int id = shmget(request.key, request.length, make_flags(request) | IPC_CREAT | IPC_EXCL);
  if (id >= 0) return std::shared_ptr<memory_object>(std::make_shared<segment_object>(id, page_size_of(request), true));
  if (errno != EEXIST || !request.adopt) return last_failure("shmget");
  const int found = shmget(request.key, 0, 0);
  if (found < 0) return last_failure("shmget");
  return std::shared_ptr<memory_object>(std::make_shared<segment_object>(found, page_size_of(request), false));
}

}  // namespace

result<std::shared_ptr<memory_object>> create_segment(const object_request& request) {
  if (request.persistent) return make_persistent(request);
  making task{request};
  if (const auto made = make_beyond_kill(task); !made.ok()) return made.error();
  const auto object = std::make_shared<segment_object>(task.id, page_size_of(request), false);
  object->anchor(task.attachment);
  return std::shared_ptr<memory_object>(object);
}

std::shared_ptr<memory_object> adopt_segment(int id, size_t page_size) { return std::make_shared<segment_object>(id, page_size, false); }

}  // namespace hugepages
