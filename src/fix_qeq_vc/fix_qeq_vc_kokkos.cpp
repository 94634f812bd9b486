/* ----------------------------------------------------------------------
   LAMMPS - Large-scale Atomic/Molecular Massively Parallel Simulator
   https://www.lammps.org/

   This software is distributed under the GNU General Public License.
------------------------------------------------------------------------- */

#include "fix_qeq_vc_kokkos.h"

#include "../pair_rfmeam_qeq/coulomb_chunk_kokkos.h"
#include "../pair_rfmeam_qeq/kokkos_team.h"

#include "atom_kokkos.h"
#include "atom_masks.h"
#include "comm.h"
#include "kokkos.h"
#include "memory_kokkos.h"
#include "neigh_list_kokkos.h"
#include "neigh_request.h"
#include "neighbor.h"

#include <cmath>
#include <type_traits>

using namespace LAMMPS_NS;

namespace {

/// Charge before and after the guess, number, inverse diagonal of the unknowns; number of fixed sources.
struct GuessSums {
  static constexpr int size = 5;
  double before = 0.0, after = 0.0, count = 0.0, inverse_diagonal = 0.0, fixed = 0.0;

  KOKKOS_INLINE_FUNCTION GuessSums &operator+=(const GuessSums &o)
  {
    before += o.before, after += o.after, count += o.count;
    inverse_diagonal += o.inverse_diagonal, fixed += o.fixed;
    return *this;
  }
};

}    // namespace

template <> struct Kokkos::reduction_identity<ResidualSums> {
  KOKKOS_FORCEINLINE_FUNCTION static ResidualSums sum() { return {}; }
};
template <> struct Kokkos::reduction_identity<GuessSums> {
  KOKKOS_FORCEINLINE_FUNCTION static GuessSums sum() { return {}; }
};

