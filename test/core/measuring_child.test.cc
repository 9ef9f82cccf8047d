#include "core/measuring_child.h"

#include <doctest/doctest.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <thread>

#include "core/file.h"
#include "core/pinned_thread.h"
#include "support/child.h"
#include "support/outcome.h"

using namespace hugepages;
using namespace hugepages::test;

namespace {

const std::atomic<bool> never{false};

bool has_child() { return waitpid(-1, nullptr, WNOHANG) != -1 || errno != ECHILD; }

status find_seven(double* figures) {
  figures[0] = 7;
  return done();
}

}  // namespace

TEST_CASE("measuring child: a signal of a touch kills the child alone") {
  const auto faulty = [](double*) {
    (void)raise(SIGBUS);
    return done();
  };
  const auto killed = in_child(1, faulty, never);
  REQUIRE_FALSE(killed.ok());
  CHECK(killed.error().error == EFAULT);
  CHECK_FALSE(has_child());
}

TEST_CASE("measuring child: is killed when it is to stop") {
  std::atomic<bool> stop{false};
  std::thread stopper([&] { stop = true; });
  const auto endless = [](double*) {
    for (;;) pause();
    return done();
  };
  const auto stopped = in_child(1, endless, stop);
  stopper.join();
  REQUIRE_FALSE(stopped.ok());
  CHECK(stopped.error().error == ECANCELED);
  CHECK_FALSE(has_child());
}

TEST_CASE("measuring child: killed, as for want of memory, is an error of its own") {
  const auto killed = in_child(
      1,
      [](double*) {
        (void)raise(SIGKILL);
        return done();
      },
      never);
  REQUIRE_FALSE(killed.ok());
  CHECK(killed.error().error == ENOMEM);
}

TEST_CASE("measuring child: of a program that ignores SIGCHLD, or waits for every child itself") {
  CHECK(fate_of_child([] {
          (void)std::signal(SIGCHLD, SIG_IGN);
          const auto found = in_child(1, find_seven, never);
          return found.ok() && found.value() == std::vector<double>{7} ? 0 : 1;
        }) == success);
}

TEST_CASE("measuring child: runs where its thread may, and is the first to be killed for want of memory") {
  const int here = sched_getcpu();
  const pinned_thread pinned(here);
  REQUIRE(pinned.error().error == 0);
  const auto found = in_child(
      2,
      [](double* figures) -> status {
        char score[8] = {};
        if (read(file("/proc/self/oom_score_adj").descriptor(), score, sizeof score) < 0) return last_failure("read");
        figures[0] = std::atoi(score);
        figures[1] = sched_getcpu();
        return done();
      },
      never);
  REQUIRE(outcome(found) == "ok");
  CHECK(found.value() == std::vector<double>{1000, static_cast<double>(here)});
}

TEST_CASE("measuring child: no process is no child, and leaves nothing") {
  CHECK(fate_of_child([] {
          const rlimit none{0, 0};
          setrlimit(RLIMIT_NPROC, &none);
          if (geteuid() == 0 && setuid(65534) != 0) return 1;
          const auto refused = in_child(1, find_seven, never);
          return !refused.ok() && refused.error().error == EAGAIN ? 0 : 1;
        }) == success);
}
