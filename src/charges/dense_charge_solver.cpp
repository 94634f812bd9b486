// Charge equilibration by factorisation. SPDX-License-Identifier: GPL-2.0-only
#include "dense_charge_solver.h"

#include <Eigen/Cholesky>
#include <Eigen/Core>

#include <cmath>

using namespace rfmeam;

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Eigen::VectorXd;

void DenseTerm::add_gradient(Space &space, Vector &q, Vector &out)
{
  add_product(space, q, out);
  for (std::size_t i = 0; i < b.size(); i++) out.data()[i] += b[i] + hardness[i] * q.data()[i];
}

void DenseTerm::add_product(Space & /*space*/, Vector &p, Vector &out)
{
  const auto n = static_cast<Eigen::Index>(b.size());
  Eigen::Map<VectorXd>(out.data(), n) +=
      Eigen::Map<const Matrix>(matrix.data(), n, n) * Eigen::Map<const VectorXd>(p.data(), n);
}

void DenseTerm::add_diagonal(Space & /*space*/, Vector & /*q*/, Vector &diagonal)
{
  for (std::size_t i = 0; i < hardness.size(); i++) diagonal.data()[i] += hardness[i];
}

// The Householder reflection H that turns (1,..,1) into a multiple of the first axis spans sum(dq) = 0 by the other
// columns, so that H A H without its first row and column is A in the neutral subspace.
SolveStatus DenseTerm::minimize(ChargeSystem<Space> &system, ResidualSums &sums) const
{
  const auto n = static_cast<Eigen::Index>(b.size());
  Eigen::Map<VectorXd> residual(system.residual.data(), n), charge(system.charge.data(), n);
  if (!residual.allFinite()) return SolveStatus::not_finite;
  if (n == 1) return SolveStatus::converged;

  Matrix a = Eigen::Map<const Matrix>(matrix.data(), n, n);
  a.diagonal() += Eigen::Map<const VectorXd>(system.diagonal.data(), n);
  VectorXd v = VectorXd::Ones(n);
  v(0) += std::sqrt(static_cast<double>(n));
  v /= v.norm();
  const VectorXd av = a * v;
  const double vav = v.dot(av);
  // H A H = A - 2 v (Av)^T - 2 (Av) v^T + 4 (v.Av) v v^T
  Matrix reduced = a;
  reduced.noalias() -= 2.0 * v * av.transpose();
  reduced.noalias() -= 2.0 * av * v.transpose();
  reduced.noalias() += 4.0 * vav * v * v.transpose();
  const Eigen::LLT<Matrix> factor(reduced.bottomRightCorner(n - 1, n - 1));
  if (factor.info() != Eigen::Success) return SolveStatus::indefinite;

  const VectorXd reflected = residual - 2.0 * v.dot(residual) * v;
  VectorXd step = VectorXd::Zero(n);
  step.tail(n - 1) = factor.solve(reflected.tail(n - 1));
  step -= 2.0 * v.dot(step) * v;
  charge += step;
  residual -= a * step;
  sums = system.space.sum<ResidualSums>(
      "charges:step", static_cast<int>(n),
      ShiftResidual{system.rows.data(), system.diagonal.data(), system.residual.data(), 0.0});
  return std::isfinite(sums.r_sq) ? SolveStatus::converged : SolveStatus::not_finite;
}
