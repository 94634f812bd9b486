// Fit: a loop on all processors. SPDX-License-Identifier: GPL-2.0-only
#ifndef RFMEAM_FIT_PARALLEL_H
#define RFMEAM_FIT_PARALLEL_H

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace rfmeam {

/// f(0) .. f(count - 1), each once, by some threads (0: one on each processor) as they become free. The first exception
/// ends the loop and is thrown again.
template <class Function> void for_each_in_parallel(int count, int threads, Function &f)
{
  if (threads <= 0) threads = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  std::atomic<int> next = 0;
  std::exception_ptr failure;
  std::mutex mutex;
  const auto work = [&] {
    try {
      for (int n = next++; n < count; n = next++) f(n);
    } catch (...) {
      const std::lock_guard lock(mutex);
      if (!failure) failure = std::current_exception();
      next = count;
    }
  };
  std::vector<std::thread> others;
  for (int t = 1; t < std::min(threads, count); t++) others.emplace_back(work);
  work();
  for (std::thread &thread : others) thread.join();
  if (failure) std::rethrow_exception(failure);
}

}    // namespace rfmeam

#endif
