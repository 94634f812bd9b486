// RF-MEAM physics library: reader of *.rfmeam potential files (doc/potential_file.md).
// SPDX-License-Identifier: GPL-2.0-only
#ifndef RFMEAM_POTENTIAL_FILE_H
#define RFMEAM_POTENTIAL_FILE_H

#include "potential.h"
#include "potential_line.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace rfmeam {

/// Reads the text of a potential file.
class PotentialReader : private PotentialLine {
 public:
  /// name is used in messages only. Throws PotentialFileError.
  static Potential read(const std::string &text, const std::string &name)
  {
    PotentialReader reader(text, name);
    return reader.run();
  }

 private:
  static constexpr int max_elements = 64;

  const std::string &text;
  bool has_units = false, has_format = false, has_end = false;
  Potential potential;
  std::set<std::string> explicit_lines;    // statements without a wildcard: each only once
  std::vector<bool> element_given, pair_given, charge_given, length_given;
  std::vector<double> own_length;                              // rho_ii of 'rho X value'
  std::vector<int> own_length_line;                            // where it was given
  std::vector<int> wall_line;                                  // last 'wall' line of each element
  std::vector<double> environment_shift, environment_decay;    // X, kappa of each element; kappa 0: no line
  std::vector<double> environment_charge;                      // q_0 of each element
  std::vector<double> environment_weight;                      // s of each ordered pair
  std::vector<double> fade;                                    // c of each element
  int environment_line = 0, environment_charge_line = 0, environment_weight_line = 0, fade_line = 0;    // last ones
  bool has_triple = false;

  PotentialReader(const std::string &text_, const std::string &name) : PotentialLine(name), text(text_) {}

  std::size_t index(int i, int j) const { return std::size_t(i) * potential.elements.size() + j; }

  int element_index(const std::string &word) const
  {
    for (int i = 0; i < potential.num_elements(); i++)
      if (potential.elements[i] == word) return i;
    fail("element " + quoted(word) + " is not in the elements line, allowed are: " + joined(potential.elements));
  }
  /// The elements a word stands for: one, or all of them for '*'.
  std::vector<int> element_indices(const std::string &word) const
  {
    if (word != "*") return {element_index(word)};
    std::vector<int> all;
    for (int i = 0; i < potential.num_elements(); i++) all.push_back(i);
    return all;
  }
  /// A statement about named elements may come only once; one with a wildcard is overridden by later ones.
  void only_once(std::vector<std::string> key, std::size_t symmetric_from)
  {
    for (const auto &word : key)
      if (word == "*") return;
    std::sort(key.begin() + symmetric_from, key.end());
    if (!explicit_lines.insert(joined(key)).second) fail("a second " + quoted(joined(key)) + " line, allowed is one");
  }

  // ---- statements

  void read_header(const std::string &line)
  {
    const std::size_t at = line.find("UNITS:");
    if (at == std::string::npos) return;
    const std::size_t from = line.find_first_not_of(" \t\r", at + 6);
    if (from == std::string::npos) fail("UNITS: is empty, allowed is metal");
    const std::string units = line.substr(from, line.find_first_of(" \t\r", from) - from);
    if (units != "metal") fail("UNITS: is " + quoted(units) + ", allowed is metal");
    has_units = true;
  }

  void read_format()
  {
    expect(3, "format rfmeam 1");
    if (words[1] != "rfmeam" || words[2] != "1")
      fail("format is " + quoted(words[1] + " " + words[2]) + ", allowed is 'rfmeam 1'");
    if (has_format) fail("a second 'format' line, allowed is one");
    if (!has_units) fail("no 'UNITS: metal' in the comments above, allowed is a header with it");
    has_format = true;
  }

