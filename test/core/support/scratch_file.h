// An ordinary file for one test.
#pragma once

#include <doctest/doctest.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

namespace hugepages::test {

class scratch_file {
 public:
  explicit scratch_file(const std::string& content = "") {
    char path[] = "/tmp/hugepages-test-file-XXXXXX";
    const int made = mkstemp(path);
    REQUIRE(made >= 0);
    close(made);
    path_ = path;
    std::ofstream(path_, std::ios::binary) << content;
  }
  scratch_file(const scratch_file&) = delete;
  scratch_file& operator=(const scratch_file&) = delete;
  ~scratch_file() { unlink(path_.c_str()); }

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::string content() const {
    std::ifstream file(path_, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  void truncate(size_t length) const { REQUIRE(::truncate(path_.c_str(), static_cast<off_t>(length)) == 0); }

 private:
  std::string path_;
};

// Bytes of which no two neighbours, and no two pages, are alike.
inline std::string varied(size_t length) {
  std::string bytes(length, '\0');
  for (size_t at = 0; at < length; at++) bytes[at] = static_cast<char>(at * 7 + at / 4096 * 31 + 1);
  return bytes;
}

}  // namespace hugepages::test
