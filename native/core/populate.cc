#include "core/populate.h"

#include "core/probe.h"
#include "core/touch.h"

namespace hugepages {

std::shared_ptr<populate_job> populate_job::create(std::shared_ptr<region> target, const populate_request& request) {
  const size_t page_size = target->page_size();
  auto keep = work::begin(std::move(target));
  if (!keep) return nullptr;
  return std::make_shared<populate_job>(page_size, std::move(keep), request);
}

populate_job::populate_job(size_t page_size, std::unique_ptr<work> keep, const populate_request& request)
    : range_job(std::move(keep), request, page_size, request.part.start), page_size_(page_size), collapse_(request.collapse) {}

status populate_job::act(range chunk) { return populate(chunk, page_size_); }

void populate_job::conclude(job_outcome& outcome) {
  if (outcome.error.error == 0 && collapse_) {
    collapse_pass(outcome);
    // Stopped on the way to huge pages, a range is populated and not what was asked for.
    outcome.cancelled = outcome.cancelled || stopped();
  }
  if (outcome.bytes == part().length) return;
  // The chunk that failed, or pages that others touched, count as well.
  if (const auto present = present_bytes(part()); present.ok()) outcome.bytes = present.value();
}

void populate_job::collapse_pass(job_outcome& outcome) {
  const auto before = probe_backing(part());
  if (!before.ok() || before.value().huge == before.value().present) return;
  std::atomic<int> error{0};
  const auto collapse_chunk = [&error](range chunk) {
    // The kernel goes on with the rest of a range after a page that it could not collapse.
    const auto collapsed = collapse(chunk);
    if (!collapsed.ok()) error = collapsed.error().error;
    return done();
  };
  (void)pass(collapse_chunk, nullptr);
  outcome.note = failure{error, "madvise(MADV_COLLAPSE)"};
}

}  // namespace hugepages