  void read_elements()
  {
    if (!potential.elements.empty()) fail("a second 'elements' line, allowed is one");
    if (words.size() < 2 || words.size() > max_elements + 1)
      fail("read " + std::to_string(words.size() - 1) + " elements, allowed are 1 to " + std::to_string(max_elements));
    for (std::size_t i = 1; i < words.size(); i++) {
      const std::string &word = words[i];
      if (word == "*" || word == "NULL") fail("element " + quoted(word) + ", allowed is a chemical symbol");
      if (std::count(words.begin() + 1, words.end(), word) > 1)
        fail("element " + quoted(word) + " is repeated, allowed is once");
      potential.elements.push_back(word);
    }
    const std::size_t n = potential.elements.size();
    element_given.assign(n, false);
    charge_given.assign(n, false);
    pair_given.assign(n * n, false);
    length_given.assign(n * n, false);
    own_length.assign(n, 0.0);
    own_length_line.assign(n, 0);
    wall_line.assign(n, 0);
    environment_shift.assign(n, 0.0);
    environment_decay.assign(n, 0.0);
    environment_charge.assign(n, 0.0);
    fade.assign(n, 0.0);
    environment_weight.assign(n * n, 1.0);
  }

  void read_atomic()
  {
    ElementParameters<double> e = {};
    read_fields("atomic El", "atomic", e);
    only_once({words[0], words[1]}, 2);
    const std::size_t n = potential.elements.size();
    if (potential.element.empty()) potential.element.resize(n);
    for (int i : element_indices(words[1])) {
      potential.element[i] = e;
      element_given[i] = true;
    }
  }

  PairParameters<double> read_pair_parameters() const
  {
    PairParameters<double> p = {};
    p.form = form_of(words[3], "pair form", pair_forms);
    read_fields("pair El El " + words[3], "pair", p);
    set_range(p);
    switch (p.form) {
      case PairForm::timonova_thijsse:
      case PairForm::double_exponential:
        if (!(p.r_start < p.r_cut)) fail("rs is " + quoted(words[5]) + ", allowed is < rc = " + quoted(words[4]));
        break;
      case PairForm::srinivasan_duff:
        if (p.r_start < 0.0) fail("s3 is " + quoted(words[6]) + ", allowed is >= 0.5");
        break;
    }
    if (p.form == PairForm::double_exponential && !(p.decay[1] < p.decay[0]))
      fail("k2 is " + quoted(words[10]) + ", allowed is < k1 = " + quoted(words[8]));
    return p;
  }

  void read_pair()
  {
    if (words.size() < 4) expect(4, "pair El El FORM parameters");
    const PairParameters<double> p = read_pair_parameters();
    only_once({words[0], words[1], words[2]}, 1);
    const std::size_t n = potential.elements.size();
    if (potential.pair.empty()) potential.pair.resize(n * n);
    for (int i : element_indices(words[1]))
      for (int j : element_indices(words[2]))
        for (std::size_t ij : {index(i, j), index(j, i)}) {
          potential.pair[ij] = p;
          pair_given[ij] = true;
        }
  }

  void read_triple()
  {
    ScreeningParameters<double> s;
    read_fields("triple K I J", "triple", s);
    only_once({words[0], words[1], words[2], words[3]}, 2);
    if (!(s.c_max > 1.0)) fail("Cmax is " + quoted(words[5]) + ", allowed is > 1");
    if (!(s.c_min < s.c_max)) fail("Cmin is " + quoted(words[4]) + ", allowed is < Cmax = " + quoted(words[5]));
    has_triple = true;
    const std::size_t n = potential.elements.size();
    if (potential.screening.empty()) potential.screening.resize(n * n * n);
    for (int k : element_indices(words[1]))
      for (int i : element_indices(words[2]))
        for (int j : element_indices(words[3]))
          for (std::size_t ij : {index(i, j), index(j, i)}) potential.screening[ij * n + k] = s;
  }

  void read_coulomb()
  {
    const CoulombForm form = form_of(words[1], "Coulomb kernel", coulomb_forms);
    const bool has_lambda = form == CoulombForm::screened_gaussian, has_alpha = form == CoulombForm::slater;
    expect(has_lambda || has_alpha ? 4 : 3,
           "coulomb " + words[1] +
               (has_lambda      ? " cutoff lambda"
                    : has_alpha ? " cutoff alpha"
                                : " cutoff"));
    if (potential.has_charges()) fail("a second 'coulomb' line, allowed is one");
    potential.coulomb_cutoff = positive(2, "Coulomb cutoff");
    if (has_lambda) potential.gaussian_screening_length = positive(3, "lambda");
    if (has_alpha) potential.damping = not_negative(3, "alpha");
    potential.coulomb_form = form;
  }

  void read_charge()
  {
    if (potential.charge.empty()) potential.charge.resize(potential.elements.size());
    for (int i : element_indices(words[1])) {
      read_fields("charge El", "charge", potential.charge[i]);
      charge_given[i] = true;
    }
    only_once({words[0], words[1]}, 2);
  }

