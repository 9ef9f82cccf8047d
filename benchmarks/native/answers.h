// What the programs here have in common: one lives as long as its standard input and answers each line there with a line of nanoseconds,
// or with "error", the call that failed and its errno.
#pragma once

#include <chrono>
#include <cstdint>
#include <iostream>
#include <sstream>
#include <string>

struct failed_call {
  const char* name;
  int error;
};

using clock_type = std::chrono::steady_clock;

inline int64_t nanoseconds_since(clock_type::time_point begin) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(clock_type::now() - begin).count();
}

/** @param answer - gets the first word of a line, and the rest of it */
template <typename Answer>
void answer_lines(Answer answer) {
  for (std::string line; std::getline(std::cin, line);) {
    std::istringstream arguments(line);
    std::string command;
    arguments >> command;
    try {
      std::cout << answer(command, arguments) << std::endl;
    } catch (const failed_call& failed) {
      std::cout << "error " << failed.name << ' ' << failed.error << std::endl;
    }
  }
}
