// Processes that hold huge pages in every way there is. A line of standard input is an arrangement: processes parted by ';', each a row of
// actions parted by blanks, whose arguments are parted by ','. When all have done theirs it prints 'ready'; the next line, or the end,
// first ends what the line before began.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef MAP_HUGE_SHIFT
#define MAP_HUGE_SHIFT 26
#endif
#ifndef MFD_HUGETLB
#define MFD_HUGETLB 4U
#endif

enum { MAX_SEGMENTS = 256 };

// Shared by all: the segments that outlive their makers, and whether anybody failed.
struct common {
  int segments[MAX_SEGMENTS];
  int count;
  char failure[200];
};
static struct common* common;

// The path of this program.
static const char* program;

static void fail(const char* action) {
  if (common->failure[0] == '\0') snprintf(common->failure, sizeof common->failure, "%s: %s", action, strerror(errno));
  _exit(1);
}

// What the last action of this process mapped.
static char* memory;
static size_t page;

static void touch(char* start, long pages) {
  for (long i = 0; i < pages; i++) start[(size_t)i * page] = 1;
}

static char* map(const char* action, long pages, int flags, int descriptor) {
  char* found = mmap(NULL, (size_t)pages * page, PROT_READ | PROT_WRITE, flags, descriptor, 0);
  if (found == MAP_FAILED) fail(action);
  return found;
}

// Maps a file of so many pages, touches some, and keeps of it what `state` says; one that is 'filled' is never mapped.
static void use_file(const char* action, int descriptor, long pages, long touched, const char* state) {
  if (descriptor < 0 || ftruncate(descriptor, (off_t)((size_t)pages * page)) != 0) fail(action);
  if (strcmp(state, "filled") == 0) {
    if (fallocate(descriptor, 0, 0, (off_t)((size_t)touched * page)) != 0) fail(action);
    return;
  }
  memory = map(action, pages, MAP_SHARED, descriptor);
  touch(memory, touched);
  if (strcmp(state, "mapped") != 0 && munmap(memory, (size_t)pages * page) != 0) fail(action);
  if (strcmp(state, "mapped") == 0 || strcmp(state, "left") == 0) close(descriptor);
}

static void use_segment(long pages, long touched, const char* state, unsigned size_flag) {
  const int id = shmget(IPC_PRIVATE, (size_t)pages * page, IPC_CREAT | SHM_HUGETLB | (int)size_flag | 0600);
  if (id < 0) fail("shmget");
  common->segments[__atomic_fetch_add(&common->count, 1, __ATOMIC_RELAXED)] = id;
  memory = shmat(id, NULL, 0);
  if (memory == (void*)-1) fail("shmat");
  touch(memory, touched);
  if (strcmp(state, "left") == 0 && shmdt(memory) != 0) fail("shmdt");
}

// Never at rest.
static void churn(size_t pages, int flags) {
  for (;;) {
    memory = mmap(NULL, pages * page, PROT_READ | PROT_WRITE, flags, -1, 0);
    if (memory == MAP_FAILED) continue;
    touch(memory, (long)pages);
    munmap(memory, pages * page);
  }
}

static void act(char* action) {
  char* rest = action;
  const char* name = strsep(&rest, ",");
  const char* arguments[5] = {"", "", "", "", ""};
  for (int i = 0; i < 5 && rest != NULL; i++) arguments[i] = strsep(&rest, ",");
  const long first = atol(arguments[0]);
  if (strcmp(name, "drop") == 0) {
    if (madvise(memory, (size_t)first * page, MADV_DONTNEED) != 0) fail(name);
    return;
  }
  if (strcmp(name, "punch") == 0) {
    if (madvise(memory, (size_t)first * page, MADV_REMOVE) != 0) fail(name);
    return;
  }
  if (strcmp(name, "unmap") == 0) {
    if (munmap(memory, (size_t)first * page) != 0) fail(name);
    memory += (size_t)first * page;
    return;
  }
  const unsigned shift = (unsigned)first;
  const long pages = atol(arguments[1]);
  const long touched = atol(arguments[2]);
  const char* state = arguments[3];
  const char* path = arguments[4];
  const unsigned size_flag = shift << MAP_HUGE_SHIFT;
  page = (size_t)1 << shift;
  const int huge = MAP_ANONYMOUS | MAP_HUGETLB | (int)size_flag;
  if (strcmp(name, "private") == 0 || strcmp(name, "noreserve") == 0 || strcmp(name, "shared") == 0) {
    const int kind = strcmp(name, "shared") == 0 ? MAP_SHARED : strcmp(name, "private") == 0 ? MAP_PRIVATE : MAP_PRIVATE | MAP_NORESERVE;
    memory = map(name, pages, huge | kind, -1);
    touch(memory, touched);
  } else if (strcmp(name, "churn") == 0) {
    if (fork() == 0) churn((size_t)pages, huge | MAP_PRIVATE);
  } else if (strcmp(name, "memfd") == 0) {
    use_file(name, memfd_create("held", MFD_HUGETLB | size_flag), pages, touched, state);
  } else if (strcmp(name, "file") == 0) {
    use_file(name, open(path, O_RDWR | O_CREAT, 0600), pages, touched, state);
    if (strcmp(state, "unlinked") == 0 && unlink(path) != 0) fail(name);
  } else if (strcmp(name, "copy") == 0) {
    const int descriptor = open(path, O_RDWR);
    if (descriptor < 0) fail(name);
    memory = map(name, pages, MAP_PRIVATE, descriptor);
    close(descriptor);
    touch(memory, touched);
  } else if (strcmp(name, "segment") == 0) {
    use_segment(pages, touched, state, size_flag);
  } else {
    errno = EINVAL;
    fail(name);
  }
}

