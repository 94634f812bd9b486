// Tests of charge equilibration: which neighbours are within the cutoff. SPDX-License-Identifier: GPL-2.0-only
#include "charges/near_sites.h"

#include <gmock/gmock.h>

#include <limits>
#include <random>
#include <vector>

using namespace rfmeam;

namespace {

/// What a search has found, and how many.
struct Found {
  std::vector<int> atom, element;
  std::vector<double> rsq;

  template <class Search>
  Found(int listed, const Search &search) : atom(listed + 8), element(listed + 8), rsq(listed + 8)
  {
    const int n = search(NearSites<double>{atom.data(), element.data(), rsq.data()});
    atom.resize(n), element.resize(n), rsq.resize(n);
  }
};

constexpr double cutoff_sq = 9.0;

/// In a box of 6 Å; every seventh is not there.
std::vector<Site<double>> random_sites(int n)
{
  std::mt19937 random(11);
  std::uniform_real_distribution<double> coordinate(0.0, 6.0);
  std::vector<Site<double>> sites;
  for (int i = 0; i < n; i++)
    sites.push_back({coordinate(random), coordinate(random), coordinate(random), i % 7 == 3 ? -1 : i % 3});
  return sites;
}

Found found_on_host(const std::vector<Site<double>> &sites, const std::vector<int> &listed)
{
  const int count = static_cast<int>(listed.size());
  return {count, [&](const NearSites<double> &nearby) {
            return near_sites_on_host(sites[0], cutoff_sq, {count, listed.data(), 255}, sites.data(), nearby);
          }};
}

/// Every second atom, in no order of their places; bits above those of indices set for some.
std::vector<int> every_second(int count)
{
  std::vector<int> listed;
  for (int m = 0; m < count; m++) listed.push_back((1 + (m * 2 * 37) % 198) | (m % 5 == 1 ? 256 : 0));
  return listed;
}

}    // namespace

TEST(NearSites, AreThoseOfALoopOverAllWhateverTheirNumber)
{
  const auto sites = random_sites(200);
  for (int count = 0; count <= 40; count++) {
    const auto listed = every_second(count);
    const Found found = found_on_host(sites, listed);
    std::vector<int> atoms, elements;
    std::size_t n = 0;
    for (const int index : listed) {
      const int j = index & 255;
      const Site<double> a = sites[0], b = sites[j];
      const double r_sq = (a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y) + (a.z - b.z) * (a.z - b.z);
      if (r_sq >= cutoff_sq || b.element < 0) continue;
      atoms.push_back(j), elements.push_back(b.element);
      ASSERT_LT(n, found.rsq.size());
      EXPECT_NEAR(found.rsq[n++], r_sq, 1e-14 * cutoff_sq);
    }
    EXPECT_EQ(found.atom, atoms) << count << " are listed";
    EXPECT_EQ(found.element, elements) << count << " are listed";
  }
}

TEST(NearSites, HaveThoseAtNoDistanceSoThatASolverSeesThem)
{
  auto sites = random_sites(200);
  const auto listed = every_second(24);
  sites[listed[5]].x = std::numeric_limits<double>::quiet_NaN();
  sites[listed[5]].element = 1;
  EXPECT_THAT(found_on_host(sites, listed).atom, testing::Contains(listed[5]));
}

TEST(NearSites, OfTheCutoffAndFartherAreLeftOut)
{
  std::vector<Site<double>> sites(17, {0.0, 0.0, 0.0, 0});
  std::vector<int> listed;
  for (int j = 1; j <= 16; j++) sites[j].x = j < 9 ? 3.0 : 2.5, listed.push_back(j);
  EXPECT_THAT(found_on_host(sites, listed).atom, testing::ElementsAre(9, 10, 11, 12, 13, 14, 15, 16));
}