  void read_wall()
  {
    if (words.size() < 3) expect(5, "wall El upper|lower K q_s");
    if (words[2] != "upper" && words[2] != "lower")
      fail("side of the wall is " + quoted(words[2]) + ", allowed are upper and lower");
    if (potential.charge.empty()) potential.charge.resize(potential.elements.size());
    for (int i : element_indices(words[1])) {
      read_fields("wall El " + words[2], "wall " + words[2], potential.charge[i]);
      wall_line[i] = line_number;
    }
    only_once({words[0], words[1], words[2]}, 3);
  }

  void read_rho()
  {
    if (words.size() == 3) {
      only_once({words[0], words[1]}, 2);
      for (int i : element_indices(words[1])) {
        own_length[i] = positive(2, "rho");
        own_length_line[i] = line_number;
      }
      return;
    }
    expect(4, "rho El El value, or rho El value");
    only_once({words[0], words[1], words[2]}, 1);
    const double rho = positive(3, "rho");
    const std::size_t n = potential.elements.size();
    if (potential.screening_length.empty()) potential.screening_length.resize(n * n);
    for (int i : element_indices(words[1]))
      for (int j : element_indices(words[2]))
        for (std::size_t ij : {index(i, j), index(j, i)}) {
          potential.screening_length[ij] = rho;
          length_given[ij] = true;
        }
  }

  void read_width()
  {
    expect(3, "width El sigma");
    only_once({words[0], words[1]}, 2);
    const double width = positive(2, "width");
    if (potential.gaussian_width.empty()) potential.gaussian_width.resize(potential.elements.size());
    for (int i : element_indices(words[1])) potential.gaussian_width[i] = width;
  }

  void read_slater()
  {
    expect(4, "slater El zeta Z");
    only_once({words[0], words[1]}, 2);
    const double exponent = positive(2, "zeta"), core = not_negative(3, "Z");
    const std::size_t n = potential.elements.size();
    potential.slater_exponent.resize(n), potential.core_charge.resize(n);
    for (int i : element_indices(words[1])) potential.slater_exponent[i] = exponent, potential.core_charge[i] = core;
  }

  void read_shielding()
  {
    expect(3, "shielding El gamma");
    only_once({words[0], words[1]}, 2);
    const double gamma = positive(2, "gamma");
    potential.shielding.resize(potential.elements.size());
    for (int i : element_indices(words[1])) potential.shielding[i] = gamma;
  }

  void read_environment()
  {
    expect(4, "environment El X kappa");
    only_once({words[0], words[1]}, 2);
    const double shift = number(2, "X"), decay = positive(3, "kappa");
    for (int i : element_indices(words[1])) environment_shift[i] = shift, environment_decay[i] = decay;
    environment_line = line_number;
  }

  void read_fade()
  {
    expect(3, "fade El c");
    only_once({words[0], words[1]}, 2);
    const double c = not_negative(2, "c");
    for (int i : element_indices(words[1])) fade[i] = c;
    fade_line = line_number;
  }

  void read_environment_charge()
  {
    expect(3, "environment_charge El q_0");
    only_once({words[0], words[1]}, 2);
    const double q_0 = number(2, "q_0");
    for (int i : element_indices(words[1])) environment_charge[i] = q_0;
    environment_charge_line = line_number;
  }

  void read_environment_weight()
  {
    expect(4, "environment_weight El El s");
    only_once({words[0], words[1], words[2]}, 3);
    const double weight = not_negative(3, "s");
    for (int i : element_indices(words[1]))
      for (int j : element_indices(words[2])) environment_weight[index(i, j)] = weight;
    environment_weight_line = line_number;
  }

