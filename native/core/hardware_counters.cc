#include "core/hardware_counters.h"

#include <linux/perf_event.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace hugepages {
namespace {

int open_counter(counter_event event) {
  perf_event_attr attributes{};
  attributes.size = sizeof attributes;
  attributes.type = event.type;
  attributes.config = event.config;
  attributes.disabled = 1;
  attributes.exclude_kernel = 1;  // allowed to everybody while kernel.perf_event_paranoid is 2
  attributes.exclude_hv = 1;
  attributes.read_format = PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING;
  return static_cast<int>(syscall(SYS_perf_event_open, &attributes, 0, -1, -1, PERF_FLAG_FD_CLOEXEC));
}

struct reading {
  uint64_t value;
  uint64_t enabled;
  uint64_t running;
};

}  // namespace

hardware_counters::hardware_counters(const std::vector<counter_event>& events) {
  counters_.reserve(events.size());
  for (const auto& event : events) {
    const int descriptor = open_counter(event);
    counters_.push_back({file(descriptor), descriptor < 0 ? errno : 0});
  }
}

void hardware_counters::start() { control(PERF_EVENT_IOC_ENABLE); }
void hardware_counters::stop() { control(PERF_EVENT_IOC_DISABLE); }

void hardware_counters::control(unsigned long request) {
  for (auto& one : counters_) {
    if (one.error == 0 && ioctl(one.opened.descriptor(), request, 0) != 0) one.error = errno;
  }
}

std::vector<counter_reading> hardware_counters::read() const {
  std::vector<counter_reading> readings;
  readings.reserve(counters_.size());
  for (const auto& one : counters_) {
    reading found{};
    int error = one.error;
    if (error == 0 && ::read(one.opened.descriptor(), &found, sizeof found) != sizeof found) error = EIO;
    // Never on the processor although it was to count: nothing is known, which is not zero.
    if (error == 0 && found.running == 0 && found.enabled != 0) error = EBUSY;
    const double share = found.running == 0 ? 1 : static_cast<double>(found.enabled) / static_cast<double>(found.running);
    readings.push_back({static_cast<uint64_t>(static_cast<double>(found.value) * share), error});
  }
  return readings;
}

}  // namespace hugepages
