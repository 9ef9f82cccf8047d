// writeUnderPolicy, writeUnderPolicySync: a kernel file that goes by the memory policy of the thread that writes it
#include <string>
#include <vector>

#include "binding/arguments.h"
#include "binding/errors.h"
#include "binding/exports.h"
#include "core/numa.h"

namespace hugepages::binding {
namespace {

struct policy_write {
  explicit policy_write(arguments call)
      : path(call.string("path")),
        text(call.string("text")),
        mode(static_cast<int>(call.integer("mode", 0, 6))),
        nodes(call.integers("nodes", 0, 1023)) {}

  [[nodiscard]] status run() const { return write_under_policy(path, text, mode, nodes); }

  std::string path;
  std::string text;
  int mode;  // a MPOL_* value
  std::vector<int> nodes;
};

// On a thread of libuv's pool: adding pages to a pool takes long.
class policy_writer : public Napi::AsyncWorker {
 public:
  policy_writer(Napi::Env env, policy_write task) : AsyncWorker(env, "hugepages"), task_(std::move(task)), promise_(env) {}

  [[nodiscard]] Napi::Promise promise() const { return promise_.Promise(); }

 protected:
  void Execute() override { outcome_ = task_.run(); }

  void OnOK() override {
    if (outcome_.ok())
      promise_.Resolve(Env().Undefined());
    else
      promise_.Reject(system_error(Env(), outcome_.error()).Value());
  }

 private:
  policy_write task_;
  status outcome_ = done();
  Napi::Promise::Deferred promise_;
};

Napi::Value write_async(const Napi::CallbackInfo& info) {
  auto* writer = new policy_writer(info.Env(), policy_write(arguments(info)));  // deletes itself
  const Napi::Promise promise = writer->promise();
  writer->Queue();
  return promise;
}

Napi::Value write_sync(const Napi::CallbackInfo& info) {
  const status outcome = policy_write(arguments(info)).run();
  if (!outcome.ok()) throw system_error(info.Env(), outcome.error());
  return info.Env().Undefined();
}

}  // namespace

void export_policy(Napi::Env env, Napi::Object exports) {
  exports.Set("writeUnderPolicy", Napi::Function::New<write_async>(env, "writeUnderPolicy"));
  exports.Set("writeUnderPolicySync", Napi::Function::New<write_sync>(env, "writeUnderPolicySync"));
}

}  // namespace hugepages::binding
