// Charge equilibration: the charge matrix of pairs within a cutoff. SPDX-License-Identifier: GPL-2.0-only
#ifndef RFMEAM_CHARGES_PAIR_MATRIX_H
#define RFMEAM_CHARGES_PAIR_MATRIX_H

#include "build_rows.h"
#include "charge_term.h"
#include "half_row_product.h"
#include "inner_list.h"
#include "site.h"
#include "space.h"

#include <array>
#include <cmath>
#include <vector>

namespace rfmeam {

/// out += gamma p of one atom's row, or |gamma| p; the row lists all pairs of the atom.
template <bool absolute, class Real> struct FullRowProduct {
  PairRows<Real> rows;
  const double *p;
  double *out;
  template <class Team> RFMEAM_FUNCTION void operator()(const Team &team, int i) const
  {
    const long long begin = rows.first[i];
    const double sum = team.template reduce<double>(rows.count[i], [&](int n, double &partial) {
      const Real g = absolute ? std::fabs(rows.gamma[begin + n]) : rows.gamma[begin + n];
      partial += g * p[rows.column[begin + n]];
    });
    team.once([&]() { out[i] += sum; });
  }
};

/// The rows on the host.
template <class Real> struct HostPairRows {
  std::vector<long long> first;
  std::vector<int> count, column;
  std::vector<Real> gamma;
};

/// ½ sum_{i /= j} q_i q_j gamma(r_ij) over the pairs of a neighbour list within the cutoff, with gamma'/r of the same
/// pairs for the forces.
template <class Space, class Real> class PairMatrix : public ChargeTerm<Space> {
 public:
  using typename ChargeTerm<Space>::Vector;

  bool has_cores = false;    ///< whether to keep the effects of core charges, too; set before build()

  /// neighbours: num atoms with a list, atom(ii) of them, count(i), neighbour(i, jj); site of all owned and ghost
  /// atoms. same_list: the atoms and the list are those of the last call, and only positions may have changed.
  template <class Neighbours>
  void build(Space &space, const CoulombView<Real> &coulomb, const Neighbours &neighbours, const Site<Real> *site,
             int num_owned_, int num_all_, bool same_list)
  {
    num_owned = num_owned_, num_all = num_all_;
    for (auto *array : {&room, &count}) array->reserve(num_owned);
    first.reserve(num_owned);
    if (same_list)
      space.for_each("charges:rows", num_owned, RoomForCount{count.data(), room.data()});
    else {
      space.for_each("charges:rows", num_owned, Fill<int>{room.data(), row_padding});
      space.for_each("charges:rows", num_owned, Fill<int>{count.data(), 0});
      space.for_each("charges:rows", neighbours.num, RoomForList<Neighbours>{neighbours, room.data()});
    }
    if constexpr (Space::chunk > 1) {
      if (!same_list) inner.forget();
      if (same_list && inner.is_worth_while(space, site, num_all))
        return build_all_rows(space, coulomb, inner.find(space, coulomb.cutoff, neighbours, site, num_owned, num_all),
                              site, same_list);
    }
    build_all_rows(space, coulomb, neighbours, site, same_list);
  }

  [[nodiscard]] PairRows<Real> rows() const
  {
    return {first.data(), count.data(), column.data(), gamma.data(), slope_by_r.data(), cores<const Real>(core)};
  }
  HostPairRows<Real> host_rows(Space &space)
  {
    return {space.to_host(first, num_owned), space.to_host(count, num_owned), space.to_host(column, size),
            space.to_host(gamma, size)};
  }
  [[nodiscard]] double bytes() const
  {
    double sum = first.bytes() + room.bytes() + count.bytes() + column.bytes() + gamma.bytes() + slope_by_r.bytes() +
        inner.bytes();
#if RFMEAM_WITH_SSE2
    sum += product.bytes();
#endif
    for (const auto &array : core) sum += array.bytes();
    return sum;
  }

  [[nodiscard]] bool couples_atoms() const override { return true; }
  void add_gradient(Space &space, Vector &q, Vector &out) override { add_product(space, q, out); }
  void add_product(Space &space, Vector &p, Vector &out) override { multiply<false>(space, p, out); }
  /// Slater densities wider than what alpha leaves out have negative gamma.
  void add_absolute_product(Space &space, Vector &p, Vector &out) override { multiply<true>(space, p, out); }

 private:
  int num_owned = 0, num_all = 0;
  long long size = 0;    // room for pairs
  typename Space::template Array<long long> first;
  typename Space::template Array<int> room, count, column;
  typename Space::template Array<Real> gamma, slope_by_r;
  std::array<typename Space::template Array<Real>, 4> core;    // CorePairs
  InnerList<Space, Real> inner;
#if RFMEAM_WITH_SSE2
  typename Space::template Array<ProductOfAtom> product;
#endif

  template <class T, class Arrays> [[nodiscard]] CorePairs<T> cores(Arrays &arrays) const
  {
    if (!has_cores) return {};
    return {arrays[0].data(), arrays[1].data(), arrays[2].data(), arrays[3].data()};
  }

  template <bool absolute> void multiply(Space &space, Vector &p, Vector &out)
  {
#if RFMEAM_WITH_SSE2
    if constexpr (Space::half_rows) return multiply_by_threads<absolute>(space, p, out);
#endif
    if constexpr (Space::half_rows)
      space.scatter("charges:product", num_owned, out, [&]<class Target>(const Target &target) {
        return HalfRowProduct<absolute, Real, Target>{rows(), p.data(), target};
      });
    else
      space.for_each_row("charges:product", num_owned, FullRowProduct<absolute, Real>{rows(), p.data(), out.data()});
  }
#if RFMEAM_WITH_SSE2
  template <bool absolute> void multiply_by_threads(Space &space, Vector &p, Vector &out)
  {
    const int num_threads = space.num_threads();
    product.reserve(static_cast<long long>(num_threads) * num_all);
    space.for_each_part("charges:product", num_owned,
                        HalfRowProductByThreads<absolute, Real>{rows(), p.data(), out.data(), num_all, product.data()});
    space.for_each("charges:product", num_all, EndProduct{product.data(), num_all, num_threads, out.data()});
  }
#endif
  /// Again where there was no room for all.
  template <class Neighbours>
  void build_all_rows(Space &space, const CoulombView<Real> &coulomb, const Neighbours &neighbours,
                      const Site<Real> *site, bool same_list)
  {
    build_rows(space, coulomb, neighbours, site);
    const CountOverflow overflow = {count.data(), room.data()};
    if (!same_list || space.template local_sum<double>("charges:rows", num_owned, overflow) == 0.0) return;
    space.for_each("charges:rows", num_owned, RoomForCount{count.data(), room.data()});
    build_rows(space, coulomb, neighbours, site);
  }
  template <class Neighbours>
  void build_rows(Space &space, const CoulombView<Real> &coulomb, const Neighbours &neighbours, const Site<Real> *site)
  {
    size = space.template scan<long long>("charges:rows", num_owned, FirstOfRow{room.data(), first.data()});
    column.reserve(size);
    gamma.reserve(size);
    slope_by_r.reserve(size);
    if (has_cores)
      for (auto &array : core) array.reserve(size);
    space.for_each_team("charges:matrix", neighbours.num,
                        BuildRow<Space::chunk, Real, Neighbours>{coulomb, neighbours, site, first.data(), room.data(),
                                                                 count.data(), column.data(), gamma.data(),
                                                                 slope_by_r.data(), cores<Real>(core)});
  }
};

}    // namespace rfmeam

#endif
