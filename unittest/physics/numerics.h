// RF-MEAM physics tests: finite differences, random numbers, linear algebra. SPDX-License-Identifier: GPL-2.0-only
#ifndef RFMEAM_TEST_NUMERICS_H
#define RFMEAM_TEST_NUMERICS_H

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

namespace rfmeam::test {

/// Uniform random numbers that are the same with every standard library.
class Random {
 public:
  explicit Random(std::uint64_t seed) : engine(seed) {}
  double operator()(double low, double high) { return low + (high - low) * double(engine() >> 11) * 0x1p-53; }
  int integer(int count) { return static_cast<int>(engine() % std::uint64_t(count)); }
  bool coin(double probability) { return (*this)(0.0, 1.0) < probability; }
  std::vector<int> permutation(int n)
  {
    std::vector<int> order(n);
    for (int i = 0; i < n; i++) order[i] = i;
    for (int i = n - 1; i > 0; i--) std::swap(order[i], order[integer(i + 1)]);
    return order;
  }

 private:
  std::mt19937_64 engine;
};

/// A derivative and what is known of its error.
template <class Real> struct Derivative {
  Real value, error;
};

/// df/dx at x by Ridders' method: central differences at shrinking steps, extrapolated to step 0; of the whole
/// tableau the entry with the smallest error estimate. A kink of f'' nearby only costs the larger steps.
template <class Real, class Function> Derivative<Real> derivative(const Function &f, Real x, Real step)
{
  constexpr int rows = 9;
  const Real shrink = 1.7, shrink_sq = shrink * shrink;
  Real table[rows][rows];
  Derivative<Real> best = {0, HUGE_VAL};
  for (int row = 0; row < rows; row++, step /= shrink) {
    const Real above = x + step, below = x - step;
    table[row][0] = (f(above) - f(below)) / (above - below);
    Real factor = shrink_sq;
    for (int order = 1; order <= row; order++, factor *= shrink_sq) {
      table[row][order] = (factor * table[row][order - 1] - table[row - 1][order - 1]) / (factor - 1);
      const Real error = std::max(std::abs(table[row][order] - table[row][order - 1]),
                                  std::abs(table[row][order] - table[row - 1][order - 1]));
      if (error < best.error) best = {table[row][order], error};
    }
  }
  return best;
}

/// Solves a x = b for a dense matrix (row major, n x n) by elimination with row pivots.
inline std::vector<double> solve(std::vector<double> a, std::vector<double> b)
{
  const std::size_t n = b.size();
  for (std::size_t col = 0; col < n; col++) {
    std::size_t pivot = col;
    for (std::size_t row = col + 1; row < n; row++)
      if (std::abs(a[row * n + col]) > std::abs(a[pivot * n + col])) pivot = row;
    for (std::size_t k = 0; k < n; k++) std::swap(a[col * n + k], a[pivot * n + k]);
    std::swap(b[col], b[pivot]);
    for (std::size_t row = col + 1; row < n; row++) {
      const double factor = a[row * n + col] / a[col * n + col];
      for (std::size_t k = col; k < n; k++) a[row * n + k] -= factor * a[col * n + k];
      b[row] -= factor * b[col];
    }
  }
  for (std::size_t row = n; row-- > 0;) {
    for (std::size_t k = row + 1; k < n; k++) b[row] -= a[row * n + k] * b[k];
    b[row] /= a[row * n + row];
  }
  return b;
}

/// The smallest eigenvalue of a symmetric matrix (row major, n x n) by cyclic Jacobi rotations.
inline double smallest_eigenvalue(std::vector<double> a, std::size_t n)
{
  for (int sweep = 0; sweep < 60; sweep++) {
    double off = 0.0;
    for (std::size_t p = 0; p < n; p++)
      for (std::size_t q = p + 1; q < n; q++) {
        const double apq = a[p * n + q];
        off += apq * apq;
        if (apq == 0.0) continue;
        const double theta = 0.5 * (a[q * n + q] - a[p * n + p]) / apq;
        const double t = (theta < 0.0 ? -1.0 : 1.0) / (std::abs(theta) + std::sqrt(theta * theta + 1.0));
        const double c = 1.0 / std::sqrt(t * t + 1.0), s = t * c;
        for (std::size_t k = 0; k < n; k++) {
          const double kp = a[k * n + p], kq = a[k * n + q];
          a[k * n + p] = c * kp - s * kq, a[k * n + q] = s * kp + c * kq;
        }
        for (std::size_t k = 0; k < n; k++) {
          const double pk = a[p * n + k], qk = a[q * n + k];
          a[p * n + k] = c * pk - s * qk, a[q * n + k] = s * pk + c * qk;
        }
      }
    if (off < 1e-24) break;
  }
  double smallest = a[0];
  for (std::size_t i = 1; i < n; i++) smallest = std::min(smallest, a[i * n + i]);
  return smallest;
}

/// The smallest eigenvalue of a symmetric matrix on the vectors with zero sum: of its block in the basis of
/// Helmert, e_k = (1, ..., 1, -k, 0, ...)/sqrt(k (k + 1)).
inline double smallest_neutral_eigenvalue(const std::vector<double> &matrix, std::size_t n)
{
  std::vector<std::vector<double>> basis;
  for (std::size_t k = 1; k < n; k++) {
    std::vector<double> e(n, 0.0);
    for (std::size_t i = 0; i < k; i++) e[i] = 1.0 / std::sqrt(double(k * (k + 1)));
    e[k] = -double(k) / std::sqrt(double(k * (k + 1)));
    basis.push_back(e);
  }
  std::vector<double> block((n - 1) * (n - 1), 0.0);
  for (std::size_t a = 0; a < n - 1; a++)
    for (std::size_t b = 0; b < n - 1; b++)
      for (std::size_t i = 0; i < n; i++)
        for (std::size_t j = 0; j < n; j++) block[a * (n - 1) + b] += basis[a][i] * matrix[i * n + j] * basis[b][j];
  return smallest_eigenvalue(block, n - 1);
}

}    // namespace rfmeam::test

#endif
