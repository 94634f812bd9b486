// Registers the styles with the LAMMPS that loads the plugin. SPDX-License-Identifier: GPL-2.0-only

#include "fix_qeq_vc.h"
#include "pair_rfmeam_qeq.h"
#ifdef LMP_KOKKOS
#include "fix_qeq_vc_kokkos.h"
#include "pair_rfmeam_qeq_kokkos.h"
#endif

#include "lammpsplugin.h"
#include "version.h"

using namespace LAMMPS_NS;

namespace {

template <class Style> Pair *create_pair(LAMMPS *lmp) { return new Style(lmp); }
template <class Style> Fix *create_fix(LAMMPS *lmp, int narg, char **arg) { return new Style(lmp, narg, arg); }

}    // namespace

extern "C" void rfmeam_register_styles(void *lmp, void *handle, void *regfunc)
{
  lammpsplugin_t plugin{};
  plugin.version = LAMMPS_VERSION;
  plugin.author = "the RF-MEAM-QEq developers";
  plugin.handle = handle;
  const auto register_style = [&](const char *style, const char *name) {
    plugin.style = style;
    plugin.name = name;
    plugin.info = name;
    reinterpret_cast<lammpsplugin_regfunc>(regfunc)(&plugin, lmp);
  };
  const auto register_pair = [&](const char *name, Pair *(*creator)(LAMMPS *) ) {
    plugin.creator.v1 = reinterpret_cast<lammpsplugin_factory1 *>(creator);
    register_style("pair", name);
  };
  const auto register_fix = [&](const char *name, Fix *(*creator)(LAMMPS *, int, char **) ) {
    plugin.creator.v2 = reinterpret_cast<lammpsplugin_factory2 *>(creator);
    register_style("fix", name);
  };

  register_pair("rfmeam/qeq", create_pair<PairRFMEAMQEq>);
  register_fix("qeq/vc", create_fix<FixQEqVC>);
#ifdef LMP_KOKKOS
  register_pair("rfmeam/qeq/kk", create_pair<PairRFMEAMQEqKokkos<LMPDeviceType>>);
  register_pair("rfmeam/qeq/kk/device", create_pair<PairRFMEAMQEqKokkos<LMPDeviceType>>);
  register_pair("rfmeam/qeq/kk/host", create_pair<PairRFMEAMQEqKokkos<LMPHostType>>);
  register_fix("qeq/vc/kk", create_fix<FixQEqVCKokkos<LMPDeviceType>>);
  register_fix("qeq/vc/kk/device", create_fix<FixQEqVCKokkos<LMPDeviceType>>);
  register_fix("qeq/vc/kk/host", create_fix<FixQEqVCKokkos<LMPHostType>>);
#endif
}
