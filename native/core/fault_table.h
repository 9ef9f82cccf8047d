// Which ranges of addresses somebody answers for when they fault: filled by ordinary threads, searched by signal handlers, which take no
// lock and allocate nothing.
#pragma once

#include <atomic>

#include "core/range.h"
#include "core/signals.h"

namespace hugepages {

// Answers for the faults of one range.
class fault_owner {
 public:
  // In a signal handler, in one thread at a time. True: the instruction is to run again.
  virtual bool handle(uintptr_t address) = 0;

 protected:
  ~fault_owner() = default;
};

// An entry of the table. Entries are taken again and never freed: a signal handler may be looking at any of them.
class fault_range {
 public:
  static fault_range& add(range part, fault_owner& owner);
  // Afterwards no signal handler has to do with the owner, nor with the range: it must not be unmapped before.
  void remove();

  // Runs `change` while no thread handles a fault of this range; those that fault meanwhile wait. It must not touch the range.
  template <class Change>
  void exclusively(Change change) {
    const signals_blocked uninterrupted;  // a signal handler that touches the range would wait for itself
    const claim mine(*this);
    change();
  }

  // In a signal handler that blocks all signals: has the owner of the range around `address` handle it. False when there is none.
  static bool dispatch(uintptr_t address);

 private:
  class claim {
   public:
    explicit claim(fault_range& on);
    claim(const claim&) = delete;
    claim& operator=(const claim&) = delete;
    ~claim() { on_.claimed_ = false; }

   private:
    fault_range& on_;
  };

  static fault_range& unused();
  static void end_claims();
  void become(range part, fault_owner* owner);
  [[nodiscard]] bool contains(uintptr_t address) const { return start_ <= address && address < end_; }

  // Changed under a claim. Who reads them without, perhaps in the middle of a change, claims the entry and reads again.
  std::atomic<uintptr_t> start_{0};
  std::atomic<uintptr_t> end_{0};
  std::atomic<fault_owner*> owner_{nullptr};
  std::atomic<bool> claimed_{false};
  // Of the list of all entries, which only grows.
  fault_range* next_ = nullptr;
  static std::atomic<fault_range*> newest;
};

}  // namespace hugepages
