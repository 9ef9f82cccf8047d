// Threads inherit the signal mask of the thread that creates them. Ours take no signals: those are for the program's own threads, and
// would interrupt system calls that work for milliseconds.
#pragma once

#include <csignal>

namespace hugepages {

// Blocks all signals on this thread until the end of the scope.
class signals_blocked {
 public:
  signals_blocked() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  signals_blocked(const signals_blocked&) = delete;
  signals_blocked& operator=(const signals_blocked&) = delete;
  ~signals_blocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

 private:
  sigset_t before_{};
};

}  // namespace hugepages
