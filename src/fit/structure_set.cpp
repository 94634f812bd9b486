// Fit: many structures and their derivatives by parameters. SPDX-License-Identifier: GPL-2.0-only
#include "structure_set.h"

#include "../charges/dense_charge_solver.h"
#include "../charges/gamma_row.h"
#include "../charges/neutral_factor.h"
#include "../rfmeam/dual.h"
#include "../rfmeam/instruction_sets.h"
#include "../rfmeam/system_energy.h"
#include "named_parameters.h"
#include "parallel.h"

#include <algorithm>
#include <limits>
#include <map>
#include <memory>
#include <set>
#include <stdexcept>

using namespace rfmeam;

namespace {

constexpr int lanes = 8;
using Slopes = Dual<lanes>;

/// Up to `lanes` parameters of one kind, and the potential with derivatives by them.
struct ParameterGroup {
  ParameterKind kind;
  std::vector<int> index;    ///< of each lane's parameter
  PotentialOf<Slopes> potential;
  CoulombTableOf<Slopes> coulomb;
};

/// The parameters that structures of some elements depend on, in groups.
std::vector<std::unique_ptr<ParameterGroup>> make_groups(const Potential &potential, double k_e,
                                                         const std::vector<std::string> &names,
                                                         const std::set<int> &elements)
{
  PotentialOf<Slopes> plain = convert<Slopes>(potential);
  auto parameters = named_parameters(plain);
  std::vector<std::unique_ptr<ParameterGroup>> groups;
  for (const ParameterKind kind : {ParameterKind::meam, ParameterKind::charge, ParameterKind::kernel}) {
    bool full = true;
    for (std::size_t n = 0; n < names.size(); n++) {
      const auto &p = find_parameter(parameters, names[n]);
      const auto occurs = [&](int element) { return elements.count(element) > 0; };
      if (p.kind != kind || !std::all_of(p.elements.begin(), p.elements.end(), occurs)) continue;
      if (full) {
        groups.push_back(std::make_unique<ParameterGroup>());
        groups.back()->kind = kind;
      }
      groups.back()->index.push_back(static_cast<int>(n));
      full = groups.back()->index.size() == lanes;
    }
  }
  for (auto &group : groups) {
    group->potential = convert<Slopes>(potential);
    auto numbers = named_parameters(group->potential);
    for (std::size_t lane = 0; lane < group->index.size(); lane++)
      for (Slopes *number : find_parameter(numbers, names[group->index[lane]]).places)
        *number = Slopes::parameter(number->value, static_cast<int>(lane));
    for (auto &pair : group->potential.pair) set_range(pair);    // which follows from parameters
    group->coulomb = CoulombTableOf<Slopes>(group->potential, k_e);
  }
  return groups;
}

/// gamma of all bonds, by the vectorised kernel.
BondKernels<double> kernels_of(const CoulombTable &table, const std::vector<int> &elements, const Bonds &bonds)
{
  BondKernels<double> kernels;
  kernels.gamma.resize(bonds.rsq.size());
  kernels.slope_by_r.resize(bonds.rsq.size());
  CorePairs<double> cores;
  if (table.has_cores()) {
    for (auto *array : {&kernels.own, &kernels.other, &kernels.own_slope_by_r, &kernels.other_slope_by_r})
      array->resize(bonds.rsq.size());
    cores = {kernels.own.data(), kernels.other.data(), kernels.own_slope_by_r.data(), kernels.other_slope_by_r.data()};
  }
  std::vector<int> neighbour;
  for (int i = 0; i < static_cast<int>(elements.size()); i++) {
    const std::size_t first = bonds.begin[i];
    // in the order of distance: those within the cutoff come first
    const auto *const rsq = bonds.rsq.data() + first;
    const auto within =
        static_cast<int>(std::lower_bound(rsq, rsq + bonds.count(i), table.cutoff * table.cutoff) - rsq);
    neighbour.clear();
    for (int m = 0; m < within; m++) neighbour.push_back(elements[bonds.atom[first + m]]);
    evaluate_gamma(table.view(), elements[i], within, neighbour.data(), rsq, kernels.gamma.data() + first,
                   kernels.slope_by_r.data() + first, cores.from(static_cast<long long>(first)));
  }
  return kernels;
}

/// dT_i/d(bond) (1/Å) and dF_i/d(bond) (eV/Å) of atom i for each of its bonds: as the slopes of the energy's gradient
/// by what charges do to it.
std::vector<std::array<Vector3, 2>> surroundings_gradients(const PotentialOf<Dual<2>> &potential,
                                                           const std::vector<int> &elements, const Bonds &bonds)
{
  NeighbourhoodSpace<Dual<2>> space;
  std::vector<std::array<Vector3, 2>> gradients;
  for (int i = 0; i < static_cast<int>(elements.size()); i++) {
    const Neighbourhood<Dual<2>> nb = space.of(elements, bonds, i);
    atom_energy_gradient(SerialTeam(), potential.model_view(), nb,
                         {Dual<2>::parameter(0.0, 0), Dual<2>::parameter(0.0, 1)});
    for (int m = 0; m < nb.count; m++)
      gradients.push_back({Vector3{nb.gx[m].slope[0], nb.gy[m].slope[0], nb.gz[m].slope[0]},
                           Vector3{nb.gx[m].slope[1], nb.gy[m].slope[1], nb.gz[m].slope[1]}});
  }
  return gradients;
}

/// Adds forces and virial of what charges do to the energy at constant surroundings, with the gradients of these.
void add_coupling_forces(const std::vector<std::array<Vector3, 2>> &gradients, const Bonds &bonds,
                         const std::vector<ChargeCoupling<Slopes>> &c, SystemEnergyOf<Slopes> &result)
{
  for (int i = 0; i < static_cast<int>(c.size()); i++)
    for (std::size_t m = bonds.begin[i]; m < bonds.begin[i + 1]; m++) {
      const Vector3 &t = gradients[m][0], &f = gradients[m][1];
      const auto along = [&](int a) { return c[i].environment * Slopes(t[a]) + c[i].embedding * Slopes(f[a]); };
      result.add_bond(i, bonds.atom[m], {bonds.x[m], bonds.y[m], bonds.z[m]}, {along(0), along(1), along(2)});
    }
}

/// Most of the time of a Jacobian goes by here.
RFMEAM_FOR_EACH_INSTRUCTION_SET
void add_meam_slopes(const ModelView<Slopes> &model, const std::vector<int> &elements, const Bonds &bonds,
                     SystemEnergyOf<Slopes> &result, const std::vector<ChargeCoupling<Slopes>> &c)
{
  add_meam(model, elements, bonds, result, c);
}

}    // namespace

