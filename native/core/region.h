// Regions and who holds them. One registry for the whole process: worker threads share mappings by it.
//
// A region lives through three stages:
//   held      at least one hold: the pages are there.
//   retired   the last hold is gone: the pages are back in the pool and zeroed memory lies over the addresses, because a view that
//             escaped may still be read. If work on the region was under way, this happens when that work ends.
//   unmapped  nobody refers to the addresses any more.
// Holds are `hold` objects; references to the addresses are shared_ptr<region>.
//
// When its memory gets other addresses, a new region of the same id has it, and the old one is retired.
#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "core/hole_map.h"
#include "core/mapping.h"
#include "core/page_lock.h"
#include "core/survival.h"

namespace hugepages {

class region : public std::enable_shared_from_this<region> {
 public:
  region(mapping memory, std::unique_ptr<survival> survives) : memory_(std::move(memory)), survives_(std::move(survives)) {}

  [[nodiscard]] range usable() const { return memory_.usable(); }
  [[nodiscard]] size_t page_size() const { return memory_.page_size(); }
  [[nodiscard]] size_t alignment() const { return memory_.request().alignment; }
  [[nodiscard]] backing_kind kind() const { return memory_.kind(); }
  [[nodiscard]] bool shared() const { return memory_.shared(); }
  [[nodiscard]] bool writable() const { return memory_.writable(); }
  // Its pages were reserved when it was mapped.
  [[nodiscard]] bool reserves() const { return memory_.reserves(); }
  // The smallest part that can be mapped, or given back: hugetlb has no parts of pages.
  [[nodiscard]] size_t mapping_page_size() const { return kind() == backing_kind::hugetlb ? page_size() : base_page_size(); }
  // What it maps; null for anonymous memory. For whoever has a hold or a work: it goes when the region is retired.
  [[nodiscard]] const std::shared_ptr<memory_object>& object() const { return memory_.object(); }
  // Null for a region that dies by SIGBUS.
  [[nodiscard]] survival* survives() const { return survives_.get(); }
  // Maps degraded pages anew, which forgets what they hold. For whoever has pages().
  void renew(range part);
  // A key and a random part: nobody reaches a region by counting. Drawn when somebody asks: most regions are known to their maker only.
  // For whoever has a hold.
  [[nodiscard]] std::string id();
  [[nodiscard]] page_lock& pages() { return pages_; }
  // For whoever has that lock.
  [[nodiscard]] hole_map& holes() { return holes_; }
  // Likewise: what was discarded since somebody last asked, while somebody does.
  [[nodiscard]] std::optional<hole_map>& dropped() { return dropped_; }
  // How many pointers to its addresses are out that nobody has taken back: of all buffers but those that were detached here.
  [[nodiscard]] size_t pointers() const { return pointers_; }
  // It is no longer as it was mapped: protected, advised or locked.
  void alter() { altered_ = true; }

 private:
  friend class registry;
  friend class replacement;
  friend class pointer_lease;
  void retire();
  // What is known of the memory that another region had.
  void take_over(region& before);

  mapping memory_;
  const std::unique_ptr<survival> survives_;  // ends before the mapping
  page_lock pages_;
  hole_map holes_;
  std::optional<hole_map> dropped_;
  std::atomic<size_t> pointers_{0};
  std::atomic<bool> altered_{false};
  // Guarded by the registry's mutex.
  uint64_t key_ = 0;
  std::string id_;  // empty: nobody has asked
  size_t holds_ = 0;
  size_t works_ = 0;
  bool retired_ = false;
  bool replacing_ = false;
};

// A pointer into a region that was given away.
class pointer_lease {
 public:
  explicit pointer_lease(std::shared_ptr<region> target) : region_(std::move(target)) { region_->pointers_++; }
  pointer_lease(const pointer_lease&) = delete;
  pointer_lease& operator=(const pointer_lease&) = delete;
  ~pointer_lease() { end(); }

  // Nobody has the pointer any more. For the thread that gave it away.
  void end() {
    if (!std::exchange(ended_, true)) region_->pointers_--;
  }
  [[nodiscard]] bool ended() const { return ended_; }

 private:
  const std::shared_ptr<region> region_;
  bool ended_ = false;
};

// Keeps the pages of a region. Ends by release(), or with its last owner.
class hold {
 public:
  explicit hold(std::shared_ptr<region> held) : region_(std::move(held)) {}
  hold(const hold&) = delete;
  hold& operator=(const hold&) = delete;
  ~hold() { release(); }

  [[nodiscard]] const std::shared_ptr<region>& target() const { return region_; }
  // Only the environment that owns the hold calls this, and it keeps a reference to the hold meanwhile.
  void release();

 private:
  friend class registry;

  std::shared_ptr<region> region_;
};

// Keeps a region's pages in place while threads work on them.
class work {
 public:
  // Null when the region is retired.
  static std::unique_ptr<work> begin(std::shared_ptr<region> target);
  explicit work(std::shared_ptr<region> target) : region_(std::move(target)) {}
  work(const work&) = delete;
  work& operator=(const work&) = delete;
  ~work();

 private:
  std::shared_ptr<region> region_;
};

// Gives a region's memory other addresses, undisturbed: whoever attaches to it meanwhile waits.
class replacement {
 public:
  explicit replacement(std::shared_ptr<region> target) : region_(std::move(target)) {}
  replacement(const replacement&) = delete;
  replacement& operator=(const replacement&) = delete;
  ~replacement();

  [[nodiscard]] mapping& memory() const { return region_->memory_; }
  // `memory` has what the region had. Its hold is to be released.
  std::shared_ptr<hold> finish(mapping memory, std::unique_ptr<survival> survives);

 private:
  const std::shared_ptr<region> region_;
};

struct registry_totals {
  size_t regions = 0;
  size_t bytes = 0;
};

class registry {
 public:
  // Never destroyed: threads and finalizers of other libraries may still run while the process exits.
  static registry& instance();

  std::shared_ptr<hold> add(mapping memory, std::unique_ptr<survival> survives = nullptr);
  // An id that no region has.
  std::string new_id();
  // Null when no region of that id is held.
  std::shared_ptr<hold> attach(const std::string& id);
  registry_totals totals();
  // A hold on the same pages as on a new region, instead of one that its environment gives up. Null, and the old one stays, when anybody
  // else can tell: another holder, work, a buffer, a child or another process, or when the memory is not as it was mapped.
  std::shared_ptr<hold> renew(hold& old);

  // Null while the region has other holds than the caller's, or works.
  std::unique_ptr<replacement> replace(const std::shared_ptr<region>& target);

 private:
  friend class hold;
  friend class region;
  friend class work;
  friend class replacement;

  // All three consume the caller's reference, so that a region nobody else refers to is unmapped without being overlaid first.
  void drop_hold(std::shared_ptr<region> target);
  bool begin_work(region& target);
  void end_work(std::shared_ptr<region> target);

  std::string id_of(region& target);

  // All with the mutex.
  std::shared_ptr<hold> enter(mapping memory, std::unique_ptr<survival> survives);
  void leave(region& target);
  void name(region& target, uint64_t key, std::string id);
  void forget(const region& target);

  std::mutex mutex_;
  std::condition_variable replaced_;
  uint64_t next_key_ = 1;
  std::unordered_map<uint64_t, std::weak_ptr<region>> named_;  // by their keys, while they are held
  registry_totals totals_;
};

// Random, chosen at its first use: what no other process knows.
const std::string& process_identity();

}  // namespace hugepages
