#include "core/region.h"

#include <algorithm>
#include <charconv>

#include "core/random.h"

namespace hugepages {

namespace {

std::string draw_id(uint64_t key) { return std::to_string(key) + "-" + random_hex(); }

}  // namespace

const std::string& process_identity() {
  static const auto& identity = *new std::string(random_hex());
  return identity;
}

std::string region::id() { return registry::instance().id_of(*this); }

void region::renew(range part) {
  if (survives_ == nullptr) return;
  survives_->restore(part, [this](range page, int protection) { return memory_.renew(page, protection); });
}

void region::take_over(region& before) {
  altered_ = before.altered_.load();
  // A file that is mapped again has its reservation taken again, a segment has not.
  if (shared() && object() != nullptr && object()->descriptor() >= 0 && reserves()) return;
  const range kept{before.usable().start, std::min(usable().length, before.usable().length)};
  for (const auto& hole : before.holes_.within(kept)) holes_.add({usable().start + (hole.start - kept.start), hole.length});
}

void region::retire() {
  const auto overlay = [this] { memory_.overlay(); };
  survives_ ? survives_->retire(overlay) : overlay();
}

void hold::release() {
  if (region_) registry::instance().drop_hold(std::move(region_));
}

std::unique_ptr<work> work::begin(std::shared_ptr<region> target) {
  if (!registry::instance().begin_work(*target)) return nullptr;
  return std::make_unique<work>(std::move(target));
}

work::~work() { registry::instance().end_work(std::move(region_)); }

registry& registry::instance() {
  static auto& only = *new registry;
  return only;
}

std::shared_ptr<hold> registry::add(mapping memory, std::unique_ptr<survival> survives) {
  const std::lock_guard lock(mutex_);
  return enter(std::move(memory), std::move(survives));
}

std::shared_ptr<hold> registry::enter(mapping memory, std::unique_ptr<survival> survives) {
  auto added = std::make_shared<region>(std::move(memory), std::move(survives));
  added->holds_ = 1;
  totals_.regions++;
  totals_.bytes += added->usable().length;
  return std::make_shared<hold>(std::move(added));
}

void registry::leave(region& target) {
  target.retired_ = true;
  forget(target);
  totals_.regions--;
  totals_.bytes -= target.usable().length;
}

std::string registry::id_of(region& target) {
  const std::lock_guard lock(mutex_);
  if (target.id_.empty()) {
    const uint64_t key = next_key_++;
    name(target, key, draw_id(key));
  }
  return target.id_;
}

std::string registry::new_id() {
  const std::lock_guard lock(mutex_);
  return draw_id(next_key_++);
}

void registry::name(region& target, uint64_t key, std::string id) {
  target.key_ = key;
  target.id_ = std::move(id);
  named_.emplace(key, target.weak_from_this());
}

void registry::forget(const region& target) {
  if (!target.id_.empty()) named_.erase(target.key_);
}

std::shared_ptr<hold> registry::attach(const std::string& id) {
  uint64_t key = 0;
  std::from_chars(id.data(), id.data() + id.size(), key);
  std::unique_lock lock(mutex_);
  for (;;) {
    const auto found = named_.find(key);
    if (found == named_.end()) return nullptr;
    auto target = found->second.lock();
    if (!target || target->id_ != id) return nullptr;
    if (!target->replacing_) {
      target->holds_++;
      return std::make_shared<hold>(std::move(target));
    }
    target.reset();
    replaced_.wait(lock);
  }
}

std::unique_ptr<replacement> registry::replace(const std::shared_ptr<region>& target) {
  const std::lock_guard lock(mutex_);
  if (target->holds_ != 1 || target->works_ != 0) return nullptr;
  target->replacing_ = true;
  return std::make_unique<replacement>(target);
}

std::shared_ptr<hold> replacement::finish(mapping memory, std::unique_ptr<survival> survives) {
  auto& all = registry::instance();
  const std::lock_guard lock(all.mutex_);
  all.leave(*region_);
  auto held = all.enter(std::move(memory), std::move(survives));
  if (!region_->id_.empty()) all.name(*held->target(), region_->key_, region_->id_);
  held->target()->take_over(*region_);
  return held;
}

replacement::~replacement() {
  auto& all = registry::instance();
  const std::lock_guard lock(all.mutex_);
  region_->replacing_ = false;
  all.replaced_.notify_all();
}

std::shared_ptr<hold> registry::renew(hold& old) {
  const std::lock_guard lock(mutex_);
  auto& target = *old.region_;
  const bool alone = target.holds_ == 1 && target.works_ == 0 && target.pointers_ == 0;
  const bool as_mapped = !target.shared() && target.object() == nullptr && target.survives() == nullptr && !target.altered_;
  if (!alone || !as_mapped) return nullptr;
  // Tokens of the old one lead nowhere.
  forget(target);
  target.id_.clear();
  return std::make_shared<hold>(std::move(old.region_));
}

registry_totals registry::totals() {
  const std::lock_guard lock(mutex_);
  return totals_;
}

// NOLINTNEXTLINE(performance-unnecessary-value-param): it consumes the reference
void registry::drop_hold(std::shared_ptr<region> target) {
  bool overlay = false;
  {
    const std::lock_guard lock(mutex_);
    if (--target->holds_ != 0) return;
    if (!target->retired_) leave(*target);
    // Retired, the region gains no references: if ours is the only one, the destructor gives the pages back.
    overlay = target->works_ == 0 && target.use_count() > 1;
  }
  // Outside the lock: giving back gigabytes of base pages takes a while.
  if (overlay) target->retire();
}

bool registry::begin_work(region& target) {
  const std::lock_guard lock(mutex_);
  if (target.retired_) return false;
  target.works_++;
  return true;
}

// NOLINTNEXTLINE(performance-unnecessary-value-param): it consumes the reference
void registry::end_work(std::shared_ptr<region> target) {
  bool overlay = false;
  {
    const std::lock_guard lock(mutex_);
    overlay = --target->works_ == 0 && target->retired_ && target.use_count() > 1;
  }
  if (overlay) target->retire();
}

}  // namespace hugepages
