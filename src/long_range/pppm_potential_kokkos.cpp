/* ----------------------------------------------------------------------
   LAMMPS - Large-scale Atomic/Molecular Massively Parallel Simulator
   https://www.lammps.org/

   This software is distributed under the GNU General Public License.
------------------------------------------------------------------------- */

#include "pppm_potential_kokkos.h"

#include "lent.h"

#include "pppm_kokkos.h"

#include "atom_kokkos.h"
#include "atom_masks.h"
#include "domain.h"
#include "force.h"

using namespace rfmeam;
using namespace LAMMPS_NS;

namespace {

/// Opens what LAMMPS shows to derived classes only; never made.
template <class DeviceType> struct OpenPPPMKokkos : PPPMKokkos<DeviceType> {
  using Style = PPPMKokkos<DeviceType>;
  using Style::allocate_peratom, Style::peratom_allocate_flag, Style::nmax, Style::nfft, Style::d_part2grid,
      Style::d_rho1d, Style::boxlo, Style::x, Style::q, Style::d_eatom, Style::eflag_atom, Style::vflag_atom,
      Style::particle_map, Style::make_rho, Style::brick2fft, Style::poisson_peratom, Style::fieldforce_peratom,
      Style::fft1, Style::gc, Style::k_gc_buf1, Style::k_gc_buf2, Style::d_density_fft, Style::d_work1,
      Style::d_greensfn;
};

/// work = density, as complex numbers
template <class DeviceType> struct LoadDensity {
  typename FFTArrayTypes<DeviceType>::t_FFT_SCALAR_1d density, work;
  KOKKOS_INLINE_FUNCTION void operator()(int i) const { work(2 * i) = density(i), work(2 * i + 1) = 0; }
};

/// work = potential of a wave from its charge
template <class DeviceType> struct ApplyGreensFunction {
  typename ArrayTypes<DeviceType>::t_kkfloat_1d greens_function;
  double scale;
  typename FFTArrayTypes<DeviceType>::t_FFT_SCALAR_1d work;
  KOKKOS_INLINE_FUNCTION void operator()(int i) const
  {
    const auto factor = static_cast<FFT_SCALAR>(scale * greens_function(i));
    work(2 * i) *= factor, work(2 * i + 1) *= factor;
  }
};

template <class DeviceType> class PPPMPotentialKokkos : public KSpacePotential {
 public:
  explicit PPPMPotentialKokkos(LAMMPS *lmp_) : KSpacePotential(lmp_) {}

 protected:
  void prepare_reciprocal() override;
  void add_reciprocal(const double *charge, double k_e, double *out) override;

 private:
  using AT = ArrayTypes<DeviceType>;
  using Style = PPPMKokkos<DeviceType>;
  using Open = OpenPPPMKokkos<DeviceType>;

  typename AT::t_kkfloat_1d_3_lr positions;    // in the coordinates that the style works in
  typename AT::t_kkfloat_1d charges, ones;
  typename AT::t_kkacc_1d energies;

  Style &style() const { return *static_cast<Style *>(force->kspace); }
};

/* ---------------------------------------------------------------------- */

template <class DeviceType> void PPPMPotentialKokkos<DeviceType>::prepare_reciprocal()
{
  Style &pppm = style();
  const int n = atom->nlocal;
  if (!(pppm.*&Open::peratom_allocate_flag)) (pppm.*&Open::allocate_peratom)();
  if (atom->nmax > pppm.*&Open::nmax) {    // as in PPPMKokkos::compute()
    pppm.*&Open::nmax = atom->nmax;
    const int width = pppm.order / 2 + pppm.order / 2 + 1;
    pppm.*&Open::d_part2grid = typename AT::t_int_1d_3("pppm:part2grid", atom->nmax);
    pppm.*&Open::d_rho1d = typename FFTArrayTypes<DeviceType>::t_FFT_SCALAR_2d_3("pppm:rho1d", atom->nmax, width);
  }
  for (int c = 0; c < 3; c++) (pppm.*&Open::boxlo)[c] = domain->triclinic ? domain->boxlo_lamda[c] : domain->boxlo[c];

  auto *const atoms = dynamic_cast<AtomKokkos *>(atom);
  if (domain->triclinic) {
    positions = typename AT::t_kkfloat_1d_3_lr("rfmeam:positions", n);
    const auto host = Kokkos::create_mirror_view(positions);
    double relative[3];
    for (int i = 0; i < n; i++) {
      domain->x2lamda(atom->x[i], relative);
      for (int c = 0; c < 3; c++) host(i, c) = static_cast<KK_FLOAT>(relative[c]);
    }
    Kokkos::deep_copy(positions, host);
  } else {
    atoms->sync(ExecutionSpaceFromDevice<DeviceType>::space, X_MASK);
    positions = atoms->k_x.template view<DeviceType>();
  }
  if (charges.extent_int(0) < n) {    // kept from step to step: on a GPU, to allocate is to wait
    charges = typename AT::t_kkfloat_1d("rfmeam:charges", atom->nmax);
    ones = typename AT::t_kkfloat_1d("rfmeam:ones", atom->nmax);
    energies = typename AT::t_kkacc_1d("rfmeam:energies", atom->nmax);
    Kokkos::deep_copy(ones, KK_FLOAT(1));
  }
  pppm.*&Open::x = positions;
  (pppm.*&Open::particle_map)();
}

/* ----------------------------------------------------------------------
   R = ½ q.u with the potential u of the grid: that of the energies q u of
   atoms of charge 1
------------------------------------------------------------------------- */

template <class DeviceType>
void PPPMPotentialKokkos<DeviceType>::add_reciprocal(const double *charge, double k_e, double *out)
{
  using Range = Kokkos::RangePolicy<DeviceType>;
  Style &pppm = style();
  const int n = atom->nlocal, num_waves = pppm.*&Open::nfft;
  auto *const gc = pppm.*&Open::gc;
  const auto work = pppm.*&Open::d_work1;

  const auto host_charges = Kokkos::create_mirror_view(charges);
  for (int i = 0; i < n; i++) host_charges(i) = static_cast<KK_FLOAT>(charge[i]);
  Kokkos::deep_copy(charges, host_charges);
  Kokkos::deep_copy(energies, KK_ACC_FLOAT(0));

  const Lent atom_energy(pppm.*&Open::eflag_atom, 1), atom_virial(pppm.*&Open::vflag_atom, 0);
  pppm.*&Open::x = positions;
  pppm.*&Open::q = charges;
  pppm.*&Open::d_eatom = energies;
  (pppm.*&Open::make_rho)();
  gc->reverse_comm(Grid3d::KSPACE, &pppm, KSpace::REVERSE_RHO, 1, sizeof(FFT_SCALAR), pppm.*&Open::k_gc_buf1,
                   pppm.*&Open::k_gc_buf2, MPI_FFT_SCALAR);
  (pppm.*&Open::brick2fft)();
  Kokkos::parallel_for("rfmeam/qeq/kk:pppm", Range(0, num_waves),
                       LoadDensity<DeviceType>{pppm.*&Open::d_density_fft, work});
  (pppm.*&Open::fft1)->compute(work, work, FFT3dKokkos<DeviceType>::FORWARD);
  const double points = static_cast<double>(pppm.nx_pppm) * pppm.ny_pppm * pppm.nz_pppm;
  Kokkos::parallel_for("rfmeam/qeq/kk:pppm", Range(0, num_waves),
                       ApplyGreensFunction<DeviceType>{pppm.*&Open::d_greensfn, 1.0 / points, work});
  (pppm.*&Open::poisson_peratom)();
  gc->forward_comm(Grid3d::KSPACE, &pppm, KSpace::FORWARD_IK_PERATOM, 7, sizeof(FFT_SCALAR), pppm.*&Open::k_gc_buf1,
                   pppm.*&Open::k_gc_buf2, MPI_FFT_SCALAR);
  pppm.*&Open::q = ones;
  (pppm.*&Open::fieldforce_peratom)();

  const auto host_energies = Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace(), energies);
  for (int i = 0; i < n; i++) out[i] += k_e * static_cast<double>(host_energies(i));
}

}    // namespace

/* ---------------------------------------------------------------------- */

std::unique_ptr<KSpacePotential> rfmeam::make_pppm_potential_kokkos(LAMMPS *lmp, const std::string &style)
{
  if (style == "pppm/kk" || style == "pppm/kk/device") return std::make_unique<PPPMPotentialKokkos<LMPDeviceType>>(lmp);
  if (style == "pppm/kk/host") return std::make_unique<PPPMPotentialKokkos<LMPHostType>>(lmp);
  return nullptr;
}
