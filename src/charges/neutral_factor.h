// Charge equilibration: a symmetric matrix on the neutral subspace. SPDX-License-Identifier: GPL-2.0-only
#ifndef RFMEAM_CHARGES_NEUTRAL_FACTOR_H
#define RFMEAM_CHARGES_NEUTRAL_FACTOR_H

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <Eigen/Eigenvalues>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>
#include <vector>

namespace rfmeam {

using DenseMatrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// Cholesky factor of an n x n matrix A, symmetric, where sum(x) = 0, or where the sums over several groups of rows
/// are. Cost n^3, memory 2 n^2.
/// The Householder reflection H that turns (1,..,1) into a multiple of the first axis spans sum(x) = 0 by the other
/// columns, so that H A H without its first row and column is A in the neutral subspace. Groups share no rows, and have
/// one reflection each.
class NeutralFactor {
 public:
  using Rows = std::vector<Eigen::Index>;

  explicit NeutralFactor(const DenseMatrix &a) : NeutralFactor(a, {all_rows(a.rows())}) {}

  /// groups: the rows of each; a row may be in none.
  NeutralFactor(const DenseMatrix &a, const std::vector<Rows> &groups) : n(a.rows())
  {
    DenseMatrix all = a;
    Rows first;
    for (const Rows &group : groups) {
      if (group.empty()) continue;
      first.push_back(group[0]);
      Eigen::VectorXd v = Eigen::VectorXd::Zero(n);
      for (const Eigen::Index i : group) v(i) = 1.0;
      v(group[0]) += std::sqrt(static_cast<double>(group.size()));
      v /= v.norm();
      const Eigen::VectorXd av = all * v;
      const double vav = v.dot(av);
      // H A H = A - 2 v (Av)^T - 2 (Av) v^T + 4 (v.Av) v v^T
      all.noalias() -= 2.0 * v * av.transpose();
      all.noalias() -= 2.0 * av * v.transpose();
      all.noalias() += 4.0 * vav * v * v.transpose();
      reflections.push_back(std::move(v));
    }
    for (Eigen::Index i = 0; i < n; i++)
      if (std::find(first.begin(), first.end(), i) == first.end()) kept.push_back(i);
    reduced = all(kept, kept);
    factor.compute(reduced);
  }

  [[nodiscard]] bool positive_definite() const { return factor.info() == Eigen::Success; }

  /// The columns x with sum(x) = 0 for which A x - b is the same in all rows of a group, and 0 in rows of none; only if
  /// positive_definite().
  [[nodiscard]] Eigen::MatrixXd solve(const Eigen::MatrixXd &b) const
  {
    const Eigen::MatrixXd reflected = reflect(b), right = reflected(kept, Eigen::all);
    const Eigen::MatrixXd solution = factor.solve(right);
    Eigen::MatrixXd x = Eigen::MatrixXd::Zero(n, b.cols());
    x(kept, Eigen::all) = solution;
    return reflect(x);
  }

  /// The lowest eigenvalue of A on the neutral subspace and its vector x, of length 1, if there is one: by inverse
  /// iteration until |A x - value x| <= 1e-5 value, so that among close ones it is one of them; by diagonalisation, if
  /// that is slow.
  [[nodiscard]] std::pair<double, Eigen::VectorXd> lowest() const
  {
    constexpr int most_iterations = 100;
    Eigen::VectorXd w = Eigen::VectorXd::LinSpaced(reduced.rows(), 1.0, 2.0);    // no eigenvector by symmetry
    for (Eigen::Index m = 0; m < w.size(); m += 2) w(m) = -w(m);
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
    x(kept) = w;
    return {value, reflect(x)};
  }

 private:
  Eigen::Index n;
  std::vector<Eigen::VectorXd> reflections;
  Rows kept;    ///< all but the first of each group
  DenseMatrix reduced;
  Eigen::LLT<DenseMatrix> factor;

  static Rows all_rows(Eigen::Index n)
  {
    Rows rows(n);
    std::iota(rows.begin(), rows.end(), Eigen::Index(0));
    return rows;
  }
  [[nodiscard]] Eigen::MatrixXd reflect(Eigen::MatrixXd x) const
  {
    for (const Eigen::VectorXd &v : reflections) x = x - 2.0 * v * (v.transpose() * x);
    return x;
  }
};

}    // namespace rfmeam

#endif
