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

#include "fix_qeq_vc.h"

#include "kokkos_base.h"
#include "kokkos_type.h"

namespace LAMMPS_NS {

/// The same fix with the history of charges on a device; the pair style does the work, on its own device.
template <class DeviceType> class FixQEqVCKokkos : public FixQEqVC, public KokkosBase {
 public:
  using device_type = DeviceType;
  using AT = ArrayTypes<DeviceType>;

  FixQEqVCKokkos(class LAMMPS *, int, char **);
  ~FixQEqVCKokkos() override;

  void init() override;
  double compute_vector(int) override;
  double compute_array(int, int) override;

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

 protected:
  rfmeam::ChargeHistory history_of_atoms() override;
  void history_changed() override;
  void sync_host() override;

 private:
  DAT::tdual_double_2d_lr k_history;
  bool changed_on_host;    // by a pair style that works there
};

}    // namespace LAMMPS_NS

#endif
#endif