  void read_statement()
  {
    const std::string &keyword = words[0];
    if (has_end) fail("read " + quoted(keyword) + " after 'end', allowed are comments");
    if (keyword == "format") return read_format();
    if (!has_format) fail("read " + quoted(keyword) + ", allowed as the first statement is 'format rfmeam 1'");
    if (keyword == "elements") return read_elements();
    if (keyword == "end") {
      expect(1, "end");
      has_end = true;
      return;
    }
    static const std::map<std::string, void (PotentialReader::*)()> statements = {
        {"atomic", &PotentialReader::read_atomic},
        {"pair", &PotentialReader::read_pair},
        {"triple", &PotentialReader::read_triple},
        {"coulomb", &PotentialReader::read_coulomb},
        {"charge", &PotentialReader::read_charge},
        {"rho", &PotentialReader::read_rho},
        {"width", &PotentialReader::read_width},
        {"slater", &PotentialReader::read_slater},
        {"shielding", &PotentialReader::read_shielding},
        {"wall", &PotentialReader::read_wall},
        {"environment", &PotentialReader::read_environment},
        {"environment_charge", &PotentialReader::read_environment_charge},
        {"environment_weight", &PotentialReader::read_environment_weight},
        {"fade", &PotentialReader::read_fade}};
    const auto statement = statements.find(keyword);
    if (statement == statements.end())
      fail("unknown keyword " + quoted(keyword) +
           ", allowed are format elements atomic pair triple coulomb charge rho width slater shielding wall "
           "environment environment_charge environment_weight fade end");
    if (potential.elements.empty()) fail("read " + quoted(keyword) + " before the 'elements' line");
    if (words.size() < 2) fail(quoted(keyword) + " without arguments");
    (this->*statement->second)();
  }

  // ---- the file as a whole

  void check_text()
  {
    line_number = 1;
    for (const char c : text) {
      const auto byte = static_cast<unsigned char>(c);
      if (c == '\n') line_number++;
      if (byte < 32 && c != '\n' && c != '\t' && c != '\r')
        fail("read byte " + std::to_string(int(byte)) + ", allowed is text: this is a binary file");
    }
  }

  void complete_meam()
  {
    const std::size_t n = potential.elements.size();
    const bool any = !potential.element.empty() || !potential.pair.empty() || has_triple;
    if (!any) return;
    for (std::size_t i = 0; i < n; i++) {
      if (!element_given[i]) fail_file("no 'atomic' line for element " + potential.elements[i]);
      for (std::size_t j = 0; j <= i; j++)
        if (!pair_given[index(i, j)])
          fail_file("no 'pair' line for elements " + potential.elements[j] + " " + potential.elements[i]);
    }
    potential.screening.resize(n * n * n);
    potential.set_screening_reach();
  }

  void complete_charges()
  {
    const std::size_t n = potential.elements.size();
    const bool rho_given = !potential.screening_length.empty() ||
        std::any_of(own_length.begin(), own_length.end(), [](double r) { return r > 0.0; });
    const bool any = !potential.charge.empty() || rho_given || !potential.gaussian_width.empty() ||
        !potential.slater_exponent.empty() || !potential.shielding.empty();
    if (!potential.has_charges()) {
      if (any) fail_file("charge parameters without a 'coulomb' line");
      return;
    }
    for (std::size_t i = 0; i < n; i++)
      if (!charge_given[i]) fail_file("no 'charge' line for element " + potential.elements[i]);

    if (rho_given && potential.coulomb_form != CoulombForm::screened_cut)
      fail_file("'rho' lines, allowed only with coulomb screened_cut");
    if (!potential.gaussian_width.empty() && !has_widths(potential.coulomb_form))
      fail_file("'width' lines, allowed only with coulomb gaussian and screened_gaussian");
    if (!potential.slater_exponent.empty() && potential.coulomb_form != CoulombForm::slater)
      fail_file("'slater' lines, allowed only with coulomb slater");
    if (!potential.shielding.empty() && potential.coulomb_form != CoulombForm::shielded)
      fail_file("'shielding' lines, allowed only with coulomb shielded");
    for (std::size_t i = 0; i < n; i++) {
      const auto &upper = potential.charge[i].upper, &lower = potential.charge[i].lower;
      line_number = wall_line[i];
      if (upper.stiffness > 0.0 && lower.stiffness > 0.0 && !(lower.charge < upper.charge))
        fail("the lower wall of " + potential.elements[i] + " is at " + decimal(lower.charge) + " e, allowed is < " +
             decimal(upper.charge) + " e, where its upper wall is");
    }

    if (potential.coulomb_form == CoulombForm::screened_cut) {
      potential.screening_length.resize(n * n);
      for (std::size_t i = 0; i < n; i++) {
        bool own_length_used = false;
        for (std::size_t j = 0; j < n; j++) {
          if (length_given[index(i, j)]) continue;
          own_length_used = true;
          if (own_length[i] <= 0.0 || own_length[j] <= 0.0)
            fail_file("no 'rho' line for elements " + potential.elements[i] + " " + potential.elements[j]);
          potential.screening_length[index(i, j)] = 0.5 * (own_length[i] + own_length[j]);
        }
        line_number = own_length_line[i];
        if (own_length[i] > 0.0 && !own_length_used)
          fail("'rho " + potential.elements[i] + " value' has no effect: every pair with " + potential.elements[i] +
               " has a 'rho El El value' line");
      }
    }
    if (has_widths(potential.coulomb_form)) {
      potential.gaussian_width.resize(n);
      for (std::size_t i = 0; i < n; i++)
        if (!(potential.gaussian_width[i] > 0.0)) fail_file("no 'width' line for element " + potential.elements[i]);
    }
    if (potential.coulomb_form == CoulombForm::slater) {
      potential.slater_exponent.resize(n), potential.core_charge.resize(n);
      for (std::size_t i = 0; i < n; i++)
        if (!(potential.slater_exponent[i] > 0.0)) fail_file("no 'slater' line for element " + potential.elements[i]);
    }
    if (potential.coulomb_form == CoulombForm::shielded) {
      potential.shielding.resize(n);
      for (std::size_t i = 0; i < n; i++)
        if (!(potential.shielding[i] > 0.0)) fail_file("no 'shielding' line for element " + potential.elements[i]);
    }
  }

