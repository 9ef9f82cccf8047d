#include "core/populate.h"

#include <algorithm>
#include <climits>

#include "core/crew.h"
#include "core/probe.h"
#include "core/touch.h"

namespace hugepages {
namespace {

using clock = std::chrono::steady_clock;
using std::chrono::nanoseconds;

// A chunk holds the mmap lock and delays a cancel for about this long.
constexpr nanoseconds chunk_target = std::chrono::milliseconds(5);
constexpr size_t first_chunk = size_t{2} << 20U;
constexpr std::chrono::milliseconds progress_interval(34);  // a little less than 30 times a second

// Memory that the host never backed takes 50 times as long as memory that it has: the size follows what each chunk took.
size_t next_chunk(size_t length, nanoseconds took, size_t page_size) {
  const double scale = static_cast<double>(chunk_target.count()) / static_cast<double>(std::max<int64_t>(took.count(), 1));
  const auto wanted = static_cast<size_t>(static_cast<double>(length) * std::min(scale, 4.0));
  return std::max(wanted / page_size * page_size, page_size);
}

}  // namespace

std::shared_ptr<populate_job> populate_job::create(std::shared_ptr<region> target, populate_request request) {
  const size_t page_size = target->page_size();
  auto keep = work::begin(std::move(target));
  if (!keep) return nullptr;
  return std::make_shared<populate_job>(page_size, std::move(keep), std::move(request));
}

populate_job::populate_job(size_t page_size, std::unique_ptr<work> keep, populate_request request)
    : page_size_(page_size), keep_(std::move(keep)), request_(std::move(request)) {}

populate_outcome populate_job::run(const observer& observe) {
  populate_outcome outcome;
  const auto begin = clock::now();
  const auto populate_chunk = [this](range chunk) {
    auto populated = populate(chunk, page_size_);
    if (populated.ok()) bytes_ += chunk.length;
    return populated;
  };
  outcome.error = pass(populate_chunk, observe);
  if (outcome.error.error == 0 && request_.collapse) collapse_pass(outcome);
  outcome.elapsed = clock::now() - begin;
  outcome.threads = threads_;
  outcome.populated = bytes_;
  // Stopped on the way to huge pages, a range is populated and not what was asked for.
  outcome.cancelled = outcome.error.error == 0 && (bytes_ < request_.part.length || (request_.collapse && stop_));
  if (outcome.populated == request_.part.length) {
    if (observe) observe(outcome.populated);
  } else if (const auto present = present_bytes(request_.part); present.ok()) {
    // The chunk that failed, or pages that others touched, count as well.
    outcome.populated = present.value();
  }
  return outcome;
}

void populate_job::collapse_pass(populate_outcome& outcome) {
  const auto before = probe_backing(request_.part);
  if (!before.ok() || before.value().huge == before.value().present) return;
  std::atomic<int> error{0};
  const auto collapse_chunk = [&error](range chunk) {
    // The kernel goes on with the rest of a range after a page that it could not collapse.
    const auto collapsed = collapse(chunk);
    if (!collapsed.ok()) error = collapsed.error().error;
    return done();
  };
  (void)pass(collapse_chunk, nullptr);
  outcome.collapse_error = failure{error, "madvise(MADV_COLLAPSE)"};
}

failure populate_job::pass(const chunk_action& action, const observer& observe) {
  const size_t pages = request_.part.length / page_size_;
  const size_t wanted = std::min(request_.threads, pages);
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
      if (observe) observe(bytes_);
    });
  }
  const auto first = std::find_if(failures.begin(), failures.end(), [](const failure& one) { return one.error != 0; });
  return first == failures.end() ? failure{0, ""} : *first;
}

failure populate_job::work_through(range slice, const chunk_action& action) {
  size_t chunk = round_up(first_chunk, page_size_);
  for (range rest = slice; rest.length != 0 && !stop_ && !failed_;) {
    const range part{rest.start, std::min(chunk, rest.length)};
    const auto begin = clock::now();
    const auto acted = action(part);
    if (!acted.ok()) {
      failed_ = true;
      return acted.error();
    }
    chunk = next_chunk(part.length, clock::now() - begin, page_size_);
    rest = {part.end(), rest.length - part.length};
  }
  return failure{0, ""};
}

std::vector<range> populate_job::slices(size_t count) const {
  const size_t pages = request_.part.length / page_size_;
  std::vector<range> parts;
  uintptr_t start = request_.part.start;
  for (size_t index = 0; index < count; index++) {
    const size_t share = pages / count + (index < pages % count ? 1 : 0);
    parts.push_back({start, share * page_size_});
    start += share * page_size_;
  }
  return parts;
}

}  // namespace hugepages
