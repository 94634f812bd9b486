/* ----------------------------------------------------------------------
   LAMMPS - Large-scale Atomic/Molecular Massively Parallel Simulator
   https://www.lammps.org/

   This software is distributed under the GNU General Public License.
------------------------------------------------------------------------- */

#include "direct_solve.h"

#include "../charges/dense_charge_solver.h"

#include <algorithm>
#include <utility>

using namespace rfmeam;
using LAMMPS_NS::tagint;

template <class T> static std::vector<T> gather(std::vector<T> mine, int rank, MPI_Comm world)
{
  int size;
  MPI_Comm_size(world, &size);
  int bytes = static_cast<int>(mine.size() * sizeof(T));    // not const: LAMMPS' serial MPI takes void *
  std::vector<int> counts(size), offsets(size + 1, 0);
  MPI_Gather(&bytes, 1, MPI_INT, counts.data(), 1, MPI_INT, 0, world);
  for (int p = 0; p < size; p++) offsets[p + 1] = offsets[p] + counts[p];
  std::vector<T> all(rank == 0 ? offsets[size] / sizeof(T) : 0);
  MPI_Gatherv(mine.data(), bytes, MPI_BYTE, all.data(), counts.data(), offsets.data(), MPI_BYTE, 0, world);
  return all;
}

static std::size_t place_of(const std::vector<tagint> &tags, tagint tag)
{
  return static_cast<std::size_t>(std::lower_bound(tags.begin(), tags.end(), tag) - tags.begin());
}

/// The whole problem on one rank: unknowns in the order of their tags; their charges become those of the minimum.
static SolveReport solve_here(const CoulombTable &coulomb, const ChargeGroups &groups, std::vector<DirectUnknown> &all,
                              const std::vector<tagint> &tags, const std::vector<DirectElement> &elements)
{
  const std::size_t n = all.size();
  std::vector<double> linear, hardness, charges, matrix(n * n, 0.0);
  std::vector<int> types;
  DenseGroups several;
  for (const DirectUnknown &u : all) {
    linear.push_back(u.linear);
    hardness.push_back(u.hardness);
    charges.push_back(u.charge);
    types.push_back(u.element);
    if (!groups.is_one_total()) several.of.push_back(u.group);
  }
  several.groups = groups;
  for (const DirectElement &e : elements) matrix[place_of(tags, e.row) * n + place_of(tags, e.column)] += e.gamma;
  SolveReport report = minimize_densely(coulomb.view(), coulomb.has_walls(), types, std::move(linear),
                                        std::move(hardness), std::move(matrix), charges, several);
  report.products = report.iterations = 0;
  for (std::size_t i = 0; i < n; i++) all[i].charge = charges[i];
  return report;
}

std::vector<tagint> rfmeam::tags_of_all(const std::vector<DirectUnknown> &mine, MPI_Comm world)
{
  int rank;
  MPI_Comm_rank(world, &rank);
  std::vector<tagint> tags;
  for (const DirectUnknown &u : mine) tags.push_back(u.tag);
  tags = gather(tags, rank, world);
  int n = static_cast<int>(tags.size());
  MPI_Bcast(&n, 1, MPI_INT, 0, world);
  tags.resize(n);
  MPI_Bcast(tags.data(), n, MPI_LMP_TAGINT, 0, world);
  return tags;
}

SolveReport rfmeam::solve_directly(const CoulombTable &coulomb, const ChargeGroups &groups,
                                   std::vector<DirectUnknown> &mine, const std::vector<DirectElement> &elements,
                                   MPI_Comm world)
{
  int rank;
  MPI_Comm_rank(world, &rank);
  auto all = gather(mine, rank, world);
  const auto all_elements = gather(elements, rank, world);

  SolveReport report;
  std::vector<tagint> tags;
  std::vector<double> charges;
  if (rank == 0) {
    std::sort(all.begin(), all.end(), [](const DirectUnknown &a, const DirectUnknown &b) { return a.tag < b.tag; });
    for (const DirectUnknown &u : all) tags.push_back(u.tag);
    report = solve_here(coulomb, groups, all, tags, all_elements);
    for (const DirectUnknown &u : all) charges.push_back(u.charge);
  }
  MPI_Bcast(&report, sizeof(report), MPI_BYTE, 0, world);
  if (report.status != SolveStatus::converged) return report;
  int n = static_cast<int>(tags.size());
  MPI_Bcast(&n, 1, MPI_INT, 0, world);
  tags.resize(n), charges.resize(n);
  MPI_Bcast(tags.data(), n, MPI_LMP_TAGINT, 0, world);
  MPI_Bcast(charges.data(), n, MPI_DOUBLE, 0, world);
  for (DirectUnknown &u : mine) u.charge = charges[place_of(tags, u.tag)];
  return report;
}