namespace {

/* ----------------------------------------------------------------------
   rows of the unknowns; their guess, or present charge
------------------------------------------------------------------------- */

struct TagRows {};
struct TagGuess {};

template <class DeviceType> struct GuessKernel {
  using AT = ArrayTypes<DeviceType>;
  static constexpr int max_terms = 8;

  RFMEAMKokkosTables<DeviceType> tables;
  int groupbit, num_terms;
  double coefficients[max_terms];
  typename AT::t_int_1d_randomread type, mask;
  typename AT::t_kkfloat_1d q;
  typename AT::t_double_2d_lr history;
  typename AT::t_int_1d rows;
  typename AT::t_double_1d charge;

  /// Counts the unknowns; finally lists them.
  KOKKOS_INLINE_FUNCTION void operator()(TagRows, int i, int &row, bool final) const
  {
    if (tables.element_of_type(type[i]) < 0 || !(mask[i] & groupbit)) return;
    if (final) rows(row) = i;
    row++;
  }

  KOKKOS_INLINE_FUNCTION double guess(int i) const
  {
    if (num_terms == 0) return q(i);
    double sum = 0.0;
    for (int m = 0; m < num_terms; m++) sum += coefficients[m] * history(i, m);
    return sum;
  }
  KOKKOS_INLINE_FUNCTION void operator()(TagGuess, int i, GuessSums &sum) const
  {
    charge(i) = q(i);
    const int element = tables.element_of_type(type[i]);
    if (element < 0) return;
    if (!(mask[i] & groupbit)) {
      sum.fixed += 1.0;
      return;
    }
    charge(i) = guess(i);
    sum.before += q(i);
    sum.after += charge(i);
    sum.count += 1.0;
    sum.inverse_diagonal += 1.0 / static_cast<double>(tables.coulomb().charge[element].hardness);
  }
};

/* ----------------------------------------------------------------------
   one row of the charge matrix and b = chi + gamma q of the fixed sources
------------------------------------------------------------------------- */

struct TagFirst {};
struct TagMatrix {};

template <class DeviceType> struct MatrixKernel {
  using AT = ArrayTypes<DeviceType>;
  using Policy = Kokkos::TeamPolicy<DeviceType, TagMatrix>;
  using Member = typename Policy::member_type;

  RFMEAMKokkosTables<DeviceType> tables;
  int groupbit;
  bool fixed_sources;
  typename AT::t_kkfloat_1d_3_lr_randomread x;
  typename AT::t_int_1d_randomread type, mask, rows, numneigh;
  typename AT::t_neighbors_2d neighbors;
  typename AT::t_double_1d charge, diagonal, rhs;
  typename AT::t_bigint_1d first;
  typename AT::t_int_1d count, column;
  typename AT::t_kkfloat_1d value;

  /// Room for all neighbours of a row.
  KOKKOS_INLINE_FUNCTION void operator()(TagFirst, int row, bigint &offset, bool final) const
  {
    if (final) first(row) = offset;
    offset += numneigh[rows[row]];
  }

  KOKKOS_INLINE_FUNCTION void operator()(TagMatrix, const Member &member) const
  {
    const int row = member.league_rank();
    const int i = rows[row];
    const bigint offset = first(row);
    const int element = tables.element_of_type(type[i]);
    const rfmeam::CoulombView<KK_FLOAT> coulomb = tables.coulomb();
    const KK_FLOAT cutoff_sq = coulomb.cutoff * coulomb.cutoff;
    const auto neighbour = [&](int jj) -> CoulombNeighbour<KK_FLOAT> {
      const int j = neighbors(i, jj) & NEIGHMASK;
      return {j, tables.element_of_type(type[j]), x(i, 0) - x(j, 0), x(i, 1) - x(j, 1), x(i, 2) - x(j, 2)};
    };
    const auto unknown = [&](int jj) -> CoulombNeighbour<KK_FLOAT> {
      CoulombNeighbour<KK_FLOAT> n = neighbour(jj);
      if (!(mask[n.atom] & groupbit)) n.element = -1;
      return n;
    };

    using Chunk = CoulombChunk<KK_FLOAT, coulomb_chunk_size<DeviceType>>;
    const int num_chunks = (numneigh[i] + Chunk::size - 1) / Chunk::size;
    int found;
    team_scan<DeviceType>(member, num_chunks, found, [&](int part, int &place, bool final) {
      Chunk chunk;
      chunk.fill(part * Chunk::size, Kokkos::min((part + 1) * Chunk::size, numneigh[i]), cutoff_sq, unknown);
      if (final) {
        evaluate_chunk(coulomb, element, chunk);
        for (int n = 0; n < chunk.count; n++) {
          column(offset + place + n) = chunk.atom[n];
          value(offset + place + n) = chunk.gamma[n];
        }
      }
      place += chunk.count;
    });

    double fixed = 0.0;
    if (fixed_sources)
      Kokkos::parallel_reduce(
          Kokkos::TeamThreadRange(member, numneigh[i]),
          [&](int jj, double &sum) {
            const CoulombNeighbour<KK_FLOAT> n = neighbour(jj);
            const KK_FLOAT rsq = n.dx * n.dx + n.dy * n.dy + n.dz * n.dz;
            if (n.element < 0 || (mask[n.atom] & groupbit) || rsq >= cutoff_sq) return;
            sum += coulomb.gamma_value(element, n.element, std::sqrt(rsq)) * charge(n.atom);
          },
          fixed);

    if (member.team_rank() != 0) return;
    count(row) = found;
    diagonal(row) = coulomb.charge[element].hardness;
    rhs(row) = coulomb.charge[element].electronegativity + fixed;
  }
};

/* ----------------------------------------------------------------------
   out = A in by rows; the sum is in . out
------------------------------------------------------------------------- */

template <class DeviceType> struct ProductKernel {
  using AT = ArrayTypes<DeviceType>;
  using Member = typename Kokkos::TeamPolicy<DeviceType>::member_type;

  int num_rows, rows_per_team;
  typename AT::t_int_1d rows, count, column;
  typename AT::t_bigint_1d first;
  typename AT::t_kkfloat_1d value;
  typename AT::t_double_1d diagonal, in, out;

  KOKKOS_INLINE_FUNCTION void operator()(const Member &member, double &in_dot_out) const
  {
    const int begin = member.league_rank() * rows_per_team;
    const int end = begin + rows_per_team < num_rows ? begin + rows_per_team : num_rows;
    Kokkos::parallel_for(Kokkos::TeamThreadRange(member, begin, end), [&](int row) {
      const bigint offset = first(row);
      double sum = 0.0;
      Kokkos::parallel_reduce(
          Kokkos::ThreadVectorRange(member, count(row)),
          [&](int n, double &partial) { partial += value(offset + n) * in(column(offset + n)); }, sum);
      Kokkos::single(Kokkos::PerThread(member), [&]() {
        const double mine = in(rows(row));
        out(row) = sum + diagonal(row) * mine;
        in_dot_out += mine * out(row);
      });
    });
  }
};

/* ----------------------------------------------------------------------
   the vector work of projected_pcg() between two products
------------------------------------------------------------------------- */

struct TagNorm {};
struct TagResidual {};
struct TagShift {};
struct TagDirection {};
struct TagUpdate {};
struct TagDeviation {};

template <class DeviceType> struct VectorKernel {
  using AT = ArrayTypes<DeviceType>;

  typename AT::t_int_1d rows;
  typename AT::t_double_1d diagonal, rhs, residual, product, charge, direction;
  double alpha = 0.0, beta = 0.0, lambda = 0.0, mean = 0.0;

  KOKKOS_INLINE_FUNCTION void operator()(TagNorm, int row, double &sum) const { sum += rhs(row) * rhs(row); }
  KOKKOS_INLINE_FUNCTION void operator()(TagResidual, int row, ResidualSums &sum) const
  {
    residual(row) = -(rhs(row) + product(row));
    sum.add(residual(row), diagonal(row));
  }
  KOKKOS_INLINE_FUNCTION void operator()(TagShift, int row, ResidualSums &sum) const
  {
    residual(row) -= lambda;
    sum.add(residual(row), diagonal(row));
  }
  KOKKOS_INLINE_FUNCTION void operator()(TagDirection, int row) const
  {
    residual(row) -= lambda;
    direction(rows(row)) = residual(row) / diagonal(row) + beta * direction(rows(row));
  }
  KOKKOS_INLINE_FUNCTION void operator()(TagUpdate, int row, ResidualSums &sum) const
  {
    charge(rows(row)) += alpha * direction(rows(row));
    residual(row) -= alpha * product(row);
    sum.add(residual(row), diagonal(row));
  }
  KOKKOS_INLINE_FUNCTION void operator()(TagDeviation, int row, double &largest) const
  {
    largest = Kokkos::max(largest, Kokkos::abs(residual(row) - mean));
  }
};

/* ----------------------------------------------------------------------
   small loops over atoms
------------------------------------------------------------------------- */

template <class DeviceType> struct ShiftKernel {
  typename ArrayTypes<DeviceType>::t_int_1d rows;
  typename ArrayTypes<DeviceType>::t_double_1d charge;
  double shift;
  KOKKOS_INLINE_FUNCTION void operator()(int row) const { charge(rows(row)) += shift; }
};

template <class DeviceType> struct HistoryKernel {
  typename ArrayTypes<DeviceType>::t_int_1d rows;
  typename ArrayTypes<DeviceType>::t_double_1d charge;
  typename ArrayTypes<DeviceType>::t_double_2d_lr history;
  int length;
  bool shift;
  KOKKOS_INLINE_FUNCTION void operator()(int row) const
  {
    const int i = rows(row);
    if (shift)
      for (int m = length - 1; m > 0; m--) history(i, m) = history(i, m - 1);
    history(i, 0) = charge(i);
  }
};

template <class To, class From> struct CopyKernel {
  To to;
  From from;
  KOKKOS_INLINE_FUNCTION void operator()(int i) const { to(i) = from(i); }
};

template <class DeviceType> struct PackKernel {
  typename ArrayTypes<DeviceType>::t_int_1d list;
  typename ArrayTypes<DeviceType>::t_double_1d vector, buf;
  KOKKOS_INLINE_FUNCTION void operator()(int i) const { buf(i) = vector(list(i)); }
};

template <class DeviceType> struct UnpackKernel {
  typename ArrayTypes<DeviceType>::t_double_1d vector, buf;
  int first;
  KOKKOS_INLINE_FUNCTION void operator()(int i) const { vector(first + i) = buf(i); }
};

template <class DeviceType> struct PackExchangeKernel {
  using AT = ArrayTypes<DeviceType>;
  typename AT::t_double_1d_um buf;
  typename AT::t_int_1d send, copy;
  typename AT::t_double_2d_lr history;
  int length;
  KOKKOS_INLINE_FUNCTION void operator()(int n) const
  {
    const int i = send(n), j = copy(n);
    for (int m = 0; m < length; m++) {
      buf(n * length + m) = history(i, m);
      if (j > -1) history(i, m) = history(j, m);
    }
  }
};

template <class DeviceType> struct UnpackExchangeKernel {
  using AT = ArrayTypes<DeviceType>;
  typename AT::t_double_1d_um buf;
  typename AT::t_int_1d indices;
  typename AT::t_double_2d_lr history;
  int length;
  KOKKOS_INLINE_FUNCTION void operator()(int n) const
  {
    const int i = indices(n);
    if (i < 0) return;
    for (int m = 0; m < length; m++) history(i, m) = buf(n * length + m);
  }
};

template <class DeviceType, class To, class From> void copy_elements(const To &to, const From &from, int n)
{
  Kokkos::parallel_for(Kokkos::RangePolicy<DeviceType>(0, n), CopyKernel<To, From>{to, from});
}

template <class View> void ensure_size(View &view, bigint size, const char *label)
{
  if (static_cast<bigint>(view.extent(0)) >= size) return;
  view = View();
  view = View(Kokkos::view_alloc(std::string(label), Kokkos::WithoutInitializing), size + size / 10);
}

}    // namespace

