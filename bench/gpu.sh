#!/usr/bin/env bash
# From sources to correctness and figures on a machine with a GPU: see usage() below.
set -euo pipefail

usage() {
    cat <<USAGE
Usage: bench/gpu.sh [--compile] LAMMPS_SOURCE KOKKOS_SOURCE [FOLDER]

Builds LAMMPS with KOKKOS for the NVIDIA GPU of this machine, in double and in mixed precision, and the plugin for both;
runs the style tests on the GPU, a few of them under compute-sanitizer, and the benchmark. Everything is made in FOLDER
(default: build/gpu); FOLDER/results.md is what to keep. A run that was interrupted goes on where it stopped.

  LAMMPS_SOURCE   source tree of LAMMPS, 4 Jul 2026 or later; its folder lib/kokkos is not used
  KOKKOS_SOURCE   source tree of Kokkos, 5.0 or later
  --compile       compile Kokkos and the plugin only, in both precisions; needs nvcc, and no GPU

It needs nvcc, CMake 3.20, ninja, Python 3.10 with its headers, and takes about 20 minutes on 16 cores; no network and
no MPI. What is not on the machine can be brought along:
  Eigen3_DIR      folder of Eigen3Config.cmake (Debian's package libeigen3-dev has it in share/eigen3/cmake)
  WHEELS          folder of Python packages, from
                  pip download --dest WHEELS --no-deps -c env/requirements.in -r bench/gpu-requirements.txt
  GPU_ARCH        the GPU in Kokkos' words, as HOPPER90; by default nvidia-smi is asked
USAGE
}

main() {
    compile_only=
    if [[ ${1:-} == --compile ]]; then
        compile_only=yes
        shift
    fi
    case ${1:-} in
        -h | --help) usage; exit ;;
        -*) wrong "unknown option $1" ;;
    esac
    [[ $# == 2 || $# == 3 ]] || wrong "expected LAMMPS_SOURCE and KOKKOS_SOURCE, got $# arguments"
    [[ -e $1/src/version.h ]] || wrong "LAMMPS_SOURCE $1 is no source tree of LAMMPS: it has no src/version.h"
    [[ -e $2/core/src/Kokkos_Core.hpp ]] || wrong "KOKKOS_SOURCE $2 is no source tree of Kokkos: it has no core/src/Kokkos_Core.hpp"
    checkout=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
    lammps_source=$(realpath "$1") kokkos_source=$(realpath "$2") folder=${3:-$checkout/build/gpu}
    local tool tools=(nvcc cmake ninja python3)
    [[ -n $compile_only ]] || tools+=(nvidia-smi compute-sanitizer)
    for tool in "${tools[@]}"; do
        command -v "$tool" > /dev/null || die "no $tool on the PATH; it is needed, see bench/gpu.sh --help"
    done
    mkdir -p "$folder"
    folder=$(realpath "$folder") tree=$folder/lammps
    find_architecture
    export NVCC_WRAPPER_DEFAULT_COMPILER=${NVCC_WRAPPER_DEFAULT_COMPILER:-g++}

    make_tree
    if [[ -n $compile_only ]]; then
        configure_lammps double
        configure_lammps mixed
        step kokkos cmake --build "$folder/double" --target kokkoscore kokkoscontainers
        build_plugin double
        build_plugin mixed
        say "Kokkos and the plugin, double and mixed, compiled for $architecture."
        return
    fi
    status=0 results=$folder/results.md
    make_python
    head_of_results > "$results"
    for precision in double mixed; do
        configure_lammps "$precision"
        step "lammps-$precision" cmake --build "$folder/$precision"
        build_plugin "$precision"
        use "$precision"
        report "Style tests, $precision" "test-$precision"
        [[ $precision == mixed ]] || report "compute-sanitizer" sanitize
        report "Benchmark, $precision" benchmark
    done
    say "Results: $results"
    exit $status
}

say() { printf '%s\n' "$*" >&2; }
die() { say "gpu.sh: $*"; exit 1; }
wrong() { say "gpu.sh: $*"; say ''; usage >&2; exit 2; }

# step NAME COMMAND…: what need not be done again once it is done.
step() {
    [[ -e $folder/$1.done ]] || attempt "$@"
    touch "$folder/$1.done"
}

# attempt NAME COMMAND…: output goes to FOLDER/NAME.log; stops if the command fails.
attempt() {
    local name=$1 log=$folder/$1.log
    shift
    say "$(date +%T) $name"
    if ! "$@" > "$log" 2>&1; then
        tail -n 30 "$log" | cut -c 1-300 >&2
        die "$name failed; all of its output is in $log"
    fi
}

find_architecture() {
    if [[ -n ${GPU_ARCH:-} ]]; then
        architecture=$GPU_ARCH
        return
    fi
    local capability=9.0
    [[ -n $compile_only ]] || capability=$(nvidia-smi --query-gpu=compute_cap --format=csv,noheader | head -n 1)
    case $capability in
        7.0) architecture=VOLTA70 ;;
        7.5) architecture=TURING75 ;;
        8.0) architecture=AMPERE80 ;;
        8.6) architecture=AMPERE86 ;;
        8.9) architecture=ADA89 ;;
        9.0) architecture=HOPPER90 ;;
        10.0) architecture=BLACKWELL100 ;;
        12.0) architecture=BLACKWELL120 ;;
        *) die "a GPU of compute capability '$capability': name it in Kokkos' words with GPU_ARCH=..." ;;
    esac
}

