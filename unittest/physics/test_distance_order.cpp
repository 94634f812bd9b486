// Neighbours in the order of distance.
#include "rfmeam/distance_order.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <numeric>
#include <random>
#include <vector>

using namespace rfmeam;
using testing::ElementsAre;

namespace {

std::vector<int> order_of(const std::vector<double> &rsq, double cutoff_sq)
{
  std::vector<int> order(rsq.size());
  order_by_distance(rsq.data(), static_cast<int>(rsq.size()), cutoff_sq, order.data());
  return order;
}

/// By the standard library.
std::vector<int> stable_order_of(const std::vector<double> &rsq)
{
  std::vector<int> order(rsq.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return rsq[a] < rsq[b]; });
  return order;
}

const std::vector<double> with_ties = {4.0, 1.0, 4.0, 9.0, 0.5, 1.0, 4.0};

}    // namespace

TEST(DistanceOrder, RankKeepsTheOrderOfTies)
{
  std::vector<int> rank;
  for (int m = 0; m < 7; m++) rank.push_back(distance_rank(with_ties.data(), 7, m));
  EXPECT_THAT(rank, ElementsAre(3, 1, 4, 6, 0, 2, 5));
}

TEST(DistanceOrder, OrderKeepsTheOrderOfTies)
{
  EXPECT_THAT(order_of(with_ties, 16.0), ElementsAre(4, 1, 5, 0, 2, 6, 3));
}

TEST(DistanceOrder, IsThatOfRanksAndOfTheStandardLibrary)
{
  std::mt19937 generator(1);
  for (int trial = 0; trial < 400; trial++) {
    const double cutoff_sq = std::uniform_real_distribution<double>(1e-3, 200.0)(generator);
    std::vector<double> rsq(trial % 150);
    for (double &r : rsq) r = std::uniform_real_distribution<double>(0.0, cutoff_sq)(generator);
    if (rsq.size() > 3) rsq.back() = std::nextafter(cutoff_sq, 0.0), rsq[1] = 0.0, rsq[2] = rsq[0];
    const std::vector<int> order = order_of(rsq, cutoff_sq);
    EXPECT_EQ(order, stable_order_of(rsq));
    for (int place = 0; place < static_cast<int>(rsq.size()); place++)
      EXPECT_EQ(distance_rank(rsq.data(), static_cast<int>(rsq.size()), order[place]), place);
  }
}

TEST(DistanceOrder, AllInOneClass)
{
  std::vector<double> rsq;
  for (int m = 0; m < 40; m++) rsq.push_back(1.0 - 1e-6 * (m * 7 % 40));
  EXPECT_EQ(order_of(rsq, 100.0), stable_order_of(rsq));
}

TEST(DistanceOrder, NeighboursGoTogether)
{
  constexpr int num = 3;
  int found_atom[num] = {7, 8, 9}, found_element[num] = {0, 1, 2}, atom[num], element[num];
  double x[num] = {0.1, 0.2, 0.3}, y[num] = {1.1, 1.2, 1.3}, z[num] = {2.1, 2.2, 2.3}, rsq[num] = {3.0, 1.0, 2.0};
  double reals[4][num];
  const NeighbourArrays<double> sorted = {atom, element, reals[0], reals[1], reals[2], reals[3]};
  sort_by_distance({found_atom, found_element, x, y, z, rsq}, num, 4.0, sorted);
  EXPECT_THAT(atom, ElementsAre(8, 9, 7));
  EXPECT_THAT(element, ElementsAre(1, 2, 0));
  EXPECT_THAT(reals[0], ElementsAre(0.2, 0.3, 0.1));
  EXPECT_THAT(reals[1], ElementsAre(1.2, 1.3, 1.1));
  EXPECT_THAT(reals[2], ElementsAre(2.2, 2.3, 2.1));
  EXPECT_THAT(reals[3], ElementsAre(1.0, 2.0, 3.0));
}