/* ---------------------------------------------------------------------- */

template <class DeviceType>
FixQEqVCKokkos<DeviceType>::FixQEqVCKokkos(LAMMPS *lmp, int narg, char **arg) :
    FixQEqVC(lmp, narg, arg), num_rows(0), fixed_sources(false), k_comm(nullptr)
{
  kokkosable = 1;
  forward_comm_device = exchange_comm_device = sort_device = 1;
  atomKK = dynamic_cast<AtomKokkos *>(atom);
  execution_space = ExecutionSpaceFromDevice<DeviceType>::space;
  datamask_read = EMPTY_MASK;    // the steps sync what they need
  datamask_modify = EMPTY_MASK;

  memory->destroy(history);
  FixQEqVCKokkos::grow_arrays(atom->nmax);
  atomKK->sync(Host, Q_MASK);
  for (int i = 0; i < atom->nlocal; i++) FixQEqVCKokkos::set_arrays(i);
}

/* ---------------------------------------------------------------------- */

template <class DeviceType> FixQEqVCKokkos<DeviceType>::~FixQEqVCKokkos()
{
  if (copymode) return;
  memoryKK->destroy_kokkos(k_history, history);
}

/* ---------------------------------------------------------------------- */

template <class DeviceType> void FixQEqVCKokkos<DeviceType>::init()
{
  atomKK->sync(Host, TYPE_MASK | MASK_MASK);
  FixQEqVC::init();
  tables = RFMEAMKokkosTables<DeviceType>(*pair, atom->ntypes);

  auto *request = neighbor->find_request(this);
  request->enable_full();
  request->set_kokkos_host(std::is_same_v<DeviceType, LMPHostType> && !std::is_same_v<DeviceType, LMPDeviceType>);
  request->set_kokkos_device(std::is_same_v<DeviceType, LMPDeviceType>);
}

