#include "core/transfer.h"

#include <unistd.h>

#include <algorithm>

namespace hugepages {
namespace {

// Of positions in the file, which is what direct I/O is aligned to: a multiple of what any file system asks for.
constexpr size_t unit = size_t{64} << 10U;

bool refuses_direct(int error) { return error == EINVAL || error == EOPNOTSUPP; }

}  // namespace

std::shared_ptr<transfer_job> transfer_job::create(const std::shared_ptr<region>& target, const transfer_request& request) {
  auto keep = work::begin(target);
  if (!keep) return nullptr;
  return std::make_shared<transfer_job>(std::move(keep), request);
}

transfer_job::transfer_job(std::unique_ptr<work> keep, const transfer_request& request)
    : range_job(std::move(keep), request, unit, request.part.start - request.position % unit),
      request_(request),
      start_of_part_(request.part.start) {}

status transfer_job::prepare(range& part) {
  auto opened = data_file::open(request_.file);
  if (!opened.ok()) return opened.error();
  file_ = std::move(opened.value());
  if (!request_.store) {
    const size_t available = file_->size() - std::min(file_->size(), request_.position);
    if (available < part.length && !request_.up_to) return failure{ENODATA, "fstat"};
    part.length = std::min(part.length, available);
  }
  const auto placed = file_->place(request_.position, part.start);
  if (!placed.ok()) file_->forget();
  return placed.ok() && request_.truncate ? file_->truncate() : placed;
}

status transfer_job::act(range chunk) {
  for (range rest = chunk; rest.length != 0;) {
    const size_t position = request_.position + (rest.start - start_of_part_);
    const auto [descriptor, length, direct] = file_->next(position, rest.length);
    const auto offset = static_cast<off_t>(position);
    const ssize_t moved =
        request_.store ? pwrite(descriptor, rest.pointer(), length, offset) : pread(descriptor, rest.pointer(), length, offset);
    if (moved < 0) {
      const auto failed = last_failure(request_.store ? "pwrite" : "pread");
      if (direct && refuses_direct(failed.error) && file_->do_without_direct(failed)) continue;
      return failed;
    }
    if (moved == 0) return failure{ENODATA, "pread"};
    if (direct) direct_ += static_cast<size_t>(moved);
    rest = {rest.start + static_cast<size_t>(moved), rest.length - static_cast<size_t>(moved)};
  }
  return done();
}

void transfer_job::conclude(job_outcome& outcome) {
  outcome.apart = direct_;
  if (file_ != nullptr) outcome.note = file_->refused();
}

}  // namespace hugepages
