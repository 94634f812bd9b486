// RF-MEAM physics library: numbers that carry derivatives. SPDX-License-Identifier: GPL-2.0-only
//
// The kernels, compiled for Real = Dual<8>, give what they compute and its derivatives by eight parameters at a time:
// forward differentiation, exact to rounding. Comparisons see the value alone, so that a kernel takes the same course.
#ifndef RFMEAM_DUAL_H
#define RFMEAM_DUAL_H

#include "config.h"

#include <cmath>

namespace rfmeam {

/// value + sum_n slope[n] epsilon_n with epsilon^2 = 0: slope[n] = d value / d p_n.
template <int lanes> struct Dual {
  double value = 0.0;
  double slope[lanes] = {};

  Dual() = default;
  Dual(double constant) : value(constant) {}
  /// The parameter of a lane: its derivative by itself is 1.
  static Dual parameter(double value, int lane)
  {
    Dual p(value);
    p.slope[lane] = 1.0;
    return p;
  }
  explicit operator double() const { return value; }

  Dual &operator+=(const Dual &o)
  {
    value += o.value;
    for (int n = 0; n < lanes; n++) slope[n] += o.slope[n];
    return *this;
  }
  Dual &operator-=(const Dual &o)
  {
    value -= o.value;
    for (int n = 0; n < lanes; n++) slope[n] -= o.slope[n];
    return *this;
  }
  Dual &operator*=(const Dual &o)
  {
    for (int n = 0; n < lanes; n++) slope[n] = slope[n] * o.value + value * o.slope[n];
    value *= o.value;
    return *this;
  }
  Dual &operator/=(const Dual &o)
  {
    const double inverse = 1.0 / o.value;
    value *= inverse;
    for (int n = 0; n < lanes; n++) slope[n] = (slope[n] - value * o.slope[n]) * inverse;
    return *this;
  }

  friend Dual operator+(Dual a, const Dual &b) { return a += b; }
  friend Dual operator-(Dual a, const Dual &b) { return a -= b; }
  friend Dual operator*(Dual a, const Dual &b) { return a *= b; }
  friend Dual operator/(Dual a, const Dual &b) { return a /= b; }
  friend Dual operator-(const Dual &a) { return chain(a, -a.value, -1.0); }

  friend bool operator==(const Dual &a, const Dual &b) { return a.value == b.value; }
  friend bool operator!=(const Dual &a, const Dual &b) { return a.value != b.value; }
  friend bool operator<(const Dual &a, const Dual &b) { return a.value < b.value; }
  friend bool operator>(const Dual &a, const Dual &b) { return a.value > b.value; }
  friend bool operator<=(const Dual &a, const Dual &b) { return a.value <= b.value; }
  friend bool operator>=(const Dual &a, const Dual &b) { return a.value >= b.value; }

  friend Dual sqrt(const Dual &a)
  {
    const double root = std::sqrt(a.value);
    return chain(a, root, 0.5 / root);
  }
  friend Dual exp(const Dual &a)
  {
    const double e = std::exp(a.value);
    return chain(a, e, e);
  }
  friend Dual expm1(const Dual &a) { return chain(a, std::expm1(a.value), std::exp(a.value)); }
  friend Dual log(const Dual &a) { return chain(a, std::log(a.value), 1.0 / a.value); }

 private:
  /// f(a) from its value and derivative.
  static Dual chain(const Dual &a, double f, double derivative)
  {
    Dual result(f);
    for (int n = 0; n < lanes; n++) result.slope[n] = derivative * a.slope[n];
    return result;
  }
};

}    // namespace rfmeam

#endif
