/* -*- c++ -*- ----------------------------------------------------------
   LAMMPS - Large-scale Atomic/Molecular Massively Parallel Simulator
   https://www.lammps.org/

   This software is distributed under the GNU General Public License.
------------------------------------------------------------------------- */

#ifdef FIX_CLASS
// clang-format off
FixStyle(qeq/vc,FixQEqVC);
// clang-format on
#else

#ifndef LMP_FIX_QEQ_VC_H
#define LMP_FIX_QEQ_VC_H

#include "../charges/solve_report.h"
#include "../charges/start_charges.h"

#include "fix.h"

#include <set>
#include <string>
#include <vector>

namespace LAMMPS_NS {

/// Equilibrates the charges of pair style rfmeam/qeq before the forces (doc/fix_qeq_vc.md).
class FixQEqVC : public Fix {
 public:
  FixQEqVC(class LAMMPS *, int, char **);
  ~FixQEqVC() override;

  int setmask() override;
  void init() override;
  void setup_pre_force(int) override;
  void setup_pre_force_respa(int, int) override;
  void pre_force(int) override;
  void pre_force_respa(int, int, int) override;
  void min_pre_force(int) override;

  double compute_scalar() override;
  double compute_vector(int) override;
  double memory_usage() override;

  // charge history, carried with the atoms

  void grow_arrays(int) override;
  void copy_arrays(int, int, int) override;
  void set_arrays(int) override;
  int pack_exchange(int, double *) override;
  int unpack_exchange(int, double *) override;
  int pack_restart(int, double *) override;
  void unpack_restart(int, int) override;
  int size_restart(int) override;
  int maxsize_restart() override;
  void write_restart(FILE *) override;
  void restart(char *) override;
  int modify_param(int, char **) override;

 protected:
  // charge history: history[i][m] is the charge m + 1 solves ago

  int history_length;    // order of the guess + 1
  double **history;

  /// The history in the memory that the pair style works in; it says so when it has changed it.
  virtual rfmeam::ChargeHistory history_of_atoms();
  virtual void history_changed() {}

  class PairRFMEAMQEq *pair;

 private:
  enum class Solver { PCG, DIRECT };

  // settings

  double tolerance;
  int maxiter;
  Solver solver;
  bool fail_is_error;

  // total charge of the group: known from the input, or from the first setup on

  bool total_given, total_known;
  double total_charge;

  // state

  rfmeam::SolveReport report;
  bigint products;
  double beyond_walls;
  std::set<std::string> warnings;    // that were given
  int history_count;
  bigint history_step;
  std::vector<bool> takes_part;    // types of an element; known to outlive the pair style

  void read_total(int, const char *);
  void setup_total();
  void equilibrate();
  void check_report();
  void accept_charges();
  [[nodiscard]] std::vector<double> guess_coefficients() const;
  [[nodiscard]] double sum_of_charges() const;
  std::string describe_worst_pair();
  [[nodiscard]] bool shares_atoms(const Fix *) const;
  void check_other_fixes() const;
  void warn_of_other_styles();
  void warn_once(const std::string &);
};

}    // namespace LAMMPS_NS

#endif
#endif
