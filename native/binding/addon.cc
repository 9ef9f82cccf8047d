// The addon's entry: per-environment data and the functions that lib/native types.
#include <napi.h>

#include "binding/environment.h"
#include "binding/exports.h"

namespace hugepages::binding {
namespace {

Napi::Object initialize(Napi::Env env, Napi::Object exports) {
  env.SetInstanceData(new environment(env));
  export_regions(env, exports);
  export_buffers(env, exports);
  export_populate(env, exports);
  export_jobs(env, exports);
  export_futex(env, exports);
  export_clear(env, exports);
  export_transfer(env, exports);
  export_inspect(env, exports);
  export_frames(env, exports);
  export_tracking(env, exports);
  export_relocate(env, exports);
  export_seals(env, exports);
  export_advice(env, exports);
  export_discard(env, exports);
  export_measure(env, exports);
  export_mounts(env, exports);
  export_policy(env, exports);
  export_survival(env, exports);
  export_sharing(env, exports);
  export_system(env, exports);
  return exports;
}

NODE_API_MODULE(hugepages, initialize)

}  // namespace
}  // namespace hugepages::binding