static void* idle(void* unused) {
  for (;;) pause();
  return unused;
}

// Open for writing in this program alone: reading ends with it.
static int alive[2];

static void done(int ready) {
  if (write(ready, "", 1) != 1) _exit(1);
  close(ready);
  char byte;
  while (read(alive[0], &byte, 1) < 0 && errno == EINTR) {
  }
  _exit(0);
}

// Ends the first thread, and leaves the process to another.
static void leave(int ready) {
  pthread_t other;
  if (pthread_create(&other, NULL, idle, NULL) != 0 || write(ready, "", 1) != 1) fail("leave");
  close(ready);
  pthread_exit(NULL);
}

// Goes on as a program that has just begun.
static void execute(const char* actions, int ready) {
  char descriptors[2][12];
  snprintf(descriptors[0], sizeof descriptors[0], "%d", ready);
  snprintf(descriptors[1], sizeof descriptors[1], "%d", alive[0]);
  if (fcntl(alive[0], F_SETFD, 0) == 0) execl(program, program, actions, descriptors[0], descriptors[1], NULL);
  fail("exec");
}

// The actions after 'fork' are those of a child, those after 'orphan' those of a child whose parent has ended, and those after 'exec' those
// of the process when it has executed a program.
static void run(char* actions, int ready) {
  close(alive[1]);
  for (char* action = strsep(&actions, " "); action != NULL; action = strsep(&actions, " ")) {
    const int forks = strcmp(action, "fork") == 0;
    const int orphans = strcmp(action, "orphan") == 0;
    if (forks || orphans) {
      const int child = fork();
      if (child < 0) fail(action);
      if (child != 0 && orphans) _exit(0);
      if (child != 0) done(ready);
    } else if (strcmp(action, "exec") == 0) {
      execute(actions, ready);
    } else if (strcmp(action, "leave") == 0) {
      leave(ready);
    } else if (strncmp(action, "write,", 6) == 0) {
      touch(memory, atol(action + 6));
    } else if (*action != '\0') {
      act(action);
    }
  }
  done(ready);
}

static int wait_for(int descriptor, int count) {
  char byte;
  while (count > 0 && read(descriptor, &byte, 1) == 1) count--;
  return count;
}

static pid_t group;

static void stop(void) {
  if (group > 0) {
    kill(-group, SIGKILL);
    while (waitpid(-group, NULL, 0) > 0 || errno == EINTR) {
    }
    // Orphans are another process's to wait for.
    while (kill(-group, 0) == 0) usleep(1000);
  }
  group = 0;
  for (int i = 0; i < common->count; i++) shmctl(common->segments[i], IPC_RMID, NULL);
  memset(common, 0, sizeof *common);
}

// Segments stay, also when this program is killed.
static void keep_watch(void) {
  if (fork() != 0) return;
  setsid();
  close(alive[1]);
  char byte;
  while (read(alive[0], &byte, 1) < 0 && errno == EINTR) {
  }
  group = 0;
  stop();
  _exit(0);
}

static void start(char* line) {
  int ready[2];
  if (pipe(ready) != 0) exit(1);
  int expected = 0;
  char pids[1000] = "ready";
  for (const char* at = line; (at = strstr(at, "fork")) != NULL; at++) expected++;
  for (char* actions = strsep(&line, ";"); actions != NULL; actions = strsep(&line, ";")) {
    expected++;
    const pid_t child = fork();
    if (child < 0) exit(1);
    if (child == 0) {
      setpgid(0, group);
      close(ready[0]);
      run(actions, ready[1]);
    }
    setpgid(child, group);
    const size_t used = strlen(pids);
    snprintf(pids + used, sizeof pids - used, " %d", child);
    if (group == 0) group = child;
  }
  close(ready[1]);
  puts(wait_for(ready[0], expected) == 0 ? pids : common->failure);
  close(ready[0]);
}

// Adopts orphans, as init does: a process that runs another program than they do.
static int adopt(void) {
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  if (fork() == 0) {
    execl(program, program, "arrange", NULL);
    _exit(1);
  }
  while (wait(NULL) > 0 || errno == EINTR) {
  }
  return 0;
}

static int arrange(void) {
  setvbuf(stdout, NULL, _IOLBF, 0);
  if (pipe2(alive, O_CLOEXEC) != 0) return 1;
  keep_watch();
  char* line = NULL;
  size_t room = 0;
  while (getline(&line, &room, stdin) > 0) {
    stop();
    line[strcspn(line, "\n")] = '\0';
    if (*line == '\0') {
      puts("stopped");
    } else {
      start(line);
    }
  }
  stop();
  free(line);
  return 0;
}

int main(int count, char** arguments) {
  program = arguments[0];
  if (count == 1) return adopt();
  common = mmap(NULL, sizeof *common, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (common == MAP_FAILED) return 1;
  if (count == 2) return arrange();
  alive[0] = atoi(arguments[3]);
  alive[1] = -1;
  run(arguments[1], atoi(arguments[2]));
}
