// Whether the kernel has something, asked until it answers.
#pragma once

#include <atomic>

#include "core/result.h"

namespace hugepages {

class feature {
 public:
  // `ask` makes the call. ENOTTY, EINVAL and ENOSYS say that the kernel does not know it; any other failure, such as EMFILE, is of the
  // moment and says nothing.
  template <class Ask>
  bool present(Ask ask) {
    if (state_ == state::unknown) {
      const auto answer = ask();
      const int error = answer.ok() ? 0 : answer.error().error;
      if (error == 0) state_ = state::present;
      if (error == ENOTTY || error == EINVAL || error == ENOSYS) state_ = state::missing;
    }
    return state_ != state::missing;
  }

 private:
  enum class state { unknown, present, missing };
  std::atomic<state> state_{state::unknown};
};

}  // namespace hugepages
