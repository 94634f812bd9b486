// The one function of the barrier that is in Kokkos' library, which ThreadSanitizer does not see: loaded before it.
#include <Kokkos_Core.hpp>
#include <sched.h>

void Kokkos::Impl::HostBarrier::impl_backoff_wait_until_equal(int *counter, int wanted, bool) noexcept
{
  while (!test_equal(counter, wanted)) sched_yield();
}