/* ---------------------------------------------------------------------- */

template <class DeviceType> void FixQEqVCKokkos<DeviceType>::predict_charges()
{
  atomKK->sync(execution_space, X_MASK | Q_MASK | TYPE_MASK | MASK_MASK);
  const int nlocal = atom->nlocal, nall = nlocal + atom->nghost;
  if (static_cast<int>(k_charge.extent(0)) < nall) {
    k_charge = DAT::tdual_double_1d("qeq/vc/kk:charge", atom->nmax);
    k_direction = DAT::tdual_double_1d("qeq/vc/kk:direction", atom->nmax);
  }
  ensure_size(d_rows, nlocal, "qeq/vc/kk:rows");
  k_history.template sync<DeviceType>();

  GuessKernel<DeviceType> kernel;
  kernel.tables = tables;
  kernel.groupbit = groupbit;
  const std::vector<double> coefficients = guess_coefficients();
  kernel.num_terms = static_cast<int>(coefficients.size());
  std::copy(coefficients.begin(), coefficients.end(), kernel.coefficients);
  kernel.type = atomKK->k_type.view<DeviceType>();
  kernel.mask = atomKK->k_mask.view<DeviceType>();
  kernel.q = atomKK->k_q.view<DeviceType>();
  kernel.history = k_history.template view<DeviceType>();
  kernel.rows = d_rows;
  kernel.charge = k_charge.template view<DeviceType>();

  num_rows = 0;
  Kokkos::parallel_scan("qeq/vc/kk:rows", Kokkos::RangePolicy<DeviceType, TagRows>(0, nlocal), kernel, num_rows);
  GuessSums mine, all;
  Kokkos::parallel_reduce("qeq/vc/kk:guess", Kokkos::RangePolicy<DeviceType, TagGuess>(0, nlocal), kernel,
                          Kokkos::Sum<GuessSums>(mine));
  MPI_Allreduce(&mine, &all, GuessSums::size, MPI_DOUBLE, MPI_SUM, world);
  unknowns = {all.count, all.inverse_diagonal};
  fixed_sources = all.fixed > 0.0;
  if (unknowns.count > 0.0) {
    const double shift = ((keep_total ? all.before : total_charge) - all.after) / unknowns.count;
    Kokkos::parallel_for(Kokkos::RangePolicy<DeviceType>(0, num_rows),
                         ShiftKernel<DeviceType>{d_rows, kernel.charge, shift});
  }
  k_charge.template modify<DeviceType>();
  forward(k_charge);
}