/// One potential on all structures.
class StructureSet::Evaluation {
 public:
  SetResult result;

  Evaluation(const StructureSet &set_, const Potential &potential_, const std::vector<std::string> &names_) :
      set(set_), potential(potential_), coulomb(potential_, set_.k_e), names(names_)
  {
    const std::size_t s = set.size(), n = set.num_atoms(), p = names.size();
    result.num_parameters = static_cast<int>(p);
    result.energy.resize(s), result.d_energy.resize(s * p);
    result.forces.resize(3 * n), result.d_forces.resize(3 * n * p);
    result.virial.resize(9 * s), result.d_virial.resize(9 * s * p);
    result.charges.resize(n), result.d_charges.resize(n * p);
    result.lowest_eigenvalue.assign(s, std::numeric_limits<double>::infinity());
    result.d_lowest_eigenvalue.resize(s * p);
    if (names.empty()) return;
    if (potential.couples_charges()) slopes_by_c = convert<Dual<2>>(potential);
    for (const Structure &structure : set.structures) {
      auto &made = groups[structure.kinds];
      if (made.empty()) made = make_groups(potential, set.k_e, names, structure.kinds);
    }
  }

  /// Structure s. Each writes to its own part of the result.
  void operator()(int s)
  {
    const Structure &structure = set.structures[s];
    Charged charged;
    charged.charges.assign(structure.elements.size(), 0.0);
    if (potential.has_charges()) equilibrate(s, charged);

    SystemEnergy energy(static_cast<int>(structure.elements.size()));
    if (charged.has_equilibrium) {
      if (potential.has_meam())
        add_meam(potential.model_view(), structure.elements, structure.meam, energy,
                 potential.couples_charges() ? couplings(coulomb.view(), structure.elements, charged.charges)
                                             : std::vector<ChargeCoupling<double>>());
      if (potential.has_charges()) {
        add_self(coulomb.view(), structure.elements, charged.charges, energy);
        add_coulomb(charged.kernels, structure.elements, structure.coulomb, charged.charges, energy);
      }
    } else {
      constexpr double none = std::numeric_limits<double>::quiet_NaN();
      energy.self = none;
      for (auto &f : energy.forces) f.fill(none);
      for (auto &v : energy.virial) v.fill(none);
      std::fill(charged.charges.begin(), charged.charges.end(), none);
    }
    result.energy[s] = energy.total();
    double *const forces = result.forces.data() + 3 * std::size_t(set.first_atom[s]);
    for (std::size_t i = 0; i < structure.elements.size(); i++) {
      std::copy(energy.forces[i].begin(), energy.forces[i].end(), forces + 3 * i);
      result.charges[set.first_atom[s] + i] = charged.charges[i];
    }
    for (int a = 0; a < 3; a++)
      std::copy(energy.virial[a].begin(), energy.virial[a].end(), result.virial.data() + 9 * std::size_t(s) + 3 * a);
    if (!names.empty() && potential.couples_charges())
      charged.gradients = surroundings_gradients(slopes_by_c, structure.elements, structure.meam);
    if (!names.empty())
      for (const auto &group : groups.at(structure.kinds)) differentiate(s, charged, *group);
  }

