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

#include "../charges/charge_engine.h"
#include "../rfmeam/potential.h"
#include "pair.h"

#include <memory>
#include <string>
#include <vector>

namespace rfmeam {
class HostKeptNeighbourhoods;
class KSpacePotential;
class NeighbourhoodBuffer;
struct DirectElement;
struct DirectUnknown;
}    // namespace rfmeam

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
  void *extract(const char *, int &) override;
  void *extract_peratom(const char *, int &) override;
  int pack_forward_comm(int, int *, double *, int, int *) override;
  void unpack_forward_comm(int, int, double *) override;
  int pack_reverse_comm(int, int, double *) override;
  void unpack_reverse_comm(int, int *, double *) override;
  double memory_usage() override;

  // what fix qeq/vc asks for; atom masks are those of its group

  [[nodiscard]] const rfmeam::Potential &get_potential() const { return potential; }
  [[nodiscard]] const rfmeam::CoulombTable &coulomb_table() const { return coulomb; }
  [[nodiscard]] rfmeam::ChargeFeatures charge_features() const
  {
    return {coulomb.has_walls(), potential.couples_charges(), potential.fades(), coulomb.has_cores()};
  }
  /// Whether Coulomb interactions are summed to long range, by the kspace style.
  [[nodiscard]] bool is_long() const { return long_cutoff > 0.0; }
  /// What kspace adds to gamma of two atoms alone at this distance: k_e erf(g r)/r; 0 if it adds nothing.
  [[nodiscard]] double gamma_of_kspace(double r) const;
  /// Element index in the potential of an atom type, -1 for NULL.
  [[nodiscard]] int element_of_type(int type) const { return type2element[type]; }
  [[nodiscard]] const std::string &potential_file() const { return filename; }

  /// Sum of the charges of the group's atoms, on all ranks.
  virtual double total_charge(int group);
  /// Minimum of the charge energy. The charges of the atoms stay what they are until accept_charges().
  rfmeam::SolveReport solve_charges(const rfmeam::EquilibrationTask &task, bool directly);
  /// Gives the atoms the charges of the last solve, and the history; with age, older ones in it move on by one.
  virtual void accept_charges(const rfmeam::ChargeHistory &history, bool age);
  /// How many atoms of all ranks have charges beyond a wall since the last solve.
  virtual double count_beyond_walls();
  /// gamma of all pairs of this rank at the last solve, by local or ghost index, each pair for either of its atoms;
  /// atom data are on the host afterwards.
  virtual std::vector<rfmeam::MatrixElement> charge_matrix();
  /// Whether this style works in memory that plain pointers of the host reach.
  [[nodiscard]] virtual bool works_on_host() const { return true; }

 protected:
  /// Entries of pvector.
  enum { PAIR, EMBEDDING, COULOMB, SELF, NUM_ENERGIES };
  /// The mask of all atoms. Monte Carlo fixes take an atom that they try to delete out of this group: then it is not
  /// there.
  static constexpr int GROUP_ALL = 1;
  /// Ids of the neighbor list requests.
  enum { LIST_NEIGHBOURHOOD = 1, LIST_COULOMB = 2 };

  std::string filename;
  rfmeam::Potential potential;     // energies in the units of the simulation
  rfmeam::CoulombTable coulomb;    // at the present force->qqrd2e
  double long_cutoff;              // of the real-space part, 0: the potential's kernel and cutoff
  std::unique_ptr<rfmeam::KSpacePotential> kspace;
  std::vector<int> type2element;    // atom type (1..ntypes) to element of the potential
  double neighbourhood_cutoff;      // reach of RF-MEAM, screening atoms included

  class NeighList *list_neighbourhood, *list_coulomb;

  // per-atom quantities for fix pair

  int nmax;
  double *density, *embedding, *electronegativity;
  bool wants_electronegativity;
  bool surroundings_known;    // shifts of the electronegativities are those of the atoms where the charges know them

  virtual void grow_peratom();
  void check_energy() const;
  /// Adds what the kspace style leaves out of the virial; charges and atoms' virials are on the host.
  void add_background_virial();
  /// The kspace style takes positions as they are now; they are on the host.
  virtual void prepare_kspace();
  /// Tells one build of the neighbor lists from the next.
  [[nodiscard]] bigint list_stamp() const;

  /// The vector over owned and ghost atoms that is being communicated, on the host, to read or to change.
  virtual double *travelling(bool changes);

  // the steps of solve_charges(), in memory of the style

  virtual bool start_charges(const rfmeam::EquilibrationTask &task);
  virtual rfmeam::SolveReport solve_iteratively(const rfmeam::EquilibrationTask &task);
  struct DirectCharges {
    std::vector<int> rows;    // atoms of the unknowns
    // of owned atoms: present charge, dE/dq at uncharged unknowns, what is added to the hardness (or empty)
    std::vector<double> charges, linear, hardening;
  };
  virtual DirectCharges direct_charges();
  virtual void set_direct_charges(const std::vector<double> &charges);

 private:
  class Charges;
  std::unique_ptr<rfmeam::NeighbourhoodBuffer> buffer;
  std::unique_ptr<rfmeam::HostKeptNeighbourhoods> kept;
  std::unique_ptr<Charges> charges;

  void allocate();
  void warn_of_no_charges() const;
  void setup_kspace();
  void update_charges();
  void update_surroundings();
  void compute_meam();
  void compute_charges();
  rfmeam::SolveReport solve_directly(const rfmeam::EquilibrationTask &task);
  void add_kspace_elements(const std::vector<rfmeam::DirectUnknown> &, std::vector<rfmeam::DirectElement> &);
  std::string read_text(const char *, double &);
};

}    // namespace LAMMPS_NS

#endif
#endif
