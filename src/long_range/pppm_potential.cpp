/* ----------------------------------------------------------------------
   LAMMPS - Large-scale Atomic/Molecular Massively Parallel Simulator
   https://www.lammps.org/

   This software is distributed under the GNU General Public License.
------------------------------------------------------------------------- */

#include "pppm_potential.h"

#include "lent.h"

#include "KSPACE/pppm.h"

#include "atom.h"
#include "domain.h"
#include "force.h"
#include "grid3d.h"
#include "memory.h"

#include <algorithm>

using namespace rfmeam;

using LAMMPS_NS::Grid3d;
using LAMMPS_NS::KSpace;
using LAMMPS_NS::PPPM;

namespace {

/// Opens what LAMMPS shows to derived classes only; never made.
struct OpenPPPM : PPPM {
  using PPPM::allocate_peratom, PPPM::peratom_allocate_flag, PPPM::part2grid, PPPM::nmax, PPPM::boxlo, PPPM::triclinic,
      PPPM::particle_map, PPPM::make_rho, PPPM::brick2fft, PPPM::poisson_ad, PPPM::fieldforce_peratom, PPPM::gc,
      PPPM::gc_buf1, PPPM::gc_buf2, PPPM::eflag_global, PPPM::vflag_global, PPPM::eflag_atom, PPPM::vflag_atom;
};

}    // namespace

/* ----------------------------------------------------------------------
   in the coordinates that the style works in; the atoms' own, which would
   not come back from others to the last digit, stay
------------------------------------------------------------------------- */

double **PPPMPotential::positions()
{
  if (!domain->triclinic) return atom->x;
  const int n = atom->nlocal;
  relative.resize(3 * static_cast<std::size_t>(n));
  rows.resize(n);
  for (int i = 0; i < n; i++) {
    rows[i] = relative.data() + 3 * static_cast<std::size_t>(i);
    domain->x2lamda(atom->x[i], rows[i]);
  }
  return rows.data();
}

/* ----------------------------------------------------------------------
   the grid of potentials, which forces by ik differentiation do without,
   and the grid points of the atoms
------------------------------------------------------------------------- */

void PPPMPotential::prepare_reciprocal()
{
  PPPM &pppm = *static_cast<PPPM *>(force->kspace);
  if (!(pppm.*&OpenPPPM::peratom_allocate_flag)) (pppm.*&OpenPPPM::allocate_peratom)();
  if (atom->nmax > pppm.*&OpenPPPM::nmax) {
    memory->destroy(pppm.*&OpenPPPM::part2grid);
    pppm.*&OpenPPPM::nmax = atom->nmax;
    memory->create(pppm.*&OpenPPPM::part2grid, atom->nmax, 3, "pppm:part2grid");
  }
  pppm.*&OpenPPPM::boxlo = domain->triclinic ? domain->boxlo_lamda : domain->boxlo;
  ones.assign(atom->nlocal, 1.0);
  const Lent x(atom->x, positions());
  (pppm.*&OpenPPPM::particle_map)();
}

/* ----------------------------------------------------------------------
   R = ½ q.u with the potential u of the grid: that of the energies q u of
   atoms of charge 1
------------------------------------------------------------------------- */

void PPPMPotential::add_reciprocal(const double *q, double k_e, double *out)
{
  PPPM &pppm = *static_cast<PPPM *>(force->kspace);
  Grid3d *const gc = pppm.*&OpenPPPM::gc;
  void *const buffers[2] = {pppm.*&OpenPPPM::gc_buf1, pppm.*&OpenPPPM::gc_buf2};
  const int n = atom->nlocal;
  sum.assign(n, 0.0);

  const Lent x(atom->x, domain->triclinic ? rows.data() : atom->x);
  const Lent energy(pppm.eatom, sum.data());
  const Lent global_energy(pppm.*&OpenPPPM::eflag_global, 0), global_virial(pppm.*&OpenPPPM::vflag_global, 0),
      atom_energy(pppm.*&OpenPPPM::eflag_atom, 1), atom_virial(pppm.*&OpenPPPM::vflag_atom, 0);
  {
    const Lent charges(atom->q, const_cast<double *>(q));    // which are read only
    (pppm.*&OpenPPPM::make_rho)();
  }
  gc->reverse_comm(Grid3d::KSPACE, &pppm, KSpace::REVERSE_RHO, 1, sizeof(FFT_SCALAR), buffers[0], buffers[1],
                   MPI_FFT_SCALAR);
  (pppm.*&OpenPPPM::brick2fft)();
  (pppm.*&OpenPPPM::poisson_ad)();
  gc->forward_comm(Grid3d::KSPACE, &pppm, KSpace::FORWARD_AD, 1, sizeof(FFT_SCALAR), buffers[0], buffers[1],
                   MPI_FFT_SCALAR);
  {
    const Lent charges(atom->q, ones.data());
    (pppm.*&OpenPPPM::fieldforce_peratom)();
  }
  for (int i = 0; i < n; i++) out[i] += k_e * sum[i];
}
