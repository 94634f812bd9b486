/* ----------------------------------------------------------------------
   LAMMPS - Large-scale Atomic/Molecular Massively Parallel Simulator
   https://www.lammps.org/

   This software is distributed under the GNU General Public License.
------------------------------------------------------------------------- */

#include "ewald_potential.h"

#include "KSPACE/ewald.h"

#include "atom.h"
#include "force.h"
#include "memory.h"

using namespace rfmeam;

using LAMMPS_NS::Ewald;

namespace {

/// Opens what LAMMPS shows to derived classes only; never made.
struct OpenEwald : Ewald {
  using Ewald::cs, Ewald::sn, Ewald::ek, Ewald::nmax, Ewald::kmax, Ewald::kmax_created, Ewald::kcount, Ewald::kxvecs,
      Ewald::kyvecs, Ewald::kzvecs, Ewald::ug, Ewald::triclinic, Ewald::eik_dot_r, Ewald::eik_dot_r_triclinic;
};

/// exp(i k x) of an atom from the tables of exp(i k_c x_c) for the three directions c.
struct Wave {
  const double *cos_x, *sin_x, *cos_y, *sin_y, *cos_z, *sin_z;

  struct Value {
    double real, imaginary;
  };
  Value operator()(int i) const
  {
    const double cos_yz = cos_y[i] * cos_z[i] - sin_y[i] * sin_z[i], sin_yz = sin_y[i] * cos_z[i] + cos_y[i] * sin_z[i];
    return {cos_x[i] * cos_yz - sin_x[i] * sin_yz, sin_x[i] * cos_yz + cos_x[i] * sin_yz};
  }
};

}    // namespace

/* ----------------------------------------------------------------------
   the tables, made as large as Ewald::compute() would
------------------------------------------------------------------------- */

void EwaldPotential::prepare_reciprocal()
{
  Ewald &ewald = *static_cast<Ewald *>(force->kspace);
  if (atom->nmax > ewald.*&OpenEwald::nmax) {
    const int kmax = ewald.*&OpenEwald::kmax, created = ewald.*&OpenEwald::kmax_created;
    memory->destroy(ewald.*&OpenEwald::ek);
    memory->destroy3d_offset(ewald.*&OpenEwald::cs, -created);
    memory->destroy3d_offset(ewald.*&OpenEwald::sn, -created);
    ewald.*&OpenEwald::nmax = atom->nmax;
    memory->create(ewald.*&OpenEwald::ek, atom->nmax, 3, "ewald:ek");
    memory->create3d_offset(ewald.*&OpenEwald::cs, -kmax, kmax, 3, atom->nmax, "ewald:cs");
    memory->create3d_offset(ewald.*&OpenEwald::sn, -kmax, kmax, 3, atom->nmax, "ewald:sn");
    ewald.*&OpenEwald::kmax_created = kmax;
  }
  if (ewald.*&OpenEwald::triclinic)
    (ewald.*&OpenEwald::eik_dot_r_triclinic)();
  else
    (ewald.*&OpenEwald::eik_dot_r)();
}

/* ----------------------------------------------------------------------
   R = sum_k ug_k |S_k|^2 with S_k = sum_i q_i exp(i k x_i)
------------------------------------------------------------------------- */

void EwaldPotential::add_reciprocal(const double *q, double k_e, double *out)
{
  Ewald &ewald = *static_cast<Ewald *>(force->kspace);
  const int n = atom->nlocal, num_waves = ewald.*&OpenEwald::kcount;
  const int *const kx = ewald.*&OpenEwald::kxvecs, *const ky = ewald.*&OpenEwald::kyvecs,
                   *const kz = ewald.*&OpenEwald::kzvecs;
  double ***const cs = ewald.*&OpenEwald::cs, ***const sn = ewald.*&OpenEwald::sn;
  const auto wave = [&](int k) {
    return Wave{cs[kx[k]][0], sn[kx[k]][0], cs[ky[k]][1], sn[ky[k]][1], cs[kz[k]][2], sn[kz[k]][2]};
  };

  mine.assign(2 * static_cast<std::size_t>(num_waves), 0.0);
  all.resize(mine.size());
  for (int k = 0; k < num_waves; k++) {
    const Wave exp_ikx = wave(k);
    for (int i = 0; i < n; i++) {
      const auto e = exp_ikx(i);
      mine[2 * k] += q[i] * e.real, mine[2 * k + 1] += q[i] * e.imaginary;
    }
  }
  MPI_Allreduce(mine.data(), all.data(), 2 * num_waves, MPI_DOUBLE, MPI_SUM, world);
  for (int k = 0; k < num_waves; k++) {
    const Wave exp_ikx = wave(k);
    const double factor = 2.0 * k_e * (ewald.*&OpenEwald::ug)[k];
    const double real = factor * all[2 * k], imaginary = factor * all[2 * k + 1];
    for (int i = 0; i < n; i++) {
      const auto e = exp_ikx(i);
      out[i] += real * e.real + imaginary * e.imaginary;
    }
  }
}
