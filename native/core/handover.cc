#include "core/handover.h"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "core/handover_message.h"
#include "core/unix_socket.h"

namespace hugepages {
namespace {

using clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

// A sender says all it has to say in one piece, at once.
constexpr std::chrono::seconds patience(5);
// So many are listened to at a time; more wait to be accepted.
constexpr size_t most_guests = 16;
constexpr milliseconds retry_interval(2);

using deadline = std::optional<clock::time_point>;

// Rounded up, so that it has passed after the wait. -1 for ever.
int wait_of(const deadline& until) {
  if (!until) return -1;
  const auto left = std::chrono::ceil<milliseconds>(*until - clock::now()).count();
  return static_cast<int>(std::clamp<int64_t>(left, 0, 60'000));
}

bool passed(const deadline& until) { return until && clock::now() >= *until; }

// The first of `polled` is for `stop`. ECANCELED when it was set, ETIMEDOUT when the time has passed.
status wait_for_any(std::vector<pollfd>& polled, const stop_event& stop, const deadline& until, const deadline& wake) {
  polled.front() = {stop.descriptor(), POLLIN, 0};
  const auto next = until && wake ? std::min(*until, *wake) : until ? until : wake;
  if (poll(polled.data(), polled.size(), wait_of(next)) < 0 && errno != EINTR) return last_failure("poll");
  if (polled.front().revents != 0) return failure{ECANCELED, "poll"};
  return passed(until) ? failure{ETIMEDOUT, "poll"} : done();
}

bool means_nobody(int error) { return error == ENOENT || error == ECONNREFUSED || error == EAGAIN; }
bool means_gone(int error) { return error == EPIPE || error == ECONNRESET; }

struct attempt {
  failure error{0, ""};
  bool refused = false;
  bool again = false;
  failure reason{0, ""};  // as of handover_outcome
};

attempt send_once(const handover_offer& offer, int descriptor, const handover_request& request, const stop_event& stop) {
  const auto connected = connect_unix(request.address);
  if (!connected.ok()) return {connected.error(), false, means_nobody(connected.error().error)};
  const int socket = connected.value().descriptor();
  if (const auto peer = check_peer(socket); !request.any_user && !peer.ok()) return {peer.error()};
  // Whoever is turned away at the door finds it closed, and the answer there.
  if (const auto told = send_offer(socket, offer, descriptor); !told.ok() && !means_gone(told.error().error)) return {told.error()};
  std::vector<pollfd> polled{{}, {socket, POLLIN, 0}};
  for (answer_reader reader;;) {
    const auto waited = wait_for_any(polled, stop, request.until, std::nullopt);
    if (!waited.ok()) return {waited.error(), false, false, {ETIMEDOUT, "recv"}};
    const auto complete = reader.read(socket);
    if (!complete.ok()) return {complete.error(), false, means_gone(complete.error().error)};
    if (complete.value()) return {reader.answer(), reader.answer().error != 0};
  }
}

struct guest {
  file socket;
  deadline until;
  offer_reader reader;
};

class reception {
 public:
  reception(const handover_request& request, claim_use use) : request_(request), use_(use) {}

  handover_outcome run(const stop_event& stop) {
    auto listener = unix_listener::open(request_.address, request_.any_user);
    if (!listener.ok()) return end(listener.error());
    while (!outcome_.memory && outcome_.error.error == 0) turn(listener.value()->descriptor(), stop);
    return std::move(outcome_);
  }

 private:
  handover_outcome end(const failure& error) {
    outcome_.error = error;
    return std::move(outcome_);
  }

  void turn(int listener, const stop_event& stop) {
    std::vector<pollfd> polled{{}, {guests_.size() < most_guests ? listener : -1, POLLIN, 0}};
    deadline first;
    for (const auto& one : guests_) {
      polled.push_back({one->socket.descriptor(), POLLIN, 0});
      first = first ? std::min(*first, *one->until) : one->until;
    }
    if (const auto waited = wait_for_any(polled, stop, request_.until, first); !waited.ok()) {
      outcome_.error = waited.error();
      return;
    }
    std::vector<std::unique_ptr<guest>> staying;
    for (size_t i = 0; i < guests_.size() && !over(); i++) {
      if (stays(*guests_[i], polled[i + 2].revents != 0)) staying.push_back(std::move(guests_[i]));
    }
    guests_ = std::move(staying);
    if (polled[1].revents != 0 && !over()) welcome(listener);
  }

  [[nodiscard]] bool over() const { return outcome_.memory || outcome_.error.error != 0; }

  void welcome(int listener) {
    file socket(accept4(listener, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (!socket.is_open()) {
      // The others say that it is gone again.
      if (errno == EMFILE || errno == ENFILE || errno == ENOMEM) outcome_.error = last_failure("accept");
      return;
    }
    const auto peer = check_peer(socket.descriptor());
    if (!request_.any_user && !peer.ok()) return turn_away(socket.descriptor(), peer.error());
    guests_.push_back(std::make_unique<guest>(guest{std::move(socket), clock::now() + patience, {}}));
  }

  bool stays(guest& one, bool readable) {
    const int socket = one.socket.descriptor();
    const auto complete = readable ? one.reader.read(socket) : result<bool>(false);
    if (!complete.ok()) {
      turn_away(socket, complete.error());
    } else if (complete.value()) {
      take(one);
    } else if (passed(one.until)) {
      turn_away(socket, {ETIMEDOUT, "recvmsg"});
    } else {
      return true;
    }
    return false;
  }

  void take(guest& one) {
    const int socket = one.socket.descriptor();
    auto descriptor = one.reader.take_descriptor();
    const auto& claim = one.reader.claim();
    if (const auto checked = check_claim(claim, descriptor.descriptor()); !checked.ok()) return turn_away(socket, checked.error());
    auto mapped = map_claim(claim, std::move(descriptor), use_);
    outcome_.error = mapped.ok() ? failure{0, ""} : mapped.error();
    if (mapped.ok()) outcome_.memory.emplace(std::move(mapped.value()));
    send_answer(socket, outcome_.error);
  }

  void turn_away(int socket, const failure& reason) {
    send_answer(socket, reason);
    outcome_.turned_away++;
    outcome_.reason = reason;
  }

  const handover_request& request_;
  const claim_use use_;
  std::vector<std::unique_ptr<guest>> guests_;
  handover_outcome outcome_;
};

}  // namespace

handover_outcome send_object(const object_claim& claim, int descriptor, const handover_request& request, const stop_event& stop) {
  handover_offer offer;
  offer.claim = claim;
  handover_outcome outcome;
  std::vector<pollfd> polled(1);
  for (;;) {
    const auto made = send_once(offer, descriptor, request, stop);
    outcome.error = made.error;
    outcome.refused = made.refused;
    outcome.reason = made.again ? made.error : made.reason;
    if (!made.again) return outcome;
    const auto waited = wait_for_any(polled, stop, request.until, clock::now() + retry_interval);
    outcome.error = waited.ok() ? failure{0, ""} : waited.error();
    if (!waited.ok()) return outcome;
  }
}

handover_outcome receive_object(const handover_request& request, claim_use use, const stop_event& stop) {
  return reception(request, use).run(stop);
}

}  // namespace hugepages
