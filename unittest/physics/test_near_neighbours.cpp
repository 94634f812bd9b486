// Which listed atoms matter to an atom, and which neighbours screen a bond: one at a time and several at a time.
#include "pair_rfmeam_qeq/near_neighbours.h"
#include "random_systems.h"

#include <gmock/gmock.h>

#include <cmath>
#include <vector>

using namespace rfmeam;
using namespace rfmeam::test;
using testing::ElementsAre;

namespace {

constexpr int bits = 0x1FFFFFFF;    // as LAMMPS marks its neighbours above them

/// What was found, in memory of its own.
struct Found {
  std::vector<int> atom, element;
  std::vector<double> x, y, z, rsq;

  explicit Found(int room) : atom(room), element(room), x(room), y(room), z(room), rsq(room) {}
  NeighbourArrays<double> arrays() { return {atom.data(), element.data(), x.data(), y.data(), z.data(), rsq.data()}; }
  void keep(int count)
  {
    for (auto *ints : {&atom, &element}) ints->resize(count);
    for (auto *reals : {&x, &y, &z, &rsq}) reals->resize(count);
  }
  bool operator==(const Found &) const = default;
};

std::vector<PairParameters<double>> pairs_with_reach(const std::vector<double> &reach)
{
  std::vector<PairParameters<double>> pairs(reach.size());
  for (std::size_t e = 0; e < reach.size(); e++) pairs[e].reach_sq = reach[e] * reach[e];
  return pairs;
}

}    // namespace

TEST(NearNeighbours, AreThereAndWithinTheReachOfTheirElement)
{
  const auto pairs = pairs_with_reach({3.0, 1.5});
  const double nan = std::nan("");
  const std::vector<Site<double>> site = {{1.0, 1.0, 1.0, 0}, {1.0, 1.0, 3.0, 0},  {1.0, 1.0, 3.0, 1},
                                          {0.0, 1.0, 1.0, 1}, {1.0, 1.0, 2.0, -1}, {nan, 1.0, 1.0, 0},
                                          {1.0, 4.0, 1.0, 0}};    // 3 is not below 3
  const std::vector<int> list = {1, 2, 3, 4, 5, 6 | ~bits};
  Found found(list.size() + near_padding);
  const int n = near_neighbours(site[0], pairs.data(), 2, {6, list.data(), bits}, site.data(), found.arrays());
  ASSERT_EQ(n, 2);
  found.keep(n);
  EXPECT_THAT(found.atom, ElementsAre(1, 3));
  EXPECT_THAT(found.element, ElementsAre(0, 1));
  EXPECT_THAT(found.x, ElementsAre(0.0, -1.0));
  EXPECT_THAT(found.y, ElementsAre(0.0, 0.0));
  EXPECT_THAT(found.z, ElementsAre(2.0, 0.0));
  EXPECT_THAT(found.rsq, ElementsAre(4.0, 1.0));
}

TEST(NearNeighbours, AreTheSameSeveralAtATimeToTheLastDigit)
{
  Random random(7);
  for (int trial = 0; trial < 300; trial++) {
    const int num_elements = 1 + trial % 9;    // more than eight go one at a time
    std::vector<double> reach;
    for (int e = 0; e < num_elements; e++) reach.push_back(random(1.0, 6.0));
    const auto pairs = pairs_with_reach(reach);
    std::vector<Site<double>> site;
    std::vector<int> list;
    for (int j = 0; j < trial; j++) {
      site.push_back({random(-4.0, 4.0), random(-4.0, 4.0), random(-4.0, 4.0), j % (num_elements + 1) - 1});
      list.push_back(j % 3 == 0 ? j | ~bits : j);
    }
    const Site<double> mine = {0.1, 0.2, 0.3, 0};
    const ListedSites listed = {trial, list.data(), bits};
    Found one(trial + near_padding), several(trial + near_padding);
    one.keep(append_near_neighbours(mine, pairs.data(), listed, 0, site.data(), one.arrays(), 0));
    several.keep(near_neighbours(mine, pairs.data(), num_elements, listed, site.data(), several.arrays()));
    EXPECT_EQ(one, several) << trial;
  }
}

