/* ----------------------------------------------------------------------
   LAMMPS - Large-scale Atomic/Molecular Massively Parallel Simulator
   https://www.lammps.org/

   This software is distributed under the GNU General Public License.
------------------------------------------------------------------------- */

#include "kspace_potential.h"

#include "ewald_potential.h"
#include "pppm_potential.h"
#ifdef RFMEAM_PPPM_KOKKOS
#include "pppm_potential_kokkos.h"
#endif

#include "atom.h"
#include "domain.h"
#include "error.h"
#include "force.h"
#include "kspace.h"
#include "math_const.h"

#include <cmath>
#include <string>

using namespace rfmeam;

using LAMMPS_NS::KSpace;
using LAMMPS_NS::MathConst::MY_PI;
using LAMMPS_NS::MathConst::MY_PIS;

/* ---------------------------------------------------------------------- */

std::unique_ptr<KSpacePotential> KSpacePotential::create(LAMMPS_NS::LAMMPS *lmp)
{
  const LAMMPS_NS::Force *const force = lmp->force;
  LAMMPS_NS::Error *const error = lmp->error;
  KSpace *const kspace = force->kspace;
  if (!kspace)
    error->all(FLERR, LAMMPS_NS::Error::NOLASTLINE,
               "Pair style rfmeam/qeq long without kspace_style, allowed are kspace_style ewald and pppm");
  if (!kspace->compute_flag)
    error->all(FLERR, LAMMPS_NS::Error::NOLASTLINE,
               "Pair style rfmeam/qeq long with kspace_modify compute no, allowed is yes");
  if ((kspace->slabflag != 0 && kspace->slabflag != 1) || kspace->wireflag)
    error->all(FLERR, LAMMPS_NS::Error::NOLASTLINE,
               "Pair style rfmeam/qeq long with kspace_modify slab nozforce or ew2d, or wire: allowed is slab and a "
               "volume factor");
  const std::string style = force->kspace_style;
  if (style == "ewald") return std::make_unique<EwaldPotential>(lmp);
  if (style == "pppm") return std::make_unique<PPPMPotential>(lmp);
#ifdef RFMEAM_PPPM_KOKKOS
  if (auto potential = make_pppm_potential_kokkos(lmp, style)) return potential;
#endif
  error->all(FLERR, LAMMPS_NS::Error::NOLASTLINE,
             "Pair style rfmeam/qeq long with kspace_style {}, allowed are ewald and pppm", style);
  return nullptr;
}

/* ----------------------------------------------------------------------
   a run sets kspace up after the first forces of pair styles, for which the
   box may have changed since it was initialised
------------------------------------------------------------------------- */

std::vector<double> KSpacePotential::box() const
{
  std::vector<double> all(domain->boxlo, domain->boxlo + 3);
  all.insert(all.end(), domain->h, domain->h + 6);
  return all;
}

void KSpacePotential::prepare()
{
  const std::vector<double> now = box();
  if (now != known_box) {
    force->kspace->setup();
    known_box = now;
  }
  prepare_reciprocal();
}

/* ---------------------------------------------------------------------- */

double KSpacePotential::coulomb_constant() const
{
  return force->qqrd2e * *static_cast<double *>(force->kspace->extract("scale"));
}

double KSpacePotential::volume() const
{
  return domain->xprd * domain->yprd * domain->zprd * force->kspace->slab_volfactor;
}

/* ----------------------------------------------------------------------
   With Q = sum q, M = sum q z, R = sum q z^2, V the volume and L the height
   of the box (of the slab's, if it is one), and the splitting parameter g:
     self        - g/sqrt(pi) sum q^2
     background  - pi/2 Q^2/(g^2 V)
     slab        2 pi/V (M^2 - Q R - Q^2 L^2/12)
------------------------------------------------------------------------- */

void KSpacePotential::add(const double *q, double *out)
{
  KSpace *const kspace = force->kspace;
  const int n = atom->nlocal;
  const double k_e = coulomb_constant();
  add_reciprocal(q, k_e, out);

  const double *const *const x = atom->x;
  double mine[3] = {0.0, 0.0, 0.0}, all[3];
  for (int i = 0; i < n; i++) mine[0] += q[i], mine[1] += q[i] * x[i][2], mine[2] += q[i] * x[i][2] * x[i][2];
  MPI_Allreduce(mine, all, 3, MPI_DOUBLE, MPI_SUM, world);
  const double charge = all[0], dipole = all[1], second_moment = all[2];

  const double g = kspace->g_ewald, height = domain->zprd * kspace->slab_volfactor;
  const double self = -2.0 * g / MY_PIS, background = -MY_PI * charge / (g * g * volume());
  for (int i = 0; i < n; i++) out[i] += k_e * (self * q[i] + background);
  if (!kspace->slabflag) return;

  const double slab = 2.0 * MY_PI / volume();
  for (int i = 0; i < n; i++) {
    const double z = x[i][2];
    out[i] += k_e * slab * (2.0 * dipole * z - second_moment - charge * (z * z + height * height / 6.0));
  }
}

/* ---------------------------------------------------------------------- */

std::vector<double> KSpacePotential::background_virial(const double *q) const
{
  constexpr double negligible = 1e-5;    // e, as in LAMMPS
  double mine = 0.0, charge;
  for (int i = 0; i < atom->nlocal; i++) mine += q[i];
  MPI_Allreduce(&mine, &charge, 1, MPI_DOUBLE, MPI_SUM, world);
  std::vector<double> shares;
  if (std::fabs(charge) < negligible) return shares;
  const double g = force->kspace->g_ewald;
  for (int i = 0; i < atom->nlocal; i++)
    shares.push_back(-0.5 * coulomb_constant() * MY_PI * charge * q[i] / (g * g * volume()));
  return shares;
}

/* ---------------------------------------------------------------------- */

void KSpacePotential::charges_changed() { force->kspace->qsum_qsq(0); }
