/* -*- c++ -*- ----------------------------------------------------------
   LAMMPS - Large-scale Atomic/Molecular Massively Parallel Simulator
   https://www.lammps.org/

   This software is distributed under the GNU General Public License.
------------------------------------------------------------------------- */

#ifndef LMP_RFMEAM_INSTRUCTION_SETS_H
#define LMP_RFMEAM_INSTRUCTION_SETS_H

// Before a function: it is compiled several times, with everything it calls inlined, and the version for the widest
// vectors of the processor is taken when the program is loaded. Where compilers or systems cannot do this, or all code
// is compiled for such a processor anyway, it is compiled once.

#if defined(__x86_64__) && defined(__GLIBC__) && defined(__GNUC__) && !defined(__AVX2__) && !defined(__CUDACC__) && \
    !defined(__HIPCC__) && !defined(__INTEL_LLVM_COMPILER)
#if defined(__clang__)    // does not allow both attributes together
#define RFMEAM_FOR_EACH_INSTRUCTION_SET __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define RFMEAM_FOR_EACH_INSTRUCTION_SET \
  __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default"), flatten))
#endif
#else
#define RFMEAM_FOR_EACH_INSTRUCTION_SET
#endif

// RFMEAM_WITH_AVX512: whether functions can be written for AVX-512, with RFMEAM_FOR_AVX512 before them and called if
// has_avx512(). For loops that compilers do not vectorise. RFMEAM_WITH_AVX2: the same for AVX2 and FMA, or without FMA,
// so that nothing is rounded less often than elsewhere.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__CUDACC__) && !defined(__HIPCC__)
#define RFMEAM_WITH_AVX512 1
#define RFMEAM_WITH_AVX2 1
#define RFMEAM_FOR_AVX512 __attribute__((target("avx512f,avx512vl,avx512dq")))
#define RFMEAM_FOR_AVX2 __attribute__((target("avx2,fma")))
#define RFMEAM_FOR_AVX2_WITHOUT_FMA __attribute__((target("avx2"), flatten))
#if !defined(__clang__)    // GCC 12's own header has vectors that it takes for uninitialised
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#include <immintrin.h>
#if !defined(__clang__)
#pragma GCC diagnostic pop
#endif
namespace rfmeam {
inline bool has_avx512()
{
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq");
}
inline bool has_avx2() { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"); }
}    // namespace rfmeam
#else
#define RFMEAM_WITH_AVX512 0
#define RFMEAM_WITH_AVX2 0
#endif

#endif
