#include "core/ipc_namespace.h"

#include <pthread.h>
#include <sched.h>

#include <array>
#include <functional>

#include "core/file.h"
#include "core/segment.h"
#include "core/signals.h"

namespace hugepages {
namespace {

void* run(void* task) {
  (*static_cast<std::function<void()>*>(task))();
  return nullptr;
}

// The undo list of System V semaphores, which a thread loses by it, stays with the others that share it.
template <class T>
result<T> inside(int descriptor, const std::function<result<T>()>& work) {
  result<T> outcome = failure{0, ""};
  std::function<void()> task = [&] { outcome = setns(descriptor, CLONE_NEWIPC) == 0 ? work() : last_failure("setns"); };
  pthread_t thread{};
  {
    const signals_blocked blocked;
    if (const int error = pthread_create(&thread, nullptr, run, &task); error != 0) {
      return failure{error, "pthread_create"};
    }
  }
  pthread_join(thread, nullptr);
  return outcome;
}

result<std::string> read_whole(const char* path) {
  const file opened(path);
  if (!opened.is_open()) return last_failure("open");
  std::string text;
  std::array<char, size_t{64} << 10U> part;
  for (;;) {
    const ssize_t length = read(opened.descriptor(), part.data(), part.size());
    if (length < 0) return last_failure("read");
    if (length == 0) return text;
    text.append(part.data(), static_cast<size_t>(length));
  }
}

}  // namespace

result<std::string> read_in_ipc_namespace(int descriptor, const char* path) {
  return inside<std::string>(descriptor, [path] { return read_whole(path); });
}

result<size_t> segment_page_size_in(int descriptor, int id) {
  return inside<size_t>(descriptor, [id] { return segment_page_size(id); });
}

}  // namespace hugepages
