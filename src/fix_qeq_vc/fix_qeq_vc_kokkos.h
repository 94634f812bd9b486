/* -*- c++ -*- ----------------------------------------------------------
   LAMMPS - Large-scale Atomic/Molecular Massively Parallel Simulator
   https://www.lammps.org/

   This software is distributed under the GNU General Public License.
------------------------------------------------------------------------- */

#ifdef FIX_CLASS
// clang-format off
FixStyle(qeq/vc/kk,FixQEqVCKokkos<LMPDeviceType>);
FixStyle(qeq/vc/kk/device,FixQEqVCKokkos<LMPDeviceType>);
FixStyle(qeq/vc/kk/host,FixQEqVCKokkos<LMPHostType>);
// clang-format on
#else

#ifndef LMP_FIX_QEQ_VC_KOKKOS_H
#define LMP_FIX_QEQ_VC_KOKKOS_H

#include "../pair_rfmeam_qeq/kokkos_tables.h"
#include "fix_qeq_vc.h"
#include "kokkos_base.h"

namespace LAMMPS_NS {

template <class DeviceType> class FixQEqVCKokkos : public FixQEqVC, public KokkosBase {
 public:
  using device_type = DeviceType;
  using AT = ArrayTypes<DeviceType>;

  FixQEqVCKokkos(class LAMMPS *, int, char **);
  ~FixQEqVCKokkos() override;

  void init() override;
  double compute_vector(int) override;
  double memory_usage() override;

  void grow_arrays(int) override;
  void copy_arrays(int, int, int) override;
  void set_arrays(int) override;
  int pack_exchange(int, double *) override;
  int unpack_exchange(int, double *) override;
  int pack_restart(int, double *) override;
  void unpack_restart(int, int) override;
  int pack_exchange_kokkos(const int &, DAT::tdual_double_2d_lr &, DAT::tdual_int_1d, DAT::tdual_int_1d,
                           ExecutionSpace) override;
  void unpack_exchange_kokkos(DAT::tdual_double_2d_lr &, DAT::tdual_int_1d &, int, int, int, ExecutionSpace) override;
  void sort_kokkos(Kokkos::BinSort<KeyViewType, BinOp> &) override;

  int pack_forward_comm(int, int *, double *, int, int *) override;
  void unpack_forward_comm(int, int, double *) override;
  int pack_forward_comm_kokkos(int, DAT::tdual_int_1d, DAT::tdual_double_1d &, int, int *) override;
  void unpack_forward_comm_kokkos(int, int, DAT::tdual_double_1d &) override;

 protected:
  void predict_charges() override;
  void build_matrix() override;
  void solve_iteratively() override;
  void solve_directly() override;
  void store_charges(bool) override;
  void reject_charges() override;
  std::vector<MatrixElement> matrix_elements() override;

 private:
  class DeviceSystem;

  static constexpr bool on_device = ExecutionSpaceFromDevice<DeviceType>::space == Device;
  /// One row of the matrix on a device is the work of a warp, here of one thread.
  static constexpr int team_size = on_device ? 8 : 1;
  static constexpr int vector_length = on_device ? 32 : 1;

  RFMEAMKokkosTables<DeviceType> tables;
  DAT::tdual_double_2d_lr k_history;

  // by row (unknown of this rank): local index of its atom and vectors

  int num_rows;
  bool fixed_sources;
  typename AT::t_int_1d d_rows;
  typename AT::t_double_1d d_diagonal, d_rhs, d_residual, d_product;

  // by owned and ghost atom

  DAT::tdual_double_1d k_charge, k_direction, *k_comm;

  // charge matrix, full: row r lists its elements from first[r], count[r] of them

  typename AT::t_bigint_1d d_first;
  typename AT::t_int_1d d_count, d_column;
  typename AT::t_kkfloat_1d d_value;

  void forward(DAT::tdual_double_1d &);
  double multiply(const typename AT::t_double_1d &);
};

}    // namespace LAMMPS_NS

#endif
#endif
