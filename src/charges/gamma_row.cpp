// Charge equilibration: gamma of the pairs of one atom. SPDX-License-Identifier: GPL-2.0-only
#include "gamma_row.h"

#include "../rfmeam/instruction_sets.h"

using namespace rfmeam;

#if defined(_MSC_VER)
#define RFMEAM_RESTRICT __restrict
#else
#define RFMEAM_RESTRICT __restrict__
#endif

// Parameters of the pairs of an element with one of `few` elements, taken by comparing: vectors are blended faster than
// they are gathered from a table.
template <int few, class Real> struct FewPairs {
  CoulombPairParameters<Real> pair[few > 0 ? few : 1];

  explicit FewPairs(const CoulombView<Real> &coulomb)
  {
    for (int e = 0; e < few; e++) pair[e] = coulomb.pair[e < coulomb.num_elements ? e : 0];
  }
  [[nodiscard]] CoulombPairParameters<Real> of(Real element) const
  {
    using P = CoulombPairParameters<Real>;
    return {field<&P::inverse_length>(element), field<&P::inverse_screened_length>(element),
            field<&P::value_at_cutoff>(element), field<&P::slope_at_cutoff>(element)};
  }

 private:
  template <Real CoulombPairParameters<Real>::*which, int first = 0, int last = few>
  [[nodiscard]] Real field(Real element) const
  {
    if constexpr (last - first <= 1)
      return pair[first].*which;
    else {
      constexpr int middle = (first + last) / 2;
      const Real low = field<which, first, middle>(element), high = field<which, middle, last>(element);
      return element < Real(middle) ? low : high;
    }
  }
};

// The loop that is to vectorise: the form is known to the compiler, so that there is no branch in it, and the arrays
// overlap with nothing. The potential has up to `few` elements, or any number of them, where that is 0.
template <CoulombForm form, int few, class Real>
static inline void evaluate_few(CoulombView<Real> coulomb, int count, const int *RFMEAM_RESTRICT element,
                                const Real *RFMEAM_RESTRICT rsq, Real *RFMEAM_RESTRICT gamma,
                                Real *RFMEAM_RESTRICT slope_by_r)
{
  coulomb.form = form;
  const auto gamma_of = [&coulomb, pairs = FewPairs<few, Real>(coulomb)](int e, Real r) {
    if constexpr (few == 0)
      return coulomb.gamma(0, e, r);
    else {
      const CoulombPairParameters<Real> p = pairs.of(static_cast<Real>(e));
      return CoulombView<Real>{form, 1, coulomb.k_e, coulomb.cutoff, &p, nullptr}.gamma(0, 0, r);
    }
  };
  for (int n = 0; n < count; n++) {
    const Real r = std::sqrt(rsq[n]);
    const auto g = gamma_of(element[n], r);
    gamma[n] = g.value;
    slope_by_r[n] = g.derivative * (Real(1) / r);    // which gamma has, too
  }
}

template <CoulombForm form, class Real>
static inline void evaluate_form(const CoulombView<Real> &coulomb, int count, const int *RFMEAM_RESTRICT element,
                                 const Real *RFMEAM_RESTRICT rsq, Real *RFMEAM_RESTRICT gamma,
                                 Real *RFMEAM_RESTRICT slope_by_r)
{
  if constexpr (form != CoulombForm::slater) {
    if (coulomb.num_elements <= 2) return evaluate_few<form, 2>(coulomb, count, element, rsq, gamma, slope_by_r);
    if (coulomb.num_elements <= 4) return evaluate_few<form, 4>(coulomb, count, element, rsq, gamma, slope_by_r);
  }
  evaluate_few<form, 0>(coulomb, count, element, rsq, gamma, slope_by_r);
}

// The same with core charges, which only slater has.
template <class Real>
static inline void evaluate_cores(CoulombView<Real> coulomb, int count, const int *RFMEAM_RESTRICT element,
                                  const Real *RFMEAM_RESTRICT rsq, Real *RFMEAM_RESTRICT gamma,
                                  Real *RFMEAM_RESTRICT slope_by_r, Real *RFMEAM_RESTRICT own,
                                  Real *RFMEAM_RESTRICT other, Real *RFMEAM_RESTRICT own_slope_by_r,
                                  Real *RFMEAM_RESTRICT other_slope_by_r)
{
  for (int n = 0; n < count; n++) {
    const Real r = std::sqrt(rsq[n]), inverse_r = Real(1) / r;
    const auto p = coulomb.with_cores(0, element[n], r);
    gamma[n] = p.gamma.value, slope_by_r[n] = p.gamma.derivative * inverse_r;
    own[n] = p.own.value, own_slope_by_r[n] = p.own.derivative * inverse_r;
    other[n] = p.other.value, other_slope_by_r[n] = p.other.derivative * inverse_r;
  }
}

