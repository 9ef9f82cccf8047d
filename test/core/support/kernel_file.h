// Kernel files that hold one value.
#pragma once

#include <fstream>
#include <optional>
#include <string>

namespace hugepages::test {

// Its first line; nothing where the file is missing.
inline std::optional<std::string> read_line(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  if (!std::getline(file, line)) return std::nullopt;
  return line;
}

inline bool write_value(const std::string& path, const std::string& value) {
  std::ofstream file(path);
  file << value << std::flush;
  return file.good();
}

}  // namespace hugepages::test
