// arrayBuffer, sharedArrayBuffer
#include "binding/buffers.h"

#include <dlfcn.h>

#include <atomic>

#include "binding/environment.h"
#include "binding/errors.h"
#include "binding/exports.h"

namespace hugepages::binding {
namespace {

std::atomic<size_t> view_count{0};

// What a buffer keeps alive until its finalizer has run: the hold it was made through, so that a Region object that is collected
// does not take the pages away, and the addresses, which outlast even an explicit release.
class view {
 public:
  explicit view(const std::shared_ptr<hold>& held) : held_(held), pointer_(std::make_shared<pointer_lease>(held->target())) {
    view_count++;
  }
  view(const view&) = delete;
  view& operator=(const view&) = delete;
  ~view() { view_count--; }

  [[nodiscard]] const std::shared_ptr<pointer_lease>& pointer() const { return pointer_; }
  // Never unmaps: the pages go back, the addresses and their overlay stay.
  void keep_addresses() const { (void)new std::shared_ptr<pointer_lease>(pointer_); }

 private:
  const std::shared_ptr<hold> held_;
  const std::shared_ptr<pointer_lease> pointer_;
};

// When an environment ends, Node.js finalizes its buffers whether or not their memory has moved to another thread meanwhile
// (ArrayBuffer.prototype.transfer, then postMessage), and does not say which have. The addresses of those that we did not detach
// ourselves stay: address space, no pages.
void finalize_buffer(napi_env env, void* /*data*/, void* hint) {
  const std::unique_ptr<view> finished(static_cast<view*>(hint));
  if (!finished->pointer()->ended() && is_ending(env)) finished->keep_addresses();
}

// Runs on any thread, inside a collection, without an environment.
void finalize_shared_buffer(void* /*data*/, void* hint) { delete static_cast<view*>(hint); }

using create_shared_buffer = napi_status (*)(napi_env, void*, size_t, void (*)(void*, void*), void*, napi_value*);

// Found at run time: a binary for all versions cannot link to what only some have.
create_shared_buffer find_create_shared_buffer() {
  static void* const symbol = dlsym(RTLD_DEFAULT, "node_api_create_external_sharedarraybuffer");
  return reinterpret_cast<create_shared_buffer>(symbol);
}

[[noreturn]] void throw_creation_error(Napi::Env env, napi_status status) {
  if (status == napi_no_external_buffers_allowed) {
    throw coded_error(env, "ERR_HUGEPAGES_NO_EXTERNAL_BUFFERS", "This runtime forbids buffers over memory that it did not allocate");
  }
  throw Napi::Error::New(env);  // the pending exception, or what Node-API says of the status
}

Napi::Value array_buffer(const Napi::CallbackInfo& info) {
  arguments call(info);
  auto& owner = environment::of(info.Env()).get(call);
  const range part = range_argument(call, *owner.held->target(), 1);
  auto kept = std::make_unique<view>(owner.held);
  napi_value made = nullptr;
  const auto status = napi_create_external_arraybuffer(info.Env(), part.pointer(), part.length, finalize_buffer, kept.get(), &made);
  if (status != napi_ok) throw_creation_error(info.Env(), status);
  const auto* const made_for = kept.release();  // the finalizer's now
  const Napi::ArrayBuffer buffer(info.Env(), made);
  environment::add_buffer(owner, {Napi::Weak(buffer), made_for->pointer()});
  return buffer;
}

Napi::Value shared_array_buffer(const Napi::CallbackInfo& info) {
  arguments call(info);
  auto& owner = environment::of(info.Env()).get(call);
  const range part = range_argument(call, *owner.held->target(), 1);
  const auto create = find_create_shared_buffer();
  if (create == nullptr) {
    throw coded_error(info.Env(), "ERR_HUGEPAGES_NO_SHARED_BUFFER", "This version of Node.js has no SharedArrayBuffer over foreign memory");
  }
  auto kept = std::make_unique<view>(owner.held);
  napi_value made = nullptr;
  const auto status = create(info.Env(), part.pointer(), part.length, finalize_shared_buffer, kept.get(), &made);
  if (status != napi_ok) throw_creation_error(info.Env(), status);
  (void)kept.release();
  return {info.Env(), made};
}

}  // namespace

// Coercing a number runs no JavaScript, and is refused all the same.
bool is_ending(napi_env env) {
  napi_value number = nullptr;
  return napi_create_uint32(env, 0, &number) != napi_ok || napi_coerce_to_number(env, number, &number) != napi_ok;
}

size_t live_views() { return view_count; }

bool has_shared_buffers() { return find_create_shared_buffer() != nullptr; }

void export_buffers(Napi::Env env, Napi::Object exports) {
  exports.Set("arrayBuffer", Napi::Function::New<array_buffer>(env, "arrayBuffer"));
  exports.Set("sharedArrayBuffer", Napi::Function::New<shared_array_buffer>(env, "sharedArrayBuffer"));
}

}  // namespace hugepages::binding
