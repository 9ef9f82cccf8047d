// clockStep, measure, faultCost, forkCost, attachCost
#include "binding/exports.h"
#include "binding/inquiry.h"
#include "core/clock.h"
#include "core/measurement.h"
#include "core/page_cost.h"

namespace hugepages::binding {
namespace {

// A cycle counts 32-bit words by 32 bits.
constexpr size_t most_bytes = size_t{1} << 34U;
constexpr int64_t most_accesses = int64_t{1} << 40U;

// lib/native/measure.ts: MeasuredSample
Napi::Value describe_sample(Napi::Env env, const measured_sample& sample) {
  auto described = Napi::Object::New(env);
  auto nanoseconds = Napi::Float64Array::New(env, sample.nanoseconds.size());
  std::copy(sample.nanoseconds.begin(), sample.nanoseconds.end(), nanoseconds.Data());
  auto counts = Napi::Float64Array::New(env, sample.counters.size());
  auto errors = Napi::Int32Array::New(env, sample.counters.size());
  for (size_t i = 0; i < sample.counters.size(); i++) {
    counts[i] = static_cast<double>(sample.counters[i].value);
    errors[i] = -sample.counters[i].error;
  }
  described.Set("nanoseconds", nanoseconds);
  described.Set("clock", Napi::Number::New(env, sample.clock));
  described.Set("pinErrno", Napi::Number::New(env, -sample.pinning.error));
  described.Set("counts", counts);
  described.Set("countErrnos", errors);
  return described;
}

class background_measurement : public blocking_call {
 public:
  explicit background_measurement(std::shared_ptr<measurement> task) : task_(std::move(task)) {}

  void run() override { sample_ = task_->run(); }
  void cancel() override { task_->cancel(); }

  std::vector<napi_value> answer(Napi::Env env) override {
    if (!sample_.ok()) return {system_error(env, sample_.error()).Value(), env.Undefined()};
    return {env.Undefined(), describe_sample(env, sample_.value())};
  }

 private:
  const std::shared_ptr<measurement> task_;
  result<measured_sample> sample_ = failure{ECANCELED, "measurement"};
};

line_set lines_argument(arguments& call, range part) {
  const size_t stride = call.power_of_two("stride");
  if (stride < line_bytes || stride > most_bytes) throw out_of_range(call.env(), "stride", "a power of two from 64 to 2^34");
  const auto most = static_cast<int64_t>(part.length / stride);
  if (most == 0) throw out_of_range(call.env(), "stride", "no longer than the part");
  return {stride, static_cast<size_t>(call.integer("count", 1, most))};
}

std::vector<counter_event> events_argument(arguments& call) {
  const auto numbers = call.big_integers("events", UINT64_MAX);
  if (numbers.size() % 2 != 0 || numbers.size() > 16) throw out_of_range(call.env(), "events.length", "even and <= 16");
  std::vector<counter_event> events;
  for (size_t i = 0; i < numbers.size(); i += 2) events.push_back({static_cast<uint32_t>(numbers[i]), numbers[i + 1]});
  return events;
}

int cpu_argument(arguments& call) { return static_cast<int>(call.integer("cpu", -1, 8191)); }

measure_request measure_arguments(arguments& call, const region& target) {
  measure_request request;
  request.part = range_argument(call, target, line_bytes);
  if (request.part.length > most_bytes) throw out_of_range(call.env(), "length", "<= 2^34");
  request.pattern = static_cast<access_pattern>(call.integer("pattern", 0, 5));
  request.lines = lines_argument(call, request.part);
  request.lay = call.boolean("lay");
  request.warm_up = static_cast<size_t>(call.integer("warmUp", 0, most_accesses));
  request.block = static_cast<size_t>(call.integer("block", 1, most_accesses));
  request.blocks = static_cast<size_t>(call.integer("blocks", 0, 65536));
  request.seed = static_cast<uint32_t>(call.integer("seed", 0, UINT32_MAX));
  request.cpu = cpu_argument(call);
  request.counters = events_argument(call);
  return request;
}

Napi::Value measure(const Napi::CallbackInfo& info) {
  arguments call(info);
  auto& here = environment::of(info.Env());
  auto& owner = here.get(call);
  auto request = measure_arguments(call, *owner.held->target());
  // A live handle holds the region, so it is not retired and there is something to measure.
  auto task = std::make_shared<background_measurement>(measurement::create(owner.held->target(), std::move(request)));
  return Napi::Number::New(info.Env(), static_cast<double>(here.blocking().start(call, &owner, std::move(task))));
}

size_t rounds_argument(arguments& call) { return static_cast<size_t>(call.integer("rounds", 1, 65536)); }

page_cost_request cost_arguments(arguments& call, bool empty_allowed) {
  page_cost_request request;
  request.kind = static_cast<backing_kind>(call.integer("kind", 0, 2));
  request.page_size = call.power_of_two("pageSize");
  if (request.page_size < base_page_size()) throw out_of_range(call.env(), "pageSize", ">= " + std::to_string(base_page_size()));
  request.length = call.bytes("length");
  if (request.length > most_bytes) throw out_of_range(call.env(), "length", "<= 2^34");
  if (!is_multiple(request.length, request.page_size)) throw out_of_range(call.env(), "length", "a multiple of the page size");
  if (request.length == 0 && !empty_allowed) throw out_of_range(call.env(), "length", "> 0");
  request.rounds = rounds_argument(call);
  request.cpu = cpu_argument(call);
  return request;
}

Napi::Value clock_step(const Napi::CallbackInfo& info) { return Napi::Number::New(info.Env(), hugepages::clock_step()); }

Napi::Value fault_cost(const Napi::CallbackInfo& info) {
  arguments call(info);
  const auto request = cost_arguments(call, false);
  return ask_in_background<measured_sample>(
      call, [request](const stop_flag& stop) { return hugepages::fault_cost(request, stop); }, describe_sample);
}

Napi::Value fork_cost(const Napi::CallbackInfo& info) {
  arguments call(info);
  const auto request = cost_arguments(call, true);
  return ask_in_background<measured_sample>(
      call, [request](const stop_flag& stop) { return hugepages::fork_cost(request, stop); }, describe_sample);
}

Napi::Value attach_cost(const Napi::CallbackInfo& info) {
  arguments call(info);
  const auto& target = *environment::of(info.Env()).get(call).held->target();
  attach_cost_request request;
  request.object = target.object();
  if (request.object == nullptr) throw out_of_range(call.env(), "handle", "of a region that others can map");
  request.length = target.usable().length;
  request.read = call.boolean("read");
  request.rounds = rounds_argument(call);
  request.cpu = cpu_argument(call);
  return ask_in_background<measured_sample>(
      call, [request](const stop_flag& stop) { return hugepages::attach_cost(request, stop); }, describe_sample);
}

}  // namespace

void export_measure(Napi::Env env, Napi::Object exports) {
  exports.Set("clockStep", Napi::Function::New<clock_step>(env, "clockStep"));
  exports.Set("measure", Napi::Function::New<measure>(env, "measure"));
  exports.Set("faultCost", Napi::Function::New<fault_cost>(env, "faultCost"));
  exports.Set("forkCost", Napi::Function::New<fork_cost>(env, "forkCost"));
  exports.Set("attachCost", Napi::Function::New<attach_cost>(env, "attachCost"));
}

}  // namespace hugepages::binding
