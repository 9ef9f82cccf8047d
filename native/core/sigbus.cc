#include "core/sigbus.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <climits>
#include <cstring>
#include <mutex>
#include <utility>

namespace hugepages {
namespace {

using action = struct sigaction;

// One time that the handler was installed.
struct layer {
  action previous;  // written before the handler is, and never again
  bool used;
  std::atomic<bool> spent;  // a predecessor with SA_RESETHAND had its one signal
};

// All zero from the start: a handler may run before, and after, any constructor or destructor.
constexpr size_t layer_count = 16;
std::array<layer, layer_count> layers;
std::atomic<sigbus_responder> asked{nullptr};

bool has(const action& of, int flag) { return (of.sa_flags & flag) != 0; }

// What the kernel does after this depends on where the signal came from: a fault comes again when the instruction runs again, and kills;
// a signal that somebody sent does not, and is sent again, as it was.
void end_by_default(int signal, siginfo_t* info) {
  action standard{};
  standard.sa_handler = SIG_DFL;
  sigaction(signal, &standard, nullptr);
  syscall(SYS_rt_tgsigqueueinfo, getpid(), syscall(SYS_gettid), signal, info);  // blocked until the handler returns
}

// The kernel ignores no fault. BUS_MCEERR_AO tells of an error in memory that nobody has touched yet.
bool can_be_ignored(const siginfo_t& info) { return info.si_code <= 0 || info.si_code == BUS_MCEERR_AO; }

// The signal mask that the kernel would have set for this handler, until the end of the scope.
class mask_of {
 public:
  mask_of(const action& handler, int signal, const ucontext_t& interrupted) {
    sigset_t mask;
    sigorset(&mask, &interrupted.uc_sigmask, &handler.sa_mask);
    if (!has(handler, SA_NODEFER)) sigaddset(&mask, signal);
    pthread_sigmask(SIG_SETMASK, &mask, &before_);
  }
  mask_of(const mask_of&) = delete;
  mask_of& operator=(const mask_of&) = delete;
  ~mask_of() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

 private:
  sigset_t before_{};
};

void pass_on(layer& from, int signal, siginfo_t* info, void* context) {
  const action& previous = from.previous;
  if (previous.sa_handler == SIG_IGN && can_be_ignored(*info)) return;
  const bool spent = has(previous, SA_RESETHAND) && from.spent.exchange(true);
  if (spent || previous.sa_handler == SIG_DFL || previous.sa_handler == SIG_IGN) return end_by_default(signal, info);
  const mask_of theirs(previous, signal, *static_cast<ucontext_t*>(context));
  if (has(previous, SA_SIGINFO)) {
    previous.sa_sigaction(signal, info, context);
  } else {
    previous.sa_handler(signal);
  }
}

template <size_t index>
void on_sigbus(int signal, siginfo_t* info, void* context) {
  const int interrupted = errno;
  if (!asked.load()(*info)) pass_on(layers[index], signal, info, context);
  errno = interrupted;
}

using handler = void (*)(int, siginfo_t*, void*);

template <size_t... index>
constexpr std::array<handler, sizeof...(index)> make_handlers(std::index_sequence<index...>) {
  return {on_sigbus<index>...};
}

constexpr auto handlers = make_handlers(std::make_index_sequence<layer_count>());

bool is_ours(const action& current) {
  const auto installed = [&current](handler each) { return current.sa_sigaction == each; };
  return has(current, SA_SIGINFO) && std::any_of(handlers.begin(), handlers.end(), installed);
}

// Of the mask, only what the kernel knows: the C library leaves the rest as it happens to be.
bool equal(const action& one, const action& other) {
  return one.sa_handler == other.sa_handler && one.sa_flags == other.sa_flags &&
         std::memcmp(&one.sa_mask, &other.sa_mask, (_NSIG - 1) / CHAR_BIT) == 0;
}

// The one that came before this predecessor already, or a new one.
size_t layer_before(const action& previous) {
  size_t index = 0;
  while (index < layer_count && layers.at(index).used && !equal(layers.at(index).previous, previous)) index++;
  return index;
}

}  // namespace

status respond_to_sigbus(sigbus_responder responder) {
  static std::mutex mutex;
  const std::lock_guard lock(mutex);
  asked = responder;
  action current{};
  if (sigaction(SIGBUS, nullptr, &current) != 0) return last_failure("sigaction(SIGBUS)");
  if (is_ours(current)) return done();
  const size_t index = layer_before(current);
  if (index == layer_count) return failure{ENOSPC, "sigaction(SIGBUS)"};
  layer& top = layers.at(index);
  if (!top.used) top.previous = current;
  top.used = true;
  top.spent = false;
  action ours{};
  ours.sa_sigaction = handlers.at(index);
  // No other signal meanwhile: a handler of it that touches the same region would wait for this one.
  sigfillset(&ours.sa_mask);
  const bool handled = current.sa_handler != SIG_DFL && current.sa_handler != SIG_IGN;
  ours.sa_flags = SA_SIGINFO | (handled ? current.sa_flags & (SA_ONSTACK | SA_RESTART) : SA_ONSTACK | SA_RESTART);
  if (sigaction(SIGBUS, &ours, nullptr) != 0) return last_failure("sigaction(SIGBUS)");
  return done();
}

}  // namespace hugepages
