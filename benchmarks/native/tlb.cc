// What base pages and hugetlb pages cost a plain C++ program that follows a chain through them.
//
//   tlb PAGE_SIZE BYTES ROUNDS   One line in each 4 KiB, each load saying where the next is, on the last CPU that it may use. Prints for
//                                each round the nanoseconds of a load on base pages and on hugetlb pages, which take turns. Exit code 1
//                                when the kernel does not give the memory.
#include <sched.h>
#include <sys/mman.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <random>
#include <string>
#include <vector>

namespace {

constexpr size_t base_page = 4096;
constexpr size_t line = 64;
constexpr int huge_shift = 26;
constexpr size_t loads = size_t{1} << 19;

char* map(size_t bytes, int flags) {
  void* pointer = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | flags, -1, 0);
  if (pointer == MAP_FAILED) {
    std::cerr << "mmap failed\n";
    std::exit(1);  // NOLINT(concurrency-mt-unsafe): there is one thread
  }
  return static_cast<char*>(pointer);
}

// Lays a cycle through all pages, the same in every memory, so that the caches have the same to do. Returns where it begins.
char* lay(char* memory, size_t bytes) {
  // In the order of addresses: frames in the order of the cycle would be neighbours in the tables of a hypervisor.
  std::fill_n(memory, bytes, 1);
  std::mt19937 random(1);  // NOLINT(cert-msc32-c, cert-msc51-cpp): the same order in every run
  std::vector<size_t> places(bytes / base_page);
  for (size_t page = 0; page < places.size(); page++) places[page] = page * base_page + random() % (base_page / line) * line;
  std::shuffle(places.begin(), places.end(), random);
  for (size_t index = 0; index < places.size(); index++) {
    *reinterpret_cast<char**>(memory + places[index]) = memory + places[(index + 1) % places.size()];
  }
  return memory + places.front();
}

char* follow(char* at) {
  for (size_t left = loads; left > 0; left--) at = *reinterpret_cast<char**>(at);
  return at;
}

// Of the second of two walks, each of which goes on where the last one has come to: the first brings back what others have put out of the
// caches.
double nanoseconds_of_a_load(char*& at) {
  at = follow(at);
  const auto begin = std::chrono::steady_clock::now();
  at = follow(at);
  return std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - begin).count() / loads;
}

void stay_on_one_cpu() {
  cpu_set_t allowed;
  if (sched_getaffinity(0, sizeof(allowed), &allowed) != 0) return;
  int last = CPU_SETSIZE - 1;
  while (last > 0 && !CPU_ISSET(last, &allowed)) last--;
  CPU_ZERO(&allowed);
  CPU_SET(last, &allowed);
  sched_setaffinity(0, sizeof(allowed), &allowed);
}

}  // namespace

int main(int, char** arguments) {
  const size_t page_size = std::stoul(arguments[1]);
  const size_t bytes = std::stoul(arguments[2]);
  const size_t rounds = std::stoul(arguments[3]);
  stay_on_one_cpu();
  char* base = map(bytes, 0);
  if (madvise(base, bytes, MADV_NOHUGEPAGE) != 0) return 1;
  char* huge = map(bytes, MAP_HUGETLB | (__builtin_ctzll(page_size) << huge_shift));
  char* base_at = lay(base, bytes);
  char* huge_at = lay(huge, bytes);
  for (size_t round = 0; round < rounds; round++) {
    double huge_took = round % 2 == 0 ? 0 : nanoseconds_of_a_load(huge_at);
    const double base_took = nanoseconds_of_a_load(base_at);
    if (round % 2 == 0) huge_took = nanoseconds_of_a_load(huge_at);
    std::cout << base_took << ' ' << huge_took << '\n';
  }
  return base_at == nullptr || huge_at == nullptr ? 1 : 0;  // the loads are not optimised away
}