/* ---------------------------------------------------------------------- */

template <class DeviceType> void FixQEqVCKokkos<DeviceType>::build_matrix()
{
  auto *const k_list = static_cast<NeighListKokkos<DeviceType> *>(list);
  ensure_size(d_first, num_rows, "qeq/vc/kk:first");
  ensure_size(d_count, num_rows, "qeq/vc/kk:count");
  ensure_size(d_diagonal, num_rows, "qeq/vc/kk:diagonal");
  ensure_size(d_rhs, num_rows, "qeq/vc/kk:rhs");
  ensure_size(d_residual, num_rows, "qeq/vc/kk:residual");
  ensure_size(d_product, num_rows, "qeq/vc/kk:product");

  MatrixKernel<DeviceType> kernel;
  kernel.tables = tables;
  kernel.groupbit = groupbit;
  kernel.fixed_sources = fixed_sources;
  kernel.x = atomKK->k_x.view<DeviceType>();
  kernel.type = atomKK->k_type.view<DeviceType>();
  kernel.mask = atomKK->k_mask.view<DeviceType>();
  kernel.rows = d_rows;
  kernel.numneigh = k_list->d_numneigh;
  kernel.neighbors = k_list->d_neighbors;
  kernel.charge = k_charge.template view<DeviceType>();
  kernel.diagonal = d_diagonal;
  kernel.rhs = d_rhs;
  kernel.first = d_first;
  kernel.count = d_count;

  bigint size = 0;
  Kokkos::parallel_scan("qeq/vc/kk:first", Kokkos::RangePolicy<DeviceType, TagFirst>(0, num_rows), kernel, size);
  ensure_size(d_column, size, "qeq/vc/kk:column");
  ensure_size(d_value, size, "qeq/vc/kk:value");
  kernel.column = d_column;
  kernel.value = d_value;
  if (num_rows > 0)
    Kokkos::parallel_for("qeq/vc/kk:matrix", typename MatrixKernel<DeviceType>::Policy(num_rows, on_device ? 32 : 1),
                         kernel);
}

/* ----------------------------------------------------------------------
   d_product = A in, with in set on ghost atoms; returns in . A in of this rank
------------------------------------------------------------------------- */

template <class DeviceType> double FixQEqVCKokkos<DeviceType>::multiply(const typename AT::t_double_1d &in)
{
  if (num_rows == 0) return 0.0;
  const int rows_per_team = on_device ? team_size : 64;
  const ProductKernel<DeviceType> kernel = {num_rows, rows_per_team, d_rows,     d_count, d_column,
                                            d_first,  d_value,       d_diagonal, in,      d_product};
  double in_dot_out = 0.0;
  const Kokkos::TeamPolicy<DeviceType> policy((num_rows + rows_per_team - 1) / rows_per_team, team_size, vector_length);
  Kokkos::parallel_reduce("qeq/vc/kk:product", policy, kernel, in_dot_out);
  return in_dot_out;
}

/* ---------------------------------------------------------------------- */

template <class DeviceType> void FixQEqVCKokkos<DeviceType>::forward(DAT::tdual_double_1d &vector)
{
  k_comm = &vector;
  comm->forward_comm(this);
  vector.template sync<DeviceType>();
}

/* ----------------------------------------------------------------------
   the vector work of projected_pcg() on a device
------------------------------------------------------------------------- */

