// What a plugin and the LAMMPS that loads it must have in common. SPDX-License-Identifier: GPL-2.0-only
#ifndef RFMEAM_PLUGIN_COMPATIBILITY_H
#define RFMEAM_PLUGIN_COMPATIBILITY_H

#include <string>

namespace rfmeam {

/// The settings of a LAMMPS build that its classes and function arguments depend on.
struct LammpsBuild {
  int version = 0;                 ///< as a date: 20260704
  bool mpi = false;                ///< with MPI, else serial
  int tagint_bytes = 0;            ///< size of an atom ID: 4 (smallbig) or 8 (bigbig)
  int imageint_bytes = 0;          ///< size of an image flag
  std::string kokkos_precision;    ///< "double", "mixed", "single"; empty: without KOKKOS
  std::string kokkos_layout;       ///< "legacy", "default"; empty: without KOKKOS
};

inline const std::string month_names = "JanFebMarAprMayJunJulAugSepOctNovDec";

/// A version in LAMMPS' own words: 20260704 gives "4 Jul 2026".
inline std::string version_name(int version)
{
  const int month = version / 100 % 100;
  if (month < 1 || month > 12) return std::to_string(version);
  return std::to_string(version % 100) + " " + month_names.substr((month - 1) * 3, 3) + " " +
      std::to_string(version / 10000);
}

/// The opposite: "4 Jul 2026" gives 20260704.
inline int version_number(const std::string &name)
{
  const auto month_begin = name.find(' ') + 1;
  const auto month = static_cast<int>(month_names.find(name.substr(month_begin, 3)) / 3) + 1;
  return std::stoi(name.substr(month_begin + 4)) * 10000 + month * 100 + std::stoi(name);
}

/// Why a plugin compiled for one LAMMPS cannot be used by another; empty if it can.
/// A plugin without the kk styles has no Kokkos settings and fits a LAMMPS with any.
inline std::string incompatibility(const LammpsBuild &plugin, const LammpsBuild &lammps)
{
  const auto differs = [](const std::string &what, const std::string &compiled_for, const std::string &loaded_into) {
    return "The rfmeam/qeq plugin was compiled for LAMMPS " + what + compiled_for + " and loaded into LAMMPS " + what +
        loaded_into + ". Compile the plugin against the LAMMPS it is used with.";
  };
  const auto mpi = [](const LammpsBuild &build) { return std::string(build.mpi ? "with MPI" : "without MPI"); };
  const auto sizes = [](const LammpsBuild &build) {
    return std::to_string(8 * build.tagint_bytes) + "-bit atom IDs and " + std::to_string(8 * build.imageint_bytes) +
        "-bit image flags";
  };
  const auto kokkos = [](const LammpsBuild &build) {
    if (build.kokkos_precision.empty()) return std::string("without KOKKOS");
    return "with KOKKOS in " + build.kokkos_precision + " precision and " + build.kokkos_layout + " layout";
  };

  if (plugin.version != lammps.version)
    return differs("version ", version_name(plugin.version), version_name(lammps.version));
  if (plugin.mpi != lammps.mpi) return differs("", mpi(plugin), mpi(lammps));
  if (sizes(plugin) != sizes(lammps)) return differs("with ", sizes(plugin), sizes(lammps));
  if (!plugin.kokkos_precision.empty() && kokkos(plugin) != kokkos(lammps))
    return differs("", kokkos(plugin), kokkos(lammps));
  return "";
}

}    // namespace rfmeam

#endif
