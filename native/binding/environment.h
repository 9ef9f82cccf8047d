// What one environment (the main thread or a worker) holds: its regions by handle, and its running jobs.
#pragma once

#include <napi.h>

#include <memory>
#include <unordered_map>
#include <vector>

#include "binding/arguments.h"
#include "core/job.h"
#include "core/region.h"
#include "core/spin_budget.h"
#include "core/write_tracker.h"

namespace hugepages::binding {

class blocking_calls;

// NOLINTNEXTLINE(bugprone-exception-escape): moving a Napi::Reference throws only where its environment is broken already
struct buffer_entry {
  Napi::Reference<Napi::ArrayBuffer> reference;  // weak
  std::weak_ptr<pointer_lease> pointer;          // ends when we detach the buffer: nobody else has its memory then
};

// One handle: a hold on a region, and the ArrayBuffers that were made through it.
struct attachment {
  std::shared_ptr<hold> held;
  std::vector<buffer_entry> buffers;
  size_t sweep_at = 16;  // forget collected buffers when there are this many
  std::vector<std::weak_ptr<cancellable>> jobs;
  spin_budget spins;                      // of waits
  uint64_t degraded_position = 0;         // what was degraded before has been told
  std::unique_ptr<write_tracker> writes;  // null: nobody asks
};

class environment {
 public:
  static environment& of(Napi::Env env);

  explicit environment(Napi::Env env);
  environment(const environment&) = delete;
  environment& operator=(const environment&) = delete;
  // The environment ends: its handles are abandoned. SharedArrayBuffers that other threads still use keep their pages.
  ~environment();

  uint64_t add(std::shared_ptr<hold> held);
  // Throws ERR_OUT_OF_RANGE for a handle that this environment does not have.
  attachment& get(arguments& call);
  // The same for a handle whose attachment ends: the caller has it now.
  attachment take(arguments& call);

  // Remembers a new ArrayBuffer, for detach_buffers().
  static void add_buffer(attachment& owner, buffer_entry entry);
  // Detaches the ArrayBuffers of a handle, those excepted that markAsUntransferable() was called on, or whose memory was transferred to
  // another one: for these the overlay is there.
  void detach_buffers(attachment& owner) const;
  // How many ArrayBuffers of a handle are there to be detached.
  static size_t open_buffers(const attachment& owner);

  uint64_t add_job(const std::shared_ptr<cancellable>& task);
  // One that is cancelled when `owner` is released.
  uint64_t add_job(attachment& owner, const std::shared_ptr<cancellable>& task);
  void remove_job(uint64_t number) { jobs_.erase(number); }
  void cancel_job(uint64_t number);

  // Made when it is first asked for.
  blocking_calls& blocking();

  // Worker.terminate() can end it. The process's first thread is no worker's.
  [[nodiscard]] bool can_be_terminated() const { return can_be_terminated_; }

 private:
  const bool can_be_terminated_;
  // False when the buffer must stay as it is.
  bool detach(Napi::ArrayBuffer buffer) const;

  Napi::Env env_;
  Napi::FunctionReference transfer_;  // ArrayBuffer.prototype.transfer; empty before Node.js 22
  uint64_t next_handle_ = 1;
  uint64_t next_job_ = 1;
  std::unordered_map<uint64_t, attachment> attachments_;
  std::unordered_map<uint64_t, std::weak_ptr<cancellable>> jobs_;
  std::unique_ptr<blocking_calls> blocking_;
};

// Takes offset and length, both in `unit`s and inside the region.
range range_argument(arguments& call, const region& target, size_t unit);

}  // namespace hugepages::binding
