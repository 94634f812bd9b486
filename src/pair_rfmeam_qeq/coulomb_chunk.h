/* -*- c++ -*- ----------------------------------------------------------
   LAMMPS - Large-scale Atomic/Molecular Massively Parallel Simulator
   https://www.lammps.org/

   This software is distributed under the GNU General Public License.
------------------------------------------------------------------------- */

#ifndef LMP_RFMEAM_COULOMB_CHUNK_H
#define LMP_RFMEAM_COULOMB_CHUNK_H

#include "../rfmeam/coulomb.h"

namespace LAMMPS_NS {

/// A neighbour of an atom: local or ghost index, element, vector from it to the atom (Å).
template <class Real> struct CoulombNeighbour {
  int atom, element;
  Real dx, dy, dz;
};

/// Some of the neighbours of one atom within the Coulomb cutoff: one array for each quantity, so that loops over them
/// vectorise. With room for one it is a plain loop over neighbours, as devices want it.
template <class Real, int capacity> struct CoulombChunk {
  static constexpr int size = capacity;
  int count;
  int atom[capacity], element[capacity];
  Real dx[capacity], dy[capacity], dz[capacity], rsq[capacity];
  Real gamma[capacity], slope_by_r[capacity];    ///< gamma(r) and gamma'(r)/r, by evaluate_gamma()

  /// Takes the neighbours load(next), load(next + 1) ... that are within the cutoff and not NULL (element -1), until
  /// the chunk is full. Returns the next one.
  template <class Load> RFMEAM_FUNCTION int fill(int next, int end, Real cutoff_sq, const Load &load)
  {
    for (count = 0; next < end && count < capacity; next++) {
      const CoulombNeighbour<Real> n = load(next);
      const Real r_sq = n.dx * n.dx + n.dy * n.dy + n.dz * n.dz;
      atom[count] = n.atom, element[count] = n.element;
      dx[count] = n.dx, dy[count] = n.dy, dz[count] = n.dz, rsq[count] = r_sq;
      count += !(r_sq >= cutoff_sq) & (n.element >= 0);    // no branch: what is left out will be overwritten
    }
    return next;
  }
};

/// gamma(r) and gamma'(r)/r of an atom of one element with `count` others at squared distances rsq (Å^2).
void evaluate_gamma(const rfmeam::CoulombView<double> &coulomb, int own_element, int count, const int *element,
                    const double *rsq, double *gamma, double *slope_by_r);
void evaluate_gamma(const rfmeam::CoulombView<float> &coulomb, int own_element, int count, const int *element,
                    const float *rsq, float *gamma, float *slope_by_r);

}    // namespace LAMMPS_NS

#endif