# ---- builds --------------------------------------------------------------------------------------

# LAMMPS' source tree with that Kokkos in it, as links: the one given stays as it is.
make_tree() {
    local entry
    rm -rf "$tree"
    mkdir -p "$tree/lib"
    for entry in "$lammps_source"/*; do [[ $entry == */lib ]] || ln -s "$entry" "$tree/"; done
    for entry in "$lammps_source"/lib/*; do [[ ! -e $entry || $entry == */kokkos ]] || ln -s "$entry" "$tree/lib/"; done
    ln -s "$kokkos_source" "$tree/lib/kokkos"
}

# Kokkos' CUDA and OpenMP back ends, as the tests run plain, host and device styles; KOKKOS' own styles as far as needed.
configure_lammps() {
    step "configure-$1" cmake -S "$tree/cmake" -B "$folder/$1" -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_STANDARD=20 \
        -DCMAKE_CXX_COMPILER="$tree/lib/kokkos/bin/nvcc_wrapper" -DBUILD_SHARED_LIBS=ON -DBUILD_MPI=OFF -DBUILD_OMP=ON \
        -DCMAKE_PROJECT_lammps_INCLUDE="$checkout/env/lean_lammps.cmake" \
        -DPKG_KOKKOS=ON -DKOKKOS_PREC="$1" -DPKG_PLUGIN=ON -DPKG_MEAM=ON -DPKG_QEQ=ON -DPKG_KSPACE=ON -DFFT_KOKKOS=CUFFT -DPKG_EXTRA-COMPUTE=ON -DPKG_MC=ON \
        -DKokkos_ENABLE_CUDA=ON -DKokkos_ENABLE_OPENMP=ON -DKokkos_ENABLE_SERIAL=OFF -DKokkos_ARCH_"$architecture"=ON
}

# Not steps: plugin and Python package are brought up to date, in case that their sources have changed.
build_plugin() {
    attempt "plugin-$1-configure" cmake -S "$checkout" -B "$folder/plugin-$1" -G Ninja -DRFMEAM_KOKKOS=CUDA -DRFMEAM_PYTHON=OFF \
        -DLAMMPS_SOURCE_DIR="$tree" -DLAMMPS_BINARY_DIR="$folder/$1" ${Eigen3_DIR:+-DEigen3_DIR="$Eigen3_DIR"}
    attempt "plugin-$1" cmake --build "$folder/plugin-$1" --target runtime
}

