/* -*- c++ -*- ----------------------------------------------------------
   LAMMPS - Large-scale Atomic/Molecular Massively Parallel Simulator
   https://www.lammps.org/

   This software is distributed under the GNU General Public License.
------------------------------------------------------------------------- */

#ifndef LMP_RFMEAM_KOKKOS_TABLES_H
#define LMP_RFMEAM_KOKKOS_TABLES_H

#include "../pair_rfmeam_qeq/pair_rfmeam_qeq.h"

#include "kokkos_type.h"

#include <string>
#include <vector>

namespace rfmeam {

/// The element tables of pair style rfmeam/qeq in the memory and precision of a Kokkos device.
template <class DeviceType> class KokkosTables {
 public:
  KokkosTables() = default;
  explicit KokkosTables(const LAMMPS_NS::PairRFMEAMQEq &pair, int ntypes) :
      form(pair.coulomb_table().form), num_elements(pair.get_potential().num_elements()),
      k_e(static_cast<KK_FLOAT>(pair.coulomb_table().k_e)), cutoff(static_cast<KK_FLOAT>(pair.coulomb_table().cutoff))
  {
    const Potential &potential = pair.get_potential();
    copy_converted(element, potential.element, "rfmeam:element");
    copy_converted(this->pair, potential.pair, "rfmeam:pair");
    copy_converted(screening, potential.screening, "rfmeam:screening");
    copy_converted(coulomb_pair, pair.coulomb_table().pair, "rfmeam:coulomb_pair");
    copy_converted(charge, pair.coulomb_table().charge, "rfmeam:charge");
    copy_converted(slater, pair.coulomb_table().slater, "rfmeam:slater");

    std::vector<int> elements(ntypes + 1, -1);
    for (int type = 1; type <= ntypes; type++) elements[type] = pair.element_of_type(type);
    copy(type2element, elements, "rfmeam:type2element");
  }

  /// Element of an atom type, -1 for NULL.
  KOKKOS_INLINE_FUNCTION int element_of_type(int type) const { return type2element(type); }
  [[nodiscard]] const int *elements() const { return type2element.data(); }
  KOKKOS_INLINE_FUNCTION const ChargeParameters<KK_FLOAT> &charge_of(int element) const { return charge(element); }

  KOKKOS_INLINE_FUNCTION ModelView<KK_FLOAT> model() const
  {
    return {num_elements, element.data(), pair.data(), screening.data()};
  }
  [[nodiscard]] CoulombView<KK_FLOAT> coulomb() const
  {
    return {form, num_elements, k_e, cutoff, coulomb_pair.data(), charge.data(), slater.data()};
  }

 private:
  template <class T> using View = Kokkos::View<T *, Kokkos::LayoutRight, DeviceType>;

  CoulombForm form = CoulombForm::none;
  int num_elements = 0;
  KK_FLOAT k_e = 0, cutoff = 0;
  View<ElementParameters<KK_FLOAT>> element;
  View<PairParameters<KK_FLOAT>> pair;
  View<ScreeningParameters<KK_FLOAT>> screening;
  View<CoulombPairParameters<KK_FLOAT>> coulomb_pair;
  View<ChargeParameters<KK_FLOAT>> charge;
  View<SlaterPair<KK_FLOAT>> slater;
  View<int> type2element;

  template <class T> static void copy(View<T> &to, const std::vector<T> &from, const std::string &label)
  {
    to = View<T>(label, from.size());
    Kokkos::deep_copy(to, Kokkos::View<const T *, Kokkos::LayoutRight, Kokkos::HostSpace>(from.data(), from.size()));
  }
  template <template <class> class Parameters>
  static void copy_converted(View<Parameters<KK_FLOAT>> &to, const std::vector<Parameters<double>> &from,
                             const std::string &label)
  {
    std::vector<Parameters<KK_FLOAT>> converted;
    for (const auto &parameters : from) converted.push_back(convert<KK_FLOAT>(parameters));
    copy(to, converted, label);
  }
};

}    // namespace rfmeam

#endif
