// load, store
#include "core/transfer.h"

#include <climits>

#include "binding/errors.h"
#include "binding/exports.h"
#include "binding/jobs.h"

namespace hugepages::binding {
namespace {

// Of a descriptor a duplicate, which stays the same file when JavaScript closes its own and opens another.
data_file_request file_argument(arguments& call) {
  data_file_request request;
  const auto named = call.file("file");
  if (const auto* path = std::get_if<std::string>(&named)) {
    request.path = *path;
  } else {
    request.opened = std::make_shared<const file>(fcntl(std::get<int>(named), F_DUPFD_CLOEXEC, 0));
    if (!request.opened->is_open()) throw system_error(call.env(), last_failure("dup"));
  }
  return request;
}

struct transfer_call {
  explicit transfer_call(arguments& call) : owner(environment::of(call.env()).get(call)) {
    request.part = range_argument(call, *owner.held->target(), 1);
    request.file = file_argument(call);
    request.position = call.bytes("position");
    request.file.direct = static_cast<direct_io>(call.integer("direct", 0, 2));
    request.threads = static_cast<size_t>(call.integer("threads", 1, 1024));
  }

  Napi::Value run(arguments& call) { return run_in_background(call, owner, transfer_job::create(owner.held->target(), request)); }

  attachment& owner;
  transfer_request request;
};

Napi::Value load(const Napi::CallbackInfo& info) {
  arguments call(info);
  transfer_call asked(call);
  asked.request.up_to = call.boolean("upTo");
  return asked.run(call);
}

Napi::Value store(const Napi::CallbackInfo& info) {
  arguments call(info);
  transfer_call asked(call);
  asked.request.store = true;
  const auto flags = static_cast<int>(call.integer("flags", 0, INT_MAX));
  asked.request.file.flags = O_WRONLY | (flags & (O_CREAT | O_EXCL));
  asked.request.truncate = (flags & O_TRUNC) != 0;
  return asked.run(call);
}

}  // namespace

void export_transfer(Napi::Env env, Napi::Object exports) {
  exports.Set("load", Napi::Function::New<load>(env, "load"));
  exports.Set("store", Napi::Function::New<store>(env, "store"));
}

}  // namespace hugepages::binding
