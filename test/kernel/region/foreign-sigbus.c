/* Another addon that handles SIGBUS, as those that read mapped files do: it recovers from its own faults and passes others on. */
#define _GNU_SOURCE
#include <node_api.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

static sigjmp_buf recovery;
static volatile sig_atomic_t recovers;
static struct sigaction earlier;

static void handle(int number, siginfo_t* info, void* context) {
  if (recovers) siglongjmp(recovery, 1);
  if (earlier.sa_flags & SA_SIGINFO) {
    earlier.sa_sigaction(number, info, context);
  } else {
    signal(number, SIG_DFL);
  }
}

static napi_value install(napi_env env, napi_callback_info info) {
  (void)info;
  struct sigaction action = {.sa_sigaction = handle, .sa_flags = SA_SIGINFO};
  sigaction(SIGBUS, &action, &earlier);
  napi_value none;
  napi_get_undefined(env, &none);
  return none;
}

/* Touches memory beyond the end of an ordinary file. fault(true) recovers from it, and returns whether it had to. */
static napi_value fault(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value argument;
  bool recover = false;
  napi_get_cb_info(env, info, &count, &argument, NULL, NULL);
  napi_get_value_bool(env, argument, &recover);
  const int file = memfd_create("empty", 0);
  volatile char* const beyond = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  close(file);
  recovers = recover;
  bool faulted = false;
  if (sigsetjmp(recovery, 1) == 0) {
    *beyond = 1;
  } else {
    faulted = true;
  }
  recovers = 0;
  napi_value result;
  napi_get_boolean(env, faulted, &result);
  return result;
}

NAPI_MODULE_INIT() {
  napi_value function;
  napi_create_function(env, "install", NAPI_AUTO_LENGTH, install, NULL, &function);
  napi_set_named_property(env, exports, "install", function);
  napi_create_function(env, "fault", NAPI_AUTO_LENGTH, fault, NULL, &function);
  napi_set_named_property(env, exports, "fault", function);
  return exports;
}
