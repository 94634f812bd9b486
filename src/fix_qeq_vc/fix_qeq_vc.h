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

#include "../charges/follow_minimum.h"
#include "../charges/start_charges.h"

#include "fix.h"

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace rfmeam {
struct EquilibrationTask;
}

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
  double compute_array(int, int) override;
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
  // charge history: history[i][m] is the charge m + 1 solves ago; in shadow dynamics, history[i][0] is x of the last
  // step (NaN: the atom is new), and history[i][m] is n of m steps ago

  int history_length;
  double **history;

  /// The history in the memory that the pair style works in; it says so when it has changed it.
  virtual rfmeam::ChargeHistory history_of_atoms();
  virtual void history_changed() {}
  /// Brings all data of the atoms to the host.
  virtual void sync_host() {}

  [[nodiscard]] bool is_shadow() const { return solver == Solver::XL; }

  class PairRFMEAMQEq *pair;

 private:
  enum class Solver { PCG, DIRECT, XL };

  // settings

  double tolerance;
  int maxiter;
  Solver solver;
  int guess_terms;                                         // order of the guess + 1
  std::optional<rfmeam::Preconditioner> preconditioner;    // if none is given, what pays
  bool fail_is_error;

  // solver xl (fix_qeq_vc_shadow.cpp)

  struct Shadow {
    int iterations, damping;
    double limit;           // of |x - n|, e
    const char *keyword;    // one of its own that was given
    std::vector<double> coefficients;

    bool following;     // whether the last step was one of shadow dynamics
    double unknowns;    // at the last solve, on all ranks
    rfmeam::Spectrum spectrum;
    bool told;    // in this run, that it did not follow
  } shadow;

  // groups of charges (fix_qeq_vc_groups.cpp): the fix' own, or those of keyword group

  struct ChargeGroup {
    int group;            // index of LAMMPS
    bool held;            // at a potential, by a source of charge
    bool given, known;    // the total: given in the input, known from there or from the first setup on
    double value;         // total charge (e), or potential (energy/charge)
    double before;        // charge when the first run began, e
  };
  std::vector<ChargeGroup> groups;
  bool shares_total;               // keyword qtotal after group: those at a potential have a total together,
  ChargeGroup shared;              // this one, of no group of LAMMPS
  bool level_given, has_groups;    // keyword qtotal or potential for all atoms; keyword group
  bool has_sources;                // keyword group or potential: charges of the groups are in an array
  bool before_known;               // what they were before the first run

  std::vector<class FixEfield *> fields;    // on atoms of the group (fix_qeq_vc_field.cpp)

  // state

  rfmeam::SolveReport report;
  bigint products, full_solves;
  double beyond_walls;
  std::set<std::string> warnings;    // that were given
  int history_count;
  bigint history_step;
  std::vector<bool> takes_part;    // types of an element; known to outlive the pair style

  void read_arguments(int, char **);
  int read_keyword(int, int, char **);
  int read_group(int, int, char **);
  void read_total(const std::string &, int, const char *);
  void read_shared_total(int, const char *);
  void check_shared_total() const;
  void read_level(ChargeGroup &, const std::string &, const char *);
  void check_groups() const;
  [[nodiscard]] bool totals_known() const;
  void setup_totals();
  void setup_total(ChargeGroup &, int, const std::string &, const std::string &);
  [[nodiscard]] int held_bits() const;
  [[nodiscard]] rfmeam::ChargeGroups charge_groups() const;
  void write_restart_groups(FILE *) const;
  void restart_groups(const char *, bool);
  void find_fields();
  std::vector<double> field_on_atoms();
  rfmeam::EquilibrationTask equilibration_task(const std::vector<double> &, const rfmeam::ShadowStep &);
  bool read_shadow(int, const std::string &, const char *);
  void setup_shadow();
  void check_shadow() const;
  void equilibrate(bool at_setup);
  void solve_in_full(bool at_setup);
  bool follow_minimum(bool at_setup);
  std::vector<double> charges_of_atoms();
  double change_of_charges(const std::vector<double> &before);
  void forget_shadow(bool at_setup);
  void note_full_solve();
  void warn_of_distance();
  void check_report();
  void accept_charges();
  [[nodiscard]] bool is_same_step() const;
  [[nodiscard]] bool is_next_step() const;
  /// How many solves the history has room for.
  [[nodiscard]] int history_capacity() const { return is_shadow() ? history_length - 1 : history_length; }
  [[nodiscard]] std::vector<double> guess_coefficients() const;
  [[nodiscard]] std::vector<double> shadow_guess(bool at_setup) const;
  [[nodiscard]] double sum_of_charges(int) const;
  std::string describe_worst_pair();
  [[nodiscard]] bool shares_atoms(const Fix *) const;
  void check_other_fixes() const;
  void warn_of_other_styles();
  void warn_once(const std::string &);
};

}    // namespace LAMMPS_NS

#endif
#endif