# The Python environment of tests and benchmark, and the Python package's core, compiled by the compiler of the host.
make_python() {
    step python python3 -m venv "$folder/python"
    step python-packages "$folder/python/bin/pip" install --no-input --no-deps ${WHEELS:+--no-index --find-links "$WHEELS"} \
        -c "$checkout/env/requirements.in" -r "$checkout/bench/gpu-requirements.txt"
    attempt python-configure cmake -S "$checkout" -B "$folder/core" -G Ninja -DRFMEAM_PLUGIN=OFF -DRFMEAM_PYTHON=ON \
        -DPython_EXECUTABLE="$folder/python/bin/python"
    attempt python-core cmake --build "$folder/core" --target runtime
}

# ---- runs ----------------------------------------------------------------------------------------

# Makes LAMMPS and the plugin of a precision what `lmp` starts.
use() {
    export PATH=$folder/$1:$folder/python/bin:$PATH LD_LIBRARY_PATH=$folder/$1${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
    export LAMMPS_PLUGIN_PATH=$folder/plugin-$1 LAMMPS_POTENTIALS=$checkout/potentials:$lammps_source/potentials
    export PYTHONPATH=$checkout/python:$lammps_source/python OMP_PROC_BIND=false
}

head_of_results() {
    printf '# On a GPU\n\n%s, nvcc %s, driver %s; %s.\nPlugin %s, Kokkos %s.\n' \
        "$(nvidia-smi --query-gpu=name --format=csv,noheader | head -n 1)" \
        "$(nvcc --version | sed -n 's/.*release \([0-9.]*\).*/\1/p')" \
        "$(nvidia-smi --query-gpu=driver_version --format=csv,noheader | head -n 1)" \
        "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), $(nproc) cores" \
        "$(git -C "$checkout" describe --always --dirty 2> /dev/null || echo 'of unknown version')" \
        "$(sed -n 's/^set(Kokkos_VERSION_[A-Z]* \([0-9]*\)).*/\1/p' "$kokkos_source/CMakeLists.txt" | paste -sd .)"
}

# report TITLE COMMAND…: adds the command's output to the results; a failure is noted and does not stop the others.
report() {
    local title=$1 log
    shift
    log=$folder/report.log
    say "$(date +%T) $title"
    SECONDS=0
    if "$@" > "$log" 2>&1; then verdict=passed; else verdict=FAILED status=1; fi
    { printf '\n## %s: %s (%d s)\n\n```\n' "$title" "$verdict" "$SECONDS"; tail -n 80 "$log"; echo '```'; } >> "$results"
    cp "$log" "$folder/$(tr -c '[:alnum:]\n' - <<< "$title").log"
}

pytest() { (cd "$checkout" && python -m pytest -p no:cacheprovider "$@"); }
test-double() { pytest --numprocesses 8 unittest/lammps/test_style_*.py; }
test-mixed() { pytest --numprocesses 8 unittest/lammps/test_style_precision.py; }
benchmark() { (cd "$checkout" && python bench/gpu.py); }

# Memory errors, and races in the shared memory of a team.
sanitize() {
    local tool failed=0
    for tool in memcheck racecheck; do
        mkdir -p "$folder/$tool"
        # plain styles do without: the sanitizer takes a program that never calls CUDA for a failed one
        cat > "$folder/$tool/lmp" <<WRAPPER
#!/bin/sh
case " \$* " in *" -k on "*) sanitizer="compute-sanitizer --tool $tool --error-exitcode 99" ;; esac
exec \$sanitizer "$folder/double/lmp" "\$@"
WRAPPER
        chmod +x "$folder/$tool/lmp"
        echo "== $tool"
        PATH=$folder/$tool:$PATH pytest --numprocesses 4 unittest/lammps/test_style_variants.py \
            -k 'agrees_with_plain_serial and kk-g1 and (triclinic or gaussian or meam or group)' || failed=1
    done
    return $failed
}

main "$@"
