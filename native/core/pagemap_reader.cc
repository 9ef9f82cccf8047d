#include "core/pagemap_reader.h"

#include <algorithm>
#include <atomic>

#include "core/cpus.h"
#include "core/crew.h"

namespace hugepages {
namespace {

constexpr size_t buffer_entries = 8192;
// A call that reads one entry takes as long as this many entries of one call that reads many.
constexpr size_t single_cost = 64;
// About a millisecond.
constexpr size_t cost_per_thread = size_t{1} << 18U;

size_t pages_of(const page_span& span) { return (span.extent.length + span.step - 1) / span.step; }

bool reads_each(const page_span& span) { return span.step != base_page_size(); }

size_t cost(const page_span& span) { return span.populated ? pages_of(span) * (reads_each(span) ? single_cost : 1) : 1; }

// So that threads have about the same to do.
std::vector<page_span> pieces_of(const std::vector<page_span>& spans) {
  std::vector<page_span> pieces;
  for (page_span rest : spans) {
    const size_t most = (reads_each(rest) ? buffer_entries / single_cost : buffer_entries) * rest.step;
    while (rest.populated && rest.extent.length > most) {
      const uintptr_t end = round_down(rest.extent.start, rest.step) + most;
      pieces.push_back(rest);
      pieces.back().extent.length = end - rest.extent.start;
      rest.extent = {end, rest.extent.end() - end};
    }
    pieces.push_back(rest);
  }
  return pieces;
}

bool continues(const page_run& run, const page_run& next) {
  if (run.extent.end() != next.extent.start || run.page_size != next.page_size || run.state != next.state) return false;
  return run.frame == 0 ? next.frame == 0 : run.frame + run.extent.length / base_page_size() == next.frame;
}

void append(std::vector<page_run>& runs, const page_run& next) {
  if (!runs.empty() && continues(runs.back(), next)) {
    runs.back().extent.length += next.extent.length;
  } else {
    runs.push_back(next);
  }
}

size_t threads_for(const std::vector<page_span>& spans) {
  size_t total = 0;
  for (const auto& span : spans) total += cost(span);
  return total < 2 * cost_per_thread ? 1 : std::min(total / cost_per_thread, allowed_cpus().size());
}

}  // namespace

page_run pagemap_reader::decode(uint64_t entry, range extent, const page_span& of) const {
  const page_entry page(entry);
  return {extent, of.page_size, page.state(), frames_ ? page.frame() : 0};
}

// Of memory that was mapped since the soft-dirty bits were cleared, what is absent is soft-dirty as well.
status pagemap_reader::note_absent(const page_span& piece, runs& found) const {
  uint64_t entry = 0;
  if (has_soft_dirty()) {
    const auto read = pagemap_.read(piece.extent.start, &entry, 1);
    if (!read.ok()) return read;
  }
  append(found, {piece.extent, piece.page_size, static_cast<uint8_t>(page_entry(entry).state() & page_soft_dirty)});
  return done();
}

status pagemap_reader::read_each(const page_span& piece, runs& found) const {
  const auto visit = [&](range page, uint64_t entry) { append(found, decode(entry, page, piece)); };
  return pagemap_.visit_pages(piece.extent, piece.step, stop_, visit);
}

status pagemap_reader::read_bulk(const page_span& piece, std::vector<uint64_t>& buffer, runs& found) const {
  const size_t base = base_page_size();
  const size_t count = piece.extent.length / base;
  buffer.resize(count);
  const auto read = pagemap_.read(piece.extent.start, buffer.data(), count);
  if (!read.ok()) return read;
  uint64_t expected = 0;
  for (size_t i = 0; i < count; i++) {
    // The same state, and the next frame: what most pages are.
    if (i > 0 && buffer[i] == expected) {
      found.back().extent.length += base;
    } else {
      append(found, decode(buffer[i], {piece.extent.start + i * base, base}, piece));
    }
    expected = buffer[i] + (page_entry(buffer[i]).frame() == 0 ? 0 : 1);
  }
  return done();
}

status pagemap_reader::read_piece(const page_span& piece, std::vector<uint64_t>& buffer, runs& found) const {
  if (stop_) return failure{ECANCELED, "pread(/proc/PID/pagemap)"};
  if (!piece.populated) return note_absent(piece, found);
  return reads_each(piece) ? read_each(piece, found) : read_bulk(piece, buffer, found);
}

result<std::vector<page_run>> pagemap_reader::read(const std::vector<page_span>& spans) const {
  const auto pieces = pieces_of(spans);
  std::vector<runs> found(pieces.size());
  std::vector<failure> failures(pieces.size(), failure{0, ""});
  std::atomic<size_t> next{0};
  std::atomic<bool> failed{false};
  const std::function<void(size_t)> work = [&](size_t /*thread*/) {
    std::vector<uint64_t> buffer;
    for (size_t index = next++; index < pieces.size() && !failed; index = next++) {
      const auto read = read_piece(pieces[index], buffer, found[index]);
      if (read.ok()) continue;
      failures[index] = read.error();
      failed = true;
    }
  };
  const size_t threads = threads_for(spans);
  crew others(threads == 1 ? 0 : threads, {});
  if (others.size() == 0) {
    work(0);
  } else {
    others.run(work, std::chrono::seconds(1), [] {});
  }
  const auto first = std::find_if(failures.begin(), failures.end(), [](const failure& one) { return one.error != 0; });
  if (first != failures.end()) return *first;
  runs all;
  for (const auto& part : found) {
    for (const auto& run : part) append(all, run);
  }
  return all;
}

}  // namespace hugepages
