#include "core/fault_table.h"

#include <pthread.h>
#include <sched.h>

#include <mutex>

namespace hugepages {

std::atomic<fault_range*> fault_range::newest{nullptr};

fault_range::claim::claim(fault_range& on) : on_(on) {
  while (on_.claimed_.exchange(true)) sched_yield();
}

// A child of fork(2) has one thread only: what others had claimed is claimed by nobody.
void fault_range::end_claims() {
  for (fault_range* entry = newest; entry != nullptr; entry = entry->next_) entry->claimed_ = false;
}

fault_range& fault_range::unused() {
  for (fault_range* entry = newest; entry != nullptr; entry = entry->next_) {
    if (entry->owner_ == nullptr) return *entry;
  }
  static const int registered = pthread_atfork(nullptr, nullptr, end_claims);
  (void)registered;
  auto* const added = new fault_range;
  added->next_ = newest;
  newest = added;
  return *added;
}

void fault_range::become(range part, fault_owner* owner) {
  exclusively([&] {
    start_ = part.start;
    end_ = part.end();
    owner_ = owner;
  });
}

fault_range& fault_range::add(range part, fault_owner& owner) {
  static std::mutex adding;
  const std::lock_guard lock(adding);
  fault_range& entry = unused();
  entry.become(part, &owner);
  return entry;
}

void fault_range::remove() { become({}, nullptr); }

bool fault_range::dispatch(uintptr_t address) {
  for (fault_range* entry = newest; entry != nullptr; entry = entry->next_) {
    if (!entry->contains(address)) continue;
    const claim mine(*entry);
    if (entry->owner_ != nullptr && entry->contains(address)) return entry->owner_.load()->handle(address);
  }
  return false;
}

}  // namespace hugepages
