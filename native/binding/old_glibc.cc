// Lets a binary that was linked on a new distribution load on an older one, down to glibc 2.30.
//
// glibc 2.32 and 2.34 moved libpthread and libdl into libc and gave their functions new symbol versions, which a linker then asks for
// although the functions are the same. The linker sends every call to these here (old_glibc.ldopts), those of the C++ runtime
// included, and .symver asks for the version that each had in the beginning. stat(2) and its like were no functions of the library
// before glibc 2.33: they are asked of the kernel.
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>  // NOLINT(modernize-deprecated-headers): sigset_t is POSIX, not C++
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

// NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp,readability-identifier-naming): names that the linker's --wrap prescribes
#if defined(__GLIBC__) && defined(__x86_64__)
#define FROM_VERSION(name, version) __asm__(".symver __real_" #name "," #name "@" version)
FROM_VERSION(dlsym, "GLIBC_2.2.5");
FROM_VERSION(pthread_attr_setstacksize, "GLIBC_2.2.5");
FROM_VERSION(pthread_cond_clockwait, "GLIBC_2.30");
FROM_VERSION(pthread_create, "GLIBC_2.2.5");
FROM_VERSION(pthread_detach, "GLIBC_2.2.5");
FROM_VERSION(pthread_join, "GLIBC_2.2.5");
FROM_VERSION(pthread_sigmask, "GLIBC_2.2.5");
#endif

extern "C" {

decltype(dlsym) __real_dlsym;
decltype(pthread_attr_setstacksize) __real_pthread_attr_setstacksize;
decltype(pthread_cond_clockwait) __real_pthread_cond_clockwait;
decltype(pthread_create) __real_pthread_create;
decltype(pthread_detach) __real_pthread_detach;
decltype(pthread_join) __real_pthread_join;
decltype(pthread_sigmask) __real_pthread_sigmask;

void* __wrap_dlsym(void* handle, const char* name) { return __real_dlsym(handle, name); }

int __wrap_fstat64(int descriptor, struct stat64* facts) { return static_cast<int>(syscall(SYS_fstat, descriptor, facts)); }

int __wrap_lstat64(const char* path, struct stat64* facts) {
  return static_cast<int>(syscall(SYS_newfstatat, AT_FDCWD, path, facts, AT_SYMLINK_NOFOLLOW));
}

int __wrap_stat64(const char* path, struct stat64* facts) { return static_cast<int>(syscall(SYS_newfstatat, AT_FDCWD, path, facts, 0)); }

int __wrap_pthread_attr_setstacksize(pthread_attr_t* attributes, size_t size) { return __real_pthread_attr_setstacksize(attributes, size); }

int __wrap_pthread_cond_clockwait(pthread_cond_t* condition, pthread_mutex_t* mutex, clockid_t clock, const timespec* until) {
  return __real_pthread_cond_clockwait(condition, mutex, clock, until);
}

int __wrap_pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*start)(void*), void* argument) {
  return __real_pthread_create(thread, attributes, start, argument);
}

int __wrap_pthread_detach(pthread_t thread) { return __real_pthread_detach(thread); }

int __wrap_pthread_join(pthread_t thread, void** value) { return __real_pthread_join(thread, value); }

int __wrap_pthread_sigmask(int how, const sigset_t* set, sigset_t* previous) { return __real_pthread_sigmask(how, set, previous); }

// A hint by which the C++ runtime leaves out atomic operations, since glibc 2.32. Here it never does.
extern const char __libc_single_threaded;
const char __libc_single_threaded = 0;

}  // extern "C"
// NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp,readability-identifier-naming)
