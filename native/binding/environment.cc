#include "binding/environment.h"

#include <unistd.h>

#include <algorithm>

#include "binding/blocking.h"
#include "binding/errors.h"

namespace hugepages::binding {
namespace {

void stop(const std::weak_ptr<cancellable>& watched) {
  if (const auto running = watched.lock()) running->cancel();
}

uint64_t handle_argument(arguments& call) { return static_cast<uint64_t>(call.integer("handle", 1, max_safe_integer)); }

Napi::Error unknown_handle(Napi::Env env) { return out_of_range(env, "handle", "the handle of a live region"); }

}  // namespace

environment::environment(Napi::Env env) : can_be_terminated_(gettid() != getpid()), env_(env) {
  const auto prototype = env.Global().Get("ArrayBuffer").As<Napi::Function>().Get("prototype").As<Napi::Object>();
  const auto transfer = prototype.Get("transfer");
  if (transfer.IsFunction()) transfer_ = Napi::Persistent(transfer.As<Napi::Function>());
}

environment::~environment() = default;

environment& environment::of(Napi::Env env) { return *env.GetInstanceData<environment>(); }

uint64_t environment::add(std::shared_ptr<hold> held) {
  const uint64_t handle = next_handle_++;
  const auto* survives = held->target()->survives();
  const uint64_t position = survives == nullptr ? 0 : survives->position();  // others had the news until now
  attachments_.emplace(handle, attachment{std::move(held), {}, 16, {}, {}, position, nullptr});
  return handle;
}

attachment& environment::get(arguments& call) {
  const auto found = attachments_.find(handle_argument(call));
  if (found == attachments_.end()) throw unknown_handle(call.env());
  return found->second;
}

attachment environment::take(arguments& call) {
  auto node = attachments_.extract(handle_argument(call));
  if (node.empty()) throw unknown_handle(call.env());
  for (const auto& task : node.mapped().jobs) stop(task);
  node.mapped().writes.reset();
  return std::move(node.mapped());
}

void environment::add_buffer(attachment& owner, buffer_entry entry) {
  auto& buffers = owner.buffers;
  if (buffers.size() >= owner.sweep_at) {
    const auto collected = [](auto& one) { return one.reference.Value().IsEmpty(); };
    buffers.erase(std::remove_if(buffers.begin(), buffers.end(), collected), buffers.end());
    owner.sweep_at = 2 * buffers.size() + 16;
  }
  buffers.push_back(std::move(entry));
}

// Node-API's own detach aborts the process for a buffer that markAsUntransferable() was called on (Node.js 24), and nothing tells which
// those are: every buffer over foreign memory bears the mark. transfer() throws for them, and moves the others' memory to a new buffer.
bool environment::detach(Napi::ArrayBuffer buffer) const {
  try {
    if (!transfer_.IsEmpty()) buffer = transfer_.Call(buffer, {}).As<Napi::ArrayBuffer>();
    buffer.Detach();
    return true;
  } catch (const Napi::Error&) {
    return false;
  }
}

void environment::detach_buffers(attachment& owner) const {
  for (auto& [reference, pointer] : std::exchange(owner.buffers, {})) {
    const auto buffer = reference.Value();
    if (buffer.IsEmpty() || buffer.IsDetached() || !detach(buffer)) continue;
    if (const auto leased = pointer.lock()) leased->end();
  }
}

size_t environment::open_buffers(const attachment& owner) {
  return static_cast<size_t>(std::count_if(owner.buffers.begin(), owner.buffers.end(), [](const auto& one) {
    const auto buffer = one.reference.Value();
    return !buffer.IsEmpty() && !buffer.IsDetached();
  }));
}

uint64_t environment::add_job(const std::shared_ptr<cancellable>& task) {
  const uint64_t number = next_job_++;
  jobs_.emplace(number, task);
  return number;
}

uint64_t environment::add_job(attachment& owner, const std::shared_ptr<cancellable>& task) {
  auto& jobs = owner.jobs;
  jobs.erase(std::remove_if(jobs.begin(), jobs.end(), [](const auto& one) { return one.expired(); }), jobs.end());
  jobs.push_back(task);
  return add_job(task);
}

void environment::cancel_job(uint64_t number) {
  const auto found = jobs_.find(number);
  if (found != jobs_.end()) stop(found->second);
}

blocking_calls& environment::blocking() {
  if (!blocking_) blocking_ = std::make_unique<blocking_calls>(env_);
  return *blocking_;
}

range range_argument(arguments& call, const region& target, size_t unit) {
  const range whole = target.usable();
  const size_t offset = call.bytes("offset");
  const size_t length = call.bytes("length");
  if (offset > whole.length || !is_multiple(offset, unit)) {
    throw out_of_range(call.env(), "offset", "a multiple of " + std::to_string(unit) + " within the region");
  }
  if (length > whole.length - offset || !is_multiple(length, unit)) {
    throw out_of_range(call.env(), "length", "a multiple of " + std::to_string(unit) + " that ends within the region");
  }
  return {whole.start + offset, length};
}

}  // namespace hugepages::binding
