#include "core/range_job.h"

#include <algorithm>

#include "core/crew.h"

namespace hugepages {
namespace {

using clock = std::chrono::steady_clock;
using std::chrono::nanoseconds;

// A chunk may hold the mmap lock, and delays a cancel, for about this long.
constexpr nanoseconds chunk_target = std::chrono::milliseconds(5);
constexpr size_t first_chunk = size_t{2} << 20U;
constexpr std::chrono::milliseconds progress_interval(34);  // a little less than 30 times a second

// Memory that the host never backed takes 50 times as long as memory that it has: the size follows what each chunk took.
size_t next_chunk(size_t length, nanoseconds took, size_t unit) {
  const double scale = static_cast<double>(chunk_target.count()) / static_cast<double>(std::max<int64_t>(took.count(), 1));
  const auto wanted = static_cast<size_t>(static_cast<double>(length) * std::min(scale, 4.0));
  return std::max(wanted / unit * unit, unit);
}

}  // namespace

range_job::range_job(std::unique_ptr<work> keep, range_request request, size_t unit, uintptr_t origin)
    : keep_(std::move(keep)), request_(std::move(request)), unit_(unit), origin_(origin) {}

job_outcome range_job::run(const observer& observe) {
  job_outcome outcome;
  const auto begin = clock::now();
  const auto act_and_count = [this](range chunk) {
    auto acted = act(chunk);
    if (acted.ok()) bytes_ += chunk.length;
    return acted;
  };
  const auto prepared = stop_ ? done() : prepare(request_.part);
  outcome.error = prepared.ok() ? pass(act_and_count, observe) : prepared.error();
  outcome.bytes = bytes_;
  outcome.threads = threads_;
  outcome.cancelled = outcome.error.error == 0 && outcome.bytes < part().length;
  conclude(outcome);
  outcome.elapsed = clock::now() - begin;
  if (observe && outcome.error.error == 0 && bytes_ == part().length) observe(bytes_, bytes_);
  return outcome;
}

failure range_job::pass(const chunk_action& action, const observer& observe) {
  const size_t wanted = std::min(request_.threads, units());
  // One thread that nobody observes and nothing pins is the calling one.
  const bool alone = wanted == 1 && !observe && request_.cpus.empty();
  crew threads(alone ? 0 : wanted, request_.cpus);
  threads_ = std::max<size_t>(threads.size(), 1);
  const auto parts = slices(threads_);
  std::vector<failure> failures(parts.size(), failure{0, ""});
  const std::function<void(size_t)> task = [&](size_t index) { failures[index] = work_through(parts[index], action); };
  if (threads.size() == 0) {
    task(0);
  } else {
    threads.run(task, progress_interval, [&] {
      const size_t done = bytes_;
      if (observe && done < part().length) observe(done, part().length);  // of the end, run() tells, once
    });
  }
  const auto first = std::find_if(failures.begin(), failures.end(), [](const failure& one) { return one.error != 0; });
  return first == failures.end() ? failure{0, ""} : *first;
}

failure range_job::work_through(range slice, const chunk_action& action) {
  size_t chunk = round_up(first_chunk, unit_);
  for (range rest = slice; rest.length != 0 && !stop_ && !failed_;) {
    const size_t beyond_boundary = (rest.start - origin_) % unit_;  // none but in front of the first boundary
    const range next{rest.start, std::min(chunk - beyond_boundary, rest.length)};
    const auto begin = clock::now();
    const auto acted = action(next);
    if (!acted.ok()) {
      failed_ = true;
      return acted.error();
    }
    chunk = next_chunk(next.length, clock::now() - begin, unit_);
    rest = {next.end(), rest.length - next.length};
  }
  return failure{0, ""};
}

size_t range_job::units() const { return part().length == 0 ? 0 : (part().end() - origin_ + unit_ - 1) / unit_; }

std::vector<range> range_job::slices(size_t count) const {
  std::vector<range> parts;
  uintptr_t start = part().start;
  for (size_t index = 1; index <= count; index++) {
    const uintptr_t end = index == count ? part().end() : origin_ + units() * index / count * unit_;
    parts.push_back({start, end - start});
    start = end;
  }
  return parts;
}

}  // namespace hugepages
