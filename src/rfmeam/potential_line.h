// RF-MEAM physics library: one line of a *.rfmeam potential file, its words as numbers, forms and fields.
// SPDX-License-Identifier: GPL-2.0-only
#ifndef RFMEAM_POTENTIAL_LINE_H
#define RFMEAM_POTENTIAL_LINE_H

#include "parameters.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <vector>

namespace rfmeam {

/// A potential file that cannot be used; what() is "FILE:LINE: what was read, what is allowed".
class PotentialFileError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The line that is being read. Everything that is wrong with it throws PotentialFileError.
class PotentialLine {
 public:
  int line_number = 0;
  std::vector<std::string> words;

  /// file_name is used in messages only.
  explicit PotentialLine(const std::string &file_name) : name(file_name) {}

  /// Goes on to the line after this one. A comment begins with '#' and is not among the words; its text is returned.
  std::string next(const std::string &line)
  {
    line_number++;
    words.clear();
    const std::size_t comment = line.find('#');
    const std::string statement = line.substr(0, comment);
    for (std::size_t at = 0; (at = statement.find_first_not_of(" \t\r", at)) != std::string::npos;) {
      const std::size_t stop = std::min(statement.find_first_of(" \t\r", at), statement.size());
      words.push_back(statement.substr(at, stop - at));
      at = stop;
    }
    return comment == std::string::npos ? "" : line.substr(comment);
  }

  [[noreturn]] void fail(const std::string &message) const
  {
    throw PotentialFileError(name + ":" + std::to_string(line_number) + ": " + message);
  }
  [[noreturn]] void fail_file(const std::string &message) const { throw PotentialFileError(name + ": " + message); }

  /// A piece of the file in a message; the start of it, if it is long.
  static std::string quoted(const std::string &piece)
  {
    constexpr std::size_t longest = 100;
    return "'" + (piece.size() > longest ? piece.substr(0, longest) + "..." : piece) + "'";
  }

  static std::string joined(const std::vector<std::string> &list)
  {
    std::string result;
    for (const auto &word : list) result += (result.empty() ? "" : " ") + word;
    return result;
  }

  /// A number of the file in a message.
  static std::string decimal(double value)
  {
    char text[32];
    std::snprintf(text, sizeof(text), "%.9g", value);
    return text;
  }

  double number(std::size_t i, const char *what) const
  {
    const std::string &word = words[i];
    char *end = nullptr;
    const bool plain = word.find_first_not_of("0123456789+-.eE") == std::string::npos;
    const double value = plain ? std::strtod(word.c_str(), &end) : 0.0;
    if (!plain || *end != '\0' || !std::isfinite(value))
      fail(std::string(what) + " is " + quoted(word) + ", allowed is a finite number");
    return value;
  }
  double positive(std::size_t i, const char *what) const
  {
    const double value = number(i, what);
    if (!(value > 0.0)) fail(std::string(what) + " is " + quoted(words[i]) + ", allowed is > 0");
    return value;
  }
  double not_negative(std::size_t i, const char *what) const
  {
    const double value = number(i, what);
    if (!(value >= 0.0)) fail(std::string(what) + " is " + quoted(words[i]) + ", allowed is >= 0");
    return value;
  }
  /// The number of a field.
  double value_of(const Field &field, std::size_t i) const
  {
    switch (field.allowed) {
      case Field::not_negative:
        return not_negative(i, field.name);
      case Field::positive:
        return positive(i, field.name);
      case Field::any:
        break;
    }
    return number(i, field.name);
  }
  void expect(std::size_t count, const std::string &form) const
  {
    if (words.size() != count)
      fail("read " + std::to_string(words.size()) + " words in " + quoted(joined(words)) + ", allowed is " +
           std::to_string(count) + ": " + form);
  }
  /// Reads the fields of a statement. `start` is how its line begins, with one word for each before the first field.
  template <class Parameters>
  void read_fields(const std::string &start, const std::string &statement, Parameters &p) const
  {
    const std::size_t from = std::count(start.begin(), start.end(), ' ') + 1;
    std::size_t next = from;
    std::string form = start;
    const auto visit_statement = [&](const auto &visit) {
      Parameters::for_each_field(
          [&](const Field &field, double &x) {
            if (field.statement == statement) visit(field, x);
          },
          p);
    };
    visit_statement([&](const Field &field, double &) { next++, form += std::string(" ") + field.name; });
    expect(next, form);
    next = from;
    visit_statement([&](const Field &field, double &x) { x = value_of(field, next++); });
  }
  /// The form of this name.
  template <class Form, std::size_t n>
  Form form_of(const std::string &word, const char *what, const Form (&forms)[n]) const
  {
    std::string allowed;
    for (std::size_t i = 0; i < n; i++) {
      if (word == name_of(forms[i])) return forms[i];
      allowed += std::string(i == 0 ? "" : i + 1 == n ? " and " : ", ") + name_of(forms[i]);
    }
    fail(what + (" " + quoted(word)) + ", allowed are " + allowed);
  }

 private:
  const std::string &name;
};

}    // namespace rfmeam

#endif