template <class DeviceType> class FixQEqVCKokkos<DeviceType>::DeviceSystem {
 public:
  explicit DeviceSystem(FixQEqVCKokkos &fix_) :
      fix(fix_), kernel{fix_.d_rows,
                        fix_.d_diagonal,
                        fix_.d_rhs,
                        fix_.d_residual,
                        fix_.d_product,
                        fix_.k_charge.template view<DeviceType>(),
                        fix_.k_direction.template view<DeviceType>()}
  {
    Kokkos::deep_copy(kernel.direction, 0.0);
  }

  double num_unknowns() const { return fix.unknowns.count; }
  double inverse_diagonal_sum() const { return fix.unknowns.inverse_diagonal_sum; }

  double rhs_norm() const
  {
    double sum = 0.0;
    Kokkos::parallel_reduce(Kokkos::RangePolicy<DeviceType, TagNorm>(0, fix.num_rows), kernel,
                            Kokkos::Sum<double>(sum));
    return std::sqrt(all_sum(sum));
  }
  ResidualSums residual()
  {
    fix.multiply(kernel.charge);
    return reduce<TagResidual>();
  }
  ResidualSums shift(double lambda)
  {
    kernel.lambda = lambda;
    return reduce<TagShift>();
  }
  void direction(double lambda, double beta)
  {
    kernel.lambda = lambda, kernel.beta = beta;
    Kokkos::parallel_for("qeq/vc/kk:direction", Kokkos::RangePolicy<DeviceType, TagDirection>(0, fix.num_rows), kernel);
    fix.k_direction.template modify<DeviceType>();
    fix.forward(fix.k_direction);
  }
  double curvature() { return all_sum(fix.multiply(kernel.direction)); }
  ResidualSums update(double alpha)
  {
    kernel.alpha = alpha;
    return reduce<TagUpdate>();
  }
  double max_deviation(double mean)
  {
    kernel.mean = mean;
    double mine = 0.0, all;
    Kokkos::parallel_reduce(Kokkos::RangePolicy<DeviceType, TagDeviation>(0, fix.num_rows), kernel,
                            Kokkos::Max<double>(mine));
    mine = std::max(mine, 0.0);    // no rows here
    MPI_Allreduce(&mine, &all, 1, MPI_DOUBLE, MPI_MAX, fix.world);
    return all;
  }

 private:
  FixQEqVCKokkos &fix;
  VectorKernel<DeviceType> kernel;

  double all_sum(double mine) const
  {
    double all;
    MPI_Allreduce(&mine, &all, 1, MPI_DOUBLE, MPI_SUM, fix.world);
    return all;
  }
  template <class Tag> ResidualSums reduce()
  {
    ResidualSums mine, all;
    Kokkos::parallel_reduce(Kokkos::RangePolicy<DeviceType, Tag>(0, fix.num_rows), kernel,
                            Kokkos::Sum<ResidualSums>(mine));
    MPI_Allreduce(&mine, &all, ResidualSums::size, MPI_DOUBLE, MPI_SUM, fix.world);
    return all;
  }
};

/* ---------------------------------------------------------------------- */

template <class DeviceType> void FixQEqVCKokkos<DeviceType>::solve_iteratively()
{
  DeviceSystem system(*this);
  report = projected_pcg(system, tolerance, maxiter);
  k_charge.template modify<DeviceType>();
}

/* ----------------------------------------------------------------------
   through the host, as the reference it is
------------------------------------------------------------------------- */

template <class DeviceType> void FixQEqVCKokkos<DeviceType>::solve_directly()
{
  atomKK->sync(Host, Q_MASK);
  const std::vector<double> previous(atom->q, atom->q + atom->nlocal);
  const auto q = atomKK->k_q.view<DeviceType>();
  const auto charge = k_charge.template view<DeviceType>();
  copy_elements<DeviceType>(q, charge, atom->nlocal);
  atomKK->modified(execution_space, Q_MASK);
  atomKK->sync(Host, Q_MASK);
  FixQEqVC::solve_directly();
  atomKK->modified(Host, Q_MASK);
  atomKK->sync(execution_space, Q_MASK);
  copy_elements<DeviceType>(charge, q, atom->nlocal);
  k_charge.template modify<DeviceType>();
  std::copy(previous.begin(), previous.end(), atom->q);
  atomKK->modified(Host, Q_MASK);
}

/* ---------------------------------------------------------------------- */

template <class DeviceType> std::vector<FixQEqVC::MatrixElement> FixQEqVCKokkos<DeviceType>::matrix_elements()
{
  atomKK->sync(Host, X_MASK | TAG_MASK | TYPE_MASK | MASK_MASK);
  const auto to_host = [](const auto &view) { return Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace(), view); };
  const auto h_rows = to_host(d_rows), h_count = to_host(d_count), h_column = to_host(d_column);
  const auto h_first = to_host(d_first);
  const auto h_value = to_host(d_value);
  const auto h_rhs = to_host(d_rhs);

  rows.clear();
  rhs.assign(atom->nlocal, 0.0);
  diagonal.assign(atom->nlocal + atom->nghost, 0.0);
  for (int i = 0; i < atom->nlocal + atom->nghost; i++) {
    const int element = pair->element_of_type(atom->type[i]);
    if (element >= 0) diagonal[i] = pair->coulomb_table().charge[element].hardness;
  }
  std::vector<MatrixElement> elements;
  for (int row = 0; row < num_rows; row++) {
    const int i = h_rows(row);
    rows.push_back(i);
    rhs[i] = h_rhs(row);
    for (bigint n = h_first(row); n < h_first(row) + h_count(row); n++)
      elements.push_back({i, h_column(n), static_cast<double>(h_value(n))});
  }
  return elements;
}

