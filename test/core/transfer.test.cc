#include "core/transfer.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "support/memory.h"
#include "support/scratch_file.h"

using namespace hugepages;
using namespace hugepages::test;

namespace {

constexpr size_t size = size_t{1} << 20U;
constexpr size_t pages = size / 4096;

std::shared_ptr<hold> add(const map_request& request) { return registry::instance().add(map(request)); }
std::shared_ptr<hold> one_mebibyte() { return add(request_for(backing_kind::base, pages)); }

std::string bytes_of(range part) { return {static_cast<const char*>(part.pointer()), part.length}; }

transfer_request of_part(const hold& held, const scratch_file& file, size_t offset, size_t length) {
  transfer_request request;
  request.part = {held.target()->usable().start + offset, length};
  request.file.path = file.path();
  return request;
}

transfer_request storing(transfer_request request) {
  request.store = true;
  request.file.flags = O_WRONLY;
  return request;
}

job_outcome run(const hold& held, const transfer_request& request) { return transfer_job::create(held.target(), request)->run(nullptr); }

// Does something to the file when it has been looked at.
template <class Disturbance>
class disturbed : public transfer_job {
 public:
  disturbed(const hold& held, const transfer_request& request, Disturbance disturb)
      : transfer_job(work::begin(held.target()), request), disturb_(disturb) {}

 protected:
  status prepare(range& part) override {
    auto prepared = transfer_job::prepare(part);
    disturb_();
    return prepared;
  }

 private:
  Disturbance disturb_;
};

}  // namespace

TEST_CASE("transfer: any part, from and to any position, past the page cache or through it") {
  const std::string content = varied(size);
  const scratch_file file(content);
  const auto held = one_mebibyte();
  const range all = held->target()->usable();
  for (const auto direct : {direct_io::never, direct_io::where_possible}) {
    for (const size_t position : {size_t{0}, size_t{1}, size_t{4096}, size_t{65'535}, size - 70'000}) {
      for (const size_t offset : {size_t{0}, size_t{1}, size_t{4096}, position}) {
        for (const size_t length : {size_t{1}, size_t{512}, size_t{70'000}}) {
          if (offset + length > size || position + length > size) continue;
          CAPTURE(position);
          CAPTURE(offset);
          CAPTURE(length);
          auto request = of_part(*held, file, offset, length);
          request.position = position;
          request.threads = 2;
          request.file.direct = direct;
          std::fill_n(static_cast<char*>(all.pointer()), size, '\0');
          const auto loaded = run(*held, request);
          CHECK(loaded.bytes == length);
          CHECK((direct == direct_io::where_possible || loaded.apart == 0));
          CHECK(bytes_of(request.part) == content.substr(position, length));
          if (offset + length < size) CHECK(byte_at(all, offset + length) == 0);
          const scratch_file copy;
          auto back = storing(request);
          back.file.path = copy.path();
          CHECK(run(*held, back).bytes == length);
          CHECK(copy.content().substr(position) == content.substr(position, length));
        }
      }
    }
  }
}

TEST_CASE("transfer: a file that ends early") {
  const scratch_file file(varied(5000));
  const auto held = one_mebibyte();
  auto request = of_part(*held, file, 0, 6000);
  CHECK(outcome(run(*held, request).error) == "fstat: ENODATA");
  for (const size_t position : {size_t{5000}, size_t{5001}, size_t{1} << 50U}) {
    request.position = position;
    request.up_to = false;
    CHECK(outcome(run(*held, request).error) == "fstat: ENODATA");
    request.up_to = true;
    const auto nothing = run(*held, request);
    CHECK(nothing.error.error == 0);
    CHECK(nothing.bytes == 0);
    CHECK_FALSE(nothing.cancelled);
  }
  CHECK(holds(held->target()->usable(), base_page_size(), 0));
  request.position = 0;
  CHECK(run(*held, request).bytes == 5000);
  CHECK(bytes_of({request.part.start, 5000}) == varied(5000));
  CHECK(byte_at(request.part, 5000) == 0);
}

TEST_CASE("transfer: a file that gets shorter underneath") {
  for (const auto direct : {direct_io::never, direct_io::where_possible}) {
    const scratch_file file(varied(size));
    const auto held = one_mebibyte();
    auto request = of_part(*held, file, 0, size);
    request.file.direct = direct;
    disturbed job(*held, request, [&] { file.truncate(10'000); });
    CHECK(outcome(job.run(nullptr).error) == "pread: ENODATA");
    CHECK(bytes_of({request.part.start, 10'000}) == varied(10'000));
  }
}

TEST_CASE("transfer: to a file that is longer, with or without truncating it") {
  const auto held = one_mebibyte();
  for (const bool truncate : {false, true}) {
    const scratch_file file(varied(100));
    auto request = storing(of_part(*held, file, 0, 10));
    request.position = 5;
    request.truncate = truncate;
    CHECK(run(*held, request).bytes == 10);
    const std::string zeros(10, '\0');
    CHECK(file.content() == (truncate ? std::string(15, '\0') : varied(100).replace(5, 10, zeros)));
  }
}

TEST_CASE("transfer: what fails before the first write leaves the file as it is") {
  const scratch_file file(varied(100));
  const auto held = one_mebibyte();
  auto request = storing(of_part(*held, file, 0, size));
  request.truncate = true;
  const auto job = transfer_job::create(held->target(), request);
  job->cancel();
  const auto cancelled = job->run(nullptr);
  CHECK(cancelled.cancelled);
  CHECK(cancelled.bytes == 0);
  request.part.start++;
  request.part.length--;
  request.file.direct = direct_io::always;
  CHECK(run(*held, request).error.error != 0);
  CHECK(file.content() == varied(100));
}

TEST_CASE("transfer: cancelled while it runs, it says how far it came") {
  const scratch_file file;
  file.truncate(size_t{64} << 20U);
  const auto held = add(request_for(backing_kind::base, size_t{64} << 8U));
  auto request = of_part(*held, file, 0, size_t{64} << 20U);
  transfer_job* running = nullptr;
  disturbed job(*held, request, [&] { running->cancel(); });
  running = &job;
  const auto cancelled = job.run(nullptr);
  CHECK(cancelled.cancelled);
  CHECK(cancelled.bytes == 0);
  CHECK(cancelled.error.error == 0);
}

TEST_CASE("transfer: a page that cannot be had is an error, and no signal") {
  const pool exact(huge_page, 0);
  if (!exact) return;
  auto unreserved = request_for(backing_kind::hugetlb, 1);
  unreserved.reserve = false;
  const auto held = add(unreserved);
  const scratch_file file(varied(100));
  CHECK(outcome(run(*held, of_part(*held, file, 0, 100)).error) == "pread: EFAULT");
}

TEST_CASE("transfer: not of a region that nobody holds") {
  const auto held = one_mebibyte();
  const auto target = held->target();
  held->release();
  CHECK(transfer_job::create(target, {}) == nullptr);
}
