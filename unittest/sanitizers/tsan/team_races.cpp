// Kernels of teams of two threads, right and wrong, to see that ThreadSanitizer tells one from the other:
//   team_races THREADS right | no-barrier | plain-add
#include <Kokkos_Core.hpp>

#include <cstdio>
#include <cstdlib>
#include <string>

using Space = Kokkos::OpenMP;
using Policy = Kokkos::TeamPolicy<Space>;
using Scratch = Kokkos::View<double *, Space::scratch_memory_space, Kokkos::MemoryUnmanaged>;

/// Every thread reads what the others of its team wrote, scans it, and adds to a sum of all teams.
struct Kernel {
  static constexpr int width = 64;
  bool barrier, atomic;
  Kokkos::View<double *, Space> by_team, total;

  void operator()(const Policy::member_type &team) const
  {
    const Scratch work(team.team_scratch(0), width);
    Kokkos::parallel_for(Kokkos::TeamThreadRange(team, width), [&](int k) { work(k) = k + team.league_rank(); });
    if (barrier) team.team_barrier();
    double sum = 0;
    Kokkos::parallel_reduce(
        Kokkos::TeamThreadRange(team, width), [&](int k, double &part) { part += work(width - 1 - k); }, sum);
    Kokkos::parallel_scan(Kokkos::TeamThreadRange(team, width), [&](int k, int &before, bool final) {
      const bool counts = work(k) > 5;
      if (final && counts) work(k) = before;
      before += counts;
    });
    team.team_barrier();
    Kokkos::single(Kokkos::PerTeam(team), [&] { by_team(team.league_rank()) = sum; });
    if (atomic)
      Kokkos::atomic_add(&total(0), sum);
    else
      total(0) += sum;
  }
};

int main(int argc, char **argv)
{
  if (argc != 3) {
    std::fprintf(stderr, "usage: %s THREADS right|no-barrier|plain-add\n", argv[0]);
    return 2;
  }
  const std::string mode = argv[2];
  Kokkos::initialize(Kokkos::InitializationSettings().set_num_threads(std::atoi(argv[1])));
  {
    const int teams = 100;
    const Kokkos::View<double *, Space> by_team("by_team", teams), total("total", 1);
    const Kernel kernel = {mode != "no-barrier", mode != "plain-add", by_team, total};
    const auto scratch = Kokkos::PerTeam(Scratch::shmem_size(Kernel::width));
    Kokkos::parallel_for("team_races", Policy(teams, 2).set_scratch_size(0, scratch), kernel);
    double sum = 0;
    Kokkos::parallel_reduce(
        "sum", Kokkos::RangePolicy<Space>(0, teams), KOKKOS_LAMBDA(int i, double &part) { part += by_team(i); }, sum);
    std::printf("%g %g\n", sum, total(0));
  }
  Kokkos::finalize();
}
