#include "core/segment.h"

#include <sched.h>
#include <sys/shm.h>
#include <sys/wait.h>

#include <array>

#include "core/probe.h"
#include "core/signals.h"
#include "core/uapi.h"

// clone(2) of glibc by its other name: ThreadSanitizer intercepts the one that everybody knows, and takes the child for one of fork(2).
// NOLINTNEXTLINE(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp,readability-identifier-naming)
extern "C" int __clone(int (*function)(void*), void* stack, int flags, void* argument, ...);

namespace hugepages {
namespace {

using object = std::shared_ptr<memory_object>;

constexpr int owner_only = 0600;

// How shmat(2) says that it failed.
// NOLINTNEXTLINE(performance-no-int-to-ptr)
void* const not_attached = reinterpret_cast<void*>(-1);

class segment_object : public memory_object {
 public:
  segment_object(int id, size_t adopted_page_size) : id_(id), adopted_page_size_(adopted_page_size) {}

  [[nodiscard]] source_kind source() const override { return source_kind::sysv; }
  [[nodiscard]] int segment() const override { return id_; }

  // There are neither private attachments nor those without the segment's reservation.
  [[nodiscard]] result<range> map(range where, bool fixed, int protection, int /*flags*/) override {
    void* pointer = shmat(id_, fixed ? where.pointer() : nullptr, (protection & PROT_WRITE) != 0 ? 0 : SHM_RDONLY);
    if (pointer == not_attached) return fixed && errno == EINVAL ? failure{EEXIST, "shmat"} : last_failure("shmat");
    const range attached{reinterpret_cast<uintptr_t>(pointer), where.length};
    if (const auto fits = check(attached); !fits.ok()) {
      shmdt(pointer);
      return fits.error();
    }
    return attached;
  }

 private:
  // What pages a segment of others has, and with that how much is attached, only an attachment shows.
  [[nodiscard]] status check(range attached) const {
    if (adopted_page_size_ == 0) return done();
    struct shmid_ds facts {};
    if (shmctl(id_, IPC_STAT, &facts) != 0) return last_failure("shmctl");
    const size_t page_size = mapping_page_size(attached.start);
    const bool fits = page_size == adopted_page_size_ && round_up(facts.shm_segsz, page_size) == attached.length;
    return fits ? done() : failure{ERANGE, "shmctl"};
  }

  const int id_;
  const size_t adopted_page_size_;  // that it has to have; 0 of a new one
};

// One whose key is new: it goes again unless keep() is called.
class new_segment : public segment_object {
 public:
  explicit new_segment(int id) : segment_object(id, 0) {}
  new_segment(const new_segment&) = delete;
  new_segment& operator=(const new_segment&) = delete;
  ~new_segment() override {
    if (!kept_ && is_alone()) shmctl(segment(), IPC_RMID, nullptr);
  }
  void keep() override { kept_ = true; }

 private:
  // Whoever adopted it meanwhile has it attached, and keeps it.
  [[nodiscard]] bool is_alone() const {
    struct shmid_ds facts {};
    return shmctl(segment(), IPC_STAT, &facts) == 0 && facts.shm_nattch == 0;
  }

  bool kept_ = false;
};

// One that is marked for removal: where it was attached first it stays until it is mapped where it shall be.
class marked_segment : public segment_object {
 public:
  marked_segment(int id, void* first) : segment_object(id, 0), first_(first) {}
  marked_segment(const marked_segment&) = delete;
  marked_segment& operator=(const marked_segment&) = delete;
  ~marked_segment() override { detach_first(); }
  [[nodiscard]] result<range> map(range where, bool fixed, int protection, int flags) override {
    const bool anywhere = !fixed && (protection & PROT_WRITE) != 0;
    if (anywhere && first_ != nullptr) return range{reinterpret_cast<uintptr_t>(std::exchange(first_, nullptr)), where.length};
    auto mapped = segment_object::map(where, fixed, protection, flags);
    if (mapped.ok()) detach_first();
    return mapped;
  }

