// The plugin refuses a LAMMPS it was not compiled for, and says which two met. SPDX-License-Identifier: GPL-2.0-only
#include "plugin_compatibility.h"

#include <gtest/gtest.h>

using rfmeam::incompatibility;
using rfmeam::LammpsBuild;

namespace {

const LammpsBuild reference{20260704, true, 4, 4, "double", "legacy"};

void expect_refusal(const LammpsBuild &lammps, const std::string &ours, const std::string &theirs)
{
  const std::string reason = incompatibility(reference, lammps);
  EXPECT_NE(reason.find("compiled for LAMMPS " + ours), std::string::npos) << reason;
  EXPECT_NE(reason.find("loaded into LAMMPS " + theirs), std::string::npos) << reason;
}

}    // namespace

TEST(PluginCompatibility, AcceptsTheLammpsItWasCompiledFor) { EXPECT_EQ(incompatibility(reference, reference), ""); }

TEST(PluginCompatibility, NamesBothVersions)
{
  LammpsBuild lammps = reference;
  lammps.version = 20250722;
  expect_refusal(lammps, "version 4 Jul 2026", "version 22 Jul 2025");
}

TEST(PluginCompatibility, VersionsAreDates)
{
  for (const char *name : {"4 Jul 2026", "22 Jul 2025", "31 Dec 2026", "1 Jan 2027"})
    EXPECT_EQ(rfmeam::version_name(rfmeam::version_number(name)), name);
  EXPECT_EQ(rfmeam::version_number("4 Jul 2026"), 20260704);
}

TEST(PluginCompatibility, RefusesSerialLammps)
{
  LammpsBuild lammps = reference;
  lammps.mpi = false;
  expect_refusal(lammps, "with MPI", "without MPI");
}

TEST(PluginCompatibility, RefusesOtherIntegerSizes)
{
  LammpsBuild lammps = reference;
  lammps.tagint_bytes = lammps.imageint_bytes = 8;
  expect_refusal(lammps, "with 32-bit atom IDs", "with 64-bit atom IDs");
}

TEST(PluginCompatibility, RefusesOtherKokkosPrecision)
{
  LammpsBuild lammps = reference;
  lammps.kokkos_precision = "mixed";
  expect_refusal(lammps, "with KOKKOS in double precision", "with KOKKOS in mixed precision");
}

TEST(PluginCompatibility, RefusesLammpsWithoutKokkosIfItHasKokkosStyles)
{
  LammpsBuild lammps = reference;
  lammps.kokkos_precision = lammps.kokkos_layout = "";
  expect_refusal(lammps, "with KOKKOS in double precision", "without KOKKOS");
}

TEST(PluginCompatibility, PlainPluginFitsLammpsWithKokkos)
{
  LammpsBuild plugin = reference;
  plugin.kokkos_precision = plugin.kokkos_layout = "";
  EXPECT_EQ(incompatibility(plugin, reference), "");
}
