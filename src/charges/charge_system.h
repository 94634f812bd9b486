// Charge equilibration: the vectors of one solve. SPDX-License-Identifier: GPL-2.0-only
#ifndef RFMEAM_CHARGES_CHARGE_SYSTEM_H
#define RFMEAM_CHARGES_CHARGE_SYSTEM_H

#include "charge_term.h"
#include "space.h"

#include <cmath>
#include <vector>

namespace rfmeam {

/// Sums over all unknowns of all ranks, with r the negative gradient -dE/dq and D the diagonal of d2E/dq2.
struct ResidualSums {
  double r = 0.0, r_sq = 0.0, r_by_d = 0.0, r_sq_by_d = 0.0;

  static constexpr int size = 4;
  RFMEAM_FUNCTION void add(double residual, double diagonal)
  {
    const double by_d = residual / diagonal;
    r += residual, r_sq += residual * residual;
    r_by_d += by_d, r_sq_by_d += residual * by_d;
  }
  RFMEAM_FUNCTION ResidualSums &operator+=(const ResidualSums &o)
  {
    r += o.r, r_sq += o.r_sq, r_by_d += o.r_by_d, r_sq_by_d += o.r_sq_by_d;
    return *this;
  }
};

/// Number of unknowns on all ranks and their sum of 1/D.
struct UnknownSums {
  double count = 0.0, inverse_diagonal = 0.0;

  static constexpr int size = 2;
  RFMEAM_FUNCTION UnknownSums &operator+=(const UnknownSums &o)
  {
    count += o.count, inverse_diagonal += o.inverse_diagonal;
    return *this;
  }
};

struct SumUnknowns {
  const int *rows;
  const double *diagonal;
  RFMEAM_FUNCTION void operator()(int row, UnknownSums &sum) const
  {
    sum.count += 1.0;
    sum.inverse_diagonal += 1.0 / diagonal[rows[row]];
  }
};

/// r = -dE/dq.
struct SetResidual {
  const int *rows;
  const double *gradient, *diagonal;
  double *residual;
  RFMEAM_FUNCTION void operator()(int row, ResidualSums &sum) const
  {
    const int i = rows[row];
    residual[i] = -gradient[i];
    sum.add(residual[i], diagonal[i]);
  }
};

struct LargestDeviation {
  const int *rows;
  const double *residual;
  double mean;
  RFMEAM_FUNCTION void operator()(int row, double &largest) const
  {
    const double deviation = std::fabs(residual[rows[row]] - mean);
    if (!(deviation <= largest)) largest = deviation;
  }
};

/// E(q) as a sum of terms, and the vectors of its minimisation over the charges of some atoms, the unknowns, at
/// constant sum. num_rows, rows: the unknowns of this rank, indices of owned atoms. Charges of all other atoms are
/// sources.
template <class Space> class ChargeSystem {
 public:
  using Vector = typename Space::GhostArray;

  Space &space;
  std::vector<ChargeTerm<Space> *> terms;
  int num_rows = 0, num_owned = 0, num_all = 0;    ///< unknowns, owned atoms, owned and ghost atoms
  bool has_sources = false;                        ///< whether any rank owns atoms with charges that are no unknowns
  typename Space::template Array<int> rows;

  Vector charge, residual, direction, product, diagonal;
  UnknownSums unknowns;
  double offset = 0.0;    ///< residual + offset = -dE/dq

  explicit ChargeSystem(Space &space_) : space(space_) {}

  void reserve()
  {
    for (Vector *v : {&charge, &residual, &direction, &product, &diagonal}) v->reserve(num_all);
    rows.reserve(num_owned);
  }

  /// out = the gradient at q of the terms that are quadratic; without the coupled ones, if all charges are 0.
  void gradient(Vector &q, Vector &out, bool coupled = true)
  {
    clear(out, num_all);
    bool to_ghosts = false;
    for (auto *term : terms) {
      if (!term->is_quadratic() || (term->couples_atoms() && !coupled)) continue;
      term->add_gradient(space, q, out);
      to_ghosts = to_ghosts || term->writes_to_ghosts();
    }
    if (Space::half_rows && to_ghosts) space.from_ghosts(out);
  }

  /// out, curvature = gradient and diagonal at q of the terms that are not quadratic, on owned atoms.
  void bend(Vector &q, Vector &out, Vector &curvature)
  {
    clear(out, num_owned);
    clear(curvature, num_owned);
    for (auto *term : terms) {
      if (term->is_quadratic()) continue;
      term->add_gradient(space, q, out);
      term->add_diagonal(space, q, curvature);
    }
  }

  [[nodiscard]] bool is_quadratic() const
  {
    for (const auto *term : terms)
      if (!term->is_quadratic()) return false;
    return true;
  }

  /// The diagonal of d2E/dq2 at the present charges and the sums over unknowns that go with it.
  void set_diagonal()
  {
    clear(diagonal, num_owned);
    for (auto *term : terms) term->add_diagonal(space, charge, diagonal);
    unknowns = space.template sum<UnknownSums>("charges:unknowns", num_rows, SumUnknowns{rows.data(), diagonal.data()});
  }

  /// product = (d2E/dq2 without its diagonal) direction
  void multiply()
  {
    clear(product, num_all);
    for (auto *term : terms) term->add_product(space, direction, product);
    if (Space::half_rows) space.from_ghosts(product);
  }

  /// The same with the absolute value of each element, or more.
  void multiply_absolute()
  {
    clear(product, num_all);
    for (auto *term : terms) term->add_absolute_product(space, direction, product);
    if (Space::half_rows) space.from_ghosts(product);
  }

  void clear(Vector &vector, int n) { space.for_each("charges:clear", n, Fill<double>{vector.data(), 0.0}); }

  double largest_deviation(double mean)
  {
    return space.largest("charges:deviation", num_rows, LargestDeviation{rows.data(), residual.data(), mean});
  }
};

}    // namespace rfmeam

#endif
