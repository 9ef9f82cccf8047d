#include "core/feature.h"

#include <doctest/doctest.h>

using namespace hugepages;

TEST_CASE("feature: once the kernel has answered it is not asked again") {
  for (const int error : {0, ENOTTY, EINVAL, ENOSYS}) {
    CAPTURE(error);
    feature asked;
    int questions = 0;
    const auto ask = [&]() -> status {
      questions++;
      if (error != 0) return failure{error, "ioctl"};
      return done();
    };
    CHECK(asked.present(ask) == (error == 0));
    CHECK(asked.present(ask) == (error == 0));
    CHECK(questions == 1);
  }
}

TEST_CASE("feature: an error of the moment decides nothing") {
  feature asked;
  CHECK(asked.present([]() -> status { return failure{EMFILE, "open"}; }));
  CHECK_FALSE(asked.present([]() -> status { return failure{ENOTTY, "ioctl"}; }));
}
