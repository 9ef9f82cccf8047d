#include "core/measuring_child.h"

#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "core/file.h"

namespace hugepages {
namespace {

constexpr int poll_milliseconds = 20;

// What the child writes and its parent reads. The pointer to the name of a call means the same in both.
struct shared_figures {
  failure error;
  double figures[];
};

class shared_memory {
 public:
  explicit shared_memory(size_t length)
      : length_(length), start_(mmap(nullptr, length, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)) {}
  shared_memory(const shared_memory&) = delete;
  shared_memory& operator=(const shared_memory&) = delete;
  ~shared_memory() {
    if (mapped()) munmap(start_, length_);
  }

  [[nodiscard]] bool mapped() const { return start_ != MAP_FAILED; }
  [[nodiscard]] shared_figures& content() const { return *static_cast<shared_figures*>(start_); }

 private:
  const size_t length_;
  void* const start_;
};

[[noreturn]] void run_child(pid_t parent, shared_figures& found, const std::function<status(double*)>& measure) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(1);  // it died before it could be told
  // Nobody shall find the core of a program that goes on.
  const rlimit no_core{0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  // For want of memory it is this one that the kernel shall kill, and no program that goes on.
  const file score("/proc/self/oom_score_adj", O_WRONLY);
  [[maybe_unused]] const ssize_t written = write(score.descriptor(), "1000", 4);
  // Handlers of this process are for its own regions.
  for (const int fault : {SIGBUS, SIGSEGV}) (void)std::signal(fault, SIG_DFL);
  const auto measured = measure(found.figures);
  found.error = measured.ok() ? failure{0, ""} : measured.error();
  _exit(0);
}

// False when it was killed, because of `stop`.
bool wait_for_end(pid_t child, const file& ends, const std::atomic<bool>& stop) {
  pollfd end{ends.descriptor(), POLLIN, 0};
  while (!stop && poll(&end, 1, poll_milliseconds) <= 0) {
  }
  if (stop) kill(child, SIGKILL);
  return !stop;
}

}  // namespace

result<std::vector<double>> in_child(size_t count, const std::function<status(double* figures)>& measure, const std::atomic<bool>& stop) {
  const shared_memory memory(sizeof(shared_figures) + count * sizeof(double));
  if (!memory.mapped()) return last_failure("mmap");
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return last_failure("pipe2");
  const file read_end(ends[0]);
  auto& found = memory.content();
  found.error = {EFAULT, "page fault"};  // until it is known better
  const pid_t parent = getpid();
  pid_t child = 0;
  {
    const file write_end(ends[1]);  // the end of the last process that has it is what the parent waits for
    child = fork();
    if (child == 0) run_child(parent, found, measure);
  }
  if (child < 0) return last_failure("fork");

  const bool ended = wait_for_end(child, read_end, stop);
  int state = 0;
  // ECHILD of a program that ignores SIGCHLD, or that waits for all children: what the child has written tells enough.
  while (waitpid(child, &state, 0) < 0 && errno == EINTR) {
  }
  if (!ended) return failure{ECANCELED, "fork"};
  if (WIFSIGNALED(state) && WTERMSIG(state) == SIGKILL) return failure{ENOMEM, "page fault"};
  if (found.error.error != 0) return found.error;
  return std::vector<double>(found.figures, found.figures + count);
}

}  // namespace hugepages