/* ---------------------------------------------------------------------- */

template <class DeviceType> void FixQEqVCKokkos<DeviceType>::store_charges(bool shift)
{
  forward(k_charge);
  const auto charge = k_charge.template view<DeviceType>();
  copy_elements<DeviceType>(atomKK->k_q.view<DeviceType>(), charge, atom->nlocal + atom->nghost);
  atomKK->modified(execution_space, Q_MASK);
  k_history.template sync<DeviceType>();
  Kokkos::parallel_for(
      Kokkos::RangePolicy<DeviceType>(0, num_rows),
      HistoryKernel<DeviceType>{d_rows, charge, k_history.template view<DeviceType>(), history_length, shift});
  k_history.template modify<DeviceType>();
}

/* ----------------------------------------------------------------------
   the atoms' own charges are untouched until store_charges()
------------------------------------------------------------------------- */

template <class DeviceType> void FixQEqVCKokkos<DeviceType>::reject_charges() {}

/* ---------------------------------------------------------------------- */

template <class DeviceType> double FixQEqVCKokkos<DeviceType>::compute_vector(int n)
{
  if (n == 2) atomKK->sync(Host, Q_MASK | MASK_MASK);
  return FixQEqVC::compute_vector(n);
}

/* ---------------------------------------------------------------------- */

template <class DeviceType> double FixQEqVCKokkos<DeviceType>::memory_usage()
{
  const double doubles = static_cast<double>(2 * k_charge.extent(0) + d_diagonal.extent(0) + d_rhs.extent(0) +
                                             d_residual.extent(0) + d_product.extent(0) + d_first.extent(0));
  const double ints = static_cast<double>(d_rows.extent(0) + d_count.extent(0) + d_column.extent(0));
  return FixQEqVC::memory_usage() + doubles * sizeof(double) + ints * sizeof(int) +
      static_cast<double>(d_value.extent(0)) * sizeof(KK_FLOAT);
}

/* ---------------------------------------------------------------------- */

template <class DeviceType> void FixQEqVCKokkos<DeviceType>::grow_arrays(int nmax)
{
  k_history.sync_host();
  k_history.modify_host();    // grow on the host
  memoryKK->grow_kokkos(k_history, history, nmax, history_length, "qeq/vc:history");
}

/* ---------------------------------------------------------------------- */

template <class DeviceType> void FixQEqVCKokkos<DeviceType>::copy_arrays(int i, int j, int delflag)
{
  k_history.sync_host();
  FixQEqVC::copy_arrays(i, j, delflag);
  k_history.modify_host();
}

/* ---------------------------------------------------------------------- */

template <class DeviceType> void FixQEqVCKokkos<DeviceType>::set_arrays(int i)
{
  k_history.sync_host();
  FixQEqVC::set_arrays(i);
  k_history.modify_host();
}

/* ---------------------------------------------------------------------- */

template <class DeviceType> int FixQEqVCKokkos<DeviceType>::pack_exchange(int i, double *buf)
{
  k_history.sync_host();
  return FixQEqVC::pack_exchange(i, buf);
}

/* ---------------------------------------------------------------------- */

template <class DeviceType> int FixQEqVCKokkos<DeviceType>::unpack_exchange(int nlocal, double *buf)
{
  k_history.sync_host();
  const int n = FixQEqVC::unpack_exchange(nlocal, buf);
  k_history.modify_host();
  return n;
}

/* ---------------------------------------------------------------------- */

template <class DeviceType> int FixQEqVCKokkos<DeviceType>::pack_restart(int i, double *buf)
{
  k_history.sync_host();
  return FixQEqVC::pack_restart(i, buf);
}

/* ---------------------------------------------------------------------- */

template <class DeviceType> void FixQEqVCKokkos<DeviceType>::unpack_restart(int nlocal, int nth)
{
  k_history.sync_host();
  FixQEqVC::unpack_restart(nlocal, nth);
  k_history.modify_host();
}

