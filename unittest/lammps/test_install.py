"""cmake --install: what LAMMPS finds afterwards, what other CMake projects find, and an installed LAMMPS."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

PLUGIN = Path(os.environ["LAMMPS_PLUGIN_PATH"])
CHECKOUT = Path(__file__).resolve().parents[2]
SETTINGS = r"LAMMPS (\d.*) in (.*): MPI (.*), sizes (.*), kk styles (.*)"
IN_BUILD = Path(os.environ.get("LAMMPS_BINARY_DIR", "")) / "CMakeCache.txt"
pytestmark = pytest.mark.skipif(not (PLUGIN / "cmake_install.cmake").exists(), reason="no build of CMake's")

SCRIPT = """
units metal
atom_style charge
lattice custom 4.03 a1 1 0 0 a2 0 1 0 a3 0 0 1 basis 0 0 0 basis 0.5 0.5 0 basis 0.5 0 0.5 basis 0 0.5 0.5 &
    basis 0.5 0.5 0.5 basis 0 0 0.5 basis 0 0.5 0 basis 0.5 0 0
region box block 0 2 0 2 0 2
create_box 2 box
create_atoms 1 box basis 5 2 basis 6 2 basis 7 2 basis 8 2
mass 1 6.94
mass 2 18.998
pair_style rfmeam/qeq
pair_coeff * * LiF.rfmeam Li F
fix charges all qeq/vc 1 1e-8 100
run 0
"""

USER = """
cmake_minimum_required(VERSION 3.20)
project(user LANGUAGES CXX)
find_package(rfmeam-qeq 0.1 REQUIRED)
add_executable(user user.cpp)
target_link_libraries(user PRIVATE rfmeam::rfmeam)
file(GLOB found ${RFMEAM_PLUGIN_DIR}/rfmeamqeqplugin.so ${RFMEAM_POTENTIALS_DIR}/LiF.rfmeam)
message(STATUS "found: ${found}")
"""

USER_CPP = """
#include "rfmeam/potential_file.h"
#include <cstdio>
#include <fstream>
#include <sstream>
int main(int, char **argv)
{
  std::stringstream text;
  text << std::ifstream(argv[1]).rdbuf();
  std::printf("%zu elements", rfmeam::PotentialReader::read(text.str(), argv[1]).elements.size());
}
"""


def run(*command: object, **variables: str) -> str:
    done = subprocess.run(
        [str(word) for word in command],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=os.environ | variables,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Path:
    prefix = tmp_path_factory.mktemp("prefix") / "rfmeam-qeq"
    run("cmake", "--install", PLUGIN, "--prefix", prefix)
    return prefix


def test_lammps_finds_plugin_and_potentials(installed, tmp_path):
    """With the script that is installed, from any folder."""
    (tmp_path / "in.lammps").write_text(SCRIPT)
    text = run(
        "sh",
        "-c",
        f"cd {tmp_path} && unset LAMMPS_PLUGIN_PATH LAMMPS_POTENTIALS && "
        f". {installed}/etc/profile.d/rfmeam-qeq.sh && lmp -in in.lammps -log none",
    )
    assert f"Loaded 1 plugins from {installed}/lib/lammps/plugins" in text
    energy = float(re.search(r"Step.*\n +0 +\S+ +(\S+)", text)[1])
    assert -1000 < energy < -100  # eV, of 64 atoms


def test_the_script_adds_to_what_was_set(installed):
    text = run(
        "sh",
        "-c",
        f"LAMMPS_PLUGIN_PATH=/a LAMMPS_POTENTIALS=/b; . {installed}/etc/profile.d/rfmeam-qeq.sh; "
        'echo "$LAMMPS_PLUGIN_PATH $LAMMPS_POTENTIALS"',
    )
    assert text.split() == [f"{installed}/lib/lammps/plugins:/a", f"{installed}/share/lammps/potentials:/b"]


def test_the_module_sets_the_same(installed):
    """Its commands, by a Tcl interpreter where there is one, else as text."""
    text = (installed / "share/modulefiles/rfmeam-qeq/0.1.0").read_text()
    assert text.startswith("#%Module1.0\n")
    assert f"prepend-path LAMMPS_PLUGIN_PATH {installed}/lib/lammps/plugins\n" in text
    assert f"prepend-path LAMMPS_POTENTIALS {installed}/share/lammps/potentials\n" in text
    assert "@" not in text


def test_other_cmake_projects_find_the_physics(installed, tmp_path):
    (tmp_path / "CMakeLists.txt").write_text(USER)
    (tmp_path / "user.cpp").write_text(USER_CPP)
    text = run("cmake", "-S", tmp_path, "-B", tmp_path / "build", f"-DCMAKE_PREFIX_PATH={installed}")
    assert f"found: {installed}/lib/lammps/plugins/rfmeamqeqplugin.so;{installed}/share/lammps/pot" in text
    run("cmake", "--build", tmp_path / "build")
    assert run(tmp_path / "build/user", installed / "share/lammps/potentials/LiF.rfmeam") == "2 elements"


@pytest.fixture(scope="module")
def installed_lammps(tmp_path_factory) -> Path:
    """What LAMMPS' own `cmake --install` leaves of the one in use, as far as the plugin looks at it."""
    if not IN_BUILD.exists():
        pytest.skip("LAMMPS is not in the folder that it was built in")
    prefix = tmp_path_factory.mktemp("lammps")
    for folder in ("bin", "lib/cmake/LAMMPS"):
        (prefix / folder).mkdir(parents=True)
    shutil.copy(IN_BUILD.parent / "lmp", prefix / "bin")
    shutil.copy(IN_BUILD.parent / "LAMMPSConfig.cmake", prefix / "lib/cmake/LAMMPS")
    for library in IN_BUILD.parent.glob("liblammps.so*"):
        shutil.copy(library, prefix / "lib", follow_symlinks=False)
    return prefix