 private:
  struct Charged {
    bool has_equilibrium = true;
    std::vector<double> charges;
    std::vector<ChargeSurroundings<double>> surroundings;    ///< of the atoms, where charges depend on them
    std::vector<std::array<Vector3, 2>> gradients;           ///< of them, with derivatives by parameters
    BondKernels<double> kernels;
    std::unique_ptr<NeutralFactor> curvature;    ///< of the energy at these charges; none for one atom
    Eigen::VectorXd softest;                     ///< the vector of the lowest eigenvalue
  };

  const StructureSet &set;
  const Potential &potential;
  CoulombTable coulomb;
  const std::vector<std::string> &names;
  PotentialOf<Dual<2>> slopes_by_c;    ///< the potential, where charges depend on surroundings
  std::map<std::set<int>, std::vector<std::unique_ptr<ParameterGroup>>> groups;

  void equilibrate(int s, Charged &charged)
  {
    const Structure &structure = set.structures[s];
    const auto n = static_cast<Eigen::Index>(structure.elements.size());
    charged.kernels = kernels_of(coulomb, structure.elements, structure.coulomb);
    if (potential.couples_charges())
      charged.surroundings = surroundings(potential.model_view(), potential.charge, structure.elements, structure.meam);
    std::fill(charged.charges.begin(), charged.charges.end(), structure.total_charge / static_cast<double>(n));
    if (n == 1) return;

    std::vector<double> linear, hardness, matrix(n * n, 0.0);
    for (const int element : structure.elements) {
      linear.push_back(coulomb.charge[element].electronegativity);
      hardness.push_back(coulomb.charge[element].hardness);
    }
    for (std::size_t i = 0; i < charged.surroundings.size(); i++) {
      const auto &charge = coulomb.charge[structure.elements[i]];
      linear[i] += charge.environment_shift * charged.surroundings[i].environment;
      hardness[i] -= 2.0 * charge.fade * charged.surroundings[i].embedding;
    }
    add_cores(charged.kernels, structure.coulomb, linear);
    add_gamma(charged.kernels, static_cast<int>(n), structure.coulomb, matrix);
    DenseMatrix a = Eigen::Map<const DenseMatrix>(matrix.data(), n, n);
    a.diagonal() += Eigen::Map<const Eigen::VectorXd>(hardness.data(), n);
    charged.curvature = std::make_unique<NeutralFactor>(a);
    std::tie(result.lowest_eigenvalue[s], charged.softest) = charged.curvature->lowest();

    const SolveReport report = minimize_densely(coulomb.view(), coulomb.has_walls(), structure.elements, linear,
                                                hardness, matrix, charged.charges);
    charged.has_equilibrium = report.status == SolveStatus::converged;
    if (!charged.has_equilibrium || !coulomb.has_walls()) return;
    for (Eigen::Index i = 0; i < n; i++)
      a(i, i) += coulomb.view().wall(structure.elements[i], charged.charges[i]).second_derivative;
    charged.curvature = std::make_unique<NeutralFactor>(a);
  }