 private:
  void detach_first() {
    if (first_ != nullptr) shmdt(std::exchange(first_, nullptr));
  }

  void* first_;
};

int make_flags(const object_request& request) {
  int flags = owner_only;
  if (request.hugetlb) flags |= SHM_HUGETLB | (__builtin_ctzll(request.page_size) << MAP_HUGE_SHIFT);
  if (!request.reserve) flags |= SHM_NORESERVE;
  return flags;
}

struct making {
  const object_request& request;
  int id = -1;
  void* first = nullptr;
  failure error{0, ""};
};

int make_and_mark(void* argument) {
  auto& task = *static_cast<making*>(argument);
  task.id = shmget(task.request.key, task.request.length, make_flags(task.request) | IPC_CREAT | IPC_EXCL);
  if (task.id < 0) {
    task.error = last_failure("shmget");
    return 0;
  }
  task.first = shmat(task.id, nullptr, 0);
  if (task.first == not_attached) task.error = last_failure("shmat");
  shmctl(task.id, IPC_RMID, nullptr);
  return 0;
}

// A segment that nobody has attached yet cannot be marked for removal, which would be its end, and stays for good when its maker is
// killed before it is attached. So a child does all three steps. It shares our memory, as one of vfork(2) does, so what it attaches is
// attached here; and it goes on when we are killed. Where no child may be made, there is that moment.
result<object> make_marked(const object_request& request) {
  making task{request};
  alignas(16) std::array<char, size_t{64} << 10U> stack;
  const signals_blocked blocked;
  const int child = __clone(make_and_mark, stack.data() + stack.size(), CLONE_VM | CLONE_VFORK, &task);
  if (child < 0) make_and_mark(&task);
  while (child > 0 && waitpid(child, nullptr, __WALL) < 0 && errno == EINTR) {
  }
  if (task.error.error != 0) return task.error;
  return object(std::make_shared<marked_segment>(task.id, task.first));
}

result<object> make_persistent(const object_request& request) {
  const int id = shmget(request.key, request.length, make_flags(request) | IPC_CREAT | IPC_EXCL);
  if (id < 0) return last_failure("shmget");
  return object(std::make_shared<new_segment>(id));
}

result<object> adopt(const object_request& request) {
  const int id = shmget(request.key, 0, 0);
  if (id < 0) return last_failure("shmget");
  struct shmid_ds facts {};
  if (shmctl(id, IPC_STAT, &facts) != 0) return last_failure("shmctl");
  const size_t page_size = request.hugetlb ? request.page_size : base_page_size();
  // A mistake is told before a place is looked for. Where it cannot be attached for that, map() says why.
  const auto found = segment_page_size(id);
  const bool other_pages = found.ok() && found.value() != page_size;
  if (other_pages || round_up(facts.shm_segsz, page_size) != request.length) return failure{ERANGE, "shmctl"};
  return object(std::make_shared<segment_object>(id, page_size));
}

// Others may make it, or remove it, at the same moment.
result<object> adopt_or_make(const object_request& request) {
  for (int attempt = 0;; attempt++) {
    auto adopted = adopt(request);
    if (adopted.ok() || adopted.error().error != ENOENT) return adopted;
    auto made = make_persistent(request);
    if (made.ok() || made.error().error != EEXIST || attempt == 7) return made;
  }
}

}  // namespace

result<std::shared_ptr<memory_object>> create_segment(const object_request& request) {
  if (!request.persistent) return make_marked(request);
  return request.adopt ? adopt_or_make(request) : make_persistent(request);
}

std::shared_ptr<memory_object> adopt_segment(int id, size_t page_size) { return std::make_shared<segment_object>(id, page_size); }

result<size_t> segment_page_size(int id) {
  void* pointer = shmat(id, nullptr, SHM_RDONLY);
  if (pointer == not_attached) return last_failure("shmat");
  const size_t page_size = mapping_page_size(reinterpret_cast<uintptr_t>(pointer));
  shmdt(pointer);
  if (page_size == 0) return failure{ENODATA, "shmat"};
  return page_size;
}

}  // namespace hugepages
