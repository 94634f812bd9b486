// Registers the styles when LAMMPS loads the plugin. SPDX-License-Identifier: GPL-2.0-only

#include "fix_qeq_vc.h"
#include "pair_rfmeam_qeq.h"
#include "plugin_compatibility.h"
#ifdef LMP_KOKKOS
#include "fix_qeq_vc_kokkos.h"
#include "pair_rfmeam_qeq_kokkos.h"
#endif

#include "error.h"
#include "lammps.h"
#include "lammpsplugin.h"
#include "library.h"
#include "lmptype.h"
#include "utils.h"
#include "version.h"

#include <mpi.h>

using namespace LAMMPS_NS;

namespace {

rfmeam::LammpsBuild build_of_plugin()
{
  rfmeam::LammpsBuild build;
  build.version = utils::date2num(LAMMPS_VERSION);
#ifndef MPI_STUBS
  build.mpi = true;
#endif
  build.tagint_bytes = sizeof(tagint);
  build.imageint_bytes = sizeof(imageint);
#ifdef LMP_KOKKOS
#if defined(LMP_KOKKOS_SINGLE_SINGLE)
  build.kokkos_precision = "single";
#elif defined(LMP_KOKKOS_SINGLE_DOUBLE)
  build.kokkos_precision = "mixed";
#else
  build.kokkos_precision = "double";
#endif
#if defined(LMP_KOKKOS_LAYOUT_LEGACY)
  build.kokkos_layout = "legacy";
#else
  build.kokkos_layout = "default";
#endif
#endif
  return build;
}

/// Asks through LAMMPS' C interface, which differs least from version to version.
rfmeam::LammpsBuild build_of_lammps(LAMMPS *lmp)
{
  rfmeam::LammpsBuild build;
  build.version = lammps_version(lmp);
  build.mpi = lammps_config_has_mpi_support();
  build.tagint_bytes = lammps_extract_setting(lmp, "tagint");
  build.imageint_bytes = lammps_extract_setting(lmp, "imageint");
  for (const char *precision : {"double", "mixed", "single"})
    if (lammps_config_accelerator("KOKKOS", "precision", precision)) build.kokkos_precision = precision;
  for (const char *layout : {"legacy", "default"})
    if (lammps_config_accelerator("KOKKOS", "layout", layout)) build.kokkos_layout = layout;
  return build;
}

template <class Style> Pair *create_pair(LAMMPS *lmp) { return new Style(lmp); }
template <class Style> Fix *create_fix(LAMMPS *lmp, int narg, char **arg) { return new Style(lmp, narg, arg); }

}    // namespace

extern "C" void lammpsplugin_init(void *ptr, void *handle, void *regfunc)
{
  auto *lmp = static_cast<LAMMPS *>(ptr);
  const std::string reason = rfmeam::incompatibility(build_of_plugin(), build_of_lammps(lmp));
  if (!reason.empty()) lmp->error->all(FLERR, reason);

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
  const auto register_pair = [&](const char *name, Pair *(*creator)(LAMMPS *)) {
    plugin.creator.v1 = reinterpret_cast<lammpsplugin_factory1 *>(creator);
    register_style("pair", name);
  };
  const auto register_fix = [&](const char *name, Fix *(*creator)(LAMMPS *, int, char **)) {
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
