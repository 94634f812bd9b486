/* -*- c++ -*- ----------------------------------------------------------
   LAMMPS - Large-scale Atomic/Molecular Massively Parallel Simulator
   https://www.lammps.org/

   This software is distributed under the GNU General Public License.
------------------------------------------------------------------------- */

#ifdef PAIR_CLASS
// clang-format off
PairStyle(rfmeam/qeq/kk,PairRFMEAMQEqKokkos<LMPDeviceType>);
PairStyle(rfmeam/qeq/kk/device,PairRFMEAMQEqKokkos<LMPDeviceType>);
PairStyle(rfmeam/qeq/kk/host,PairRFMEAMQEqKokkos<LMPHostType>);
// clang-format on
#else

#ifndef LMP_PAIR_RFMEAM_QEQ_KOKKOS_H
#define LMP_PAIR_RFMEAM_QEQ_KOKKOS_H

#include "kokkos_tables.h"
#include "pair_kokkos.h"
#include "pair_rfmeam_qeq.h"

namespace LAMMPS_NS {

template <class DeviceType> class PairRFMEAMQEqKokkos : public PairRFMEAMQEq {
 public:
  using device_type = DeviceType;
  using AT = ArrayTypes<DeviceType>;

  PairRFMEAMQEqKokkos(class LAMMPS *);
  ~PairRFMEAMQEqKokkos() override;

  void compute(int, int) override;
  void init_style() override;
  void *extract_peratom(const char *, int &) override;

 protected:
  void grow_peratom() override;

 private:
  RFMEAMKokkosTables<DeviceType> tables;

  DAT::ttransform_kkacc_1d k_eatom;
  DAT::ttransform_kkacc_1d_6 k_vatom;
  DAT::tdual_double_1d k_density, k_embedding, k_electronegativity;

  void compute_meam();
  void compute_charges();
};

}    // namespace LAMMPS_NS

#endif
#endif
