// Charge equilibration by factorisation, the reference for the iterative solver. SPDX-License-Identifier: GPL-2.0-only
#ifndef RFMEAM_CHARGES_DENSE_CHARGE_SOLVER_H
#define RFMEAM_CHARGES_DENSE_CHARGE_SOLVER_H

#include "../rfmeam/coulomb.h"
#include "projected_pcg.h"

#include <vector>

namespace rfmeam {

/// b.q + ½ q^T (J + M) q as one term, with all of M in memory: n x n, symmetric, row major, 0 on its diagonal.
/// b, J (the diagonal) have length n, the number of owned atoms of the space.
class DenseTerm : public ChargeTerm<SerialSpace<false>> {
 public:
  using Space = SerialSpace<false>;

  DenseTerm(std::vector<double> b_, std::vector<double> hardness_, std::vector<double> matrix_) :
      b(std::move(b_)), hardness(std::move(hardness_)), matrix(std::move(matrix_))
  {
  }
  [[nodiscard]] bool couples_atoms() const override { return true; }
  void add_gradient(Space &space, Vector &q, Vector &out) override;
  void add_product(Space &space, Vector &p, Vector &out) override;
  void add_diagonal(Space &space, Vector &q, Vector &diagonal) override;

  /// Minimises the quadratic model of E(q), as projected_pcg() does, in one step; all atoms are unknowns, in order.
  /// Cost n^3, memory 2 n^2. Groups: OneGroup or SeveralGroups.
  template <class Groups>
  SolveStatus minimize(ChargeSystem<Space> &system, const Totals<Groups> &totals,
                       ResidualSums<Groups::size> &sums) const;

 private:
  std::vector<double> b, hardness, matrix;
};

/// Groups of the unknowns, and which one each of them is in.
struct DenseGroups {
  ChargeGroups groups;
  std::vector<int> of;
};

/// Minimises E(q) = linear.q + q.hardness.q/2 + q.matrix.q/2 + walls of the elements at the sum of the given charges,
/// which become those of the minimum (to rounding). All have length n, matrix n x n, symmetric, row major. With several
/// groups, at the sum of the given charges of each that has a total; for one at a potential V, linear has -V in it.
SolveReport minimize_densely(const CoulombView<double> &coulomb, bool has_walls, const std::vector<int> &elements,
                             std::vector<double> linear, std::vector<double> hardness, std::vector<double> matrix,
                             std::vector<double> &charges, const DenseGroups &several = {});

}    // namespace rfmeam

#endif
