// Dense charge equilibration, the reference for the iterative solver. SPDX-License-Identifier: GPL-2.0-only
#include "dense_charge_solver.h"

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <cmath>

using namespace LAMMPS_NS;

/* ----------------------------------------------------------------------
   The Householder reflection H that turns (1,..,1) into a multiple of the
   first axis spans sum(dq) = 0 by the other columns, so that H A H without
   its first row and column is A in the neutral subspace.
------------------------------------------------------------------------- */

DenseSolution LAMMPS_NS::solve_dense_charges(const std::vector<double> &matrix, const std::vector<double> &b,
                                             double total)
{
  using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  using Vector = Eigen::VectorXd;
  const auto n = static_cast<Eigen::Index>(b.size());
  const Eigen::Map<const Matrix> a(matrix.data(), n, n);
  const Eigen::Map<const Vector> rhs(b.data(), n);

  Vector q = Vector::Constant(n, total / static_cast<double>(n));
  if (n > 1) {
    Vector v = Vector::Ones(n);
    v(0) += std::sqrt(static_cast<double>(n));
    v /= v.norm();
    const Vector av = a * v;
    const double vav = v.dot(av);
    // H A H = A - 2 v (Av)^T - 2 (Av) v^T + 4 (v.Av) v v^T
    Matrix reduced = a;
    reduced.noalias() -= 2.0 * v * av.transpose();
    reduced.noalias() -= 2.0 * av * v.transpose();
    reduced.noalias() += 4.0 * vav * v * v.transpose();

    Vector gradient = rhs + a * q;
    gradient -= 2.0 * v.dot(gradient) * v;

    const Eigen::LLT<Matrix> factor(reduced.bottomRightCorner(n - 1, n - 1));
    if (factor.info() != Eigen::Success) return {false, {}};
    Vector step = Vector::Zero(n);
    step.tail(n - 1) = -factor.solve(gradient.tail(n - 1));
    step -= 2.0 * v.dot(step) * v;
    q += step;
  }

  const Vector gradient = rhs + a * q;
  const double mu = gradient.mean();
  return {true, std::vector<double>(q.data(), q.data() + n), mu, (gradient.array() - mu).abs().maxCoeff()};
}
