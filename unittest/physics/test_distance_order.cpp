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

TEST(DistanceOrder, FindsWhatIsThereAndWithinTheCutoff)
{
  constexpr int num = 6;
  const double x[num] = {3.0, -1.0, 2.0, 0.5, std::nan(""), 1.0};
  const int element_of[num] = {0, 1, 0, -1, 0, 1};
  int atom[num], element[num], found_atom[num], found_element[num];
  double reals[8][num];
  const NeighbourArrays<double> sorted = {atom, element, reals[0], reals[1], reals[2], reals[3]};
  const NeighbourArrays<double> found = {found_atom, found_element, reals[4], reals[5], reals[6], reals[7]};
  const auto candidate = [&](int n) { return Candidate<double>{10 + n, element_of[n], x[n], 0.0, 2.0}; };
  const int count = find_sorted(num, candidate, 13.0, found, sorted);    // 13: that of the first is not below
  ASSERT_EQ(count, 3);
  EXPECT_THAT(std::vector<int>(atom, atom + count), ElementsAre(11, 15, 12));
  EXPECT_THAT(std::vector<int>(element, element + count), ElementsAre(1, 1, 0));
  EXPECT_THAT(std::vector<double>(reals[0], reals[0] + count), ElementsAre(-1.0, 1.0, 2.0));
  EXPECT_THAT(std::vector<double>(reals[3], reals[3] + count), ElementsAre(5.0, 5.0, 8.0));
}