template <class Real>
static inline void evaluate_row(const CoulombView<Real> &coulomb, int count, const int *element, const Real *rsq,
                                Real *gamma, Real *slope_by_r, const CorePairs<Real> &cores)
{
  if (cores.own)
    return evaluate_cores(coulomb, count, element, rsq, gamma, slope_by_r, cores.own, cores.other, cores.own_slope_by_r,
                          cores.other_slope_by_r);
  switch (coulomb.form) {
    case CoulombForm::none:
      return;
    case CoulombForm::direct_cut:
      return evaluate_form<CoulombForm::direct_cut>(coulomb, count, element, rsq, gamma, slope_by_r);
    case CoulombForm::screened_cut:
      return evaluate_form<CoulombForm::screened_cut>(coulomb, count, element, rsq, gamma, slope_by_r);
    case CoulombForm::gaussian:
      return evaluate_form<CoulombForm::gaussian>(coulomb, count, element, rsq, gamma, slope_by_r);
    case CoulombForm::screened_gaussian:
      return evaluate_form<CoulombForm::screened_gaussian>(coulomb, count, element, rsq, gamma, slope_by_r);
    case CoulombForm::slater:
      return evaluate_form<CoulombForm::slater>(coulomb, count, element, rsq, gamma, slope_by_r);
    case CoulombForm::shielded:
      return evaluate_form<CoulombForm::shielded>(coulomb, count, element, rsq, gamma, slope_by_r);
  }
}

template <class Real> static const SlaterPair<Real> *slater_row(const CoulombView<Real> &coulomb, int element)
{
  return coulomb.slater + element * coulomb.num_elements;
}

RFMEAM_FOR_EACH_INSTRUCTION_SET
static void evaluate(CoulombForm form, int num_elements, double k_e, double cutoff,
                     const CoulombPairParameters<double> *RFMEAM_RESTRICT row,
                     const SlaterPair<double> *RFMEAM_RESTRICT slater, int count, const int *RFMEAM_RESTRICT element,
                     const double *RFMEAM_RESTRICT rsq, double *RFMEAM_RESTRICT gamma,
                     double *RFMEAM_RESTRICT slope_by_r, double *RFMEAM_RESTRICT own, double *RFMEAM_RESTRICT other,
                     double *RFMEAM_RESTRICT own_slope_by_r, double *RFMEAM_RESTRICT other_slope_by_r)
{
  evaluate_row<double>({form, num_elements, k_e, cutoff, row, nullptr, slater}, count, element, rsq, gamma, slope_by_r,
                       {own, other, own_slope_by_r, other_slope_by_r});
}

void rfmeam::evaluate_gamma_on_host(const CoulombView<double> &coulomb, int own_element, int count, const int *element,
                                    const double *rsq, double *gamma, double *slope_by_r,
                                    const CorePairs<double> &cores)
{
  evaluate(coulomb.form, coulomb.num_elements, coulomb.k_e, coulomb.cutoff,
           coulomb.pair + own_element * coulomb.num_elements, slater_row(coulomb, own_element), count, element, rsq,
           gamma, slope_by_r, cores.own, cores.other, cores.own_slope_by_r, cores.other_slope_by_r);
}

void rfmeam::evaluate_gamma_on_host(const CoulombView<float> &coulomb, int own_element, int count, const int *element,
                                    const float *rsq, float *gamma, float *slope_by_r, const CorePairs<float> &cores)
{
  const CoulombPairParameters<float> *const row = coulomb.pair + own_element * coulomb.num_elements;
  evaluate_row<float>(
      {coulomb.form, coulomb.num_elements, coulomb.k_e, coulomb.cutoff, row, nullptr, slater_row(coulomb, own_element)},
      count, element, rsq, gamma, slope_by_r, cores);
}
