// RF-MEAM physics library: compiler portability. SPDX-License-Identifier: GPL-2.0-only
#ifndef RFMEAM_CONFIG_H
#define RFMEAM_CONFIG_H

// Every physics function carries this mark, so that the host and the device compiler translate the same source.
#if defined(__CUDACC__) || defined(__HIPCC__)
#define RFMEAM_FUNCTION __host__ __device__ inline
#else
#define RFMEAM_FUNCTION inline
#endif

// Whether the code being translated is that of a device.
#if defined(__CUDA_ARCH__) || defined(__HIP_DEVICE_COMPILE__)
#define RFMEAM_ON_DEVICE 1
#else
#define RFMEAM_ON_DEVICE 0
#endif

#include <cmath>

namespace rfmeam {

// Kernels call these without std::, so that numbers of other kinds (dual.h) bring their own.
using std::exp;
using std::expm1;
using std::log;
using std::sqrt;

/// A function of one variable and its first derivative, evaluated together.
template <class Real> struct ValueDerivative {
  Real value, derivative;
};

/// The same with the second derivative.
template <class Real> struct TwoDerivatives {
  Real value, derivative, second_derivative;
};

}    // namespace rfmeam

#endif
