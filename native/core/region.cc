#include "core/region.h"

#include <charconv>

#include "core/random.h"

namespace hugepages {

namespace {

std::string id_of(uint64_t key) { return std::to_string(key) + "-" + random_hex(); }

}  // namespace

const std::string& process_identity() {
  static const auto& identity = *new std::string(random_hex());
  return identity;
}

region::region(mapping memory, std::unique_ptr<survival> survives, uint64_t key)
    : memory_(std::move(memory)), survives_(std::move(survives)), key_(key), id_(id_of(key)) {}

void region::renew(range part) {
  if (survives_ == nullptr) return;
  survives_->restore(part, [this](range page, int protection, bool inherit) { return memory_.renew(page, protection, inherit); });
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
  const uint64_t key = next_key_++;
  auto added = std::make_shared<region>(std::move(memory), std::move(survives), key);
  added->holds_ = 1;
  held_.emplace(key, added);
  totals_.regions++;
  totals_.bytes += added->usable().length;
  return std::make_shared<hold>(std::move(added));
}

std::shared_ptr<hold> registry::attach(const std::string& id) {
  uint64_t key = 0;
  std::from_chars(id.data(), id.data() + id.size(), key);
  const std::lock_guard lock(mutex_);
  const auto found = held_.find(key);
  if (found == held_.end()) return nullptr;
  auto target = found->second.lock();
  if (!target || target->id_ != id) return nullptr;
  target->holds_++;
  return std::make_shared<hold>(std::move(target));
}

std::shared_ptr<hold> registry::renew(hold& old) {
  const std::lock_guard lock(mutex_);
  auto& target = *old.region_;
  const bool alone = target.holds_ == 1 && target.works_ == 0 && target.views_ == 0;
  const bool as_mapped = !target.shared() && target.object() == nullptr && target.survives() == nullptr && !target.altered_;
  if (!alone || !as_mapped) return nullptr;
  // Tokens of the old one lead nowhere.
  held_.erase(target.key_);
  target.key_ = next_key_++;
  target.id_ = id_of(target.key_);
  held_.emplace(target.key_, old.region_);
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
    target->retired_ = true;
    held_.erase(target->key_);
    totals_.regions--;
    totals_.bytes -= target->usable().length;
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
