// Tests of charge equilibration: the shorter list within that of the style. SPDX-License-Identifier: GPL-2.0-only
#include "charge_box.h"

#include <gtest/gtest.h>

using namespace rfmeam;
using namespace rfmeam::test;

namespace {

constexpr double skin = 2.0;

/// Moves atoms on straight ways, by up to `step` along each axis: none goes farther than half the skin in all.
template <class Box> class Motion {
 public:
  Motion(Box &box_, Random &random, double step) : box(box_)
  {
    for (int i = 0; i < box.num_owned(); i++)
      velocity.push_back({random(-step, step), random(-step, step), random(-step, step)});
  }
  void step()
  {
    for (int i = 0; i < box.num_owned(); i++)
      for (int c = 0; c < 3; c++) box.system.positions[i][c] += velocity[i][c];
  }

 private:
  Box &box;
  std::vector<Vector3> velocity;
};

/// The charge matrix is that of a list made for the atoms where they are.
template <class Box> void expect_all_pairs(Box &box)
{
  Box fresh(box.potential, box.system, skin);
  box.update();
  fresh.update();
  const int n = box.num_owned();
  std::vector<double> of_row(n, 0.0), wanted(n, 0.0);
  std::vector<int> pairs(n, 0), wanted_pairs(n, 0);
  const auto add = [](Box &from, std::vector<double> &sums, std::vector<int> &counts) {
    for (const MatrixElement &e : from.engine.matrix_elements()) {
      const int i = from.owner_of(e.row);
      sums[i] += e.value;
      counts[i]++;
    }
  };
  add(box, of_row, pairs);
  add(fresh, wanted, wanted_pairs);
  EXPECT_EQ(pairs, wanted_pairs);
  for (int i = 0; i < n; i++) EXPECT_NEAR(of_row[i], wanted[i], 1e-12 * (1.0 + std::abs(wanted[i])));
}

/// All pairs at each of some steps of a motion; the atoms have gone `steps` steps at the end.
template <class Box> void expect_all_pairs_on_the_way(Box &box, Random &random, double step, int steps)
{
  Motion motion(box, random, step);
  for (int n = 0; n < steps; n++) {
    expect_all_pairs(box);
    motion.step();
  }
}

template <class Box> class InnerListTest : public testing::Test {};
struct BoxNames {
  template <class Box> static std::string GetName(int) { return Box::Space::half_rows ? "half" : "full"; }
};
using Boxes = testing::Types<ChargeBox<true>, ChargeBox<false>>;
TYPED_TEST_SUITE(InnerListTest, Boxes, BoxNames);

}    // namespace

/// Slow atoms: what is found lasts for some steps, then atoms have gone half its margin.
TYPED_TEST(InnerListTest, HasAllPairsWhileAtomsMove)
{
  Random random(51);
  TypeParam box(gaussian_potential(random, 2), random_system(random, {40}, 2), skin);
  expect_all_pairs_on_the_way(box, random, 0.05, 12);
}

/// Fast atoms, of which it lasts for a step only.
TYPED_TEST(InnerListTest, HasAllPairsOfFastAtoms)
{
  Random random(52);
  TypeParam box(gaussian_potential(random, 2), random_system(random, {40}, 2), skin);
  expect_all_pairs_on_the_way(box, random, 0.28, 3);
}

/// The element of an atom is none of its place.
TYPED_TEST(InnerListTest, HasTheElementsOfAtoms)
{
  Random random(53);
  TypeParam box(gaussian_potential(random, 2), random_system(random, {40}, 2), skin);
  expect_all_pairs_on_the_way(box, random, 0.01, 3);
  for (int i = 0; i < 10; i++) box.system.elements[i] = 1 - box.system.elements[i];
  expect_all_pairs(box);
}
