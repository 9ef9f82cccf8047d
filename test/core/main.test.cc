// Runs the tests and counts what this run could not test.
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <cstdio>

#include "support/needs.h"

int main(int argc, char** argv) {
  doctest::Context context(argc, argv);
  const int failed = context.run();
  for (const auto& [reason, count] : hugepages::test::skips_by_reason()) printf("skipped %d: %s\n", count, reason.c_str());
  return failed;
}
