// Charge equilibration: a factorised sparse approximate inverse of the charge matrix. SPDX-License-Identifier:
// GPL-2.0-only
#ifndef RFMEAM_CHARGES_SPARSE_FACTORS_H
#define RFMEAM_CHARGES_SPARSE_FACTORS_H

#include "charge_system.h"
#include "pair_matrix.h"
#include "site.h"

#include <algorithm>

namespace rfmeam {

constexpr double factor_radius = 3.5;    // Å: larger ones save no more iterations (bench/preconditioners.py)
constexpr int max_factor = 24;           // pairs of a row of G, the nearest ones

/// Rows of G, in memory of a Space: row i has own[i] on the diagonal and value[n] for the atom column[n], owned or
/// ghost, at the count[i] places n from i max_factor on.
struct FactorRows {
  int *count, *column;
  float *value;
  double *own;
};

/// Row i of G: the last row of the inverse of the Cholesky factor of the matrix of the atoms around i, i being the last
/// of them. Of each pair of atoms, one has the other in its row: the one that lists it, where rows of the matrix are
/// half, or the lower one of them. An atom whose surroundings have no minimum of their energy has its diagonal only.
template <bool half, class Real> struct BuildFactor {
  CoulombView<Real> coulomb;
  PairRows<Real> rows;
  const Site<Real> *site;
  const double *diagonal;    ///< on ghosts, too
  double splitting;          ///< g of Ewald's sum (1/Å), whose other part k_e erf(g r)/r is no pair's; 0: there is none
  FactorRows factor;

  RFMEAM_FUNCTION void operator()(int i) const
  {
    factor.count[i] = 0;
    factor.own[i] = 1.0 / std::sqrt(diagonal[i]);
    if (site[i].element < 0) return;
    int *const near = factor.column + static_cast<long long>(i) * max_factor;
    const int m = find_near(i, near);
    double a[(max_factor + 1) * (max_factor + 2) / 2];    // lower triangle, by rows; then its Cholesky factor
    for (int t = 0; t <= m; t++) {
      double *const row = a + t * (t + 1) / 2;
      const int atom = t < m ? near[t] : i;
      for (int s = 0; s < t; s++) row[s] = gamma(site[atom], site[near[s]]);
      row[t] = diagonal[atom];
      for (int s = 0; s <= t; s++) {
        const double *const other = a + s * (s + 1) / 2;
        for (int k = 0; k < s; k++) row[s] -= row[k] * other[k];
        if (s < t) row[s] /= other[s];
      }
      constexpr double smallest = 0.01;    // of a pivot, by the diagonal: below, errors grow
      if (!(row[t] > smallest * diagonal[atom])) return;
      row[t] = std::sqrt(row[t]);
    }
    double g[max_factor + 1];    // L^T g = e_m
    for (int t = m; t >= 0; t--) {
      g[t] = t == m ? 1.0 : 0.0;
      for (int k = t + 1; k <= m; k++) g[t] -= a[k * (k + 1) / 2 + t] * g[k];
      g[t] /= a[t * (t + 1) / 2 + t];
    }
    for (int t = 0; t < m; t++) factor.value[static_cast<long long>(i) * max_factor + t] = static_cast<float>(g[t]);
    factor.own[i] = g[m];
    factor.count[i] = m;
  }

 private:
  RFMEAM_FUNCTION static double distance_sq(const Site<Real> &a, const Site<Real> &b)
  {
    const Real dx = a.x - b.x, dy = a.y - b.y, dz = a.z - b.z;
    return dx * dx + dy * dy + dz * dz;
  }
  RFMEAM_FUNCTION double gamma(const Site<Real> &a, const Site<Real> &b) const
  {
    const Real r = std::sqrt(static_cast<Real>(distance_sq(a, b)));
    double sum = r < coulomb.cutoff ? coulomb.gamma_value(a.element, b.element, r) : Real(0);
    if (splitting > 0.0) sum += coulomb.k_e * std::erf(splitting * r) / r;
    return sum;
  }
  /// The nearest ones of a row within the radius: how many.
  RFMEAM_FUNCTION int find_near(int i, int *near) const
  {
    double r_sq[max_factor];
    int m = 0;
    for (long long n = rows.first[i]; n < rows.first[i] + rows.count[i]; n++) {
      const int j = rows.column[n];
      const double d_sq = distance_sq(site[i], site[j]);
      if (d_sq >= factor_radius * factor_radius || (!half && !is_above(site[j], site[i]))) continue;
      int place = m;
      if (m == max_factor) {
        place = 0;
        for (int k = 1; k < m; k++)
          if (r_sq[k] > r_sq[place]) place = k;
        if (d_sq >= r_sq[place]) continue;
      } else
        m++;
      near[place] = j, r_sq[place] = d_sq;
    }
    return m;
  }
  RFMEAM_FUNCTION static bool is_above(const Site<Real> &a, const Site<Real> &b)
  {
    return a.z != b.z ? a.z > b.z : a.y != b.y ? a.y > b.y : a.x > b.x;
  }
};

/// out += G^T G r of one unknown's row.
template <class Target> struct ApplyFactor {
  const int *rows;
  FactorRows factor;
  const double *r;
  Target target;
  RFMEAM_FUNCTION void operator()(int row) const
  {
    const int i = rows[row], count = factor.count[i];
    const long long begin = static_cast<long long>(i) * max_factor;
    const int *const column = factor.column + begin;
    const float *const value = factor.value + begin;
    double y = factor.own[i] * r[i];
    for (int n = 0; n < count; n++) y += value[n] * r[column[n]];
    const auto out = target.access();
    for (int n = 0; n < count; n++) out(column[n]) += value[n] * y;
    out(i) += factor.own[i] * y;
  }
};

/// G of the inverse G^T G of the charge matrix (Kolotilina and Yeremin, SIAM J. Matrix Anal. Appl. 14, 45 (1993)), for
/// pairs within factor_radius, those with ghosts included: without pairs across borders of ranks it would save little.
/// Positive definite, whatever atoms have done since it was made.
template <class Space> class SparseFactors {
 public:
  using Vector = typename ChargeSystem<Space>::Vector;

  /// Needs the diagonal of the system.
  template <class Real>
  void build(ChargeSystem<Space> &system, const CoulombView<Real> &coulomb, const PairRows<Real> &rows,
             const Site<Real> *site, double splitting)
  {
    const int n = system.num_owned;
    const auto room = static_cast<long long>(n) * max_factor;
    count.reserve(n), own.reserve(n), column.reserve(room), value.reserve(room);
    system.space.to_ghosts(system.diagonal);
    system.space.for_each(
        "charges:factors", n,
        BuildFactor<Space::half_rows, Real>{coulomb, rows, site, system.diagonal.data(), splitting, factor_rows()});
    known = fresh = true;
  }
  /// They are of other atoms or lists.
  void forget() { known = false; }
  [[nodiscard]] bool are_known() const { return known; }
  /// What a solve took; those that have cost more iterations than it takes to make new ones are of no use any more.
  void note(int iterations)
  {
    if (!known) return;
    if (fresh) usual = iterations, excess = 0;
    fresh = false;
    excess += std::max(0, iterations - usual);
    if (excess > cost) known = false;
  }

  /// out = G^T G r, r being 0 for atoms that are no unknowns.
  void apply(ChargeSystem<Space> &system, Vector &r, Vector &out)
  {
    system.space.to_ghosts(r);
    system.clear(out, system.num_all);
    system.space.scatter("charges:factors", system.num_rows, out, [&]<class Target>(const Target &target) {
      return ApplyFactor<Target>{system.rows.data(), factor_rows(), r.data(), target};
    });
    system.space.from_ghosts(out);
  }

  Vector centred, preconditioned;    ///< of the conjugate gradients

  [[nodiscard]] double bytes() const
  {
    return count.bytes() + own.bytes() + column.bytes() + value.bytes() + centred.bytes() + preconditioned.bytes();
  }

 private:
  static constexpr int cost = 10;    // of making them, in iterations
  bool known = false, fresh = false;
  int usual = 0, excess = 0;
  typename Space::template Array<int> count, column;
  typename Space::template Array<float> value;
  typename Space::template Array<double> own;

  FactorRows factor_rows() { return {count.data(), column.data(), value.data(), own.data()}; }
};

}    // namespace rfmeam

#endif
