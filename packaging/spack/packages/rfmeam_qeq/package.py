# SPDX-License-Identifier: GPL-2.0-only
from spack_repo.builtin.build_systems.cmake import CMakePackage

from spack.package import *


class RfmeamQeq(CMakePackage):
    """LAMMPS plugin with pair_style rfmeam/qeq and fix qeq/vc: RF-MEAM with variable charges."""

    homepage = "file:///path/to/rfmeam-qeq"
    git = homepage  # of this repository: a folder or an address
    maintainers("rfmeam-qeq")
    license("GPL-2.0-only", checked_by="rfmeam-qeq")

    version("main", branch="main")

    depends_on("cxx", type="build")
    depends_on("cmake@3.20:", type="build")
    depends_on("eigen@3.4:", type="build")
    # kk styles if it has +kokkos; a plugin belongs to the one LAMMPS it was built for
    depends_on("lammps@20260704+plugin+lib", type=("build", "link", "run"))

    # LAMMPS installs only some of the headers that a plugin needs: the sources of the same version
    resource(
        name="lammps",
        url="https://github.com/lammps/lammps/archive/patch_4Jul2026.tar.gz",
        sha256="be9deffba169d140c337fd29570d3f5469332ece7e77280cce998f6caaad5534",
        placement="lammps",
    )

    def cmake_args(self):
        return [
            self.define("LAMMPS_SOURCE_DIR", join_path(self.stage.source_path, "lammps")),
            self.define("LAMMPS_ROOT", self.spec["lammps"].prefix),
            self.define("RFMEAM_PYTHON", False),
        ]

    def setup_run_environment(self, env: EnvironmentModifications) -> None:
        env.prepend_path("LAMMPS_PLUGIN_PATH", join_path(self.prefix.lib, "lammps", "plugins"))
        env.prepend_path("LAMMPS_POTENTIALS", join_path(self.prefix.share, "lammps", "potentials"))