  void need_both_parts(const std::string &keyword, int line)
  {
    line_number = line;
    if (!potential.has_meam() || !potential.has_charges())
      fail(quoted(keyword) + " line, allowed only with charges and RF-MEAM: there are no '" +
           (potential.has_charges() ? "atomic" : "coulomb") + "' lines");
  }

  void complete_fade()
  {
    if (fade_line == 0) return;
    need_both_parts("fade", fade_line);
    for (std::size_t i = 0; i < potential.elements.size(); i++) potential.charge[i].fade = fade[i];
  }

  void need_environments(const std::string &keyword, int line)
  {
    line_number = line;
    if (line > 0 && environment_line == 0) fail(quoted(keyword) + " line, allowed only with 'environment' lines");
  }

  /// Environments need both parts, and what each element adds to those of others.
  void complete_environment()
  {
    need_environments("environment_charge", environment_charge_line);
    need_environments("environment_weight", environment_weight_line);
    if (environment_line == 0) return;
    need_both_parts("environment", environment_line);
    for (std::size_t i = 0; i < potential.elements.size(); i++) {
      if (!(environment_decay[i] > 0.0))
        fail_file("no 'environment' line for element " + potential.elements[i] +
                  ", allowed is one for all (X may be 0)");
      potential.element[i].environment_decay = environment_decay[i];
      potential.charge[i].environment_shift = environment_shift[i];
      potential.charge[i].environment_charge = environment_charge[i];
    }
    for (std::size_t ij = 0; ij < potential.pair.size(); ij++)
      potential.pair[ij].environment_weight = environment_weight[ij];
  }

  Potential run()
  {
    check_text();
    line_number = 0;
    const std::string byte_order_mark = "\xEF\xBB\xBF";    // some editors begin a file with it
    const std::size_t begin =
        text.compare(0, byte_order_mark.size(), byte_order_mark) == 0 ? byte_order_mark.size() : 0;
    for (std::size_t from = begin; from < text.size();) {
      const std::size_t newline = std::min(text.find('\n', from), text.size());
      const std::string line = text.substr(from, newline - from);
      from = newline + 1;
      const std::string comment = next(line);
      if (!has_format) read_header(comment);
      if (!words.empty()) read_statement();
    }
    if (!has_format) fail_file("no 'format rfmeam 1' line: this is not a potential file");
    if (potential.elements.empty()) fail_file("no 'elements' line");
    if (!has_end) fail_file("no 'end' line: the file is truncated");
    complete_meam();
    complete_charges();
    complete_environment();
    complete_fade();
    if (!potential.has_meam() && !potential.has_charges())
      fail_file("neither 'atomic' nor 'coulomb' lines: the potential is empty");
    return potential;
  }
};

}    // namespace rfmeam

#endif
