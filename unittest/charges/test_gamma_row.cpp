// Tests of charge equilibration: gamma of a row of pairs. SPDX-License-Identifier: GPL-2.0-only
#include "../physics/random_systems.h"

#include "charges/gamma_row.h"

#include <gtest/gtest.h>

using namespace rfmeam;
using namespace rfmeam::test;

/// With few elements, parameters of pairs are taken in another way than with many.
TEST(GammaRow, IsThatOfEachPairWhateverTheNumberOfElements)
{
  Random random(61);
  for (const CoulombForm form : coulomb_forms)
    for (int num_elements = 1; num_elements <= 6; num_elements++) {
      const CoulombTable table(random_potential(random, num_elements, form), k_e);
      const CoulombView<double> view = table.view();
      constexpr int count = 40;
      // of Slater's exponents that are near each other, terms cancel
      const double tolerance = form == CoulombForm::slater ? 1e-10 : 1e-12;
      std::vector<int> element(count);
      std::vector<double> rsq(count), gamma(count), slope_by_r(count);
      for (int own = 0; own < num_elements; own++) {
        for (int n = 0; n < count; n++) {
          const double r = random(0.3, 1.0) * table.cutoff;
          element[n] = n % num_elements, rsq[n] = r * r;
        }
        evaluate_gamma_on_host(view, own, count, element.data(), rsq.data(), gamma.data(), slope_by_r.data(), {});
        for (int n = 0; n < count; n++) {
          const double r = std::sqrt(rsq[n]);
          const auto wanted = view.gamma(own, element[n], r);
          EXPECT_NEAR(gamma[n], wanted.value, tolerance * (1.0 + std::abs(wanted.value)));
          EXPECT_NEAR(slope_by_r[n], wanted.derivative / r, tolerance * (1.0 + std::abs(wanted.derivative / r)));
        }
      }
    }
}
