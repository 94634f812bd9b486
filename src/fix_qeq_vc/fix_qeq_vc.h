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

#include "dense_charge_solver.h"
#include "fix.h"
#include "projected_pcg.h"

#include <vector>

namespace LAMMPS_NS {

/// Equilibrates the charges of pair style rfmeam/qeq before the forces (doc/fix_qeq_vc.md).
class FixQEqVC : public Fix {
 public:
  FixQEqVC(class LAMMPS *, int, char **);
  ~FixQEqVC() override;

  int setmask() override;
  void init() override;
  void init_list(int, class NeighList *) override;
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

  int pack_forward_comm(int, int *, double *, int, int *) override;
  void unpack_forward_comm(int, int, double *) override;
  int pack_reverse_comm(int, int, double *) override;
  void unpack_reverse_comm(int, int *, double *) override;

 protected:
  enum class Solver { PCG, DIRECT };

  /// An off-diagonal element of the charge matrix between unknowns, by local or ghost index; the matrix is the sum
  /// of all elements of all ranks, each triangle listed.
  struct MatrixElement {
    int row, column;
    double value;
  };
  /// Number of unknowns on all ranks and their sum of 1/J.
  struct Unknowns {
    double count = 0.0, inverse_diagonal_sum = 0.0;
  };

  class PairRFMEAMQEq *pair;
  class NeighList *list;

  // settings

  double tolerance;
  int maxiter, history_length;    // history_length = order of the guess + 1
  Solver solver;
  bool keep_total, fail_is_error;
  double total_charge;

  // results

  SolveReport report;
  bigint products;
  Unknowns unknowns;

  // history[i][m]: charge m + 1 solves ago

  double **history;
  int history_count;
  bigint history_step;

  // unknowns of this rank (local indices) and vectors over owned and ghost atoms

  std::vector<int> rows;
  std::vector<double> diagonal, rhs;

  // the steps of one equilibration; virtual for the sake of memory on a device

  void equilibrate();
  virtual void predict_charges();
  virtual void build_matrix();
  virtual void solve_iteratively();
  virtual void solve_directly();
  virtual void store_charges(bool);
  virtual void reject_charges();
  virtual std::vector<MatrixElement> matrix_elements();

  /// Coefficients of the polynomial through the last solves, at the present step; empty: start from the charges.
  [[nodiscard]] std::vector<double> guess_coefficients() const;
  [[nodiscard]] bool is_unknown(int) const;

 private:
  class HostSystem;

  std::vector<double> residual, direction, product, previous_charges;
  double *comm_vector;

  // charge matrix, half: row ii holds the pairs of list->ilist[ii]

  std::vector<bigint> first;
  std::vector<int> column;
  std::vector<double> value;

  void check_report();
  void accept_charges();
  std::string describe_worst_pair();
  [[nodiscard]] bool any_fixed_source() const;
  void multiply(std::vector<double> &, std::vector<double> &);
  void forward(double *);
};

}    // namespace LAMMPS_NS

#endif
#endif