  /// The derivatives of structure s by the parameters of a group.
  void differentiate(int s, const Charged &charged, const ParameterGroup &group)
  {
    const Structure &structure = set.structures[s];
    const int n = static_cast<int>(structure.elements.size());
    SystemEnergyOf<Slopes> energy(n);
    std::vector<Slopes> charges(charged.charges.begin(), charged.charges.end());
    if (group.kind == ParameterKind::meam) {
      if (charged.has_equilibrium && potential.couples_charges())
        differentiate_surroundings(s, charged, group, energy, charges);
      else if (charged.has_equilibrium)
        add_meam_slopes(group.potential.model_view(), structure.elements, structure.meam, energy, {});
    } else {
      for (std::size_t i = 0; i < charged.surroundings.size(); i++)
        energy.surroundings[i] = {Slopes(charged.surroundings[i].environment),
                                  Slopes(charged.surroundings[i].embedding)};
      const bool moves_kernel = group.kind == ParameterKind::kernel;
      const BondKernels<Slopes> kernels = moves_kernel
          ? BondKernels<Slopes>(group.coulomb.view(), structure.elements, structure.coulomb)
          : BondKernels<Slopes>();
      write_lowest(s, charged, group, kernels, energy.surroundings);
      if (charged.has_equilibrium) {
        respond(structure, charged, group, kernels, energy.surroundings, charges);
        add_self(group.coulomb.view(), structure.elements, charges, energy);
        if (potential.couples_charges())
          add_coupling_forces(charged.gradients, structure.meam,
                              couplings(group.coulomb.view(), structure.elements, charges), energy);
        if (moves_kernel)
          add_coulomb(kernels, structure.elements, structure.coulomb, charges, energy);
        else
          add_coulomb(charged.kernels, structure.elements, structure.coulomb, charges, energy);
      }
    }
    write(s, group, energy, charges);
  }

  /// The same by parameters of RF-MEAM, which move the charges through their surroundings.
  void differentiate_surroundings(int s, const Charged &charged, const ParameterGroup &group,
                                  SystemEnergyOf<Slopes> &energy, std::vector<Slopes> &charges)
  {
    const Structure &structure = set.structures[s];
    const auto model = group.potential.model_view();
    const auto around = surroundings(model, group.potential.charge, structure.elements, structure.meam);
    write_lowest(s, charged, group, {}, around);
    respond(structure, charged, group, {}, around, charges);
    add_meam_slopes(model, structure.elements, structure.meam, energy,
                    couplings(group.coulomb.view(), structure.elements, charges));
    add_self(group.coulomb.view(), structure.elements, charges, energy);
    add_coulomb(charged.kernels, structure.elements, structure.coulomb, charges, energy);
  }

  /// Gives the charges the slopes with which dE/dq stays the same for all atoms.
  static void respond(const Structure &structure, const Charged &charged, const ParameterGroup &group,
                      const BondKernels<Slopes> &kernels, const std::vector<ChargeSurroundings<Slopes>> &around,
                      std::vector<Slopes> &charges)
  {
    if (!charged.curvature) return;
    const int n = static_cast<int>(structure.elements.size());
    SystemEnergyOf<Slopes> fixed(n);
    fixed.surroundings = around;
    add_self(group.coulomb.view(), structure.elements, charged.charges, fixed);
    if (!kernels.gamma.empty()) add_coulomb(kernels, structure.elements, structure.coulomb, charged.charges, fixed);
    Eigen::MatrixXd gradient(n, lanes);
    for (int i = 0; i < n; i++)
      for (int lane = 0; lane < lanes; lane++) gradient(i, lane) = fixed.electronegativity[i].slope[lane];
    const Eigen::MatrixXd change = charged.curvature->solve(gradient);
    for (int i = 0; i < n; i++)
      for (int lane = 0; lane < lanes; lane++) charges[i].slope[lane] = -change(i, lane);
  }

