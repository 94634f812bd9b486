// Tests of charge equilibration: a periodic box of atoms as one rank sees it. SPDX-License-Identifier: GPL-2.0-only
#ifndef RFMEAM_TEST_CHARGE_BOX_H
#define RFMEAM_TEST_CHARGE_BOX_H

#include "../physics/random_systems.h"

#include "charges/charge_engine.h"
#include "rfmeam/system_energy.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <vector>

namespace rfmeam::test {

/// Lists of neighbours by owned or ghost index, as LAMMPS makes them.
struct ListedNeighbours {
  int num;
  const std::vector<std::vector<int>> *lists;
  int atom(int ii) const { return ii; }
  int count(int i) const { return static_cast<int>((*lists)[i].size()); }
  int neighbour(int i, int jj) const { return (*lists)[i][jj]; }
};

/// A Space whose threads work one after the other.
class SeveralThreads : public SerialSpace<true> {
 public:
  using SerialSpace::SerialSpace;
  static constexpr int num_threads() { return 3; }
  template <class F> void for_each_part(const char *, int n, const F &f) const
  {
    for (int t = 0; t < num_threads(); t++) f(t, n * t / num_threads(), n * (t + 1) / num_threads());
  }
};

/// The atoms of a system and, as ghosts, their images within reach of them. half: each pair is listed once.
template <bool half, class SpaceType = SerialSpace<half>> class ChargeBox {
 public:
  using Space = SpaceType;
  using Engine = ChargeEngine<Space, double>;

  Potential potential;
  PeriodicSystem system;
  CoulombTable table;
  std::vector<int> mask;
  Space space;
  Engine engine;
  Preconditioner preconditioner = Preconditioner::diagonal;    ///< of equilibrate()

  /// shifts_, hardenings_: of the electronegativities and hardnesses of owned atoms; empty: none.
  ChargeBox(const Potential &potential_, const PeriodicSystem &system_, double skin = 0.5,
            std::vector<double> shifts_ = {}, std::vector<double> hardenings_ = {}) :
      potential(potential_), system(system_), table(potential, k_e), mask(system_.num_atoms(), 3), engine(space),
      shifts(std::move(shifts_)), hardenings(std::move(hardenings_))
  {
    engine.set_coulomb(table.view(), {table.has_walls(), !shifts.empty(), !hardenings.empty(), table.has_cores()});
    list(skin);
  }
  ChargeBox(const ChargeBox &) = delete;

  [[nodiscard]] int num_owned() const { return system.num_atoms(); }

  /// The owned atom that an owned or ghost atom is or is an image of.
  [[nodiscard]] int owner_of(int i) const { return i < num_owned() ? i : owner[i - num_owned()]; }

  /// Makes ghosts and lists for the atoms where they are now.
  void list(double skin = 0.5)
  {
    const int n = num_owned();
    const double reach = table.cutoff + skin;
    owner.clear(), shift.clear();
    lists.assign(n, {});
    std::map<std::pair<int, std::array<long, 3>>, int> known;
    const ImageSearch search(system, reach);
    for (int i = 0; i < n; i++)
      search.for_each_neighbour(i, [&](int j, double dx, double dy, double dz, double) {
        Vector3 offset = {dx, dy, dz};
        for (int c = 0; c < 3; c++) offset[c] -= system.positions[j][c] - system.positions[i][c];
        std::array<long, 3> key;
        for (int c = 0; c < 3; c++) key[c] = std::lround(offset[c] * 1e6);
        int index = j;
        if (key != std::array<long, 3>{0, 0, 0}) {
          const auto [at, is_new] = known.try_emplace({j, key}, n + static_cast<int>(owner.size()));
          index = at->second;
          if (is_new) owner.push_back(j), shift.push_back(offset);
        }
        if (!half || i < j || (i == j && key > std::array<long, 3>{0, 0, 0})) lists[i].push_back(index);
      });
    space = Space(n, owner);
    mask.resize(n);
    for (const int o : owner) mask.push_back(mask[o]);
    stamp++;
  }

  /// Brings the engine up to date with the positions.
  void update()
  {
    const int n = num_owned(), all = n + static_cast<int>(owner.size());
    x.resize(3 * all);
    type.resize(all);
    for (int i = 0; i < all; i++) {
      const int o = i < n ? i : owner[i - n];
      type[i] = system.elements[o] + 1;
      for (int c = 0; c < 3; c++) x[3 * i + c] = system.positions[o][c] + (i < n ? 0.0 : shift[i - n][c]);
      mask[i] = mask[o];
    }
    element_of_type = {-1};
    for (int e = 0; e < table.num_elements; e++) element_of_type.push_back(e);
    const bool changed =
        engine.update_pairs(AtomData<double>{n, all, x.data(), type.data(), mask.data(), element_of_type.data(), 1},
                            ListedNeighbours{n, &lists}, stamp);
    if (changed) std::copy(shifts.begin(), shifts.end(), engine.shifts());
    if (changed) std::copy(hardenings.begin(), hardenings.end(), engine.hardenings());
  }

  /// Charges of owned atoms, and those of their ghosts behind them.
  [[nodiscard]] std::vector<double> with_ghosts(std::vector<double> q) const
  {
    for (const int o : owner) q.push_back(q[o]);
    return q;
  }

  /// Equilibrates the atoms of mask bit `group` from charges q, which become those of the minimum.
  SolveReport equilibrate(std::vector<double> &q, double total, double tolerance = 1e-13, int max_iterations = 500,
                          int group = 2)
  {
    update();
    EquilibrationTask task;
    task.group = group;
    task.groups = one_total(group, total);
    task.tolerance = tolerance;
    task.max_iterations = max_iterations;
    task.preconditioner = preconditioner;
    std::vector<double> all = with_ghosts(q), history(all.size());
    engine.start(mask.data(), all.data(), task);
    const SolveReport report = engine.solve(task);
    engine.accept(all.data(), {history.data(), 1}, false);
    std::copy_n(all.begin(), q.size(), q.begin());
    return report;
  }

 private:
  std::vector<int> owner, type, element_of_type;
  std::vector<Vector3> shift;
  std::vector<std::vector<int>> lists;
  std::vector<double> x, shifts, hardenings;
  std::int64_t stamp = 0;
};

/// That forces of which nothing else is asked are those f (three numbers an owned or ghost atom) that come with
/// energies and virials: they have a kernel of their own where rows are half ones.
template <class Box> void expect_forces_alone(Box &box, const std::vector<double> &q, const double *f)
{
  const long long n = 3 * static_cast<long long>(q.size());
  HostArray<double> alone;
  alone.reserve(n);
  std::fill_n(alone.data(), n, 0.0);
  box.engine.template forces<double>(q.data(), {}, HostRows<3>{alone.data()}, HostTarget<double>{nullptr},
                                     HostTarget<double>{nullptr}, HostRows<6>{nullptr});
  double largest = 0.0;
  for (long long m = 0; m < n; m++) largest = std::max(largest, std::abs(f[m]));
  for (long long m = 0; m < n; m++) EXPECT_NEAR(alone.data()[m], f[m], 1e-13 * largest);
}

/// A potential with charges only: Gaussian charges, which have a minimum in every system.
inline Potential gaussian_potential(Random &random, int num_elements)
{
  Potential potential = random_potential(random, num_elements, CoulombForm::gaussian);
  potential.element.clear(), potential.pair.clear(), potential.screening.clear();
  return potential;
}

}    // namespace rfmeam::test

#endif
