/* ----------------------------------------------------------------------
   LAMMPS - Large-scale Atomic/Molecular Massively Parallel Simulator
   https://www.lammps.org/

   This software is distributed under the GNU General Public License.
------------------------------------------------------------------------- */

#include "fix_qeq_vc_kokkos.h"

#include "../kokkos/kokkos_team.h"
#include "../pair_rfmeam_qeq/pair_rfmeam_qeq.h"

#include "atom_kokkos.h"
#include "atom_masks.h"
#include "error.h"
#include "force.h"
#include "kokkos.h"
#include "memory_kokkos.h"

using namespace LAMMPS_NS;

namespace {

template <class DeviceType> struct PackExchangeKernel {
  using AT = ArrayTypes<DeviceType>;
  typename AT::t_double_1d_um buf;
  typename AT::t_int_1d send, copy;
  typename AT::t_double_2d_lr history;
  int length;
  KOKKOS_INLINE_FUNCTION void operator()(int n) const
  {
    const int i = send(n), j = copy(n);
    for (int m = 0; m < length; m++) {
      buf(n * length + m) = history(i, m);
      if (j > -1) history(i, m) = history(j, m);
    }
  }
};

template <class DeviceType> struct UnpackExchangeKernel {
  using AT = ArrayTypes<DeviceType>;
  typename AT::t_double_1d_um buf;
  typename AT::t_int_1d indices;
  typename AT::t_double_2d_lr history;
  int length;
  KOKKOS_INLINE_FUNCTION void operator()(int n) const
  {
    const int i = indices(n);
    if (i < 0) return;
    for (int m = 0; m < length; m++) history(i, m) = buf(n * length + m);
  }
};

}    // namespace

/* ---------------------------------------------------------------------- */

template <class DeviceType>
FixQEqVCKokkos<DeviceType>::FixQEqVCKokkos(LAMMPS *lmp, int narg, char **arg) :
    FixQEqVC(lmp, narg, arg), changed_on_host(false)
{
  kokkosable = 1;
  exchange_comm_device = sort_device = 1;
  atomKK = dynamic_cast<AtomKokkos *>(atom);
  execution_space = ExecutionSpaceFromDevice<DeviceType>::space;
  datamask_read = EMPTY_MASK;    // the pair style syncs what it needs
  datamask_modify = EMPTY_MASK;

  memory->destroy(history);
  FixQEqVCKokkos::grow_arrays(atom->nmax);
  atomKK->sync(Host, Q_MASK);
  for (int i = 0; i < atom->nlocal; i++) FixQEqVCKokkos::set_arrays(i);
}

/* ---------------------------------------------------------------------- */

template <class DeviceType> FixQEqVCKokkos<DeviceType>::~FixQEqVCKokkos()
{
  if (copymode) return;
  memoryKK->destroy_kokkos(k_history, history);
}

/* ---------------------------------------------------------------------- */

template <class DeviceType> void FixQEqVCKokkos<DeviceType>::init()
{
  atomKK->sync(Host, TAG_MASK | TYPE_MASK | MASK_MASK);
  FixQEqVC::init();
}

/* ----------------------------------------------------------------------
   a pair style on the host may be beside it, and on another device not; a
   plain one does not know that atoms may have moved on a device
------------------------------------------------------------------------- */

template <class DeviceType> rfmeam::ChargeHistory FixQEqVCKokkos<DeviceType>::history_of_atoms()
{
  changed_on_host = pair->works_on_host();
  if (changed_on_host) {
    if (!pair->kokkosable) atomKK->sync(Host, X_MASK | TYPE_MASK | MASK_MASK | TAG_MASK | Q_MASK);
    k_history.sync_host();
    return {k_history.view_host().data(), history_length, is_shadow()};
  }
  if (!rfmeam::Shape<DeviceType>::on_gpu)
    error->all(FLERR, "Fix {} with pair style {} on another device: allowed is fix qeq/vc/kk", style,
               force->pair_style);
  k_history.template sync<DeviceType>();
  return {k_history.template view<DeviceType>().data(), history_length, is_shadow()};
}

/* ---------------------------------------------------------------------- */

template <class DeviceType> void FixQEqVCKokkos<DeviceType>::history_changed()
{
  if (changed_on_host) {
    k_history.modify_host();
    if (!pair->kokkosable) atomKK->modified(Host, Q_MASK);
  } else
    k_history.template modify<DeviceType>();
}

/* ---------------------------------------------------------------------- */

template <class DeviceType> double FixQEqVCKokkos<DeviceType>::compute_vector(int n)
{
  if (n == 2) atomKK->sync(Host, Q_MASK | MASK_MASK);
  return FixQEqVC::compute_vector(n);
}

/* ---------------------------------------------------------------------- */

template <class DeviceType> double FixQEqVCKokkos<DeviceType>::compute_array(int i, int j)
{
  atomKK->sync(Host, Q_MASK | MASK_MASK);
  return FixQEqVC::compute_array(i, j);
}

