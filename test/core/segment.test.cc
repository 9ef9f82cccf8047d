#include "core/segment.h"

#include <doctest/doctest.h>
#include <sched.h>
#include <sys/shm.h>
#include <sys/syscall.h>

#include <array>
#include <atomic>
#include <thread>

#include "core/uapi.h"
#include "support/child.h"
#include "support/object.h"
#include "support/refuse.h"

using namespace hugepages;
using namespace hugepages::test;

namespace {

object_request segment_for(const map_request& mapping) { return object_for(source_kind::sysv, mapping); }

object_request persistent_with(int key, const map_request& mapping, bool adopt = false) {
  auto request = segment_for(mapping);
  request.key = key;
  request.persistent = true;
  request.adopt = adopt;
  return request;
}

struct shmid_ds facts_of(int id) {
  struct shmid_ds facts {};
  CHECK(shmctl(id, IPC_STAT, &facts) == 0);
  return facts;
}

bool is_gone(int id) {
  struct shmid_ds facts {};
  return shmctl(id, IPC_STAT, &facts) != 0;
}

constexpr int key = 0x68756765;

}  // namespace

TEST_CASE("segment: marked for removal from the start, attached once, and gone with its mapping") {
  for_each_kind(2, [](map_request request) {
    for (const bool guard : {false, true}) {
      CAPTURE(guard);
      request.guard = guard;
      int id = -1;
      {
        const mapping made = map(mapping_of(make(segment_for(request)), request));
        id = made.object()->segment();
        touch(made.usable(), request.page_size, 3);
        CHECK((facts_of(id).shm_perm.mode & SHM_DEST) != 0);
        CHECK(facts_of(id).shm_nattch == 1);
        CHECK(holds(made.usable(), request.page_size, 3));
      }
      CHECK(is_gone(id));
    }
  });
}

TEST_CASE("segment: its pages are reserved when it is made, or taken when touched, and back with its end") {
  const pool exact(huge_page, 3);
  if (!exact) return;
  auto request = request_for(backing_kind::hugetlb, 2);
  {
    const auto object = make(segment_for(request));
    CHECK(exact.change() == counters{0, 0, 2, 0});
    mapping made = map(mapping_of(object, request));
    touch({made.usable().start, huge_page}, huge_page);
    CHECK(exact.change() == counters{0, -1, 1, 0});
    made.overlay();
    CHECK(exact.change() == counters{});
  }
  request.reserve = false;
  const mapping unreserved = map(mapping_of(make(segment_for(request)), request));
  CHECK(exact.change() == counters{});
  touch(unreserved.usable(), huge_page);
  CHECK(exact.change() == counters{0, -2, 0, 0});
}

TEST_CASE("segment: one that is never mapped is gone with its object") {
  const pool exact(huge_page, 2);
  if (!exact) return;
  const int id = make(segment_for(request_for(backing_kind::hugetlb, 2)))->segment();
  CHECK(is_gone(id));
}

TEST_CASE("segment: one that is only read") {
  auto request = request_for(backing_kind::base, 2);
  const auto object = make(segment_for(request));
  const mapping writer = map(mapping_of(object, request));
  request.writable = false;
  const mapping reader = map(mapping_of(object, request));
  touch(writer.usable(), request.page_size, 9);
  CHECK(holds(reader.usable(), request.page_size, 9));
  CHECK(fate_of_child([&] {
          byte_at(reader.usable(), 0) = 1;
          return 0;
        }) == segmentation_fault);
}

TEST_CASE("segment: a persistent one keeps its key and what it holds; one that is not kept goes, unless somebody adopted it") {
  for_each_kind(2, [](const map_request& request) {
    (void)map(mapping_of(make(persistent_with(key, request)), request));
    CHECK(shmget(key, 0, 0) < 0);
    int id = -1;
    {
      const mapping made = map(mapping_of(make(persistent_with(key, request)), request));
      id = made.object()->segment();
      touch(made.usable(), request.page_size, 4);
      const mapping adopted = map(mapping_of(make(persistent_with(key, request, true)), request));
      CHECK(adopted.object()->segment() == id);
    }
    CHECK(is_gone(id));
    {
      const mapping made = map(mapping_of(make(persistent_with(key, request, true)), request));
      id = made.object()->segment();
      touch(made.usable(), request.page_size, 5);
      made.object()->keep();
    }
    {
      const mapping adopted = map(mapping_of(make(persistent_with(key, request, true)), request));
      CHECK(holds(adopted.usable(), request.page_size, 5));
      CHECK(outcome(memory_object::create(persistent_with(key, request))) == "shmget: EEXIST");
      CHECK(outcome(memory_object::create(persistent_with(key, request))) == "shmget: EEXIST");
    }
    CHECK(facts_of(id).shm_nattch == 0);
    CHECK(shmctl(id, IPC_RMID, nullptr) == 0);
  });
}

