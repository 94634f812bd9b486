// Something lent to LAMMPS. SPDX-License-Identifier: GPL-2.0-only
#ifndef RFMEAM_LENT_H
#define RFMEAM_LENT_H

namespace rfmeam {

/// Another value in a place, for the lifetime of the object.
template <class T> class Lent {
 public:
  Lent(T &place_, T value) : place(place_), own(place_) { place = value; }
  ~Lent() { place = own; }
  Lent(const Lent &) = delete;
  Lent &operator=(const Lent &) = delete;

 private:
  T &place, own;
};

}    // namespace rfmeam

#endif