TEST(NearNeighbours, ThoseBeyondDoNothing)
{
  Random random(8);
  for (int trial = 0; trial < 60; trial++) {
    Potential potential = random_potential(random, 1 + trial % 3, CoulombForm::none);
    const int n = potential.num_elements();
    for (int ijk = 0; ijk < n * n * n; ijk++)
      if (ijk % 2 == trial % 2) potential.screening[ijk] = {};    // so that reaches differ
    potential.set_screening_reach();
    const double cutoff = potential.neighbourhood_cutoff();
    Neighbours<double> all, near;
    all.center_element = near.center_element = trial % n;
    for (int k = 0; k < 60; k++) {
      const int element = k % n;
      const double x = random(-cutoff, cutoff), y = random(-cutoff, cutoff), z = random(-cutoff, cutoff);
      const double rsq = x * x + y * y + z * z;
      if (rsq >= cutoff * cutoff || rsq < 1.0) continue;
      all.add(element, x, y, z);
      if (rsq < potential.model_view().pair_of(all.center_element, element).reach_sq) near.add(element, x, y, z);
    }
    const auto whole = all.evaluate(potential.model_view()), part = near.evaluate(potential.model_view());
    EXPECT_EQ(whole.pair, part.pair);
    EXPECT_EQ(whole.embedding, part.embedding);
    for (std::size_t a = 0, b = 0; a < all.size(); a++) {
      const bool is_near = b < near.size() && near.x[b] == all.x[a];
      EXPECT_EQ(all.gx[a], is_near ? near.gx[b] : 0.0);
      EXPECT_EQ(all.gy[a], is_near ? near.gy[b] : 0.0);
      EXPECT_EQ(all.gz[a], is_near ? near.gz[b] : 0.0);
      b += is_near;
    }
  }
}

TEST(Screeners, AreThoseOfTheEllipsesInTheOrderOfDistance)
{
  Random random(9);
  int most = 0;
  for (int trial = 0; trial < 80; trial++) {
    const Potential potential = random_potential(random, 1 + trial % 5, CoulombForm::none);    // four fill a vector
    const ModelView<double> model = potential.model_view();
    const int count = trial, center = trial % model.num_elements;
    Found listed(count + 1), sorted(count + 1);
    for (int k = 0; k < count; k++) {
      const double x = random(-4.0, 4.0), y = random(-4.0, 4.0), z = random(-4.0, 4.0);
      listed.atom[k] = k, listed.element[k] = k % model.num_elements;
      listed.x[k] = x, listed.y[k] = y, listed.z[k] = z, listed.rsq[k] = x * x + y * y + z * z;
    }
    sort_by_distance(listed.arrays(), count, 48.0, sorted.arrays());
    Neighbourhood<double> nb = {};
    nb.count = count, nb.center_element = center, nb.element = sorted.element.data();
    nb.x = sorted.x.data(), nb.y = sorted.y.data(), nb.z = sorted.z.data(), nb.rsq = sorted.rsq.data();
    for (int m = 0; m < count; m++) {
      const auto *parameters = model.screening_of(center, nb.element[m]);
      std::vector<int> expected, found;
      for (int k = 0; k < count; k++) {
        const double dot = nb.x[m] * nb.x[k] + nb.y[m] * nb.y[k] + nb.z[m] * nb.z[k];
        const ScreeningEllipse<double> ellipse(nb.rsq[m], nb.rsq[k], dot);
        const double reach_sq = model.pair_of(center, nb.element[m]).screening_reach_sq * nb.rsq[m];
        if (k != m && nb.rsq[k] <= reach_sq && !ellipse.leaves_unscreened(parameters[nb.element[k]]))
          expected.push_back(k);
      }
      const auto all = [&](int k, const auto &, const auto &) {
        found.push_back(k);
        return true;
      };
      for_each_screener(model, nb, m, all);
      EXPECT_EQ(found, expected);
      most = std::max(most, static_cast<int>(found.size()));
      found.clear();
      for_each_screener(model, nb, m, [&](int k, const auto &, const auto &) {
        found.push_back(k);
        return found.size() < 2;
      });
      EXPECT_EQ(found.size(), std::min<std::size_t>(expected.size(), 2));
    }
  }
  EXPECT_GT(most, 8);    // more than one vector of them
}
