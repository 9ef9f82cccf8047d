// send_object and receive_object, of which the one has not the other at its other end.
#include "core/handover.h"

#include <doctest/doctest.h>
#include <sys/socket.h>

#include <thread>

#include "core/handover_message.h"
#include "core/region.h"
#include "core/unix_socket.h"
#include "support/object.h"

using namespace hugepages;
using namespace hugepages::test;

namespace {

using clock = std::chrono::steady_clock;

// Abstract: with a zero byte in front.
const std::string address("\0hugepages-test-handover", 24);

handover_request request_in(std::chrono::milliseconds time) { return {address, false, clock::now() + time}; }
handover_request patient() { return request_in(std::chrono::minutes(1)); }

// A memfd that is shared, and what is said of it.
class shared_memory {
 public:
  explicit shared_memory(const map_request& request)
      : held_(registry::instance().add(map(mapping_of(make(object_for(source_kind::memfd, request)), request)))) {
    auto claim = claim_of(*held_->target());
    REQUIRE(outcome(claim) == "ok");
    claim_ = claim.value();
    touch(held_->target()->usable(), request.page_size, 5);
  }
  [[nodiscard]] const object_claim& claim() const { return claim_; }
  [[nodiscard]] int descriptor() const { return held_->target()->object()->descriptor(); }

 private:
  std::shared_ptr<hold> held_;
  object_claim claim_;
};

// A receiver on a thread of its own.
class receiver {
 public:
  explicit receiver(const handover_request& request) : thread_([this, request] { ended_.emplace(receive_object(request, {}, stop_)); }) {}
  receiver(const receiver&) = delete;
  receiver& operator=(const receiver&) = delete;
  ~receiver() {
    if (thread_.joinable()) (void)end();
  }

  void stop() const { stop_.set(); }
  const handover_outcome& end() {
    thread_.join();
    return *ended_;
  }

 private:
  const stop_event stop_;
  std::optional<handover_outcome> ended_;
  std::thread thread_;
};

file connect_to_receiver() {
  for (;;) {
    auto connected = connect_unix(address);
    if (connected.ok()) return std::move(connected.value());
    std::this_thread::yield();
  }
}

// What whoever is turned away is told.
std::string answer_on(int socket) {
  for (answer_reader reader;;) {
    const auto complete = reader.read(socket);
    if (!complete.ok()) return outcome(complete);
    if (complete.value()) return outcome(reader.answer());
    std::this_thread::yield();
  }
}

}  // namespace

TEST_CASE("handover: the same memory on both sides") {
  for_each_kind(2, [](const map_request& request) {
    const shared_memory shared(request);
    receiver other(patient());
    const auto sent = send_object(shared.claim(), shared.descriptor(), patient(), stop_event());
    CHECK(sent.error.error == 0);
    CHECK_FALSE(sent.refused);
    const auto& received = other.end();
    REQUIRE(received.memory.has_value());
    CHECK(holds(received.memory->memory.usable(), request.page_size, 5));
    CHECK(received.turned_away == 0);
  });
}

TEST_CASE("handover: whoever says what is not true is told so, and the next one is heard") {
  const shared_memory shared(request_for(backing_kind::base, 2));
  const size_t before = open_descriptors();
  {
    receiver other(patient());
    auto wrong = shared.claim();
    wrong.length *= 2;
    const auto refused = send_object(wrong, shared.descriptor(), patient(), stop_event());
    CHECK(refused.refused);
    CHECK(outcome(refused.error) == "fstat: ERANGE");
    const auto without = send_object(shared.claim(), -1, patient(), stop_event());
    CHECK(outcome(without.error) == "recvmsg: EMSGSIZE");
    {
      const file silent = connect_to_receiver();
      const file brief = connect_to_receiver();
      REQUIRE(send(brief.descriptor(), "hugepgs1", 8, MSG_NOSIGNAL) == 8);
    }
    const file babbler = connect_to_receiver();
    const std::string babble(sizeof(handover_offer), 'x');
    REQUIRE(send(babbler.descriptor(), babble.data(), babble.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(babble.size()));
    CHECK(answer_on(babbler.descriptor()) == "recvmsg: EPROTO");
    CHECK(send_object(shared.claim(), shared.descriptor(), patient(), stop_event()).error.error == 0);
    const auto& received = other.end();
    CHECK(received.memory.has_value());
    CHECK(received.turned_away == 5);
  }
  CHECK(open_descriptors() == before);
}

TEST_CASE("handover: more guests than are listened to at a time hold nobody up who comes before them") {
  const shared_memory shared(request_for(backing_kind::base, 1));
  receiver other(patient());
  std::vector<file> silent;
  for (int guest = 0; guest < 10; guest++) silent.push_back(connect_to_receiver());
  CHECK(send_object(shared.claim(), shared.descriptor(), patient(), stop_event()).error.error == 0);
  CHECK(other.end().memory.has_value());
}

TEST_CASE("handover: what the receiver cannot map ends it on both sides") {
  const pool exact(huge_page, 0);
  if (!exact) return;
  auto request = request_for(backing_kind::hugetlb, 1);
  request.reserve = false;  // which a receiver does not do without
  const auto object = make(object_for(source_kind::memfd, request));
  object_claim claim;
  {
    const auto held = registry::instance().add(map(mapping_of(object, request)));
    claim = claim_of(*held->target()).value();
  }
  receiver other(patient());
  const auto sent = send_object(claim, object->descriptor(), patient(), stop_event());
  CHECK(sent.refused);
  CHECK(outcome(sent.error) == "mmap: ENOMEM");
  CHECK(outcome(other.end().error) == "mmap: ENOMEM");
}

TEST_CASE("handover: nobody comes in time, or it is stopped") {
  const shared_memory shared(request_for(backing_kind::base, 1));
  const auto alone = send_object(shared.claim(), shared.descriptor(), request_in(std::chrono::milliseconds(10)), stop_event());
  CHECK(outcome(alone.error) == "poll: ETIMEDOUT");
  CHECK(outcome(alone.reason) == "connect: ECONNREFUSED");
  CHECK(outcome(receive_object(request_in(std::chrono::milliseconds(10)), {}, stop_event()).error) == "poll: ETIMEDOUT");
  const stop_event stopped;
  stopped.set();
  CHECK(outcome(send_object(shared.claim(), shared.descriptor(), patient(), stopped).error) == "poll: ECANCELED");
  receiver other({address, false, std::nullopt});
  const file silent = connect_to_receiver();
  other.stop();
  CHECK(outcome(other.end().error) == "poll: ECANCELED");
}

TEST_CASE("handover: a listener that closes without an answer is tried again") {
  const shared_memory shared(request_for(backing_kind::base, 1));
  std::thread sender;
  {
    const auto listener = unix_listener::open(address, false);
    REQUIRE(outcome(listener) == "ok");
    sender = std::thread([&] { CHECK(send_object(shared.claim(), shared.descriptor(), patient(), stop_event()).error.error == 0); });
    for (int closed = 0; closed < 3;) {
      const file guest(accept(listener.value()->descriptor(), nullptr, nullptr));
      closed += guest.is_open() ? 1 : 0;
    }
  }
  CHECK(receive_object(patient(), {}, stop_event()).memory.has_value());
  sender.join();
}