TEST_CASE("segment: one whose maker fails stays where somebody has attached it") {
  const auto request = request_for(backing_kind::base, 1);
  auto object = make(persistent_with(key, request));
  const mapping adopted = map(mapping_of(make(persistent_with(key, request, true)), request));
  object.reset();
  CHECK(shmget(key, 0, 0) == adopted.object()->segment());
  CHECK(shmctl(adopted.object()->segment(), IPC_RMID, nullptr) == 0);
}

TEST_CASE("segment: one of another size or of other pages is not adopted, and nothing stays attached") {
  const pool exact(huge_page, 2);
  if (!exact) return;
  const auto huge = request_for(backing_kind::hugetlb, 1);
  auto base = request_for(backing_kind::base, 512);
  for (const auto& [made, wanted] : {std::pair{huge, base}, std::pair{base, huge}}) {
    const auto object = make(persistent_with(key, made));
    CHECK(outcome(memory_object::create(persistent_with(key, wanted, true))) == "shmctl: ERANGE");
    const auto unchecked = adopt_segment(object->segment(), wanted.page_size);
    CHECK(outcome(mapping::create(mapping_of(unchecked, wanted))) == "shmctl: ERANGE");
    CHECK(facts_of(object->segment()).shm_nattch == 0);
    auto larger = made;
    larger.length += made.page_size;
    CHECK(outcome(memory_object::create(persistent_with(key, larger, true))) == "shmctl: ERANGE");
  }
  // Less than a page, as its maker said, and a whole one, as it is mapped.
  const int id = shmget(key, 100, IPC_CREAT | SHM_HUGETLB | (21 << MAP_HUGE_SHIFT) | 0600);
  base.length = base_page_size();
  CHECK(outcome(memory_object::create(persistent_with(key, base, true))) == "shmctl: ERANGE");
  CHECK(facts_of(id).shm_nattch == 0);
  CHECK(map(mapping_of(make(persistent_with(key, huge, true)), huge)).usable().length == huge_page);
  CHECK(shmctl(id, IPC_RMID, nullptr) == 0);
}

TEST_CASE("segment: its page size is seen without touching it, and nothing stays attached") {
  const pool exact(huge_page, 1);
  if (!exact) return;
  for (const auto& request : {request_for(backing_kind::hugetlb, 1), request_for(backing_kind::base, 1)}) {
    const auto object = make(persistent_with(key, request));
    const int id = object->segment();
    CHECK(segment_page_size(id).value() == request.page_size);
    CHECK(facts_of(id).shm_nattch == 0);
    CHECK(exact.change().free == 0);
    CHECK(shmctl(id, IPC_RMID, nullptr) == 0);
    CHECK(outcome(segment_page_size(id)) == "shmat: EINVAL");
  }
}

TEST_CASE("segment: without a privilege") {
  if (!needs_root("becoming another user")) return;
  const auto request = request_for(backing_kind::base, 1);
  const auto others = make(persistent_with(key, request));
  CHECK(fate_of_child([&] {
          constexpr uid_t nobody = 65534;
          if (setgid(nobody) != 0 || setuid(nobody) != 0) return 2;
          if (outcome(memory_object::create(persistent_with(key, request, true))) != "shmctl: EACCES") return 3;
          const auto huge = segment_for(request_for(backing_kind::hugetlb, 1));
          return outcome(memory_object::create(huge)) == "shmget: EPERM" ? 0 : 4;
        }) == success);
}

TEST_CASE("segment: where no child may be made") {
  CHECK(fate_of_child([] {
          if (!refuse(SYS_clone, 0, CLONE_VFORK, EAGAIN)) return 2;
          const auto request = request_for(backing_kind::base, 2);
          const auto object = memory_object::create(segment_for(request));
          if (!object.ok()) return 3;
          const int id = object.value()->segment();
          {
            const auto made = mapping::create(mapping_of(object.value(), request));
            if (!made.ok() || facts_of(id).shm_nattch != 1) return 4;
          }
          return is_gone(id) ? 0 : 5;
        }) == success);
}

TEST_CASE("segment: threads that make them at once, each of its own") {
  std::array<std::thread, 4> threads;
  std::atomic<int> refused{0};
  for (auto& thread : threads) {
    thread = std::thread([&refused] {
      const auto request = request_for(backing_kind::base, 1);
      for (int round = 0; round < 100; round++) {
        const auto object = memory_object::create(segment_for(request));
        if (!object.ok() || !mapping::create(mapping_of(object.value(), request)).ok()) refused++;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(refused == 0);
}
