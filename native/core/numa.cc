#include "core/numa.h"

#include <linux/mempolicy.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/file.h"
#include "core/node_mask.h"

namespace hugepages {
namespace {

// The policy of this thread, put back at the end of the scope.
class policy_kept {
 public:
  policy_kept() { known_ = syscall(SYS_get_mempolicy, &mode_, mask_.words(), node_mask::max_node(), nullptr, 0UL) == 0; }
  policy_kept(const policy_kept&) = delete;
  policy_kept& operator=(const policy_kept&) = delete;
  ~policy_kept() {
    // MPOL_DEFAULT takes no nodes.
    if (known_) syscall(SYS_set_mempolicy, mode_, mode_ == MPOL_DEFAULT ? nullptr : mask_.words(), node_mask::max_node());
  }

  [[nodiscard]] bool known() const { return known_; }

 private:
  int mode_ = MPOL_DEFAULT;
  node_mask mask_;
  bool known_ = false;
};

}  // namespace

status bind_to_nodes(range part, int mode, const std::vector<int>& nodes) {
  node_mask mask(nodes);
  if (!mask.valid()) return failure{EINVAL, "mbind"};
  const size_t max_node = nodes.empty() ? 0 : node_mask::max_node();
  const auto* words = nodes.empty() ? nullptr : mask.words();
  if (syscall(SYS_mbind, part.start, part.length, mode, words, max_node, 0U) != 0) return last_failure("mbind");
  return done();
}

status write_under_policy(const std::string& path, const std::string& text, int mode, const std::vector<int>& nodes) {
  node_mask mask(nodes);
  if (!mask.valid()) return failure{EINVAL, "set_mempolicy"};
  const policy_kept kept;
  if (!kept.known()) return last_failure("get_mempolicy");
  if (syscall(SYS_set_mempolicy, mode, mask.words(), node_mask::max_node()) != 0) return last_failure("set_mempolicy");
  const file target(path.c_str(), O_WRONLY);
  if (!target.is_open()) return last_failure("open");
  // The kernel takes a setting whole or not at all.
  if (write(target.descriptor(), text.data(), text.size()) < 0) return last_failure("write");
  return done();
}

}  // namespace hugepages
