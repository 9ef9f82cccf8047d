// Threads inherit the signal mask of the thread that creates them. Ours take no signals that others send: those are for the program's own
// threads, and would interrupt system calls that work for milliseconds. The signals of faults stay: the kernel kills a process that
// faults while it blocks them, whoever handles them.
#pragma once

#include <csignal>
#include <initializer_list>

namespace hugepages {

// Blocks all signals but those of faults on this thread until the end of the scope.
class signals_blocked {
 public:
  signals_blocked() {
    sigset_t mask;
    sigfillset(&mask);
    for (const int fault : {SIGBUS, SIGSEGV, SIGFPE, SIGILL, SIGTRAP}) sigdelset(&mask, fault);
    pthread_sigmask(SIG_SETMASK, &mask, &before_);
  }
  signals_blocked(const signals_blocked&) = delete;
  signals_blocked& operator=(const signals_blocked&) = delete;
  ~signals_blocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

 private:
  sigset_t before_{};
};

}  // namespace hugepages