NONE = dict.fromkeys(("LAMMPS_BINARY_DIR", "LAMMPS_ROOT", "CMAKE_PREFIX_PATH"), "")


def configure(folder: Path, *options: str, **variables: str) -> str:
    """Configures the plugin, without the environment's folders of LAMMPS."""
    source = f"-DLAMMPS_SOURCE_DIR={os.environ['LAMMPS_SOURCE_DIR']}"
    return run("cmake", "-S", CHECKOUT, "-B", folder, source, "-DRFMEAM_PYTHON=OFF", *options, **NONE | variables)


@pytest.mark.parametrize("how", ["LAMMPS_ROOT", "CMAKE_PREFIX_PATH", "environment"])
def test_an_installed_lammps_tells_its_settings(installed_lammps, tmp_path, how):
    """The same ones as CMakeCache.txt of its build."""
    expected = re.search(SETTINGS, configure(tmp_path / "a", f"-DLAMMPS_BINARY_DIR={IN_BUILD.parent}"))
    if how == "environment":
        text = configure(tmp_path / "b", CMAKE_PREFIX_PATH=str(installed_lammps))
    else:
        text = configure(tmp_path / "b", f"-D{how}={installed_lammps}")
    assert "CMake Warning" not in text
    assert re.search(SETTINGS, text).groups() == expected.groups()
    if expected[5] == "ON":
        assert re.search("Kokkos .* precision", text)


def test_sources_of_another_version_are_refused(installed_lammps, tmp_path):
    (tmp_path / "lammps/src").mkdir(parents=True)
    (tmp_path / "lammps/src/version.h").write_text('#define LAMMPS_VERSION "30 Sep 2026"\n')
    folders = [f"-DLAMMPS_ROOT={installed_lammps}", f"-DLAMMPS_SOURCE_DIR={tmp_path / 'lammps'}"]
    command = ["cmake", "-S", CHECKOUT, "-B", tmp_path / "b", *folders, "-DRFMEAM_PYTHON=OFF"]
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ | NONE)
    words = " ".join(done.stderr.split())
    assert done.returncode == 1 and re.search(r"is of 4 Jul 2026.*, the source tree .* of 30 Sep 2026", words)