/* ---------------------------------------------------------------------- */

template <class DeviceType>
int FixQEqVCKokkos<DeviceType>::pack_exchange_kokkos(const int &nsend, DAT::tdual_double_2d_lr &k_buf,
                                                     DAT::tdual_int_1d k_send, DAT::tdual_int_1d k_copy,
                                                     ExecutionSpace /*space*/)
{
  k_buf.sync<DeviceType>();
  k_copy.sync<DeviceType>();
  k_send.sync<DeviceType>();
  k_history.template sync<DeviceType>();
  const auto buf = k_buf.template view<DeviceType>();
  Kokkos::parallel_for(
      Kokkos::RangePolicy<DeviceType>(0, nsend),
      PackExchangeKernel<DeviceType>{typename AT::t_double_1d_um(buf.data(), buf.extent(0) * buf.extent(1)),
                                     k_send.view<DeviceType>(), k_copy.view<DeviceType>(),
                                     k_history.template view<DeviceType>(), history_length});
  k_history.template modify<DeviceType>();
  return nsend * history_length;
}

/* ---------------------------------------------------------------------- */

template <class DeviceType>
void FixQEqVCKokkos<DeviceType>::unpack_exchange_kokkos(DAT::tdual_double_2d_lr &k_buf, DAT::tdual_int_1d &k_indices,
                                                        int nrecv, int /*nrecv1*/, int /*nextrarecv1*/,
                                                        ExecutionSpace /*space*/)
{
  k_buf.sync<DeviceType>();
  k_indices.sync<DeviceType>();
  k_history.template sync<DeviceType>();
  const auto buf = k_buf.template view<DeviceType>();
  Kokkos::parallel_for(Kokkos::RangePolicy<DeviceType>(0, nrecv),
                       UnpackExchangeKernel<DeviceType>{
                           typename AT::t_double_1d_um(buf.data(), buf.extent(0) * buf.extent(1)),
                           k_indices.view<DeviceType>(), k_history.template view<DeviceType>(), history_length});
  k_history.template modify<DeviceType>();
}

/* ---------------------------------------------------------------------- */

template <class DeviceType> void FixQEqVCKokkos<DeviceType>::sort_kokkos(Kokkos::BinSort<KeyViewType, BinOp> &sorter)
{
  k_history.sync_device();
  sorter.sort(LMPDeviceType(), k_history.view_device());
  k_history.modify_device();
}

/* ---------------------------------------------------------------------- */

template <class DeviceType>
int FixQEqVCKokkos<DeviceType>::pack_forward_comm_kokkos(int n, DAT::tdual_int_1d k_list, DAT::tdual_double_1d &k_buf,
                                                         int /*pbc_flag*/, int * /*pbc*/)
{
  Kokkos::parallel_for(
      Kokkos::RangePolicy<DeviceType>(0, n),
      PackKernel<DeviceType>{k_list.view<DeviceType>(), k_comm->template view<DeviceType>(), k_buf.view<DeviceType>()});
  return n;
}

/* ---------------------------------------------------------------------- */

template <class DeviceType>
void FixQEqVCKokkos<DeviceType>::unpack_forward_comm_kokkos(int n, int first, DAT::tdual_double_1d &k_buf)
{
  Kokkos::parallel_for(Kokkos::RangePolicy<DeviceType>(0, n),
                       UnpackKernel<DeviceType>{k_comm->template view<DeviceType>(), k_buf.view<DeviceType>(), first});
}

/* ---------------------------------------------------------------------- */

template <class DeviceType>
int FixQEqVCKokkos<DeviceType>::pack_forward_comm(int n, int *list, double *buf, int /*pbc_flag*/, int * /*pbc*/)
{
  k_comm->sync_host();
  const auto vector = k_comm->view_host();
  for (int i = 0; i < n; i++) buf[i] = vector(list[i]);
  return n;
}

/* ---------------------------------------------------------------------- */

template <class DeviceType> void FixQEqVCKokkos<DeviceType>::unpack_forward_comm(int n, int first, double *buf)
{
  k_comm->sync_host();
  const auto vector = k_comm->view_host();
  for (int i = 0; i < n; i++) vector(first + i) = buf[i];
  k_comm->modify_host();
}

namespace LAMMPS_NS {
template class FixQEqVCKokkos<LMPDeviceType>;
#ifdef LMP_KOKKOS_GPU
template class FixQEqVCKokkos<LMPHostType>;
#endif
}    // namespace LAMMPS_NS
