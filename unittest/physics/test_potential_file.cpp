// The reader of *.rfmeam files: what it accepts means what the file says, and each bad input is refused with file,
// line, what was read and what is allowed. SPDX-License-Identifier: GPL-2.0-only

#include "random_systems.h"
#include "rfmeam/potential_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <ostream>
#include <sstream>
#include <string>
#include <vector>

using namespace rfmeam;
using namespace rfmeam::test;
using testing::HasSubstr;

namespace {

const std::vector<std::string> good_lines = {
    "# DATE: 2026-01-02 UNITS: metal CONTRIBUTOR: tests CITATION: none",                             // 1
    "format rfmeam 1",                                                                               // 2
    "elements Li F",                                                                                 // 3
    "atomic Li  3.0  1.2 -0.1 0.05 0.30   1.0 0.6 0.8 0.5   1.1 1.3 1.2 1.4   0.3 -0.2 0.15",        // 4
    "atomic F   2.5  0.9  0.2 0.02 0.25   1.4 0.7 0.5 0.9   1.3 1.5 1.1 1.6  -0.2 0.25 0.1",         // 5
    "pair Li Li timonova-thijsse 5.0 4.2  2.8 2.0 0.035  0.10 0.02  1.0 0.9 1.1 0.8",                // 6
    "pair Li F  timonova-thijsse 4.8 4.0  2.1 2.5 0.025 -0.05 0.03  0.9 1.1 0.7 1.2",                // 7
    "pair F  F  srinivasan-duff  3.0 3.8 4.6  0.20 -0.05 0.015      1.1 0.8 1.0 0.9   # comment",    // 8
    "triple * * * 0.5 2.8",                                                                          // 9
    "triple F Li Li 0.8 2.0",                                                                        // 10
    "coulomb screened_cut 7.0",                                                                      // 11
    "charge Li 3.0  4.77 0.0",                                                                       // 12
    "charge F  8.0 10.00 0.5",                                                                       // 13
    "rho * * 2.0",                                                                                   // 14
    "end",                                                                                           // 15
};

std::string joined(const std::vector<std::string> &lines, const std::string &newline = "\n")
{
  std::string text;
  for (const auto &line : lines) text += line + newline;
  return text;
}

Potential read(const std::string &text) { return PotentialReader::read(text, "bad.rfmeam"); }

/// The good file with one line replaced; an empty replacement removes what the line said.
std::string with_line(int number, const std::string &replacement)
{
  auto lines = good_lines;
  lines[number - 1] = replacement;
  return joined(lines);
}

/// The message with which a text is refused; empty if it is accepted.
std::string refusal(const std::string &text)
{
  try {
    read(text);
  } catch (const PotentialFileError &error) {
    return error.what();
  }
  return {};
}

/// Equality of every field, bit for bit.
void expect_same(const Potential &a, const Potential &b)
{
  EXPECT_EQ(a.elements, b.elements);
  EXPECT_EQ(a.coulomb_form, b.coulomb_form);
  EXPECT_EQ(a.coulomb_cutoff, b.coulomb_cutoff);
  EXPECT_EQ(a.screening_length, b.screening_length);
  EXPECT_EQ(a.gaussian_width, b.gaussian_width);
  EXPECT_EQ(a.gaussian_screening_length, b.gaussian_screening_length);
  EXPECT_EQ(a.slater_exponent, b.slater_exponent);
  EXPECT_EQ(a.core_charge, b.core_charge);
  EXPECT_EQ(a.damping, b.damping);
  EXPECT_EQ(a.shielding, b.shielding);
  const auto expect_same_fields = [](const auto &x, const auto &y) {
    ASSERT_EQ(x.size(), y.size());
    for (std::size_t i = 0; i < x.size(); i++)
      x[i].for_each_field([](const Field &field, double u, double v) { EXPECT_EQ(u, v) << field.name; }, x[i], y[i]);
  };
  expect_same_fields(a.element, b.element);
  expect_same_fields(a.pair, b.pair);
  expect_same_fields(a.screening, b.screening);
  expect_same_fields(a.charge, b.charge);
  for (std::size_t i = 0; i < a.pair.size(); i++) EXPECT_EQ(a.pair[i].form, b.pair[i].form);
}

// ---- what a file means

TEST(PotentialFile, EveryNumberArrivesAtItsPlace)
{
  const Potential p = read(joined(good_lines));
  EXPECT_THAT(p.elements, testing::ElementsAre("Li", "F"));
  ASSERT_TRUE(p.has_meam());
  ASSERT_TRUE(p.has_charges());

  const auto &li = p.element[0], &f = p.element[1];
  EXPECT_EQ(li.density_scale, 3.0);
  EXPECT_EQ(f.density_scale, 2.5);
  EXPECT_EQ(li.e0, 1.2);
  EXPECT_EQ(li.e1, -0.1);
  EXPECT_EQ(li.e2, 0.05);
  EXPECT_EQ(li.sigma, 0.30);
  EXPECT_THAT(li.density_amplitude, testing::ElementsAre(1.0, 0.6, 0.8, 0.5));
  EXPECT_THAT(li.density_decay, testing::ElementsAre(1.1, 1.3, 1.2, 1.4));
  EXPECT_THAT(li.density_weight, testing::ElementsAre(0.0, 0.3, -0.2, 0.15));
  EXPECT_THAT(f.density_weight, testing::ElementsAre(0.0, -0.2, 0.25, 0.1));

  const auto &li_f = p.pair[1], &f_f = p.pair[3];
  EXPECT_EQ(li_f.form, PairForm::timonova_thijsse);
  EXPECT_EQ(li_f.r_cut, 4.8);
  EXPECT_EQ(li_f.range, 4.8);
  EXPECT_EQ(li_f.r_start, 4.0);
  EXPECT_EQ(li_f.r_scale, 2.1);
  EXPECT_EQ(li_f.alpha, 2.5);
  EXPECT_EQ(li_f.epsilon, 0.025);
  EXPECT_EQ(li_f.c2, -0.05);
  EXPECT_EQ(li_f.c3, 0.03);
  EXPECT_THAT(li_f.weight, testing::ElementsAre(0.9, 1.1, 0.7, 1.2));
  EXPECT_EQ(p.pair[2].epsilon, 0.025);
  EXPECT_EQ(f_f.form, PairForm::srinivasan_duff);
  EXPECT_THAT(f_f.knot, testing::ElementsAre(3.0, 3.8, 4.6));
  EXPECT_THAT(f_f.coefficient, testing::ElementsAre(0.20, -0.05, 0.015));
  EXPECT_THAT(f_f.weight, testing::ElementsAre(1.1, 0.8, 1.0, 0.9));
  EXPECT_EQ(f_f.r_cut, 4.6);
  EXPECT_EQ(f_f.r_start, 4.6 - 0.5);
  EXPECT_EQ(f_f.range, 4.6);

  EXPECT_EQ(p.coulomb_form, CoulombForm::screened_cut);
  EXPECT_EQ(p.coulomb_cutoff, 7.0);
  EXPECT_EQ(p.charge[0].electronegativity, 3.0);
  EXPECT_EQ(p.charge[0].hardness, 4.77);
  EXPECT_EQ(p.charge[1].energy, 0.5);
  EXPECT_THAT(p.screening_length, testing::ElementsAre(2.0, 2.0, 2.0, 2.0));
}

TEST(PotentialFile, TripleNamesTheScreenerFirstAndIsSymmetricInTheBond)
{
  auto lines = good_lines;
  lines[8] = "triple Li F Li 0.7 2.1", lines[9] = "triple F Li F 0.9 2.3";
  const Potential p = read(joined(lines));
  const auto c_max = [&](int k, int i, int j) { return p.screening[(i * 2 + j) * 2 + k].c_max; };
  for (int k = 0; k < 2; k++)
    for (int i = 0; i < 2; i++)
      for (int j = 0; j < 2; j++)
        EXPECT_EQ(c_max(k, i, j), i == j ? ScreeningParameters<double>().c_max : k == 0 ? 2.1 : 2.3);
}

TEST(PotentialFile, SrinivasanDuffReachesToItsLastKnotWhicheverThatIs)
{
  const Potential p = read(with_line(8, "pair F F srinivasan-duff 5.5 3.8 4.6 0.2 -0.05 0.015 1 1 1 1"));
  EXPECT_EQ(p.pair[3].r_cut, 4.6);
  EXPECT_EQ(p.pair[3].range, 5.5);
}

TEST(PotentialFile, LaterLinesWin)
{
  auto lines = good_lines;
  lines[8] = "triple * * * 0.5 2.8\ntriple Li * F 0.6 2.6\ntriple Li F F 0.7 2.4";
  lines[9] = "triple Li F * 0.75 2.2\ntriple * Li Li 0.8 2.0";
  lines[5] = "pair * * timonova-thijsse 5.0 4.2 2.8 2.0 0.035 0.10 0.02 1 1 1 1\n"
             "pair Li * timonova-thijsse 4.9 4.2 2.8 2.0 0.035 0.10 0.02 1 1 1 1\n"
             "pair Li Li timonova-thijsse 4.7 4.2 2.8 2.0 0.035 0.10 0.02 1 1 1 1";
  lines[6] = lines[7] = "";
  lines[11] = "charge * 1 2 3";
  lines[3] = "atomic * 9 1 1 1 9 1 1 1 1 1 1 1 1 1 1 1";
  const Potential p = read(joined(lines));
  EXPECT_EQ(p.pair[0].r_cut, 4.7);
  EXPECT_EQ(p.pair[1].r_cut, 4.9);
  EXPECT_EQ(p.pair[2].r_cut, 4.9);
  EXPECT_EQ(p.pair[3].r_cut, 5.0);
  const auto c_max = [&](int k, int i, int j) { return p.screening[(i * 2 + j) * 2 + k].c_max; };
  EXPECT_EQ(c_max(0, 0, 0), 2.0);
  EXPECT_EQ(c_max(1, 0, 0), 2.0);
  EXPECT_EQ(c_max(0, 0, 1), 2.2);
  EXPECT_EQ(c_max(0, 1, 0), 2.2);
  EXPECT_EQ(c_max(0, 1, 1), 2.2);
  EXPECT_EQ(c_max(1, 0, 1), 2.8);
  EXPECT_EQ(c_max(1, 1, 1), 2.8);
  EXPECT_EQ(p.charge[0].electronegativity, 1.0);
  EXPECT_EQ(p.charge[1].electronegativity, 8.0);
  EXPECT_EQ(p.element[0].density_scale, 9.0);
  EXPECT_EQ(p.element[1].density_scale, 2.5);

  // a wildcard after a named line overrides it as well
  lines[12] = "charge F 8 10 0.5\ncharge * 4 5 6";
  EXPECT_EQ(read(joined(lines)).charge[1].electronegativity, 4.0);
}

TEST(PotentialFile, OneRhoPerElementIsMixedByTheMean)
{
  auto lines = good_lines;
  lines[13] = "rho Li 1.0\nrho F 2.5";
  EXPECT_THAT(read(joined(lines)).screening_length, testing::ElementsAre(1.0, 1.75, 1.75, 2.5));
  lines[13] = "rho * 1.0\nrho F 2.0\nrho F Li 3.0";
  EXPECT_THAT(read(joined(lines)).screening_length, testing::ElementsAre(1.0, 3.0, 3.0, 2.0));
}

TEST(PotentialFile, WallsBelongToAnElementAndASide)
{
  auto lines = good_lines;
  lines[10] = "wall * lower 400 -1.5\nwall Li upper 30 0.85\n" + lines[10];    // before the charge lines
  lines[13] += "\nwall F lower 50 -1.25";
  const Potential p = read(joined(lines));
  EXPECT_EQ(p.charge[0].hardness, 4.77);
  EXPECT_EQ(p.charge[0].upper.stiffness, 30.0);
  EXPECT_EQ(p.charge[0].upper.charge, 0.85);
  EXPECT_EQ(p.charge[0].lower.stiffness, 400.0);
  EXPECT_EQ(p.charge[0].lower.charge, -1.5);
  EXPECT_EQ(p.charge[1].upper.stiffness, 0.0);
  EXPECT_EQ(p.charge[1].lower.stiffness, 50.0);
  EXPECT_EQ(p.charge[1].lower.charge, -1.25);
  EXPECT_TRUE(CoulombTable(p, k_e).has_walls());
  EXPECT_FALSE(CoulombTable(read(joined(good_lines)), k_e).has_walls());
}

TEST(PotentialFile, EnvironmentsHaveAWeightForEachOrderedPair)
{
  auto lines = good_lines;
  lines[2] += "\nenvironment * 0.5 0.9\nenvironment_weight * F 0.4\nenvironment F -1.5 1.25";    // before all others
  lines[13] += "\nenvironment_weight Li F 0.3";
  const Potential p = read(joined(lines));
  EXPECT_TRUE(p.has_environment());
  EXPECT_EQ(p.charge[0].environment_shift, 0.5);
  EXPECT_EQ(p.charge[1].environment_shift, -1.5);
  EXPECT_EQ(p.charge[1].electronegativity, 8.0);
  EXPECT_EQ(p.element[0].environment_decay, 0.9);
  EXPECT_EQ(p.element[1].environment_decay, 1.25);
  EXPECT_EQ(p.pair[0].environment_weight, 1.0);    // without a line
  EXPECT_EQ(p.pair[1].environment_weight, 0.3);    // of F for Li
  EXPECT_EQ(p.pair[2].environment_weight, 1.0);
  EXPECT_EQ(p.pair[3].environment_weight, 0.4);
  const Potential without = read(joined(good_lines));
  EXPECT_FALSE(without.has_environment());
  EXPECT_EQ(without.pair[1].environment_weight, 0.0);
  EXPECT_EQ(without.charge[0].environment_shift, 0.0);
}

TEST(PotentialFile, EnvironmentsHaveACharge)
{
  auto lines = good_lines;
  lines[2] += "\nenvironment_charge * 0.25\nenvironment_charge F -0.9";    // before the environments
  lines[13] += "\nenvironment * 0.5 0.9";
  const Potential p = read(joined(lines));
  EXPECT_EQ(p.charge[0].environment_charge, 0.25);
  EXPECT_EQ(p.charge[1].environment_charge, -0.9);
  lines[2] = good_lines[2];
  EXPECT_EQ(read(joined(lines)).charge[1].environment_charge, 0.0);
}

TEST(PotentialFile, EmbeddingEnergiesFadeWhereItIsSaid)
{
  auto lines = good_lines;
  lines[2] += "\nfade * 0.5\nfade F 0.25";
  const Potential p = read(joined(lines));
  EXPECT_TRUE(p.fades() && p.couples_charges() && !p.has_environment());
  EXPECT_EQ(p.charge[0].fade, 0.5);
  EXPECT_EQ(p.charge[1].fade, 0.25);
  const Potential without = read(joined(good_lines));
  EXPECT_FALSE(without.fades() || without.couples_charges());
}

TEST(PotentialFile, WindowsLineEndsBlankLinesAndTabsAreAccepted)
{
  const Potential expected = read(joined(good_lines));
  expect_same(read(joined(good_lines, "\r\n")), expected);
  expect_same(read(joined(good_lines, "\n\n  \n# more\n")), expected);
  auto lines = good_lines;
  lines[0] = "# UNITS: metal";    // the unit at the very end of the line
  expect_same(read(joined(lines, "\r\n")), expected);
  for (auto &line : lines) std::replace(line.begin(), line.end(), ' ', '\t');
  expect_same(read(joined(lines)), expected);
  std::string no_newline = joined(good_lines);
  no_newline.pop_back();
  expect_same(read(no_newline), expected);
}

TEST(PotentialFile, ByteOrderMarkIsPassedOver)
{
  EXPECT_EQ(read("\xEF\xBB\xBF" + joined(good_lines)).elements, read(joined(good_lines)).elements);
}

TEST(PotentialFile, EitherPartMayBeMissing)
{
  auto charges = good_lines;
  for (int line : {4, 5, 6, 7, 8, 9, 10}) charges[line - 1] = "";
  EXPECT_FALSE(read(joined(charges)).has_meam());
  EXPECT_EQ(read(joined(charges)).neighbourhood_cutoff(), 0.0);
  auto meam = good_lines;
  for (int line : {11, 12, 13, 14}) meam[line - 1] = "";
  EXPECT_FALSE(read(joined(meam)).has_charges());
  // nor need anything screen
  meam[8] = meam[9] = "";
  EXPECT_EQ(read(joined(meam)).neighbourhood_cutoff(), 5.0);
}

/// A potential as text, 17 digits.
std::string as_text(const Potential &p)
{
  std::ostringstream out;
  out.precision(17);
  const int n = p.num_elements();
  out << "# UNITS: metal\nformat rfmeam 1\nelements";
  for (const auto &e : p.elements) out << ' ' << e;
  out << '\n';
  for (int i = 0; i < n && p.has_meam(); i++) {
    const auto &e = p.element[i];
    out << "atomic " << p.elements[i] << ' ' << e.density_scale << ' ' << e.e0 << ' ' << e.e1 << ' ' << e.e2 << ' '
        << e.sigma;
    for (double x : e.density_amplitude) out << ' ' << x;
    for (double x : e.density_decay) out << ' ' << x;
    for (int l = 1; l < num_partial_densities; l++) out << ' ' << e.density_weight[l];
    out << '\n';
    for (int j = 0; j <= i; j++) {
      const auto &q = p.pair[i * n + j];
      out << "pair " << p.elements[i] << ' ' << p.elements[j];
      if (q.form == PairForm::timonova_thijsse)
        out << " timonova-thijsse " << q.r_cut << ' ' << q.r_start << ' ' << q.r_scale << ' ' << q.alpha << ' '
            << q.epsilon << ' ' << q.c2 << ' ' << q.c3;
      else if (q.form == PairForm::double_exponential)
        out << " double-exponential " << q.r_cut << ' ' << q.r_start << ' ' << q.r_origin << ' ' << q.amplitude[0]
            << ' ' << q.decay[0] << ' ' << q.amplitude[1] << ' ' << q.decay[1];
      else {
        out << " srinivasan-duff";
        for (double x : q.knot) out << ' ' << x;
        for (double x : q.coefficient) out << ' ' << x;
      }
      for (double x : q.weight) out << ' ' << x;
      out << '\n';
      for (int k = 0; k < n; k++) {
        const auto &s = p.screening[(i * n + j) * n + k];
        if (s.c_max > 0.0)
          out << "triple " << p.elements[k] << ' ' << p.elements[i] << ' ' << p.elements[j] << ' ' << s.c_min << ' '
              << s.c_max << '\n';
      }
    }
  }
  for (int i = 0; i < n && p.has_environment(); i++) {
    out << "environment " << p.elements[i] << ' ' << p.charge[i].environment_shift << ' '
        << p.element[i].environment_decay << '\n';
    out << "environment_charge " << p.elements[i] << ' ' << p.charge[i].environment_charge << '\n';
    for (int j = 0; j < n; j++)
      out << "environment_weight " << p.elements[i] << ' ' << p.elements[j] << ' '
          << p.pair[i * n + j].environment_weight << '\n';
  }
  for (int i = 0; i < n && p.fades(); i++) out << "fade " << p.elements[i] << ' ' << p.charge[i].fade << '\n';
  if (p.has_charges()) {
    out << "coulomb " << name_of(p.coulomb_form) << ' ' << p.coulomb_cutoff;
    if (p.coulomb_form == CoulombForm::screened_gaussian) out << ' ' << p.gaussian_screening_length;
    if (p.coulomb_form == CoulombForm::slater) out << ' ' << p.damping;
    out << '\n';
    for (int i = 0; i < n; i++) {
      const auto &c = p.charge[i];
      out << "charge " << p.elements[i] << ' ' << c.electronegativity << ' ' << c.hardness << ' ' << c.energy << '\n';
      if (c.upper.stiffness > 0.0)
        out << "wall " << p.elements[i] << " upper " << c.upper.stiffness << ' ' << c.upper.charge << '\n';
      if (c.lower.stiffness > 0.0)
        out << "wall " << p.elements[i] << " lower " << c.lower.stiffness << ' ' << c.lower.charge << '\n';
      if (has_widths(p.coulomb_form)) out << "width " << p.elements[i] << ' ' << p.gaussian_width[i] << '\n';
      if (p.coulomb_form == CoulombForm::slater)
        out << "slater " << p.elements[i] << ' ' << p.slater_exponent[i] << ' ' << p.core_charge[i] << '\n';
      if (p.coulomb_form == CoulombForm::shielded)
        out << "shielding " << p.elements[i] << ' ' << p.shielding[i] << '\n';
      for (int j = 0; j <= i && p.coulomb_form == CoulombForm::screened_cut; j++)
        out << "rho " << p.elements[j] << ' ' << p.elements[i] << ' ' << p.screening_length[i * n + j] << '\n';
    }
  }
  out << "end\n";
  return out.str();
}

TEST(PotentialFile, RandomPotentialsSurviveTheRoundTripBitForBit)
{
  Random random(151);
  for (int set = 0; set < 60; set++) {
    constexpr int forms = std::size(coulomb_forms);
    const CoulombForm form = set % (forms + 1) == forms ? CoulombForm::none : coulomb_forms[set % (forms + 1)];
    Potential p = random_potential(random, 1 + set % 4, form);
    if (set % 2 == 1) add_walls(random, p);
    if (set % 3 == 1 && form != CoulombForm::none) add_environment(random, p), add_environment_charges(random, p);
    if (set % 4 == 1 && form != CoulombForm::none) add_fade(random, p);
    expect_same(read(as_text(p)), p);
  }
}

TEST(PotentialFile, SixtyFourElementsAreAllowedAndNoMore)
{
  Random random(152);
  Potential many = random_potential(random, 1, CoulombForm::none);
  std::string names;
  for (int i = 0; i < 64; i++) names += " X" + std::to_string(i);
  const std::string rest = "\natomic * 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1\n"
                           "pair * * timonova-thijsse 5 4 2 2 1 0 0 1 1 1 1\ntriple * * * 0.5 2.8\nend\n";
  const Potential p = read("# UNITS: metal\nformat rfmeam 1\nelements" + names + rest);
  EXPECT_EQ(p.num_elements(), 64);
  EXPECT_EQ(p.screening.size(), 64u * 64u * 64u);
  EXPECT_THAT(refusal("# UNITS: metal\nformat rfmeam 1\nelements One" + names + rest),
              testing::AllOf(HasSubstr("bad.rfmeam:3: "), HasSubstr("65"), HasSubstr("1 to 64")));
}

// ---- what is refused

struct BadInput {
  const char *name;
  int line;                             ///< of the good file that is replaced
  std::string text;                     ///< with this
  int reported_line;                    ///< that the message names; 0: a message about the whole file
  std::vector<std::string> contains;    ///< the value read and what is allowed
};

std::ostream &operator<<(std::ostream &out, const BadInput &bad) { return out << bad.name; }

/// A line of the good file with one of its words replaced.
std::string word_replaced(int line, int word, const std::string &replacement)
{
  std::istringstream words(good_lines[line - 1].substr(0, good_lines[line - 1].find('#')));
  std::string result, w;
  for (int n = 0; words >> w; n++) result += (n == word ? replacement : w) + " ";
  return result;
}

const std::string exponential = "pair Li F double-exponential 4.8 4.0 2.0 0.5 3.0 -0.7 1.2";

/// The same with its weights and one word replaced.
std::string exponential_with(int word, const std::string &replacement)
{
  std::istringstream words(exponential + " 1 1 1 1");
  std::string result, w;
  for (int n = 0; words >> w; n++) result += (n == word ? replacement : w) + " ";
  return result;
}

const std::vector<BadInput> bad_inputs = {
    // header, format
    {"no_units", 1, "# DATE: 2026-01-02", 2, {"UNITS: metal"}},
    {"no_header", 1, "", 2, {"UNITS: metal"}},
    {"other_units", 1, "# UNITS: real", 1, {"'real'", "allowed is metal"}},
    {"empty_units", 1, "# UNITS:", 1, {"UNITS: is empty", "allowed is metal"}},
    {"units_too_late", 1, "format rfmeam 1\n# UNITS: metal", 1, {"UNITS: metal"}},
    {"second_units_differ", 1, "# UNITS: metal\n# UNITS: si", 2, {"'si'", "allowed is metal"}},
    {"no_format", 2, "", 3, {"'elements'", "'format rfmeam 1'"}},
    {"other_format", 2, "format meam 1", 2, {"'meam 1'", "'rfmeam 1'"}},
    {"other_version", 2, "format rfmeam 2", 2, {"'rfmeam 2'", "'rfmeam 1'"}},
    {"version_is_no_number", 2, "format rfmeam one", 2, {"'rfmeam one'", "'rfmeam 1'"}},
    {"format_without_version", 2, "format rfmeam", 2, {"'format rfmeam'", "3"}},
    {"second_format", 3, "format rfmeam 1", 3, {"second 'format'", "one"}},
    // elements
    {"no_elements", 3, "", 4, {"'atomic'", "'elements'"}},
    {"empty_elements", 3, "elements", 3, {"0 elements", "1 to 64"}},
    {"second_elements", 4, "elements Li F", 4, {"second 'elements'", "one"}},
    {"element_repeated", 3, "elements Li F Li", 3, {"'Li' is repeated", "once"}},
    {"element_is_wildcard", 3, "elements Li *", 3, {"'*'", "chemical symbol"}},
    {"element_is_null", 3, "elements Li NULL", 3, {"'NULL'", "chemical symbol"}},
    // atomic
    {"unknown_keyword", 4, "atom Li 1 2 3", 4, {"'atom'", "format elements atomic pair triple coulomb charge"}},
    {"keyword_in_capitals", 4, "ATOMIC Li 1 2 3", 4, {"'ATOMIC'", "atomic"}},
    {"keyword_alone", 4, "atomic", 4, {"'atomic' without arguments"}},
    {"atomic_missing", 5, "", 0, {"'atomic'", "F"}},
    {"atomic_repeated", 5, good_lines[3], 5, {"second 'atomic Li'", "one"}},
    {"atomic_of_other_element", 5, word_replaced(5, 1, "O"), 5, {"'O'", "Li F"}},
    {"atomic_too_short", 4, "atomic Li 3.0 1.2", 4, {"'atomic Li 3.0 1.2'", "18"}},
    {"atomic_too_long", 4, good_lines[3] + " 1", 4, {"19 words", "18"}},
    {"n_zero", 4, word_replaced(4, 2, "0"), 4, {"n is '0'", "> 0"}},
    {"n_negative", 4, word_replaced(4, 2, "-3.0"), 4, {"n is '-3.0'", "> 0"}},
    {"sigma_zero", 4, word_replaced(4, 6, "0.0"), 4, {"sigma is '0.0'", "> 0"}},
    {"sigma_negative", 4, word_replaced(4, 6, "-1"), 4, {"sigma is '-1'", "> 0"}},
    {"sigma_underflows", 4, word_replaced(4, 6, "1e-400"), 4, {"sigma is '1e-400'", "> 0"}},
    {"p0_negative", 4, word_replaced(4, 7, "-0.1"), 4, {"p0 is '-0.1'", ">= 0"}},
    {"not_a_number", 4, word_replaced(4, 3, "1.2x"), 4, {"e0 is '1.2x'", "finite number"}},
    {"nan", 4, word_replaced(4, 3, "nan"), 4, {"e0 is 'nan'", "finite number"}},
    {"nan_of_c", 4, word_replaced(4, 3, "-NaN(7)"), 4, {"'-NaN(7)'", "finite number"}},
    {"inf", 4, word_replaced(4, 4, "inf"), 4, {"e1 is 'inf'", "finite number"}},
    {"infinity", 4, word_replaced(4, 5, "-Infinity"), 4, {"e2 is '-Infinity'", "finite number"}},
    {"overflow", 4, word_replaced(4, 8, "1e400"), 4, {"'1e400'", "finite number"}},
    {"hex", 4, word_replaced(4, 12, "0x1p3"), 4, {"'0x1p3'", "finite number"}},
    {"fortran_exponent", 4, word_replaced(4, 12, "1.0d0"), 4, {"'1.0d0'", "finite number"}},
    {"two_points", 4, word_replaced(4, 16, "1.0.0"), 4, {"'1.0.0'", "finite number"}},
    {"comma", 4, word_replaced(4, 17, "0,15"), 4, {"'0,15'", "finite number"}},
    {"sign_only", 4, word_replaced(4, 17, "-"), 4, {"'-'", "finite number"}},
    {"exponent_only", 4, word_replaced(4, 17, "e5"), 4, {"'e5'", "finite number"}},
    {"exponent_without_number", 4, word_replaced(4, 17, "1e"), 4, {"'1e'", "finite number"}},
    {"two_signs", 4, word_replaced(4, 17, "--1"), 4, {"'--1'", "finite number"}},
    // pair
    {"pair_missing", 7, "", 0, {"'pair'", "Li F"}},
    {"pair_repeated", 8, good_lines[6], 8, {"second 'pair F Li'", "one"}},
    {"pair_repeated_other_order", 8, "pair F Li" + good_lines[6].substr(10), 8, {"second 'pair F Li'", "one"}},
    {"pair_of_other_element", 7, word_replaced(7, 2, "Na"), 7, {"'Na'", "Li F"}},
    {"pair_form_unknown",
     7,
     word_replaced(7, 3, "buckingham"),
     7,
     {"'buckingham'", "timonova-thijsse, srinivasan-duff and double-exponential"}},
    {"pair_form_missing", 7, "pair Li F", 7, {"3 words", "'pair Li F'", "4"}},
    {"timonova_too_short", 7, "pair Li F timonova-thijsse 4.8 4.0 2.1", 7, {"7 words", "15"}},
    {"timonova_too_long", 7, good_lines[6] + " 9", 7, {"16 words", "15"}},
    {"srinivasan_too_short", 8, "pair F F srinivasan-duff 3.0 3.8", 8, {"6 words", "14"}},
    {"srinivasan_too_long", 8, word_replaced(8, 13, "0.9 1"), 8, {"15 words", "14"}},
    {"exponential_too_short", 7, exponential + " 1 1 1", 7, {"14 words", "15", "rc rs r0 A1 k1 A2 k2 w0 w1 w2 w3"}},
    {"exponential_too_long", 7, exponential + " 1 1 1 1 1", 7, {"16 words", "15"}},
    {"exponential_start_beyond_cutoff", 7, exponential_with(5, "4.9"), 7, {"rs is '4.9'", "< rc = '4.8'"}},
    {"exponential_origin_zero", 7, exponential_with(6, "0"), 7, {"r0 is '0'", "> 0"}},
    {"exponential_core_attracts", 7, exponential_with(7, "-0.5"), 7, {"A1 is '-0.5'", "> 0"}},
    {"exponential_core_grows", 7, exponential_with(8, "-3"), 7, {"k1 is '-3'", "> 0"}},
    {"exponential_decays_alike", 7, exponential_with(10, "3.0"), 7, {"k2 is '3.0'", "< k1 = '3.0'"}},
    {"exponential_without_core", 7, exponential_with(10, "3.5"), 7, {"k2 is '3.5'", "< k1 = '3.0'"}},
    {"exponential_amplitude_is_no_number", 7, exponential_with(9, "A"), 7, {"A2 is 'A'", "finite number"}},
    {"cutoff_negative", 7, word_replaced(7, 4, "-4.8"), 7, {"rc is '-4.8'", "> 0"}},
    {"cutoff_zero", 7, word_replaced(7, 4, "0"), 7, {"rc is '0'", "> 0"}},
    {"start_negative", 7, word_replaced(7, 5, "-1"), 7, {"rs is '-1'", ">= 0"}},
    {"start_is_cutoff", 7, word_replaced(7, 5, "4.8"), 7, {"rs is '4.8'", "< rc = '4.8'"}},
    {"start_beyond_cutoff", 7, word_replaced(7, 5, "5"), 7, {"rs is '5'", "< rc = '4.8'"}},
    {"scale_zero", 7, word_replaced(7, 6, "0"), 7, {"rp is '0'", "> 0"}},
    {"weight_negative", 7, word_replaced(7, 11, "-0.9"), 7, {"w0 is '-0.9'", ">= 0"}},
    {"knot_negative", 8, word_replaced(8, 4, "-3.0"), 8, {"'-3.0'", "> 0"}},
    {"last_knot_below_half", 8, word_replaced(8, 6, "0.4"), 8, {"s3 is '0.4'", ">= 0.5"}},
    {"coefficient_is_no_number", 8, word_replaced(8, 8, "b"), 8, {"'b'", "finite number"}},
    // triple
    {"c_min_is_c_max", 10, "triple F Li Li 2.0 2.0", 10, {"Cmin is '2.0'", "< Cmax = '2.0'"}},
    {"c_min_above_c_max", 10, "triple F Li Li 2.5 2.0", 10, {"Cmin is '2.5'", "< Cmax = '2.0'"}},
    {"c_min_negative", 10, "triple F Li Li -0.5 2.0", 10, {"Cmin is '-0.5'", ">= 0"}},
    {"c_max_one", 10, "triple F Li Li 0.5 1.0", 10, {"Cmax is '1.0'", "> 1"}},
    {"c_max_below_one", 10, "triple F Li Li 0.5 0.9", 10, {"Cmax is '0.9'", "> 1"}},
    {"triple_too_short", 10, "triple F Li 0.5 2.0", 10, {"5 words", "6"}},
    {"triple_too_long", 10, "triple F Li Li 0.5 2.0 2.5", 10, {"7 words", "6"}},
    {"triple_of_other_element", 10, "triple O Li Li 0.5 2.0", 10, {"'O'", "Li F"}},
    {"triple_repeated", 10, "triple F Li F 0.8 2.0\ntriple F F Li 0.8 2.0", 11, {"second 'triple F F Li'", "one"}},
    // charges
    {"coulomb_missing", 11, "", 0, {"'coulomb'"}},
    {"coulomb_repeated", 12, good_lines[10], 12, {"second 'coulomb'", "one"}},
    {"coulomb_unknown",
     11,
     "coulomb wolf 7.0",
     11,
     {"'wolf'", "screened_cut, direct_cut, gaussian, screened_gaussian, slater and shielded"}},
    {"coulomb_without_cutoff", 11, "coulomb screened_cut", 11, {"2 words", "3"}},
    {"coulomb_too_long", 11, "coulomb screened_cut 7.0 8.0", 11, {"4 words", "3"}},
    {"coulomb_cutoff_negative", 11, "coulomb screened_cut -7", 11, {"'-7'", "> 0"}},
    {"coulomb_cutoff_nan", 11, "coulomb screened_cut nan", 11, {"'nan'", "finite number"}},
    {"charge_missing", 13, "", 0, {"'charge'", "F"}},
    {"charge_repeated", 13, good_lines[11], 13, {"second 'charge Li'", "one"}},
    {"charge_too_short", 12, "charge Li 3.0 4.77", 12, {"4 words", "5"}},
    {"charge_too_long", 12, "charge Li 3.0 4.77 0.0 -1 1", 12, {"7 words", "5"}},
    {"hardness_zero", 12, "charge Li 3.0 0 0.0", 12, {"J is '0'", "> 0"}},
    {"hardness_negative", 12, "charge Li 3.0 -1 0.0", 12, {"J is '-1'", "> 0"}},
    {"rho_missing", 14, "", 0, {"'rho'", "Li Li"}},
    {"rho_of_one_element_missing", 14, "rho Li 2.0", 0, {"'rho'", "Li F"}},
    {"rho_zero", 14, "rho * * 0", 14, {"rho is '0'", "> 0"}},
    {"rho_too_long", 14, "rho * * 2.0 2.0", 14, {"5 words", "4"}},
    {"rho_repeated", 14, "rho Li F 2.0\nrho F Li 2.0", 15, {"second 'rho F Li'", "one"}},
    {"rho_without_effect", 14, "rho * * 2.0\nrho F 1.6", 15, {"'rho F value'", "no effect", "rho El El value"}},
    {"rho_of_other_kernel", 11, "coulomb direct_cut 7.0", 0, {"'rho'", "screened_cut"}},
    {"width_of_other_kernel", 14, "rho * * 2.0\nwidth * 0.5", 0, {"'width'", "gaussian"}},
    {"width_missing", 11, "coulomb gaussian 7.0", 0, {"rho"}},
    {"lambda_missing", 11, "coulomb screened_gaussian 7.0", 11, {"3 words", "4", "lambda"}},
    {"lambda_zero", 11, "coulomb screened_gaussian 7.0 0", 11, {"lambda is '0'", "> 0"}},
    {"lambda_of_other_kernel", 11, "coulomb gaussian 7.0 2.6", 11, {"4 words", "3", "coulomb gaussian cutoff"}},
    {"alpha_missing", 11, "coulomb slater 7.0", 11, {"3 words", "4", "coulomb slater cutoff alpha"}},
    {"alpha_negative", 11, "coulomb slater 7.0 -0.2", 11, {"alpha is '-0.2'", ">= 0"}},
    {"alpha_is_no_number", 11, "coulomb slater 7.0 wolf", 11, {"alpha is 'wolf'", "finite number"}},
    {"slater_of_other_kernel", 14, "rho * * 2.0\nslater * 1 0", 0, {"'slater'", "coulomb slater"}},
    {"shielded_with_too_much", 11, "coulomb shielded 7.0 0.3", 11, {"4 words", "3", "coulomb shielded cutoff"}},
    {"shielding_of_other_kernel", 14, "rho * * 2.0\nshielding * 1", 0, {"'shielding'", "coulomb shielded"}},
    // walls
    {"wall_too_short", 14, "rho * * 2\nwall Li upper 30", 15, {"4 words", "5", "wall El upper K q_s"}},
    {"wall_too_long", 14, "rho * * 2\nwall Li upper 30 0.8 1", 15, {"6 words", "5"}},
    {"wall_of_no_side", 14, "rho * * 2\nwall Li 30 0.8 1", 15, {"side of the wall is '30'", "upper and lower"}},
    {"wall_of_other_element", 14, "rho * * 2\nwall Na upper 30 0.8", 15, {"'Na'", "Li F"}},
    {"wall_without_stiffness", 14, "rho * * 2\nwall Li upper 0 0.8", 15, {"K is '0'", "> 0"}},
    {"wall_that_attracts", 14, "rho * * 2\nwall Li upper -30 0.8", 15, {"K is '-30'", "> 0"}},
    {"wall_at_no_number", 14, "rho * * 2\nwall Li upper 30 top", 15, {"q_s is 'top'", "finite number"}},
    {"wall_repeated", 14, "rho * * 2\nwall F lower 3 -1\nwall F lower 3 -1", 16, {"second 'wall F lower'", "one"}},
    {"walls_crossed",
     14,
     "rho * * 2\nwall * upper 30 0.8\nwall F lower 30 0.9\nwall Li lower 30 -1",
     16,
     {"lower wall of F is at 0.9 e", "< 0.8 e"}},
    {"walls_touch", 14, "rho * * 2\nwall F lower 30 0.5\nwall F upper 30 0.5", 16, {"0.5 e", "< 0.5 e"}},
    {"wall_without_coulomb", 11, "wall Li upper 30 0.8", 0, {"without a 'coulomb' line"}},
    {"wall_without_charge", 13, "wall F upper 30 0.8", 0, {"no 'charge' line for element F"}},
    // environments
    {"environment_too_short", 14, "rho * * 2\nenvironment Li 1", 15, {"3 words", "4", "environment El X kappa"}},
    {"environment_too_long", 14, "rho * * 2\nenvironment Li 1 1 1", 15, {"5 words", "4"}},
    {"environment_of_other_element", 14, "rho * * 2\nenvironment Na 1 1", 15, {"'Na'", "Li F"}},
    {"environment_at_no_number", 14, "rho * * 2\nenvironment * X 1", 15, {"X is 'X'", "finite number"}},
    {"environment_without_decay", 14, "rho * * 2\nenvironment * 1 0", 15, {"kappa is '0'", "> 0"}},
    {"environment_that_grows", 14, "rho * * 2\nenvironment * 1 -1", 15, {"kappa is '-1'", "> 0"}},
    {"environment_repeated",
     14,
     "rho * * 2\nenvironment F 1 1\nenvironment F 1 1",
     16,
     {"second 'environment F'", "one"}},
    {"environment_of_one_element", 14, "rho * * 2\nenvironment Li 1 1", 0, {"'environment'", "F", "X may be 0"}},
    {"environment_without_charges", 11, "environment * 1 1", 0, {"'coulomb'"}},
    {"fade_too_short", 14, "rho * * 2\nfade Li", 15, {"2 words", "3", "fade El c"}},
    {"fade_too_long", 14, "rho * * 2\nfade Li 1 1", 15, {"4 words", "3"}},
    {"fade_of_other_element", 14, "rho * * 2\nfade Na 1", 15, {"'Na'", "Li F"}},
    {"fade_negative", 14, "rho * * 2\nfade F -1", 15, {"c is '-1'", ">= 0"}},
    {"fade_at_no_number", 14, "rho * * 2\nfade F inf", 15, {"c is 'inf'", "finite number"}},
    {"fade_repeated", 14, "rho * * 2\nfade F 1\nfade F 1", 16, {"second 'fade F'", "one"}},
    {"environment_charge_too_short",
     14,
     "rho * * 2\nenvironment_charge Li",
     15,
     {"2 words", "3", "environment_charge El q_0"}},
    {"environment_charge_too_long", 14, "rho * * 2\nenvironment_charge Li 1 1", 15, {"4 words", "3"}},
    {"environment_charge_of_other_element", 14, "rho * * 2\nenvironment_charge Na 1", 15, {"'Na'", "Li F"}},
    {"environment_charge_at_no_number",
     14,
     "rho * * 2\nenvironment_charge Li inf",
     15,
     {"q_0 is 'inf'", "finite number"}},
    {"environment_charge_repeated",
     14,
     "rho * * 2\nenvironment_charge F 1\nenvironment_charge F 1",
     16,
     {"second 'environment_charge F'", "one"}},
    {"environment_charge_alone",
     14,
     "rho * * 2\nenvironment_charge F 1",
     15,
     {"'environment_charge' line", "only with 'environment' lines"}},
    {"environment_weight_too_short",
     14,
     "rho * * 2\nenvironment_weight Li F",
     15,
     {"3 words", "4", "environment_weight El El s"}},
    {"environment_weight_too_long", 14, "rho * * 2\nenvironment_weight Li F 1 1", 15, {"5 words", "4"}},
    {"environment_weight_of_other_element", 14, "rho * * 2\nenvironment_weight Li Na 1", 15, {"'Na'", "Li F"}},
    {"environment_weight_negative", 14, "rho * * 2\nenvironment_weight Li F -1", 15, {"s is '-1'", ">= 0"}},
    {"environment_weight_at_no_number",
     14,
     "rho * * 2\nenvironment_weight Li F nan",
     15,
     {"s is 'nan'", "finite number"}},
    {"environment_weight_repeated",
     14,
     "rho * * 2\nenvironment_weight Li F 1\nenvironment_weight F Li 1\nenvironment_weight Li F 1",
     17,
     {"second 'environment_weight Li F'", "one"}},
    {"environment_weight_alone",
     14,
     "rho * * 2\nenvironment_weight Li F 1",
     15,
     {"'environment_weight' line", "only with 'environment' lines"}},
    // the end
    {"no_end", 15, "", 0, {"'end'", "truncated"}},
    {"end_with_argument", 15, "end of file", 15, {"'end of file'", "1"}},
    {"statement_after_end", 15, "end\ntriple F * * 0.5 2.8", 16, {"'triple'", "'end'"}},
    {"control_character", 9, "triple * * * 0.5 2.8 \x01", 9, {"byte 1", "binary"}},
    {"control_character_in_comment", 9, "# \x1b[31mred", 9, {"byte 27", "binary"}},
};

class BadPotentialFile : public testing::TestWithParam<BadInput> {};

INSTANTIATE_TEST_SUITE_P(Each, BadPotentialFile, testing::ValuesIn(bad_inputs),
                         [](const auto &info) { return std::string(info.param.name); });

TEST_P(BadPotentialFile, IsRefusedWithFileLineValueAndWhatIsAllowed)
{
  const BadInput &bad = GetParam();
  const std::string message = refusal(with_line(bad.line, bad.text));
  const std::string where =
      bad.reported_line ? "bad.rfmeam:" + std::to_string(bad.reported_line) + ": " : "bad.rfmeam: ";
  EXPECT_EQ(message.substr(0, where.size()), where) << message;
  for (const auto &part : bad.contains) EXPECT_THAT(message, HasSubstr(part));
  // the same with Windows line ends
  auto lines = good_lines;
  lines[bad.line - 1] = bad.text;
  EXPECT_EQ(refusal(joined(lines, "\r\n")), message);
}

TEST(BadPotentialFile, GaussianWithoutWidth)
{
  auto lines = good_lines;
  lines[10] = "coulomb gaussian 7.0", lines[13] = "";
  EXPECT_THAT(refusal(joined(lines)), testing::AllOf(HasSubstr("bad.rfmeam: "), HasSubstr("'width'"), HasSubstr("Li")));
  lines[13] = "width Li 0.5";
  EXPECT_THAT(refusal(joined(lines)), testing::AllOf(HasSubstr("'width'"), HasSubstr("F")));
  lines[13] = "width Li 0.5\nwidth F -0.5";
  EXPECT_THAT(refusal(joined(lines)),
              testing::AllOf(HasSubstr("bad.rfmeam:15: "), HasSubstr("'-0.5'"), HasSubstr("> 0")));
  lines[13] = "width Li 0.5\nwidth Li 0.6";
  EXPECT_THAT(refusal(joined(lines)), HasSubstr("second 'width Li'"));
  lines[13] = "width Li 0.5\nwidth F 0.5 0.5";
  EXPECT_THAT(refusal(joined(lines)), HasSubstr("3: width El sigma"));
  lines[13] = "width * 0.5";
  EXPECT_EQ(refusal(joined(lines)), "");
}

TEST(BadPotentialFile, SlaterWithoutExponents)
{
  auto lines = good_lines;
  const auto with = [&](const std::string &text) {
    lines[13] = text;
    return refusal(joined(lines));
  };
  lines[10] = "coulomb slater 7.0 0.3";
  EXPECT_THAT(with(""), testing::AllOf(HasSubstr("bad.rfmeam: "), HasSubstr("no 'slater' line"), HasSubstr("Li")));
  EXPECT_THAT(with("slater Li 0.9 1"), testing::AllOf(HasSubstr("no 'slater' line"), HasSubstr("F")));
  EXPECT_THAT(with("slater * 0 1"), testing::AllOf(HasSubstr("bad.rfmeam:14: zeta is '0'"), HasSubstr("> 0")));
  EXPECT_THAT(with("slater * 1 -1"), testing::AllOf(HasSubstr("bad.rfmeam:14: Z is '-1'"), HasSubstr(">= 0")));
  EXPECT_THAT(with("slater * 1 Z"), testing::AllOf(HasSubstr("bad.rfmeam:14: Z is 'Z'"), HasSubstr("finite number")));
  EXPECT_THAT(with("slater * 1"), HasSubstr("4: slater El zeta Z"));
  EXPECT_THAT(with("slater Na 1 0"), testing::AllOf(HasSubstr("'Na'"), HasSubstr("Li F")));
  EXPECT_THAT(with("slater Li 1 0\nslater Li 1 0"), HasSubstr("second 'slater Li'"));
  EXPECT_EQ(with("slater * 1 0\nslater Li 0.9 0.8"), "");
  const Potential p = read(joined(lines));
  EXPECT_EQ(p.damping, 0.3);
  EXPECT_THAT(p.slater_exponent, testing::ElementsAre(0.9, 1.0));
  EXPECT_THAT(p.core_charge, testing::ElementsAre(0.8, 0.0));
}

TEST(BadPotentialFile, ShieldedWithoutShielding)
{
  auto lines = good_lines;
  const auto with = [&](const std::string &text) {
    lines[13] = text;
    return refusal(joined(lines));
  };
  lines[10] = "coulomb shielded 10.0";
  EXPECT_THAT(with(""), testing::AllOf(HasSubstr("bad.rfmeam: "), HasSubstr("no 'shielding' line"), HasSubstr("Li")));
  EXPECT_THAT(with("shielding * -1"), testing::AllOf(HasSubstr("bad.rfmeam:14: gamma is '-1'"), HasSubstr("> 0")));
  EXPECT_THAT(with("shielding * 1 1"), HasSubstr("3: shielding El gamma"));
  EXPECT_THAT(with("shielding F 1\nshielding F 1"), HasSubstr("second 'shielding F'"));
  EXPECT_EQ(with("shielding Li 0.7\nshielding F 0.9"), "");
  EXPECT_THAT(read(joined(lines)).shielding, testing::ElementsAre(0.7, 0.9));
}

TEST(BadPotentialFile, EnvironmentsAndFadeNeedBothParts)
{
  for (const std::string line : {"environment * 1 1", "fade * 1"}) {
    const std::string keyword = "'" + line.substr(0, line.find(' ')) + "'";
    auto charges = good_lines;
    for (int n : {4, 5, 6, 7, 8, 9, 10}) charges[n - 1] = "";
    charges[13] += "\n" + line;
    EXPECT_THAT(refusal(joined(charges)),
                testing::AllOf(HasSubstr("bad.rfmeam:15: "), HasSubstr(keyword), HasSubstr("no 'atomic' lines")));
    auto meam = good_lines;
    for (int n : {11, 12, 13, 14}) meam[n - 1] = "";
    meam[13] = line;
    EXPECT_THAT(refusal(joined(meam)),
                testing::AllOf(HasSubstr("bad.rfmeam:14: "), HasSubstr(keyword), HasSubstr("no 'coulomb' lines")));
  }
}

TEST(PotentialFile, ScreenedGaussianHasALengthForAllPairsAndWidths)
{
  auto lines = good_lines;
  lines[10] = "coulomb screened_gaussian 9.0 2.6", lines[13] = "width Li 0.9\nwidth F 0.7";
  const Potential p = read(joined(lines));
  EXPECT_EQ(p.coulomb_form, CoulombForm::screened_gaussian);
  EXPECT_EQ(p.coulomb_cutoff, 9.0);
  EXPECT_EQ(p.gaussian_screening_length, 2.6);
  EXPECT_THAT(p.gaussian_width, testing::ElementsAre(0.9, 0.7));
  lines[13] = "width Li 0.9";
  EXPECT_THAT(refusal(joined(lines)), testing::AllOf(HasSubstr("'width'"), HasSubstr("F")));
}

TEST(BadPotentialFile, EmptyOrOfAnotherKind)
{
  for (const std::string &text : {std::string(), std::string("\n\n"), std::string("# UNITS: metal\n")})
    EXPECT_THAT(refusal(text), testing::AllOf(HasSubstr("bad.rfmeam: "), HasSubstr("format rfmeam 1")));
  EXPECT_THAT(refusal("# UNITS: metal\nformat rfmeam 1\nend\n"), HasSubstr("'elements'"));
  EXPECT_THAT(refusal("# UNITS: metal\nformat rfmeam 1\nelements Li\nend\n"), HasSubstr("empty"));
  EXPECT_THAT(refusal("{\"model\": [1, 2]}"), HasSubstr("format rfmeam 1"));
  EXPECT_THAT(refusal(std::string("\x7f"
                                  "ELF\x02\x01\x01\0\0",
                                  9)),
              HasSubstr("binary"));
  EXPECT_THAT(refusal(std::string("f\0o\0r\0m\0", 8)), HasSubstr("binary"));
}

TEST(BadPotentialFile, MessageStaysShortForAnEndlessLine)
{
  for (const std::string &line : {std::string(1000000, 'x'), "atomic Li " + std::string(1000000, '1'),
                                  "atomic " + std::string(1000000, 'L') + good_lines[3].substr(9), [] {
                                    std::string many = "atomic Li";
                                    for (int n = 0; n < 100000; n++) many += " 1";
                                    return many;
                                  }()}) {
    const std::string message = refusal(with_line(4, line));
    EXPECT_THAT(message, HasSubstr("bad.rfmeam:4: "));
    EXPECT_LT(message.size(), 400u);
  }
}

TEST(BadPotentialFile, TruncatedAtAnyByte)
{
  for (const std::string &newline : {std::string("\n"), std::string("\r\n")}) {
    const std::string text = joined(good_lines, newline);
    const std::size_t complete = text.size() - newline.size();
    for (std::size_t size = 0; size < text.size(); size++)
      EXPECT_EQ(refusal(text.substr(0, size)).empty(), size >= complete) << "truncated to " << size << " bytes";
  }
}

TEST(BadPotentialFile, RandomChangesNeverCrash)
{
  // whatever happens to the text, the reader accepts it or throws PotentialFileError; what it accepts can be used
  const std::string text = joined(good_lines);
  const std::vector<std::string> pieces = {"\n",
                                           " ",
                                           "*",
                                           "#",
                                           "end",
                                           "-",
                                           "1e308",
                                           "nan",
                                           "0",
                                           "Li",
                                           "\r",
                                           "\t",
                                           "pair ",
                                           "triple",
                                           "charge",
                                           "rho",
                                           "width",
                                           "\x80",
                                           "wall ",
                                           "upper",
                                           "F",
                                           "1",
                                           "e99",
                                           "0.5",
                                           "elements X\n",
                                           "environment * 1 "};
  Random random(153);
  int accepted = 0;
  for (int n = 0; n < 20000; n++) {
    std::string changed = text;
    const int changes = 1 + random.integer(3);
    for (int c = 0; c < changes; c++) {
      const std::size_t at = random.integer(static_cast<int>(changed.size()));
      switch (random.integer(4)) {
        case 0:
          changed.erase(at, 1 + random.integer(8));
          break;
        case 1:
          changed.insert(at, pieces[random.integer(static_cast<int>(pieces.size()))]);
          break;
        case 2:
          changed[at] = char(random.integer(256));
          break;
        default:
          changed.insert(at, changed.substr(random.integer(static_cast<int>(changed.size())), 1 + random.integer(80)));
      }
    }
    try {
      const Potential p = read(changed);
      accepted++;
      EXPECT_GE(p.neighbourhood_cutoff(), p.pair_cutoff());
      EXPECT_TRUE(!p.has_environment() || p.has_charges());
      EXPECT_EQ(CoulombTable(p, k_e).pair.size(), p.has_charges() ? p.elements.size() * p.elements.size() : 0u);
    } catch (const PotentialFileError &error) {
      EXPECT_EQ(std::string(error.what()).rfind("bad.rfmeam:", 0), 0u) << error.what();
    }
  }
  EXPECT_GT(accepted, 1000);
  EXPECT_LT(accepted, 19000);
}

// ---- files in the repository

TEST(PotentialFile, PotentialsOfTheRepositoryAreValid)
{
  int found = 0;
  for (const std::string folder : {TEST_DATA_DIR, POTENTIALS_DIR, TEST_DATA_DIR "/../fuzz/corpus"})
    if (std::filesystem::exists(folder))
      for (const auto &entry : std::filesystem::recursive_directory_iterator(folder)) {
        if (entry.path().extension() != ".rfmeam") continue;
        std::ifstream file(entry.path(), std::ios::binary);
        std::stringstream text;
        text << file.rdbuf();
        EXPECT_NO_THROW(PotentialReader::read(text.str(), entry.path().string()));
        found++;
      }
  EXPECT_GE(found, 6);
}

}    // namespace
