// libFuzzer target: any bytes as a potential file. The reader must accept them or throw PotentialFileError; what it
// accepts keeps the promises of Potential and can be evaluated. SPDX-License-Identifier: GPL-2.0-only

#include "rfmeam/system_energy.h"
#include "rfmeam/potential_file.h"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

using namespace rfmeam;

namespace {

/// A broken promise stops the fuzzer, which keeps the input.
void require(bool promise)
{
  if (!promise) std::abort();
}

void check_tables(const Potential &potential)
{
  const std::size_t n = potential.elements.size();
  require(n > 0 && (potential.has_meam() || potential.has_charges()));
  if (potential.has_meam()) {
    require(potential.element.size() == n && potential.pair.size() == n * n);
    require(potential.screening.size() == n * n * n);
  }
  for (const auto &e : potential.element)
    require(e.density_scale > 0.0 && e.sigma > 0.0 && e.density_amplitude[0] >= 0.0);
  for (const auto &p : potential.pair)
    require(0.0 <= p.r_start && p.r_start <= p.r_cut && p.r_cut <= p.range && p.weight[0] >= 0.0);
  for (std::size_t i = 0; i < n && potential.has_meam(); i++)
    for (std::size_t j = 0; j < n; j++) {
      require(potential.pair[i * n + j].range == potential.pair[j * n + i].range);
      for (std::size_t k = 0; k < n; k++) {
        const auto &s = potential.screening[(i * n + j) * n + k];
        require(s.c_min < s.c_max && (s.c_max == 0.0 || s.c_max > 1.0));
        require(s.c_max == potential.screening[(j * n + i) * n + k].c_max);
      }
    }
  for (const auto &e : potential.element) require((e.environment_decay > 0.0) == potential.has_environment());
  for (const auto &p : potential.pair) require(p.environment_weight >= 0.0);
  require(!potential.has_environment() || (potential.has_meam() && potential.has_charges()));
  require(potential.neighbourhood_cutoff() >= potential.pair_cutoff());
  if (!potential.has_charges()) return;
  require(potential.coulomb_cutoff > 0.0 && potential.charge.size() == n);
  for (const auto &c : potential.charge) {
    require(c.fade >= 0.0 && (c.fade == 0.0 || potential.has_meam()));
    require(c.hardness > 0.0 && c.upper.stiffness >= 0.0 && c.lower.stiffness >= 0.0);
    require(c.upper.stiffness == 0.0 || c.lower.stiffness == 0.0 || c.lower.charge < c.upper.charge);
  }
  require(potential.coulomb_form != CoulombForm::screened_gaussian || potential.gaussian_screening_length > 0.0);
  const CoulombTable table(potential, 14.399645);
  require(table.pair.size() == n * n && table.charge.size() == n);
}

/// Ten atoms at about the distances of a solid, two of them in line with others; energies may be anything but S.
void evaluate_cluster(Potential potential)
{
  PeriodicSystem system = {};
  system.cell = {{{5.0, 0.0, 0.0}, {1.0, 5.0, 0.0}, {0.0, -1.0, 5.0}}};
  for (int i = 0; i < 10; i++) {
    system.positions.push_back({1.1 * (i % 4), 1.7 * (i / 4), 0.3 * (i % 3)});
    system.elements.push_back(i % potential.num_elements());
    system.charges.push_back(0.1 * (i - 4));
  }
  const double cutoff = std::max(potential.neighbourhood_cutoff(), potential.coulomb_cutoff);
  for (bool periodic : {false, true}) {
    if (periodic && cutoff > 12.0) continue;    // correct, but slow
    system.periodic = {periodic, periodic, periodic};
    evaluate(potential, system, 14.399645);
    if (potential.has_charges()) charge_matrix(potential, system, 14.399645);
  }
  potential.scale_energy(23.06);
}

}    // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
  const std::string text(reinterpret_cast<const char *>(data), size);
  try {
    const Potential potential = PotentialReader::read(text, "fuzz.rfmeam");
    check_tables(potential);
    evaluate_cluster(potential);
  } catch (const PotentialFileError &error) {
    require(std::string(error.what()).rfind("fuzz.rfmeam:", 0) == 0);
  }
  return 0;
}
