// Jobs on regions, and how their news reach JavaScript.
#pragma once

#include <memory>

#include "binding/environment.h"
#include "core/job.h"

namespace hugepages::binding {

// Runs a job on a thread of its own. Takes onProgress and onDone from the call, which get the bytes done so far, at most 30 times a
// second, and the outcome. The job is cancelled when `owner` is released. Returns a number for cancel(number).
Napi::Value run_in_background(arguments& call, attachment& owner, std::shared_ptr<job> task);

// Runs a job on the calling thread, and returns its outcome.
Napi::Value run_at_once(Napi::Env env, job& task);

}  // namespace hugepages::binding
