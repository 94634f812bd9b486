// RF-MEAM physics library: energy of one atom in its neighbourhood. SPDX-License-Identifier: GPL-2.0-only
//
// E = sum_i E_i, E_i = (1 - c_i q_i^2) F(rho_i) + 1/2 sum_j S_ij phi_ij + X_i q_i T(d_i). E_i and its gradient depend
// on nothing but the positions of the neighbours of i and its own charge, so that an atom needs no data of other atoms
// and no communication in between. The neighbourhood must reach Potential::neighbourhood_cutoff, beyond the pair
// cutoff, for the sake of screening.
//
// The functions run a loop over neighbours through a Team: SerialTeam here, a Kokkos team on a device.
#ifndef RFMEAM_ATOM_ENERGY_H
#define RFMEAM_ATOM_ENERGY_H

#include "density.h"
#include "embedding.h"
#include "environment.h"
#include "pair_potential.h"
#include "parameters.h"
#include "possible_screeners.h"
#include "screening.h"
#include "serial_team.h"

#include <cmath>
#include <type_traits>

namespace rfmeam {

template <class Real> struct UnscreenedBond;

/// The neighbours of one atom, sorted by distance (distance_order.h), and the work space of its energy, as structure of
/// arrays of length count.
/// In: element of the atom, elements of the neighbours, x, y, z = r_k - r_i (Å) and rsq = r_ik^2.
/// Out: screening[m] = S of the bond to m; gx, gy, gz = dE_i/dr_m (eV/Å). If it is_screened, screening is in, and with
/// it environment: d, where potentials have environments (environment.h).
/// bond: room for what the two passes over the neighbours have in common; null: they evaluate it twice, for devices
/// whose fast memory is small. bare_environment: room for what the charges' pass leaves to that of the forces, or null.
template <class Real> struct Neighbourhood {
  int count, center_element;
  const int *element;
  const Real *x, *y, *z, *rsq;
  Real *screening, *gx, *gy, *gz;
  bool is_screened = false;
  UnscreenedBond<Real> *bond = nullptr;
  Real environment = Real(0);
  Real *bare_environment = nullptr;
};

/// A bond of length r (Å) along the unit vector u, with its amplitudes and pair energy, both unscreened.
template <class Real> struct UnscreenedBond {
  Real r, inverse, ux, uy, uz;
  ValueDerivative<Real> fc;    ///< cutoff function
  DensityAmplitudes<Real> amplitudes;
  ValueDerivative<Real> phi;

  UnscreenedBond() = default;
  RFMEAM_FUNCTION UnscreenedBond(const ModelView<Real> &model, const Neighbourhood<Real> &nb, int m) :
      r(sqrt(nb.rsq[m])), inverse(Real(1) / r), ux(nb.x[m] * inverse), uy(nb.y[m] * inverse), uz(nb.z[m] * inverse),
      fc(cutoff_function(r, model.pair_of(nb.center_element, nb.element[m]).r_start,
                         model.pair_of(nb.center_element, nb.element[m]).r_cut)),
      amplitudes(model.element[nb.element[m]], model.pair_of(nb.center_element, nb.element[m]), r, fc),
      phi(pair_potential(model.pair_of(nb.center_element, nb.element[m]), r, fc))
  {
  }
};

/// Energies of one atom (eV), its density, and T of its environment (0 where potentials have none): E_i of an uncharged
/// atom is pair + embedding, its charge comes in by ChargeCoupling.
template <class Real> struct AtomEnergy {
  Real pair, embedding, density, environment;
};

/// found(k, ellipse, parameters) for each neighbour k that does not leave the bond to m unscreened, from the nearest
/// on, as long as it returns true.
template <class Real, class Found>
RFMEAM_FUNCTION void for_each_screener(const ModelView<Real> &model, const Neighbourhood<Real> &nb, int m,
                                       const Found &found)
{
  const ScreeningParameters<Real> *parameters = model.screening_of(nb.center_element, nb.element[m]);
  const Real x = nb.x[m], y = nb.y[m], z = nb.z[m], rij_sq = nb.rsq[m];
  const Real reach_sq = model.pair_of(nb.center_element, nb.element[m]).screening_reach_sq * rij_sq;
  const auto goes_on = [&](int k) {
    const Real dot = x * nb.x[k] + y * nb.y[k] + z * nb.z[k];
    const ScreeningParameters<Real> &p = parameters[nb.element[k]];
    const ScreeningEllipse<Real> ellipse(rij_sq, nb.rsq[k], dot);
    return ellipse.leaves_unscreened(p) || k == m || found(k, ellipse, p);
  };
#if RFMEAM_WITH_AVX512
  static const bool several_at_a_time = std::is_same_v<Real, double> && has_avx512();
  if constexpr (std::is_same_v<Real, double>)
    if (several_at_a_time) {
      const ScreenedBond bond = {x, y, z, rij_sq, reach_sq, parameters, model.num_elements};
      for (int first = 0; first < nb.count && nb.rsq[first] <= reach_sq; first += 8) {
        const PossibleScreeners some =
            possible_screeners_avx512(bond, first, nb.count, nb.element, nb.x, nb.y, nb.z, nb.rsq);
        for (unsigned left = some.which; left != 0; left &= left - 1)
          if (!goes_on(some.first + __builtin_ctz(left))) return;
        first = some.first;
      }
      return;
    }
#endif
  for (int k = 0; k < nb.count && nb.rsq[k] <= reach_sq; k++)
    if (!goes_on(k)) return;
}

/// S of the bond to neighbour m: the product of B over all other neighbours; 0 as soon as one screens fully.
template <class Real>
RFMEAM_FUNCTION Real screening_of_bond(const ModelView<Real> &model, const Neighbourhood<Real> &nb, int m)
{
  Real screening = 1;
  for_each_screener(model, nb, m, [&](int, const ScreeningEllipse<Real> &ellipse, const ScreeningParameters<Real> &p) {
    const bool fully = ellipse.screens_fully(p);
    if (fully)
      screening = Real(0);
    else
      screening *= ScreeningFactor<Real>(ellipse.numerator / ellipse.denominator, p).value;
    return !fully;
  });
  return screening;
}

/// The same for any neighbour: 0 beyond the range of the pair, and what is known already.
template <class Real>
RFMEAM_FUNCTION Real screening_within_range(const ModelView<Real> &model, const Neighbourhood<Real> &nb, int m)
{
  if (nb.is_screened) return nb.screening[m];
  const Real range = model.pair_of(nb.center_element, nb.element[m]).range;
  return nb.rsq[m] >= range * range ? Real(0) : screening_of_bond(model, nb, m);    // NaN goes on
}

/// Adds energy_slope dS/dr to the gradient, for the bond to m with energy_slope = dE_i/dS and S = nb.screening[m].
template <class Real, class Team>
RFMEAM_FUNCTION void add_screening_gradient(const Team &team, const ModelView<Real> &model,
                                            const Neighbourhood<Real> &nb, int m, Real energy_slope)
{
  const Real x = nb.x[m], y = nb.y[m], z = nb.z[m];
  const Real by_log = energy_slope * nb.screening[m];
  Real gx = 0, gy = 0, gz = 0;
  for_each_screener(
      model, nb, m, [&](int k, const ScreeningEllipse<Real> &ellipse, const ScreeningParameters<Real> &p) {
        const EllipseGradient<Real> dc(ellipse);
        const Real by_c = by_log * ScreeningFactor<Real>(dc.c, p).log_derivative;
        const Real by_j = Real(2) * by_c * dc.rij_sq, by_k = Real(2) * by_c * dc.rik_sq, by_dot = by_c * dc.dot;
        gx += by_j * x + by_dot * nb.x[k];
        gy += by_j * y + by_dot * nb.y[k];
        gz += by_j * z + by_dot * nb.z[k];
        team.add(nb.gx[k], by_k * nb.x[k] + by_dot * x);
        team.add(nb.gy[k], by_k * nb.y[k] + by_dot * y);
        team.add(nb.gz[k], by_k * nb.z[k] + by_dot * z);
        return true;
      });
  team.add(nb.gx[m], gx);
  team.add(nb.gy[m], gy);
  team.add(nb.gz[m], gz);
}

/// What one pass over the bonds collects.
template <class Real> struct BondSums {
  DensityMoments<Real> moments;
  Real pair_energy, environment;

  RFMEAM_FUNCTION BondSums() : pair_energy(0), environment(0) {}
  RFMEAM_FUNCTION BondSums &operator+=(const BondSums &o)
  {
    moments += o.moments;
    pair_energy += o.pair_energy;
    environment += o.environment;
    return *this;
  }
};

/// What the charge of an atom must know of its neighbours.
template <class Real> struct ChargeSurroundings {
  Real environment, embedding;    ///< T; F (eV), which is 0 for elements whose F does not fade
};

/// The same with d of the environment: together with the screening all that the energy's gradient can take over.
template <class Real> struct FoundSurroundings : ChargeSurroundings<Real> {
  Real environment_density;
};

/// Writes nb.screening. charge: parameters of the atom's element.
template <class Real, class Team>
RFMEAM_FUNCTION FoundSurroundings<Real> surroundings_of_charge(const Team &team, const ModelView<Real> &model,
                                                               const Neighbourhood<Real> &nb,
                                                               const ChargeParameters<Real> &charge)
{
  const bool has_environment = model.has_environment(), fades = charge.fade > Real(0);
  const auto sums = team.template reduce<BondSums<Real>>(nb.count, [&](int m, BondSums<Real> &sum) {
    const Real screening = screening_within_range(model, nb, m);
    nb.screening[m] = screening;
    if (screening == Real(0)) return;
    const PairParameters<Real> &pair = model.pair_of(nb.center_element, nb.element[m]);
    const ElementParameters<Real> &neighbour = model.element[nb.element[m]];
    const Real r = sqrt(nb.rsq[m]), inverse = Real(1) / r;
    const ValueDerivative<Real> fc = cutoff_function(r, pair.r_start, pair.r_cut);
    if (fades)
      sum.moments.add(DensityAmplitudes<Real>(neighbour, pair, r, fc), screening, nb.x[m] * inverse, nb.y[m] * inverse,
                      nb.z[m] * inverse);
    if (!has_environment) return;
    const Real bare = bare_environment(neighbour, pair, r);
    if (nb.bare_environment) nb.bare_environment[m] = bare;
    sum.environment += screening * environment_amplitude(neighbour, bare, fc).value;
  });
  FoundSurroundings<Real> result = {{saturated_environment(sums.environment).value, Real(0)}, sums.environment};
  if (fades) {
    const ElementParameters<Real> &center = model.element[nb.center_element];
    const BackgroundDensity<Real> rho(center, PartialDensities<Real>(sums.moments));
    result.embedding = embedding_energy(center, rho.value).value;
  }
  return result;
}

/// E_i and, in nb.gx, nb.gy, nb.gz, its gradient with respect to the neighbours' positions; the gradient with
/// respect to r_i is minus their sum. Writes nb.screening.
template <class Real, class Team>
RFMEAM_FUNCTION AtomEnergy<Real> atom_energy_gradient(const Team &team, const ModelView<Real> &model,
                                                      const Neighbourhood<Real> &nb,
                                                      const ChargeCoupling<Real> &coupling = {})
{
  const int center = nb.center_element;
  const ElementParameters<Real> &center_parameters = model.element[center];
  const bool has_environment = model.has_environment();

  const auto sums = team.template reduce<BondSums<Real>>(nb.count, [&](int m, BondSums<Real> &sum) {
    nb.gx[m] = nb.gy[m] = nb.gz[m] = Real(0);
    const Real screening = screening_within_range(model, nb, m);
    nb.screening[m] = screening;
    if (screening == Real(0)) return;
    const UnscreenedBond<Real> bond(model, nb, m);
    if (nb.bond) nb.bond[m] = bond;
    sum.pair_energy += Real(0.5) * screening * bond.phi.value;
    sum.moments.add(bond.amplitudes, screening, bond.ux, bond.uy, bond.uz);
    if (has_environment && !nb.is_screened)
      sum.environment += screening *
          environment_amplitude(model.element[nb.element[m]], model.pair_of(center, nb.element[m]), bond.r).value;
  });

  const BackgroundDensity<Real> rho(center_parameters, PartialDensities<Real>(sums.moments));
  const ValueDerivative<Real> embedding = embedding_energy(center_parameters, rho.value);
  const Real embedding_slope = (Real(1) + coupling.embedding) * embedding.derivative;
  const ValueDerivative<Real> environment = saturated_environment(nb.is_screened ? nb.environment : sums.environment);

  team.for_each(nb.count, [&](int m) {
    const Real screening = nb.screening[m];
    if (screening == Real(0)) return;
    const UnscreenedBond<Real> bond = nb.bond ? nb.bond[m] : UnscreenedBond<Real>(model, nb, m);
    const Real ux = bond.ux, uy = bond.uy, uz = bond.uz;
    const DensityAmplitudes<Real> &a = bond.amplitudes;
    const MomentGradient<Real> g(sums.moments, rho, embedding_slope, a, screening, ux, uy, uz);

    Real by_r = Real(0.5) * screening * bond.phi.derivative, by_screening = Real(0.5) * bond.phi.value;
    for (int l = 0; l < num_partial_densities; l++) {
      by_r += g.by_amplitude[l] * screening * a.derivative[l];
      by_screening += g.by_amplitude[l] * a.value[l];
    }
    if (has_environment) {
      const ElementParameters<Real> &neighbour = model.element[nb.element[m]];
      const Real bare = nb.is_screened && nb.bare_environment
          ? nb.bare_environment[m]
          : bare_environment(neighbour, model.pair_of(center, nb.element[m]), bond.r);
      const ValueDerivative<Real> d = environment_amplitude(neighbour, bare, bond.fc);
      const Real by_environment = coupling.environment * environment.derivative;
      by_r += by_environment * screening * d.derivative;
      by_screening += by_environment * d.value;
    }
    // dE/dr_m = dE/dr u + (1 - u u) dE/du / r
    const Real *v = g.by_direction;
    const Real along = by_r - (v[0] * ux + v[1] * uy + v[2] * uz) * bond.inverse;
    team.add(nb.gx[m], along * ux + v[0] * bond.inverse);
    team.add(nb.gy[m], along * uy + v[1] * bond.inverse);
    team.add(nb.gz[m], along * uz + v[2] * bond.inverse);
    if (screening < Real(1)) add_screening_gradient(team, model, nb, m, by_screening);
  });

  return {sums.pair_energy, embedding.value, rho.value, environment.value};
}

}    // namespace rfmeam

#endif
