// What LAMMPS loads: checks that the styles were compiled for this LAMMPS, then loads and registers them.
// The styles are in a library of their own, because the loader of another LAMMPS would stop at the first C++ function
// it lacks, before anything could be said. This file uses LAMMPS' C interface only. SPDX-License-Identifier:
// GPL-2.0-only

#include "plugin_compatibility.h"

#include "lammpsplugin.h"
#include "library.h"
#include "lmptype.h"
#include "version.h"

#include <dlfcn.h>
#include <filesystem>

namespace {

rfmeam::LammpsBuild build_of_plugin()
{
  rfmeam::LammpsBuild build;
  build.version = rfmeam::version_number(LAMMPS_VERSION);
  build.mpi = RFMEAM_WITH_MPI;
  build.tagint_bytes = sizeof(LAMMPS_NS::tagint);
  build.imageint_bytes = sizeof(LAMMPS_NS::imageint);
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

rfmeam::LammpsBuild build_of_lammps(void *lmp)
{
  rfmeam::LammpsBuild build;
  build.version = lammps_version(lmp);
  build.mpi = lammps_config_has_mpi_support() != 0;
  build.tagint_bytes = lammps_extract_setting(lmp, "tagint");
  build.imageint_bytes = lammps_extract_setting(lmp, "imageint");
  for (const char *precision : {"double", "mixed", "single"})
    if (lammps_config_accelerator("KOKKOS", "precision", precision)) build.kokkos_precision = precision;
  for (const char *layout : {"legacy", "default"})
    if (lammps_config_accelerator("KOKKOS", "layout", layout)) build.kokkos_layout = layout;
  return build;
}

/// Loads the library beside this one and has it register its styles; returns what went wrong, if anything.
std::string load_styles(void *lmp, void *handle, void *regfunc)
{
  Dl_info self;
  dladdr(reinterpret_cast<void *>(&lammpsplugin_init), &self);
  const auto library = std::filesystem::absolute(self.dli_fname).replace_filename("rfmeamqeq_styles.so");
  void *styles = dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);    // nobody else needs its symbols
  void *register_styles = styles ? dlsym(styles, "rfmeam_register_styles") : nullptr;
  if (!register_styles) return std::string("The rfmeam/qeq plugin cannot load its styles: ") + dlerror();
  reinterpret_cast<lammpsplugin_initfunc>(register_styles)(lmp, handle, regfunc);
  return "";
}

}    // namespace

extern "C" void lammpsplugin_init(void *lmp, void *handle, void *regfunc)
{
  std::string error = rfmeam::incompatibility(build_of_plugin(), build_of_lammps(lmp));
  if (error.empty()) error = load_styles(lmp, handle, regfunc);
  if (error.empty()) return;
  // LAMMPS_PLUGIN_PATH may be set for every LAMMPS of a machine: one that the plugin does not fit goes on without it
  error += " Its styles are left out.";
  if (lammps_extract_setting(lmp, "world_rank") == 0) lammps_error(lmp, LMP_ERROR_WARNING, error.c_str());
}
