// Charge equilibration: auxiliary charges that follow the minimum in time. SPDX-License-Identifier: GPL-2.0-only
#ifndef RFMEAM_CHARGES_SHADOW_DYNAMICS_H
#define RFMEAM_CHARGES_SHADOW_DYNAMICS_H

#include <array>
#include <vector>

namespace rfmeam {

/// Damping orders K of the auxiliary charges; undamped ones have order 0.
constexpr int undamped = 0, min_damping = 3, max_damping = 9;

/// kappa, alpha and c_0 ... c_K of n_{t+1} = 2 n_t - n_{t-1} + kappa (x_t - n_t) + alpha sum_k c_k n_{t-k}.
struct DampedVerlet {
  double kappa, alpha;
  std::vector<double> c;
};

/// Niklasson, Steneteg, Odell, Bock, Challacombe, Tymczak, Holmström, Zheng and Weber, J. Chem. Phys. 130, 214109
/// (2009), table I. order: undamped, or min_damping to max_damping.
inline DampedVerlet damped_verlet(int order)
{
  static const std::array<DampedVerlet, max_damping - min_damping + 1> damped = {{
      {1.69, 0.150, {-2, 3, 0, -1}},
      {1.75, 0.057, {-3, 6, -2, -2, 1}},
      {1.82, 0.018, {-6, 14, -8, -3, 4, -1}},
      {1.84, 0.0055, {-14, 36, -27, -2, 12, -6, 1}},
      {1.86, 0.0016, {-36, 99, -88, 11, 32, -25, 8, -1}},
      {1.88, 0.00044, {-99, 286, -286, 78, 78, -90, 42, -10, 1}},
      {1.89, 0.00012, {-286, 858, -936, 364, 168, -300, 184, -63, 12, -1}},
  }};
  if (order == undamped) return {2.0, 0.0, {0, 0}};
  return damped[order - min_damping];
}

/// n_{t+1} as a sum over the history x_t, n_t, n_{t-1}, ... of an atom: its coefficients, as many as the history must
/// be long. They add up to 1: the total charge stays.
inline std::vector<double> shadow_coefficients(int order)
{
  const DampedVerlet scheme = damped_verlet(order);
  std::vector<double> coefficients = {scheme.kappa, 2.0 - scheme.kappa, -1.0};
  coefficients.resize(scheme.c.size() + 1, 0.0);
  for (std::size_t k = 0; k < scheme.c.size(); k++) coefficients[k + 1] += scheme.alpha * scheme.c[k];
  return coefficients;
}

}    // namespace rfmeam

#endif
