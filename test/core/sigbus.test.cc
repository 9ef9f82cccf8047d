// respond_to_sigbus: what is not ours reaches whoever had the signal, as if we were not there. Each in a child of its own.
#include "core/sigbus.h"

#include <doctest/doctest.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <csetjmp>
#include <fstream>

#include "support/child.h"
#include "support/outcome.h"

using namespace hugepages;
using namespace hugepages::test;

namespace {

using action = struct sigaction;

bool never_ours(const siginfo_t& /*info*/) { return false; }

// Memory beyond the end of an ordinary file.
volatile char* beyond_end() {
  const int file = memfd_create("short", 0);
  void* memory = mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  close(file);
  return static_cast<volatile char*>(memory);
}

// What the handlers of this file saw. A child has one thread.
struct {
  int calls;
  void* address;
  sigset_t mask;
  sigjmp_buf back;
} seen;

void note() {
  seen.calls++;
  pthread_sigmask(SIG_BLOCK, nullptr, &seen.mask);
}

void plain_handler(int /*signal*/) {
  note();
  siglongjmp(seen.back, 1);
}

void info_handler(int /*signal*/, siginfo_t* info, void* /*context*/) {
  note();
  seen.address = info->si_addr;
  siglongjmp(seen.back, 1);
}

action handler_of(void (*handler)(int)) {
  action made{};
  made.sa_handler = handler;
  return made;
}

action handler_of(void (*handler)(int, siginfo_t*, void*)) {
  action made{};
  made.sa_sigaction = handler;
  made.sa_flags = SA_SIGINFO;
  return made;
}

// Faults, and comes back by the handler's jump.
volatile char* fault() {
  volatile char* const where = beyond_end();
  if (sigsetjmp(seen.back, 1) == 0) *where = 1;
  return where;
}

// How a child ends that installs `first`, then ours.
template <class Body>
std::string fate_after(const action& first, Body body) {
  return fate_of_child([&] {
    sigaction(SIGBUS, &first, nullptr);
    if (!respond_to_sigbus(never_ours).ok()) return 100;
    return static_cast<int>(body());
  });
}

bool blocked(int signal) { return sigismember(&seen.mask, signal) == 1; }

// A handler that passes on to what it found when it was installed, as a polite library does.
action found;
void polite_handler(int signal, siginfo_t* info, void* context) {
  if (++seen.calls > 10) _exit(99);
  if (found.sa_handler != SIG_DFL) return found.sa_sigaction(signal, info, context);
  action standard = handler_of(SIG_DFL);
  sigaction(signal, &standard, nullptr);
}

void install_polite_handler() {
  const action polite = handler_of(polite_handler);
  sigaction(SIGBUS, &polite, &found);
}

}  // namespace

TEST_CASE("sigbus: without a handler before ours, a foreign fault kills, and so does a signal that is sent") {
  const action standard = handler_of(SIG_DFL);
  CHECK(fate_after(standard, [] { return *beyond_end(); }) == bus_error);
  CHECK(fate_after(standard, [] { return kill(getpid(), SIGBUS); }) == bus_error);
  CHECK(fate_after(standard, [] { return raise(SIGBUS); }) == bus_error);
}

TEST_CASE("sigbus: who ignored the signal is not killed by one that is sent, and is by a fault") {
  const action ignored = handler_of(SIG_IGN);
  CHECK(fate_after(ignored, [] { return raise(SIGBUS); }) == success);
  CHECK(fate_after(ignored, [] { return *beyond_end(); }) == bus_error);
}

TEST_CASE("sigbus: a handler with SA_SIGINFO gets the address, as often as it faults") {
  CHECK(fate_after(handler_of(info_handler), [] {
          for (int call = 1; call <= 3; call++) {
            volatile char* const where = fault();
            if (seen.calls != call || seen.address != where) return call;
          }
          return 0;
        }) == success);
}

TEST_CASE("sigbus: a plain handler gets the signal") {
  CHECK(fate_after(handler_of(plain_handler), [] {
          fault();
          return seen.calls - 1;
        }) == success);
}