  /// d lambda = v^T dM v
  void write_lowest(int s, const Charged &charged, const ParameterGroup &group, const BondKernels<Slopes> &kernels,
                    const std::vector<ChargeSurroundings<Slopes>> &around)
  {
    if (charged.softest.size() == 0) return;
    const Structure &structure = set.structures[s];
    const Eigen::VectorXd &v = charged.softest;
    Slopes sum;
    for (int i = 0; i < static_cast<int>(structure.elements.size()); i++) {
      const auto &charge = group.coulomb.charge[structure.elements[i]];
      sum += Slopes(v(i) * v(i)) * (charge.hardness - Slopes(2) * charge.fade * around[i].embedding);
      if (kernels.gamma.empty()) continue;
      for (std::size_t m = structure.coulomb.begin[i]; m < structure.coulomb.begin[i + 1]; m++)
        sum += Slopes(2.0 * v(i) * v(structure.coulomb.atom[m])) * kernels.gamma[m];
    }
    write_lanes(group, sum, result.d_lowest_eigenvalue.data() + std::size_t(s) * names.size());
  }

  static void write_lanes(const ParameterGroup &group, const Slopes &from, double *to)
  {
    for (std::size_t lane = 0; lane < group.index.size(); lane++) to[group.index[lane]] = from.slope[lane];
  }

  void write(int s, const ParameterGroup &group, const SystemEnergyOf<Slopes> &energy,
             const std::vector<Slopes> &charges)
  {
    const std::size_t p = names.size();
    write_lanes(group, energy.total(), result.d_energy.data() + s * p);
    for (int a = 0; a < 3; a++)
      for (int b = 0; b < 3; b++)
        write_lanes(group, energy.virial[a][b], result.d_virial.data() + (9 * std::size_t(s) + 3 * a + b) * p);
    for (std::size_t i = 0; i < charges.size(); i++) {
      const std::size_t atom = set.first_atom[s] + i;
      for (int a = 0; a < 3; a++) write_lanes(group, energy.forces[i][a], result.d_forces.data() + (3 * atom + a) * p);
      write_lanes(group, charges[i], result.d_charges.data() + atom * p);
    }
  }
};

StructureSet::StructureSet(const Potential &potential, std::vector<PeriodicSystem> systems,
                           std::vector<double> total_charges, double k_e_) :
    symbols(potential.elements), k_e(k_e_), meam_cutoff(potential.neighbourhood_cutoff()),
    coulomb_cutoff(potential.has_charges() ? potential.coulomb_cutoff : 0.0)
{
  if (total_charges.size() != systems.size())
    throw std::invalid_argument("total_charges has " + std::to_string(total_charges.size()) + " numbers for " +
                                std::to_string(systems.size()) + " structures");
  for (std::size_t s = 0; s < systems.size(); s++) {
    const PeriodicSystem &system = systems[s];
    if (system.num_atoms() == 0) throw std::invalid_argument("structure " + std::to_string(s) + " has no atoms");
    std::set<int> kinds(system.elements.begin(), system.elements.end());
    structures.push_back({system.elements, std::move(kinds), total_charges[s], Bonds::all(system, meam_cutoff),
                          Bonds::half(system, coulomb_cutoff)});
    first_atom.push_back(first_atom.back() + system.num_atoms());
  }
}

void StructureSet::check(const Potential &potential) const
{
  if (potential.elements != symbols)
    throw std::invalid_argument("the potential has other elements than the one that the set was made with");
  if (potential.neighbourhood_cutoff() > meam_cutoff ||
      (potential.has_charges() && potential.coulomb_cutoff > coulomb_cutoff))
    throw std::invalid_argument("the potential has longer cutoffs than the one that the set was made with");
}

SetResult StructureSet::evaluate(const Potential &potential, int threads) const
{
  return differentiate(potential, {}, threads);
}

SetResult StructureSet::differentiate(const Potential &potential, const std::vector<std::string> &names,
                                      int threads) const
{
  check(potential);
  Evaluation evaluation(*this, potential, names);
  for_each_in_parallel(size(), threads, evaluation);
  return std::move(evaluation.result);
}
