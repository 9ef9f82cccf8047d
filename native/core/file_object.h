// Memory that a file descriptor names: a memfd, or a file of hugetlbfs.
#pragma once

#include "core/file.h"
#include "core/memory_object.h"

namespace hugepages {

class file_object : public memory_object {
 public:
  // `path`: where its name stays.
  file_object(source_kind source, file descriptor, std::string path = "")
      : source_(source), file_(std::move(descriptor)), path_(std::move(path)) {}

  [[nodiscard]] source_kind source() const override { return source_; }
  [[nodiscard]] result<range> map(range where, bool fixed, int protection, int flags) override;
  [[nodiscard]] result<size_t> size() const override;
  [[nodiscard]] status resize(size_t length) const override;
  [[nodiscard]] result<int> seals() const override;
  [[nodiscard]] status seal(int seals) const override;
  [[nodiscard]] int descriptor() const override { return file_.descriptor(); }
  [[nodiscard]] const std::string& path() const override { return path_; }

 private:
  const source_kind source_;
  const file file_;
  const std::string path_;
};

}  // namespace hugepages
