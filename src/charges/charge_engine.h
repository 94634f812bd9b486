// Charge equilibration: everything about charges that a pair style needs. SPDX-License-Identifier: GPL-2.0-only
#ifndef RFMEAM_CHARGES_CHARGE_ENGINE_H
#define RFMEAM_CHARGES_CHARGE_ENGINE_H

#include "charge_forces.h"
#include "core_term.h"
#include "element_terms.h"
#include "factored_pcg.h"
#include "follow_minimum.h"
#include "minimize_charges.h"
#include "pair_forces.h"
#include "pair_matrix.h"
#include "shift_term.h"
#include "site.h"
#include "start_charges.h"

#include <cstdint>
#include <vector>

namespace rfmeam {

/// Lists the atoms of the potential that are in the group.
template <class Real> struct SelectRow {
  const Site<Real> *site;
  const int *mask;
  int group;
  int *rows;
  RFMEAM_FUNCTION void operator()(int i, int &place, bool final) const
  {
    if (site[i].element < 0 || !(mask[i] & group)) return;
    if (final) rows[place] = i;
    place++;
  }
};

/// Counts the others.
template <class Real> struct CountSource {
  const Site<Real> *site;
  const int *mask;
  int group;
  RFMEAM_FUNCTION void operator()(int i, double &sum) const
  {
    if (site[i].element >= 0 && !(mask[i] & group)) sum += 1.0;
  }
};

/// Puts each unknown into its group of the constraints; counts those that are not in exactly one of the groups.
struct SetGroup {
  const int *rows, *mask;
  ChargeGroups groups, constraints;
  int *group;
  RFMEAM_FUNCTION void operator()(int row, double &astray) const
  {
    const int i = rows[row], g = constraints.of(mask[i]);
    group[i] = g < 0 ? 0 : g;
    if (groups.times(mask[i]) != 1) astray += 1.0;
  }
};

/// Takes the potential of its group off the level of an unknown.
struct LowerByPotential {
  const int *rows, *mask;
  ChargeGroups groups;
  double *level;
  RFMEAM_FUNCTION void operator()(int row) const
  {
    const int i = rows[row];
    level[i] -= groups.potential(groups.of(mask[i]));
  }
};

/// -V q of an atom in a group at potential V: what its source has given up.
template <class Real, class Scalar> struct SourceEnergy {
  const Site<Real> *site;
  const int *mask;
  const Real *q;
  int unknowns;
  ChargeGroups groups;
  bool by_atom;
  Scalar atom_energy;
  RFMEAM_FUNCTION void operator()(int i, double &sum) const
  {
    if (site[i].element < 0 || !(mask[i] & unknowns)) return;
    const double energy = -groups.potential(groups.of(mask[i])) * static_cast<double>(q[i]);
    sum += energy;
    if (by_atom) atom_energy.access()(i) += energy;
  }
};

/// What is to be equilibrated, and how.
struct EquilibrationTask {
  int group = 0;          ///< bit in the mask of the unknowns
  ChargeGroups groups;    ///< of them
  double tolerance = 0.0;
  int max_iterations = 0;
  ChargeHistory history;
  std::vector<double> guess;    ///< coefficients of the history; empty: start from the present charges
  ShadowStep shadow;            ///< of the auxiliary charges, which are the guess
  /// Potential of an external field at each owned atom (energy/e), on the host; empty: there is no field.
  std::vector<double> field = {};
  Preconditioner preconditioner = Preconditioner::diagonal;
  double splitting = 0.0;    ///< of the long-range term, if there is one, see BuildFactor
};

/// An element of the charge matrix, by owned or ghost index of the atoms; each pair is listed for either of them.
struct MatrixElement {
  int row, column;
  double value;
};

/// What the charge energy has beside chi q, J q^2/2 and pairs: walls, shifts of the electronegativities and then maybe
/// of the hardnesses, core charges.
struct ChargeFeatures {
  bool walls = false, shifts = false, hardens = false, cores = false;
};

template <class Space, class Real> class ChargeEngine {
 public:
  explicit ChargeEngine(Space &space_) : space(space_), system(space_) {}

  /// The element tables, in memory of the Space, their features, and what acts beyond the cutoff, if anything does: not
  /// owned, and in no forces(). What is known of positions and neighbours is out of date then; no group is at a
  /// potential any more.
  void set_coulomb(const CoulombView<Real> &coulomb_, const ChargeFeatures &features,
                   ChargeTerm<Space> *long_range = nullptr)
  {
    coulomb = coulomb_;
    has_walls = features.walls;
    has_shifts = features.shifts;
    shift_term.hardens = features.hardens;
    system.terms = {&element_term, &matrix};
    if (has_walls) system.terms.push_back(&wall_term);
    if (has_shifts) system.terms.push_back(&shift_term);
    matrix.has_cores = features.cores;
    if (features.cores) system.terms.push_back(&core_term);
    if (long_range) system.terms.push_back(long_range);
    known = false;
    lags = false;
    factors.forget();
    groups = {};
  }

  /// Shifts of the electronegativities of owned atoms (energy/e), in memory of the Space: to be written whenever
  /// update_pairs() has seen a change.
  double *shifts() { return shift_term.shift.data(); }
  /// The same of the hardnesses (energy/e^2); null: there are none.
  double *hardenings() { return shift_term.hardens ? shift_term.hardness.data() : nullptr; }

  /// Brings sites and pairs up to date; returns whether there was a change. stamp tells one neighbour list from the
  /// next. As long as atoms and list are the same, gamma is not evaluated again.
  template <class Neighbours>
  bool update_pairs(const AtomData<Real> &atoms, const Neighbours &neighbours, std::int64_t stamp)
  {
    const bool same_list =
        known && stamp == known_stamp && atoms.num_owned == system.num_owned && atoms.num_all == system.num_all;
    if (same_list &&
        space.template local_sum<double>("charges:moved", atoms.num_all, CountMoved<Real>{atoms, site.data()}) == 0.0)
      return false;
    lags = lags && same_list;
    if (!same_list) {
      factors.forget();
      space.have_atoms(atoms.num_owned, atoms.num_all);
    }
    system.num_owned = atoms.num_owned;
    system.num_all = atoms.num_all;
    site.reserve(atoms.num_all);
    space.for_each("charges:sites", atoms.num_all, SetSite<Real>{atoms, site.data()});
    matrix.build(space, coulomb, neighbours, site.data(), atoms.num_owned, atoms.num_all, same_list);
    element_term.coulomb = wall_term.coulomb = coulomb;
    element_term.site = wall_term.site = site.data();
    element_term.num_owned = wall_term.num_owned = core_term.num_owned = atoms.num_owned;
    core_term.matrix = &matrix;
    if (has_shifts) shift_term.reserve(atoms.num_owned);
    known = true;
    known_stamp = stamp;
    return true;
  }

  /// Sum of the charges q of the group's atoms on all ranks.
  double total_charge(const int *mask, const Real *q, int group)
  {
    select(mask, q, group);
    return space.template sum<double>("charges:total", system.num_rows,
                                      SumCharge{system.rows.data(), system.charge.data()});
  }

  /// Makes the task's atoms unknowns with their starting charges. Pairs are up to date. Whether each of them is in one
  /// of the groups; if not, there is nothing to solve.
  bool start(const int *mask, const Real *q, const EquilibrationTask &task)
  {
    select(mask, q, task.group);
    unknowns_bit = task.group;
    groups = task.groups;
    constraints = groups.constraints();
    if (!set_groups(mask)) return false;
    set_levels(task.field, mask);
    const auto sources = space.template sum<double>("charges:sources", system.num_owned,
                                                    CountSource<Real>{site.data(), mask, task.group});
    system.has_sources = sources > 0.0;
    by_groups([&](const auto &of) { started = start_charges(system, of, constraints, task.history, task.guess); });
    outcome = ShadowOutcome::none;
    lags = false;
    return true;
  }

  /// The minimum, or a step of shadow dynamics, if the task asks for one.
  SolveReport solve(const EquilibrationTask &task)
  {
    SolveReport report;
    by_groups([&]<class Groups>(const Groups &of) {
      Totals<Groups> totals = {of, constraints, {}, {}};
      if (task.shadow.iterations == 0)
        report = minimize(totals, task);
      else if (started.without > 0.0 || started.count != task.shadow.unknowns)
        report.shadow = ShadowOutcome::other_atoms;
      else
        report = follow_minimum(system, totals, newton, shadow, task.shadow);
    });
    groups.potentials_from_constraints(report.mu);
    report.unknowns = started.count;
    report.without_history = started.without;
    outcome = report.shadow;
    return report;
  }

  /// How many unknowns on all ranks are beyond a wall.
  double count_beyond_walls()
  {
    if (!has_walls) return 0.0;
    return space.template sum<double>(
        "charges:wall", system.num_rows,
        CountBeyondWall<Real>{coulomb, site.data(), system.rows.data(), system.charge.data()});
  }

  /// Hands the charges to the atoms and their ghosts, and to the history.
  void accept(Real *q, const ChargeHistory &history, bool age)
  {
    space.to_ghosts(system.charge);
    space.for_each("charges:store", system.num_all, CopyElement<Real, double>{system.charge.data(), q});
    if (history.shadow)
      accept_shadow(history, age);
    else
      space.for_each("charges:store", system.num_rows,
                     StoreHistory{system.rows.data(), system.charge.data(), history, age});
  }

  /// Whether forces() adds the force of each atom at one go, so that it bears a target of several threads that no two
  /// of them may share. Otherwise it adds those of pairs.
  [[nodiscard]] bool has_forces_of_rows() const
  {
    return Space::half_rows && !matrix.has_cores && has_pair_forces<Real>();
  }

  /// Energy, forces, virial at the charges q (set on ghosts); ChargeForces says what the targets are. After a step of
  /// shadow dynamics, and as long as the list is the same, those of the shadow energy.
  template <class Sum, class Force, class Scalar, class Virial>
  ChargeEnergy<Sum> forces(const Real *q, const ChargeTallies &tally, const Force &force, const Scalar &atom_energy,
                           const Scalar &potential, const Virial &atom_virial)
  {
    const auto run = [&]<bool tallies, bool shadowed, bool cores>(const auto &target) {
      using Target = std::remove_cvref_t<decltype(target)>;
      return space.template local_sum_rows<ChargeEnergy<Sum>>(
          "charges:forces", system.num_owned,
          ChargeForces<Space::half_rows, tallies, shadowed, cores, Real, Sum, Target, Scalar, Virial>{
              coulomb, matrix.rows(), site.data(), has_shifts ? shifts() : nullptr, hardenings(), q, lag.data(), tally,
              target, atom_energy, potential, atom_virial});
    };
    const bool tallies = tally.energy || tally.virial || tally.atom_energy || tally.potential;
    if constexpr (Space::half_rows) {    // forces are the same whatever else is wanted
      if (has_forces_of_rows()) {
        lags ? add_pair_forces<true>(q, force) : add_pair_forces<false>(q, force);
        if (!tallies) return {};
        return lags ? run.template operator()<true, true, false>(NoForces())
                    : run.template operator()<true, false, false>(NoForces());
      }
    }
    const auto with_cores = [&]<bool tallied, bool shadowed>() {
      return matrix.has_cores ? run.template operator()<tallied, shadowed, true>(force)
                              : run.template operator()<tallied, shadowed, false>(force);
    };
    if (tallies)
      return lags ? with_cores.template operator()<true, true>() : with_cores.template operator()<true, false>();
    return lags ? with_cores.template operator()<false, true>() : with_cores.template operator()<false, false>();
  }

  /// Whether sources hold groups of the last solve at a potential V. Then the energy of which forces are derivatives
  /// has -V q of their atoms in it.
  [[nodiscard]] bool has_sources_of_charge() const { return groups.any_held(); }
  /// Their -V q on this rank, at the charges q, and by atoms.
  template <class Scalar> double source_energy(const int *mask, const Real *q, bool by_atom, const Scalar &atom_energy)
  {
    return space.template local_sum<double>(
        "charges:source", system.num_owned,
        SourceEnergy<Real, Scalar>{site.data(), mask, q, unknowns_bit, groups, by_atom, atom_energy});
  }

  // ---- for the direct solver and for messages, on the host

  /// Index of the atom of each unknown.
  std::vector<int> host_rows() { return space.to_host(system.rows, system.num_rows); }
  /// Charges of owned atoms; those of the unknowns are the starting ones, until a solver has changed them.
  std::vector<double> host_charges() { return space.to_host(system.charge, system.num_owned); }
  /// dE/dq of all owned atoms at uncharged unknowns.
  std::vector<double> host_linear_coefficients()
  {
    linear_coefficients(system);
    return space.to_host(system.product, system.num_owned);
  }
  /// What the environment adds to the hardnesses of owned atoms; empty: nothing.
  std::vector<double> host_hardenings()
  {
    if (!shift_term.hardens) return {};
    return space.to_host(shift_term.hardness, system.num_owned);
  }
  void set_host_charges(const std::vector<double> &charges) { space.from_host(charges, system.charge); }

  /// gamma of all pairs of this rank.
  std::vector<MatrixElement> matrix_elements()
  {
    const auto parts = matrix.host_rows(space);
    std::vector<MatrixElement> elements;
    for (int i = 0; i < system.num_owned; i++)
      for (long long n = parts.first[i]; n < parts.first[i] + parts.count[i]; n++) {
        const auto value = static_cast<double>(parts.gamma[n]);
        elements.push_back({i, parts.column[n], value});
        if (Space::half_rows) elements.push_back({parts.column[n], i, value});
      }
    return elements;
  }

  [[nodiscard]] double bytes() const
  {
    return matrix.bytes() + site.bytes() + system.charge.bytes() + system.residual.bytes() + system.direction.bytes() +
        system.product.bytes() + system.diagonal.bytes() + system.rows.bytes() + shift_term.shift.bytes() +
        shift_term.hardness.bytes() + level_term.shift.bytes() + group_of.bytes() + shadow.n.bytes() +
        shadow.x.bytes() + lag.bytes() + pair_force.bytes() + factors.bytes();
  }

 private:
  Space &space;
  ChargeSystem<Space> system;
  NewtonVectors<Space> newton;
  ElementTerm<Space, Real> element_term;
  WallTerm<Space, Real> wall_term;
  ShiftTerm<Space> shift_term;
  CoreTerm<Space, Real> core_term;
  ShiftTerm<Space> level_term;    // potentials of fields and sources
  int unknowns_bit = 0;
  ChargeGroups groups, constraints;
  typename Space::template Array<int> group_of;    // of the constraints, of unknowns, where there are several groups
  bool has_walls = false, has_shifts = false;
  SparseFactors<Space> factors;
  ShadowVectors<Space> shadow;
  StartReport started;
  ShadowOutcome outcome = ShadowOutcome::none;
  typename Space::GhostArray lag;                            // q - n, on ghosts, too
  bool lags = false;                                         // whether charges, list and lag belong together
  typename Space::template Array<ForceOfAtom> pair_force;    // see PairForces
  PairMatrix<Space, Real> matrix;
  CoulombView<Real> coulomb = {};
  typename Space::template Array<Site<Real>> site;
  bool known = false;
  std::int64_t known_stamp = 0;

  template <bool shadowed, class Force> void add_pair_forces(const Real *q, const Force &force)
  {
#if RFMEAM_WITH_AVX2
    if constexpr (std::is_same_v<Real, double>) {
      const int num_threads = space.num_threads(), num_all = system.num_all;
      pair_force.reserve(static_cast<long long>(num_threads) * num_all);
      space.for_each_part("charges:forces", system.num_owned,
                          PairForces<shadowed>{matrix.rows(), site.data(), q, lag.data(), num_all, pair_force.data()});
      space.for_each("charges:forces", num_all, AddForces<Force>{pair_force.data(), num_all, num_threads, force});
    }
#endif
  }
  template <class Groups> SolveReport minimize(Totals<Groups> &totals, const EquilibrationTask &task)
  {
    const auto with_diagonal = [](auto &...arguments) { return projected_pcg(arguments...); };
    if (task.preconditioner == Preconditioner::diagonal)
      return minimize_charges(system, totals, newton, task.tolerance, task.max_iterations, with_diagonal);
    const auto with_factors = [&](auto &system_, auto &...arguments) {
      if (!factors.are_known()) factors.build(system_, coulomb, matrix.rows(), site.data(), task.splitting);
      return factored_pcg(system_, factors, arguments...);
    };
    const SolveReport report =
        minimize_charges(system, totals, newton, task.tolerance, task.max_iterations, with_factors);
    factors.note(report.iterations);
    return report;
  }
  /// run(OneGroup) or run(SeveralGroups)
  template <class Run> void by_groups(const Run &run)
  {
    if (constraints.is_one_total())
      run(OneGroup{});
    else
      run(SeveralGroups{group_of.data()});
  }
  /// Whether each unknown is in one group.
  bool set_groups(const int *mask)
  {
    if (groups.is_one_total()) return true;
    group_of.reserve(system.num_owned);
    const SetGroup set = {system.rows.data(), mask, groups, constraints, group_of.data()};
    return space.template sum<double>("charges:groups", system.num_rows, set) == 0.0;
  }
  /// A term of E(q) for the potentials of a field and of sources, if there are any.
  void set_levels(const std::vector<double> &field, const int *mask)
  {
    std::erase(system.terms, &level_term);
    if (field.empty() && !groups.any_held()) return;
    system.terms.push_back(&level_term);
    level_term.reserve(system.num_owned);
    if (field.empty())
      space.for_each("charges:levels", system.num_owned, Fill<double>{level_term.shift.data(), 0.0});
    else
      space.from_host(field, level_term.shift);
    if (groups.any_held())
      space.for_each("charges:levels", system.num_rows,
                     LowerByPotential{system.rows.data(), mask, groups, level_term.shift.data()});
  }
  /// n and x of the last step; after a full solve, the charges are all of them.
  void accept_shadow(const ChargeHistory &history, bool age)
  {
    lags = outcome == ShadowOutcome::followed;
    const double *const q = system.charge.data();
    if (lags) {
      lag.reserve(system.num_all);
      space.for_each("charges:store", system.num_all, Subtract{q, shadow.n.data(), lag.data()});
    }
    space.for_each(
        "charges:store", system.num_rows,
        StoreShadow{system.rows.data(), lags ? shadow.x.data() : q, lags ? shadow.n.data() : q, history, age});
  }
  void select(const int *mask, const Real *q, int group)
  {
    system.reserve();
    space.for_each("charges:load", system.num_owned, CopyElement<double, Real>{q, system.charge.data()});
    system.num_rows = space.template scan<int>("charges:rows", system.num_owned,
                                               SelectRow<Real>{site.data(), mask, group, system.rows.data()});
  }
};

}    // namespace rfmeam

#endif
