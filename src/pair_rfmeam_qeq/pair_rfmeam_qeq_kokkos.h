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

#include "../kokkos/kokkos_space.h"
#include "../kokkos/kokkos_tables.h"
#include "../kokkos/meam_kernels.h"
#include "../long_range/kspace_term.h"

#include "kokkos_base.h"
#include "pair_kokkos.h"
#include "pair_rfmeam_qeq.h"

namespace LAMMPS_NS {

template <class DeviceType> class PairRFMEAMQEqKokkos : public PairRFMEAMQEq, public KokkosBase {
 public:
  using device_type = DeviceType;
  using AT = ArrayTypes<DeviceType>;

  PairRFMEAMQEqKokkos(class LAMMPS *);
  ~PairRFMEAMQEqKokkos() override;

  void compute(int, int) override;
  void init_style() override;
  void *extract_peratom(const char *, int &) override;
  double memory_usage() override;

  double total_charge(int group) override;
  void accept_charges(const rfmeam::ChargeHistory &history, bool age) override;
  double count_beyond_walls() override;
  std::vector<rfmeam::MatrixElement> charge_matrix() override;
  [[nodiscard]] bool works_on_host() const override { return !rfmeam::Shape<DeviceType>::on_gpu; }

  int pack_forward_comm_kokkos(int, DAT::tdual_int_1d, DAT::tdual_double_1d &, int, int *) override;
  void unpack_forward_comm_kokkos(int, int, DAT::tdual_double_1d &) override;

 protected:
  void grow_peratom() override;
  void prepare_kspace() override;
  double *travelling(bool changes) override;
  bool start_charges(const rfmeam::EquilibrationTask &task) override;
  rfmeam::SolveReport solve_iteratively(const rfmeam::EquilibrationTask &task) override;
  DirectCharges direct_charges() override;
  void set_direct_charges(const std::vector<double> &charges) override;

 private:
  using Space = rfmeam::KokkosSpace<DeviceType>;

  rfmeam::KokkosTables<DeviceType> tables;
  Space space;
  rfmeam::ChargeEngine<Space, KK_FLOAT> engine;
  rfmeam::KSpaceTerm<Space> beyond;

  typename rfmeam::KokkosAtoms<DeviceType>::Sites sites;
  rfmeam::KokkosKeptNeighbourhoods<DeviceType> kept;
  int max_listed = 0;          // neighbours of an atom in the list of neighbourhoods
  bigint listed_stamp = -1;    // of which list
  bool has_computed = false;

  DAT::ttransform_kkacc_1d k_eatom;
  DAT::ttransform_kkacc_1d_6 k_vatom;
  DAT::tdual_double_1d k_density, k_embedding, k_electronegativity;

  void refuse_on_gpu() const;
  /// The atoms of this rank where they are now; what kernels see of those that were placed last.
  void place_atoms();
  [[nodiscard]] rfmeam::KokkosAtoms<DeviceType> placed_atoms() const;
  void update_surroundings();
  void compute_meam();
  template <class Force, class AtomVirial> rfmeam::EnergyVirial run_meam(const Force &, const AtomVirial &);
  void compute_charges();
  void update_charge_pairs();
};

}    // namespace LAMMPS_NS

#endif
#endif
