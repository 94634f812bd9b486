// Charge equilibration: a symmetric matrix on the neutral subspace. SPDX-License-Identifier: GPL-2.0-only
#ifndef RFMEAM_CHARGES_NEUTRAL_FACTOR_H
#define RFMEAM_CHARGES_NEUTRAL_FACTOR_H

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <Eigen/Eigenvalues>

#include <cmath>
#include <utility>

namespace rfmeam {

using DenseMatrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// Cholesky factor of an n x n matrix A, symmetric, where sum(x) = 0. Cost n^3, memory 2 n^2.
/// The Householder reflection H that turns (1,..,1) into a multiple of the first axis spans sum(x) = 0 by the other
/// columns, so that H A H without its first row and column is A in the neutral subspace.
class NeutralFactor {
 public:
  explicit NeutralFactor(const DenseMatrix &a) : n(a.rows()), v(Eigen::VectorXd::Ones(a.rows()))
  {
    v(0) += std::sqrt(static_cast<double>(n));
    v /= v.norm();
    const Eigen::VectorXd av = a * v;
    const double vav = v.dot(av);
    // H A H = A - 2 v (Av)^T - 2 (Av) v^T + 4 (v.Av) v v^T
    DenseMatrix all = a;
    all.noalias() -= 2.0 * v * av.transpose();
    all.noalias() -= 2.0 * av * v.transpose();
    all.noalias() += 4.0 * vav * v * v.transpose();
    reduced = all.bottomRightCorner(n - 1, n - 1);
    factor.compute(reduced);
  }

  [[nodiscard]] bool positive_definite() const { return factor.info() == Eigen::Success; }

  /// The columns x with sum(x) = 0 for which A x - b is the same in all rows; only if positive_definite().
  [[nodiscard]] Eigen::MatrixXd solve(const Eigen::MatrixXd &b) const
  {
    const Eigen::MatrixXd reflected = b - 2.0 * v * (v.transpose() * b);
    Eigen::MatrixXd x = Eigen::MatrixXd::Zero(n, b.cols());
    x.bottomRows(n - 1) = factor.solve(reflected.bottomRows(n - 1));
    return x - 2.0 * v * (v.transpose() * x);
  }

  /// The lowest eigenvalue of A on the neutral subspace and its vector x, of length 1 (n > 1): by inverse iteration
  /// until |A x - value x| <= 1e-5 value, so that among close ones it is one of them; by diagonalisation, if that is
  /// slow.
  [[nodiscard]] std::pair<double, Eigen::VectorXd> lowest() const
  {
    constexpr int most_iterations = 100;
    Eigen::VectorXd w = Eigen::VectorXd::LinSpaced(n - 1, 1.0, 2.0);    // no eigenvector by symmetry
    for (Eigen::Index m = 0; m < n - 1; m += 2) w(m) = -w(m);
    w.normalize();
    double value = 0.0, residual = HUGE_VAL;
    for (int k = 0; positive_definite() && k < most_iterations && residual > 1e-5 * value; k++) {
      const Eigen::VectorXd next = factor.solve(w);
      const double length = next.norm();
      value = next.dot(w) / (length * length);
      residual = (w / length - next * (value / length)).norm();
      w = next / length;
    }
    if (!(residual <= 1e-5 * value)) {
      const Eigen::SelfAdjointEigenSolver<DenseMatrix> all(reduced);
      value = all.eigenvalues()(0);
      w = all.eigenvectors().col(0);
    }
    Eigen::VectorXd x = Eigen::VectorXd::Zero(n);
    x.tail(n - 1) = w;
    x -= 2.0 * v.dot(x) * v;
    return {value, x};
  }

 private:
  Eigen::Index n;
  Eigen::VectorXd v;
  DenseMatrix reduced;
  Eigen::LLT<DenseMatrix> factor;
};

}    // namespace rfmeam

#endif
