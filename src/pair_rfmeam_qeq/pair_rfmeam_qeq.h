/* -*- c++ -*- ----------------------------------------------------------
   LAMMPS - Large-scale Atomic/Molecular Massively Parallel Simulator
   https://www.lammps.org/

   This software is distributed under the GNU General Public License.
------------------------------------------------------------------------- */

#ifdef PAIR_CLASS
// clang-format off
PairStyle(rfmeam/qeq,PairRFMEAMQEq);
// clang-format on
#else

#ifndef LMP_PAIR_RFMEAM_QEQ_H
#define LMP_PAIR_RFMEAM_QEQ_H

#include "../rfmeam/potential.h"
#include "pair.h"

#include <memory>
#include <string>
#include <vector>

namespace LAMMPS_NS {

/// Reference-free MEAM plus the energy of variable charges at the atoms' present charges (doc/pair_rfmeam_qeq.md).
class PairRFMEAMQEq : public Pair {
 public:
  PairRFMEAMQEq(class LAMMPS *);
  ~PairRFMEAMQEq() override;

  void compute(int, int) override;
  void settings(int, char **) override;
  void coeff(int, char **) override;
  void init_style() override;
  void init_list(int, class NeighList *) override;
  double init_one(int, int) override;
  void *extract_peratom(const char *, int &) override;
  int pack_reverse_comm(int, int, double *) override;
  void unpack_reverse_comm(int, int *, double *) override;
  double memory_usage() override;

  // what fix qeq/vc solves with

  [[nodiscard]] const rfmeam::Potential &get_potential() const { return potential; }
  [[nodiscard]] const rfmeam::CoulombTable &coulomb_table() const { return coulomb; }
  /// Element index in the potential of an atom type, -1 for NULL.
  [[nodiscard]] int element_of_type(int type) const { return type2element[type]; }
  [[nodiscard]] const std::string &potential_file() const { return filename; }

 protected:
  /// Entries of pvector.
  enum { PAIR, EMBEDDING, COULOMB, SELF, NUM_ENERGIES };
  /// Ids of the neighbor list requests.
  enum { LIST_NEIGHBOURHOOD = 1, LIST_COULOMB = 2 };

  std::string filename;
  rfmeam::Potential potential;      // energies in the units of the simulation
  rfmeam::CoulombTable coulomb;     // at the present force->qqrd2e
  std::vector<int> type2element;    // atom type (1..ntypes) to element of the potential
  double neighbourhood_cutoff;      // reach of RF-MEAM, screening atoms included

  class NeighList *list_neighbourhood, *list_coulomb;

  // per-atom quantities for fix pair

  int nmax;
  double *density, *embedding, *electronegativity;
  bool wants_electronegativity;

  virtual void grow_peratom();
  void check_energy() const;

 private:
  class NeighbourhoodBuffer;
  std::unique_ptr<NeighbourhoodBuffer> buffer;

  void allocate();
  void compute_meam();
  void compute_charges();
  std::string read_text(const char *, double &);
};

}    // namespace LAMMPS_NS

#endif
#endif
