// Code that may kill its process, in a process of its own.
#pragma once

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <string>

namespace hugepages::test {

inline void do_nothing() {}

// How a child ended that returns an exit code from `body`: "exit 0", "signal 11". This process calls `meanwhile` before it waits.
template <class Body, class Meanwhile = void (*)()>
std::string fate_of_child(Body body, Meanwhile meanwhile = do_nothing) {
  (void)std::fflush(nullptr);  // ThreadSanitizer's _exit writes what the child inherited unwritten
  const pid_t child = fork();
  if (child == 0) {
    // Sanitizers and doctest handle these: what is to be seen is what they do to a program without handlers.
    for (const int deadly : {SIGSEGV, SIGBUS, SIGABRT}) (void)signal(deadly, SIG_DFL);
    const rlimit no_core{0, 0};
    setrlimit(RLIMIT_CORE, &no_core);
    alarm(60);
    _exit(body());
  }
  if (child > 0) meanwhile();
  int status = 0;
  if (child < 0 || waitpid(child, &status, 0) != child) return "not started";
  return WIFSIGNALED(status) ? "signal " + std::to_string(WTERMSIG(status)) : "exit " + std::to_string(WEXITSTATUS(status));
}

inline const std::string success = "exit 0";
inline const std::string segmentation_fault = "signal " + std::to_string(SIGSEGV);
inline const std::string bus_error = "signal " + std::to_string(SIGBUS);

}  // namespace hugepages::test
