// Memory that survives without its pages: a touch that finds none gets zeroed base pages in the place of the page, instead of dying by
// SIGBUS.
//
// It happens in the signal handler, and is counted and logged for who wants to hear of it. Only BUS_ADRERR says that there is no page:
// the pool is empty and nothing reserved, a cgroup or a cpuset forbids it, or the file ends before. A memory error (BUS_MCEERR_AR,
// BUS_MCEERR_AO) means that data is lost, and goes to whoever had the signal.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <csignal>
#include <functional>
#include <memory>
#include <vector>

#include "core/fault_table.h"
#include "core/mapping.h"
#include "core/result.h"
#include "core/zeroed_array.h"

namespace hugepages {

struct survival_request {
  range part;  // whole pages
  size_t page_size = 0;
  bool shared = false;
  bool inherit_on_fork = false;
  bool writable = true;
  int ends_with = -1;  // a file whose end alone is a reason: what else fails is an error of swap, and data lost
};

struct degraded_pages {
  std::vector<size_t> offsets;  // in the order in which it happened
  size_t missed = 0;            // older ones, of which only the number is known
};

class survival final : fault_owner {
 public:
  // From now on, until its end, the range survives; it has to be mapped all the time.
  static result<std::unique_ptr<survival>> begin(const survival_request& request);
  // Null for base pages and transparent huge pages that are no file's: a touch of those is never refused.
  static result<std::unique_ptr<survival>> begin(const mapping& memory);

  survival(const survival&) = delete;
  survival& operator=(const survival&) = delete;
  ~survival() { entry_->remove(); }

  // Of what is degraded at once.
  [[nodiscard]] size_t page_size() const { return request_.page_size; }
  // Pages that are base pages now.
  [[nodiscard]] size_t count() const { return count_; }
  // The longest range from the start of `part` in which all pages are degraded, or none is.
  struct stretch {
    range extent;
    bool degraded;
  };
  [[nodiscard]] stretch first_of(range part) const;
  // What was degraded since `position`, which is moved on.
  degraded_pages since(uint64_t& position) const;
  // 0 at first.
  [[nodiscard]] uint64_t position() const { return logged_; }

  // Has `overlay` lay zeroed memory over the whole range, for good. A fault that is under way finds it there.
  template <class Overlay>
  void retire(Overlay overlay) {
    entry_->exclusively([&] {
      overlay();
      retired_ = true;
    });
  }

  using renewal = std::function<status(range page, int protection)>;
  // Has `renew` put new pages, empty, in the place of those of `part` that are degraded. Where it fails they stay, empty as well.
  void restore(range part, const renewal& renew);

  // mprotect(2): base pages that are laid over a page later allow what the page does.
  status protect(range part, int protection);
  // Its pages were those of another, and allow what they did there.
  void take_over(const survival& before);

 private:
  using states = zeroed_array<std::atomic<uint8_t>>;
  using offsets = zeroed_array<std::atomic<size_t>>;

  survival(const survival_request& request, states pages, offsets log);
  bool handle(uintptr_t address) override;
  bool degrade(size_t index, uintptr_t address);
  [[nodiscard]] int protection_of(size_t index) const;
  [[nodiscard]] bool is_write_protected(size_t index) const;
  [[nodiscard]] bool is_beyond_end(size_t offset) const;
  void record(size_t offset);

  const survival_request request_;
  const pid_t process_;
  const states pages_;
  const offsets log_;
  std::atomic<size_t> count_{0};
  std::atomic<uint64_t> logged_{0};
  std::atomic<bool> retired_{false};
  fault_range* entry_ = nullptr;
};

// Memory, and what it survives by: null for memory that does not.
struct surviving_memory {
  mapping memory;
  std::unique_ptr<survival> survives;  // ends before the mapping
};

// What was mapped, or why not; and it survives, where that is asked for.
result<surviving_memory> let_survive(result<mapping> made, bool asked);

// What the signal handler makes of a SIGBUS. True: the instruction is to run again.
bool survive(const siginfo_t& info);

// Blocks until anything was degraded since `seen`, which is moved on.
void await_degraded(uint32_t& seen);

}  // namespace hugepages
