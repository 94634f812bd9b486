// RF-MEAM physics library: energy of a whole periodic system, host only. SPDX-License-Identifier: GPL-2.0-only
//
// The same kernels as in the LAMMPS styles, summed without parallelism. For tests, the Python package and fits. With
// Real = Dual (dual.h), potentials and charges carry derivatives by parameters, and so does all that follows.
#ifndef RFMEAM_SYSTEM_ENERGY_H
#define RFMEAM_SYSTEM_ENERGY_H

#include "atom_energy.h"
#include "bonds.h"
#include "potential.h"

#include <array>
#include <cmath>
#include <type_traits>
#include <vector>

namespace rfmeam {

/// Energies in eV, forces in eV/Å; virial_ab = -dE/d(strain_ab) in eV (LAMMPS' sign); dE/dq in eV/e.
template <class Real> struct SystemEnergyOf {
  using Vector = std::array<Real, 3>;

  Real pair = 0.0, embedding = 0.0, coulomb = 0.0, self = 0.0;
  std::vector<Vector> forces;
  std::array<Vector, 3> virial = {};
  std::vector<Real> density, electronegativity;
  std::vector<ChargeSurroundings<Real>> surroundings;    ///< T of each atom, 0 in potentials without, and F

  SystemEnergyOf() = default;
  explicit SystemEnergyOf(int num_atoms) :
      forces(num_atoms, Vector{}), density(num_atoms, Real(0)), electronegativity(num_atoms, Real(0)),
      surroundings(num_atoms, ChargeSurroundings<Real>{Real(0), Real(0)})
  {
  }
  Real total() const { return pair + embedding + coulomb + self; }

  /// A bond of which gradient = dE/d(bond), from atom i to atom j.
  void add_bond(int i, int j, const Vector3 &bond, const Vector &gradient)
  {
    for (int a = 0; a < 3; a++) {
      forces[i][a] += gradient[a];
      forces[j][a] -= gradient[a];
      for (int b = 0; b < 3; b++) virial[a][b] -= Real(bond[a]) * gradient[b];
    }
  }
};

using SystemEnergy = SystemEnergyOf<double>;

/// Work space for the energy of one atom.
template <class Real> struct NeighbourhoodSpace {
  std::vector<int> element;
  std::vector<Real> x, y, z, rsq, screening, gx, gy, gz;
  std::vector<UnscreenedBond<Real>> bond;

  /// The neighbourhood of atom i; valid until the next call.
  Neighbourhood<Real> of(const std::vector<int> &elements, const Bonds &bonds, int i)
  {
    const std::size_t first = bonds.begin[i], end = bonds.begin[i + 1], count = end - first;
    element.clear();
    for (std::size_t m = first; m < end; m++) element.push_back(elements[bonds.atom[m]]);
    for (auto *v : {&screening, &gx, &gy, &gz}) v->resize(count);
    bond.resize(count);
    const Real *const lengths[] = {copy(bonds.x, first, count, x), copy(bonds.y, first, count, y),
                                   copy(bonds.z, first, count, z), copy(bonds.rsq, first, count, rsq)};
    return {static_cast<int>(count), elements[i], element.data(), lengths[0], lengths[1], lengths[2], lengths[3],
            screening.data(),        gx.data(),   gy.data(),      gz.data(),  false,      bond.data()};
  }

 private:
  static const Real *copy(const std::vector<double> &from, std::size_t first, std::size_t count, std::vector<Real> &to)
  {
    if constexpr (std::is_same_v<Real, double>)
      return from.data() + first;
    else {
      to.assign(from.begin() + first, from.begin() + first + count);
      return to.data();
    }
  }
};

/// T of each atom, and F of those that fade; bonds: all, to the potential's neighbourhood_cutoff() or beyond it.
template <class Real>
std::vector<ChargeSurroundings<Real>> surroundings(const ModelView<Real> &model,
                                                   const std::vector<ChargeParameters<Real>> &charge,
                                                   const std::vector<int> &elements, const Bonds &bonds)
{
  NeighbourhoodSpace<Real> space;
  std::vector<ChargeSurroundings<Real>> result;
  for (int i = 0; i < static_cast<int>(elements.size()); i++)
    result.push_back(surroundings_of_charge(SerialTeam(), model, space.of(elements, bonds, i), charge[elements[i]]));
  return result;
}

template <class Real, class Charge>
std::vector<ChargeCoupling<Real>> couplings(const CoulombView<Real> &coulomb, const std::vector<int> &elements,
                                            const std::vector<Charge> &q)
{
  std::vector<ChargeCoupling<Real>> result;
  for (std::size_t i = 0; i < elements.size(); i++)
    result.push_back(charge_coupling(coulomb.charge[elements[i]], Real(q[i])));
  return result;
}

/// Adds the RF-MEAM part; bonds as above. Sets the surroundings. What charges do to it comes by couplings() or empty
/// ones (no charges): to forces and virial only, its energy is part of add_self().
template <class Real>
void add_meam(const ModelView<Real> &model, const std::vector<int> &elements, const Bonds &bonds,
              SystemEnergyOf<Real> &result, const std::vector<ChargeCoupling<Real>> &c = {})
{
  NeighbourhoodSpace<Real> space;
  for (int i = 0; i < static_cast<int>(elements.size()); i++) {
    const Neighbourhood<Real> nb = space.of(elements, bonds, i);
    const AtomEnergy<Real> energy =
        atom_energy_gradient(SerialTeam(), model, nb, c.empty() ? ChargeCoupling<Real>() : c[i]);
    result.pair += energy.pair;
    result.embedding += energy.embedding;
    result.density[i] = energy.density;
    result.surroundings[i] = {energy.environment, energy.embedding};
    for (int m = 0; m < nb.count; m++) {
      const std::size_t bond = bonds.begin[i] + m;
      result.add_bond(i, bonds.atom[bond], {bonds.x[bond], bonds.y[bond], bonds.z[bond]},
                      {nb.gx[m], nb.gy[m], nb.gz[m]});
    }
  }
}

/// gamma (eV/e^2) and gamma'(r)/r of each bond, 0 beyond the cutoff. With slater the same of what the core of either
/// atom adds to the electronegativity of the other (eV/e): own is that of the atom that has the bond.
template <class Real> struct BondKernels {
  std::vector<Real> gamma, slope_by_r;
  std::vector<Real> own, other, own_slope_by_r, other_slope_by_r;

  BondKernels() = default;
  BondKernels(const CoulombView<Real> &coulomb, const std::vector<int> &elements, const Bonds &bonds) :
      gamma(bonds.rsq.size(), Real(0)), slope_by_r(bonds.rsq.size(), Real(0))
  {
    const double cutoff = double(coulomb.cutoff);
    const bool has_cores = coulomb.form == CoulombForm::slater;
    if (has_cores)
      for (auto *array : {&own, &other, &own_slope_by_r, &other_slope_by_r}) array->assign(gamma.size(), Real(0));
    for (int i = 0; i < static_cast<int>(elements.size()); i++)
      for (std::size_t m = bonds.begin[i]; m < bonds.begin[i + 1]; m++) {
        const double r = std::sqrt(bonds.rsq[m]);
        if (r >= cutoff) continue;
        const Real inverse_r = Real(1.0 / r);
        if (has_cores) {
          const auto p = coulomb.with_cores(elements[i], elements[bonds.atom[m]], Real(r));
          gamma[m] = p.gamma.value, slope_by_r[m] = p.gamma.derivative * inverse_r;
          own[m] = p.own.value, own_slope_by_r[m] = p.own.derivative * inverse_r;
          other[m] = p.other.value, other_slope_by_r[m] = p.other.derivative * inverse_r;
          continue;
        }
        const auto g = coulomb.gamma(elements[i], elements[bonds.atom[m]], Real(r));
        gamma[m] = g.value, slope_by_r[m] = g.derivative * inverse_r;
      }
  }
};

/// Adds sum_i E0 + chi q + X T (q - q_0) + J q^2/2 - c F q^2 + walls, with T and F as add_meam() has set them.
template <class Real, class Charge>
void add_self(const CoulombView<Real> &coulomb, const std::vector<int> &elements, const std::vector<Charge> &q,
              SystemEnergyOf<Real> &result)
{
  for (std::size_t i = 0; i < elements.size(); i++) {
    const ValueDerivative<Real> self = coulomb.self_energy(elements[i], Real(q[i]));
    const ChargeParameters<Real> &p = coulomb.charge[elements[i]];
    const Real shift = p.environment_shift * result.surroundings[i].environment;
    const Real slope = Real(-2) * p.fade * result.surroundings[i].embedding * Real(q[i]);
    result.self += self.value + (shift + Real(0.5) * slope) * Real(q[i]) - shift * p.environment_charge;
    result.electronegativity[i] += self.derivative + shift + slope;
  }
}

/// Adds sum over bonds of q_i q_j gamma, and to the self energy that of core charges; bonds: half. Gamma, Charge, Real:
/// double, or what carries derivatives.
template <class Gamma, class Charge, class Real>
void add_coulomb(const BondKernels<Gamma> &kernels, const std::vector<int> &elements, const Bonds &bonds,
                 const std::vector<Charge> &q, SystemEnergyOf<Real> &result)
{
  for (int i = 0; i < static_cast<int>(elements.size()); i++)
    for (std::size_t m = bonds.begin[i]; m < bonds.begin[i + 1]; m++) {
      const int j = bonds.atom[m];
      const Charge product = q[i] * q[j];
      const Real gamma = kernels.gamma[m];
      Real g = Real(product) * Real(kernels.slope_by_r[m]);
      result.coulomb += Real(product) * gamma;
      result.electronegativity[i] += gamma * Real(q[j]);
      result.electronegativity[j] += gamma * Real(q[i]);
      if (!kernels.own.empty()) {
        const Real qi = Real(q[i]), qj = Real(q[j]), own = Real(kernels.own[m]), other = Real(kernels.other[m]);
        result.self += qi * own + qj * other;
        result.electronegativity[i] += own;
        result.electronegativity[j] += other;
        g += qi * Real(kernels.own_slope_by_r[m]) + qj * Real(kernels.other_slope_by_r[m]);
      }
      result.add_bond(i, j, {bonds.x[m], bonds.y[m], bonds.z[m]},
                      {g * Real(bonds.x[m]), g * Real(bonds.y[m]), g * Real(bonds.z[m])});
    }
}

/// Adds gamma of all bonds (half) to the matrix (row major, n x n), whose diagonal gets the images of an atom.
inline void add_gamma(const BondKernels<double> &kernels, int num_atoms, const Bonds &bonds,
                      std::vector<double> &matrix)
{
  const auto n = static_cast<std::size_t>(num_atoms);
  for (std::size_t i = 0; i < n; i++)
    for (std::size_t m = bonds.begin[i]; m < bonds.begin[i + 1]; m++) {
      const auto j = static_cast<std::size_t>(bonds.atom[m]);
      matrix[i * n + j] += kernels.gamma[m];
      matrix[j * n + i] += kernels.gamma[m];
    }
}

/// Energy, forces, virial and dE/dq of a system at its given charges; k_e in eV Å/e^2.
inline SystemEnergy evaluate(const Potential &potential, const PeriodicSystem &system, double k_e)
{
  SystemEnergy result(system.num_atoms());
  const bool charged = potential.has_charges() && !system.charges.empty();
  const CoulombTable table(potential, k_e);
  if (potential.has_meam())
    add_meam(potential.model_view(), system.elements, Bonds::all(system, potential.neighbourhood_cutoff()), result,
             charged ? couplings(table.view(), system.elements, system.charges)
                     : std::vector<ChargeCoupling<double>>());
  if (charged) {
    const Bonds bonds = Bonds::half(system, table.cutoff);
    add_self(table.view(), system.elements, system.charges, result);
    add_coulomb(BondKernels<double>(table.view(), system.elements, bonds), system.elements, bonds, system.charges,
                result);
  }
  return result;
}

/// The same, 0 in potentials of which charges do not depend on surroundings.
inline std::vector<ChargeSurroundings<double>> surroundings(const Potential &potential, const PeriodicSystem &system)
{
  if (!potential.couples_charges())
    return std::vector<ChargeSurroundings<double>>(system.elements.size(), ChargeSurroundings<double>{0.0, 0.0});
  return surroundings(potential.model_view(), potential.charge, system.elements,
                      Bonds::all(system, potential.neighbourhood_cutoff()));
}

/// Adds what core charges add to the electronegativities (eV/e); bonds: half.
inline void add_cores(const BondKernels<double> &kernels, const Bonds &bonds, std::vector<double> &chi)
{
  if (kernels.own.empty()) return;
  for (std::size_t i = 0; i < chi.size(); i++)
    for (std::size_t m = bonds.begin[i]; m < bonds.begin[i + 1]; m++) {
      chi[i] += kernels.own[m];
      chi[bonds.atom[m]] += kernels.other[m];
    }
}

/// chi + X T of each atom and what core charges add, eV/e: dE/dq where all charges are 0, apart from walls; k_e in eV
/// Å/e^2.
inline std::vector<double> electronegativities(const Potential &potential, const PeriodicSystem &system, double k_e)
{
  std::vector<double> result;
  const auto around = surroundings(potential, system);
  for (std::size_t i = 0; i < around.size(); i++) {
    const auto &charge = potential.charge[system.elements[i]];
    result.push_back(charge.electronegativity + charge.environment_shift * around[i].environment);
  }
  if (potential.coulomb_form == CoulombForm::slater) {
    const CoulombTable table(potential, k_e);
    const Bonds bonds = Bonds::half(system, table.cutoff);
    add_cores(BondKernels<double>(table.view(), system.elements, bonds), bonds, result);
  }
  return result;
}

/// The charge matrix J - 2 c F + gamma (row major, n x n, eV/e^2): E_q = sum_i (E0 + chi_i q_i - X T q_0) + q^T M q / 2
/// with chi of electronegativities(). Walls, which are not quadratic, come on top (CoulombView::wall).
inline std::vector<double> charge_matrix(const Potential &potential, const PeriodicSystem &system, double k_e)
{
  const CoulombTable table(potential, k_e);
  const Bonds bonds = Bonds::half(system, table.cutoff);
  const std::size_t n = system.positions.size();
  std::vector<double> matrix(n * n, 0.0);
  const auto around = surroundings(potential, system);
  for (std::size_t i = 0; i < n; i++) {
    const auto &charge = table.charge[system.elements[i]];
    matrix[i * n + i] = charge.hardness - 2.0 * charge.fade * around[i].embedding;
  }
  add_gamma(BondKernels<double>(table.view(), system.elements, bonds), system.num_atoms(), bonds, matrix);
  return matrix;
}

}    // namespace rfmeam

#endif
