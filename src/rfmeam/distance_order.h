// RF-MEAM physics library: neighbours in the order of distance. SPDX-License-Identifier: GPL-2.0-only
//
// Near atoms screen most, so that in this order the product of screening factors ends early. Equal distances keep the
// order in which the neighbours were found.
#ifndef RFMEAM_DISTANCE_ORDER_H
#define RFMEAM_DISTANCE_ORDER_H

#include "config.h"

namespace rfmeam {

/// Place of neighbour m in the order: for threads that sort side by side. The counter is as wide as a double, so that
/// compilers vectorise the loops.
template <class Real> RFMEAM_FUNCTION int distance_rank(const Real *rsq, int count, int m)
{
  const Real mine = rsq[m];
  long long rank = 0;
  for (int k = 0; k < m; k++) rank += rsq[k] <= mine;
  for (int k = m + 1; k < count; k++) rank += rsq[k] < mine;
  return static_cast<int>(rank);
}

/// The same order for one thread, in a time that goes with count and not with its square: order[rank] = m. All rsq are
/// below cutoff_sq; they are put into so many classes by their value, then each class is sorted by insertion.
template <class Real> RFMEAM_FUNCTION void order_by_distance(const Real *rsq, int count, Real cutoff_sq, int *order)
{
  constexpr int num_classes = 128;
  int begin[num_classes + 1] = {};
  const Real scale = Real(num_classes) / cutoff_sq;
  const auto class_of = [&](int m) {
    const int c = static_cast<int>(rsq[m] * scale);
    return c < num_classes ? c : num_classes - 1;    // rounding
  };
  for (int m = 0; m < count; m++) begin[class_of(m) + 1]++;
  for (int c = 0; c < num_classes; c++) begin[c + 1] += begin[c];
  for (int m = 0; m < count; m++) order[begin[class_of(m)]++] = m;
  for (int place = 1; place < count; place++) {
    const int m = order[place];
    int free = place;
    for (; free > 0 && rsq[order[free - 1]] > rsq[m]; free--) order[free] = order[free - 1];
    order[free] = m;
  }
}

/// Neighbours as structure of arrays.
template <class Real> struct NeighbourArrays {
  int *atom, *element;
  Real *x, *y, *z, *rsq;
};

/// Puts the neighbours that were found into the order of distance; all rsq are below cutoff_sq. By one thread.
template <class Real>
RFMEAM_FUNCTION void sort_by_distance(const NeighbourArrays<Real> &found, int count, Real cutoff_sq,
                                      const NeighbourArrays<Real> &sorted)
{
  int *const order = sorted.atom;    // each place is read before it is written
  order_by_distance(found.rsq, count, cutoff_sq, order);
  for (int m = 0; m < count; m++) {
    const int k = order[m];
    sorted.atom[m] = found.atom[k], sorted.element[m] = found.element[k];
    sorted.x[m] = found.x[k], sorted.y[m] = found.y[k], sorted.z[m] = found.z[k], sorted.rsq[m] = found.rsq[k];
  }
}

}    // namespace rfmeam

#endif