/* ---------------------------------------------------------------------- */

template <class DeviceType> void FixQEqVCKokkos<DeviceType>::sync_host() { atomKK->sync(Host, ALL_MASK); }

/* ---------------------------------------------------------------------- */

template <class DeviceType> void FixQEqVCKokkos<DeviceType>::grow_arrays(int nmax)
{
  k_history.sync_host();
  k_history.modify_host();    // grow on the host
  memoryKK->grow_kokkos(k_history, history, nmax, history_length, "qeq/vc:history");
}

/* ---------------------------------------------------------------------- */

template <class DeviceType> void FixQEqVCKokkos<DeviceType>::copy_arrays(int i, int j, int delflag)
{
  k_history.sync_host();
  FixQEqVC::copy_arrays(i, j, delflag);
  k_history.modify_host();
}

/* ---------------------------------------------------------------------- */

template <class DeviceType> void FixQEqVCKokkos<DeviceType>::set_arrays(int i)
{
  k_history.sync_host();
  FixQEqVC::set_arrays(i);
  k_history.modify_host();
}

/* ---------------------------------------------------------------------- */

template <class DeviceType> int FixQEqVCKokkos<DeviceType>::pack_exchange(int i, double *buf)
{
  k_history.sync_host();
  return FixQEqVC::pack_exchange(i, buf);
}

/* ---------------------------------------------------------------------- */

template <class DeviceType> int FixQEqVCKokkos<DeviceType>::unpack_exchange(int nlocal, double *buf)
{
  k_history.sync_host();
  const int n = FixQEqVC::unpack_exchange(nlocal, buf);
  k_history.modify_host();
  return n;
}

/* ---------------------------------------------------------------------- */

template <class DeviceType> int FixQEqVCKokkos<DeviceType>::pack_restart(int i, double *buf)
{
  k_history.sync_host();
  return FixQEqVC::pack_restart(i, buf);
}

/* ---------------------------------------------------------------------- */

template <class DeviceType> void FixQEqVCKokkos<DeviceType>::unpack_restart(int nlocal, int nth)
{
  k_history.sync_host();
  FixQEqVC::unpack_restart(nlocal, nth);
  k_history.modify_host();
}

/* ---------------------------------------------------------------------- */

template <class DeviceType>
int FixQEqVCKokkos<DeviceType>::pack_exchange_kokkos(const int &nsend, DAT::tdual_double_2d_lr &k_buf,
                                                     DAT::tdual_int_1d k_send, DAT::tdual_int_1d k_copy,
                                                     ExecutionSpace /*space*/)
{
  k_buf.sync<DeviceType>();
  k_copy.sync<DeviceType>();
  k_send.sync<DeviceType>();
  k_history.template sync<DeviceType>();
  const auto buf = k_buf.template view<DeviceType>();
  Kokkos::parallel_for(
      Kokkos::RangePolicy<DeviceType>(0, nsend),
      PackExchangeKernel<DeviceType>{typename AT::t_double_1d_um(buf.data(), buf.extent(0) * buf.extent(1)),
                                     k_send.view<DeviceType>(), k_copy.view<DeviceType>(),
                                     k_history.template view<DeviceType>(), history_length});
  k_history.template modify<DeviceType>();
  return nsend * history_length;
}

/* ---------------------------------------------------------------------- */

template <class DeviceType>
void FixQEqVCKokkos<DeviceType>::unpack_exchange_kokkos(DAT::tdual_double_2d_lr &k_buf, DAT::tdual_int_1d &k_indices,
                                                        int nrecv, int /*nrecv1*/, int /*nextrarecv1*/,
                                                        ExecutionSpace /*space*/)
{
  k_buf.sync<DeviceType>();
  k_indices.sync<DeviceType>();
  k_history.template sync<DeviceType>();
  const auto buf = k_buf.template view<DeviceType>();
  Kokkos::parallel_for(Kokkos::RangePolicy<DeviceType>(0, nrecv),
                       UnpackExchangeKernel<DeviceType>{
                           typename AT::t_double_1d_um(buf.data(), buf.extent(0) * buf.extent(1)),
                           k_indices.view<DeviceType>(), k_history.template view<DeviceType>(), history_length});
  k_history.template modify<DeviceType>();
}

/* ---------------------------------------------------------------------- */

template <class DeviceType> void FixQEqVCKokkos<DeviceType>::sort_kokkos(Kokkos::BinSort<KeyViewType, BinOp> &sorter)
{
  k_history.sync_device();
  sorter.sort(LMPDeviceType(), k_history.view_device());
  k_history.modify_device();
}

namespace LAMMPS_NS {
template class FixQEqVCKokkos<LMPDeviceType>;
#ifdef LMP_KOKKOS_GPU
template class FixQEqVCKokkos<LMPHostType>;
#endif
}    // namespace LAMMPS_NS
