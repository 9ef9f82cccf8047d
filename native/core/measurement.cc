#include "core/measurement.h"

#include <algorithm>
#include <chrono>
#include <shared_mutex>

#include "core/access.h"
#include "core/clock.h"
#include "core/pinned_thread.h"
#include "core/touch.h"

namespace hugepages {
namespace {

using clock = std::chrono::steady_clock;

// A cancel waits for no more than so many accesses, a few milliseconds.
constexpr size_t most_at_once = size_t{1} << 16U;

range pages_of(const region& target, range part) {
  const uintptr_t first = round_down(part.start, target.page_size());
  return {first, round_up(part.end(), target.page_size()) - first};
}

}  // namespace

std::shared_ptr<measurement> measurement::create(const std::shared_ptr<region>& target, measure_request request) {
  auto keep = work::begin(target);
  if (!keep) return nullptr;
  return std::make_shared<measurement>(*target, std::move(keep), std::move(request));
}

measurement::measurement(region& target, std::unique_ptr<work> keep, measure_request request)
    : target_(target),
      keep_(std::move(keep)),
      request_(std::move(request)),
      random_(request_.seed),
      at_(static_cast<uint32_t>(request_.lines.offset(0) / sizeof(uint32_t))) {}

result<measured_sample> measurement::run() {
  auto sample = measure();
  keep_.reset();
  return sample;
}

result<measured_sample> measurement::measure() {
  const failure cancelled{ECANCELED, "measurement"};
  const failure foreign{EILSEQ, "measurement"};
  measured_sample sample;
  const pinned_thread pinned(request_.cpu);
  sample.pinning = pinned.error();
  hardware_counters counters(request_.counters);

  const std::shared_lock lock(target_.pages());
  if (const auto populated = populate(pages_of(target_, request_.part), target_.page_size()); !populated.ok()) return populated.error();
  if (request_.lay) {
    const auto laid = lay_cycle(request_.part, request_.lines, request_.seed);
    if (!laid.ok()) return laid.error();
  }
  if (!access(request_.warm_up)) return stop_ ? cancelled : foreign;
  sample.nanoseconds.reserve(request_.blocks);
  const double clock_before = clock_step();
  counters.start();
  for (size_t block = 0; block < request_.blocks; block++) {
    const auto begin = clock::now();
    if (!access(request_.block)) return stop_ ? cancelled : foreign;
    const std::chrono::duration<double, std::nano> took = clock::now() - begin;
    sample.nanoseconds.push_back(took.count() / static_cast<double>(request_.block));
  }
  counters.stop();
  sample.clock = (clock_before + clock_step()) / 2;
  sample.counters = counters.read();
  return sample;
}

bool measurement::access(size_t count) {
  for (size_t left = count; left != 0;) {
    if (stop_) return false;
    const size_t now = std::min(left, most_at_once);
    switch (request_.pattern) {
      case access_pattern::chase:
        if (!follow(request_.part, at_, now)) return false;
        break;
      case access_pattern::wander:
        wander(request_.part, request_.lines, random_, now);
        break;
      case access_pattern::gather:
        gather(request_.part, request_.lines, random_, now);
        break;
      case access_pattern::scatter:
        scatter(request_.part, request_.lines, random_, now);
        break;
      case access_pattern::read:
      case access_pattern::write:
        access_lines(now);
        break;
    }
    left -= now;
  }
  return !stop_;
}

void measurement::access_lines(size_t count) {
  const size_t lines = request_.part.length / line_bytes;
  for (size_t left = count; left != 0;) {
    const size_t now = std::min(left, lines - line_);
    const range through{request_.part.start + line_ * line_bytes, now * line_bytes};
    if (request_.pattern == access_pattern::read) {
      read_through(through);
    } else {
      write_through(through);
    }
    line_ = (line_ + now) % lines;
    left -= now;
  }
}

}  // namespace hugepages
