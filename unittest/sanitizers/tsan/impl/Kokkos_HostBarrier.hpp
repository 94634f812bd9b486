// Kokkos' barrier of host threads for ThreadSanitizer: found before Kokkos' own file of this name, which it includes.
// Kokkos orders memory with fences around relaxed atomics. ThreadSanitizer does not follow fences, and would take what
// a barrier separates for a race. The same operations on the same counters, acquiring and releasing, say it in its
// terms.
#ifndef RFMEAM_TSAN_KOKKOS_HOST_BARRIER_HPP
#define RFMEAM_TSAN_KOKKOS_HOST_BARRIER_HPP

#include <Kokkos_Atomic.hpp>
#include <Kokkos_Macros.hpp>

namespace Kokkos {
inline int ordered_fetch_add(int *counter, int value) { return __atomic_fetch_add(counter, value, __ATOMIC_ACQ_REL); }

inline int ordered_fetch_sub(int *counter, int value) { return __atomic_fetch_sub(counter, value, __ATOMIC_ACQ_REL); }
}    // namespace Kokkos

#define atomic_fetch_add ordered_fetch_add
#define atomic_fetch_sub ordered_fetch_sub
#include_next <impl/Kokkos_HostBarrier.hpp>
#undef atomic_fetch_add
#undef atomic_fetch_sub

#endif