TEST_CASE("sigbus: a handler runs under the mask that it asked for") {
  action handler = handler_of(plain_handler);
  sigaddset(&handler.sa_mask, SIGUSR1);
  for (const bool deferred : {true, false}) {
    CAPTURE(deferred);
    handler.sa_flags = deferred ? 0 : SA_NODEFER;
    CHECK(fate_after(handler, [deferred] {
            fault();
            sigset_t after;
            pthread_sigmask(SIG_BLOCK, nullptr, &after);
            if (sigismember(&after, SIGUSR1) == 1) return 2;
            return blocked(SIGUSR1) && blocked(SIGBUS) == deferred && !blocked(SIGUSR2) ? 0 : 1;
          }) == success);
  }
}

TEST_CASE("sigbus: a handler with SA_RESETHAND gets one signal") {
  action once = handler_of(plain_handler);
  once.sa_flags = static_cast<int>(SA_RESETHAND);
  CHECK(fate_after(once, [] {
          fault();
          return seen.calls - 1;
        }) == success);
  CHECK(fate_after(once, [] {
          fault();
          fault();
          return 0;
        }) == bus_error);
}

TEST_CASE("sigbus: a handler runs on the alternate stack where it asked for it") {
  for (const bool alternate : {true, false}) {
    CAPTURE(alternate);
    action handler = handler_of(plain_handler);
    handler.sa_flags = alternate ? SA_ONSTACK : 0;
    CHECK(fate_after(handler, [alternate] {
            action ours{};
            sigaction(SIGBUS, nullptr, &ours);
            return ((ours.sa_flags & SA_ONSTACK) != 0) == alternate ? 0 : 1;
          }) == success);
  }
}

TEST_CASE("sigbus: errno is what it was") {
  static const auto disturbs_errno = [](const siginfo_t& /*info*/) {
    errno = ENOTTY;
    return true;
  };
  CHECK(fate_of_child([] {
          if (!respond_to_sigbus(disturbs_errno).ok()) return 1;
          errno = EXDEV;
          (void)raise(SIGBUS);
          return errno == EXDEV ? 0 : 2;
        }) == success);
}

TEST_CASE("sigbus: a handler that is installed later passes on to ours, which then goes before it") {
  CHECK(fate_after(handler_of(info_handler), [] {
          install_polite_handler();
          fault();  // theirs, ours, the first one
          if (seen.calls != 2) return 1;
          if (!respond_to_sigbus(never_ours).ok()) return 2;
          fault();  // ours, theirs, ours of before, the first one
          return seen.calls == 4 ? 0 : 3;
        }) == success);
  CHECK(fate_after(handler_of(SIG_DFL), [] {
          install_polite_handler();
          if (!respond_to_sigbus(never_ours).ok()) return 2;
          return static_cast<int>(*beyond_end());
        }) == bus_error);
}

TEST_CASE("sigbus: asked again while it is in place, it stays as it is") {
  CHECK(fate_after(handler_of(info_handler), [] {
          for (int again = 0; again < 100; again++) {
            if (!respond_to_sigbus(never_ours).ok()) return 1;
          }
          fault();
          return seen.calls - 1;
        }) == success);
}

TEST_CASE("sigbus: a handler that comes and goes takes no layer each time") {
  CHECK(fate_of_child([] {
          const action handlers[] = {handler_of(SIG_DFL), handler_of(plain_handler), handler_of(info_handler)};
          for (int round = 0; round < 100; round++) {
            for (const action& each : handlers) {
              sigaction(SIGBUS, &each, nullptr);
              if (!respond_to_sigbus(never_ours).ok()) return 1;
            }
          }
          fault();
          return seen.calls == 1 && seen.address != nullptr ? 0 : 2;
        }) == success);
}

TEST_CASE("sigbus: more predecessors than there are layers are refused") {
  CHECK(fate_of_child([] {
          action handler = handler_of(plain_handler);
          for (int number = 1; number <= 17; number++) {
            sigaddset(&handler.sa_mask, SIGRTMIN + number);
            sigaction(SIGBUS, &handler, nullptr);
            const auto responding = respond_to_sigbus(never_ours);
            if (responding.ok() != (number <= 16)) return number;
            if (!responding.ok() && outcome(responding) != "sigaction(SIGBUS): ENOSPC") return 100;
          }
          return 0;
        }) == success);
}
