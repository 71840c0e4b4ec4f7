// The normal distribution's function, and what gated and Gaussian units are made of (Hendrycks and Gimpel 2016; Elfwing,
// Uchibe and Doya 2018).

#if defined(ENSUE_UNITS_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef ENSUE_UNITS_INL_H
#undef ENSUE_UNITS_INL_H
#else
#define ENSUE_UNITS_INL_H
#endif

#include "vector-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ensue {
namespace HWY_NAMESPACE {

// p(s) with erfc(x) = t exp(p(s) - x²), t = 2 / (2 + x), s = 2t - 1, for x ≥ 0: Chebyshev interpolations of
// log(erfc(x) exp(x²) / t) made in sixty digits, as polynomials; they are off by 9e-8 and 3e-17.
template <class T>
struct ErfcPolynomial;
template <>
struct ErfcPolynomial<float> {
  static constexpr float kTerms[] = {
    -0.6717940917f, 0.6726422172f, 0.04734388761f, -0.04687488818f, -0.009880019324f, 0.008703812035f,
    0.00179406625f, -0.00204873476f, -0.000227910966f, 0.0003337358939f, 8.000738162e-6f};
};
template <>
struct ErfcPolynomial<double> {
  static constexpr double kTerms[] = {
    -0.671794084056692266, 0.672643223977655967, 0.0473433068419044283, -0.0468956102310830226,
    -0.00987268936638995857, 0.00882493855373876339, 0.00175893355779901609, -0.0023458124448021561,
    -0.000146246863378003364, 0.000673678269706983146, -0.0000937350311709817049, -0.00017429984933155645,
    0.0000714010141275703065, 0.0000317331059937706066, -0.0000301878845513942446, 1.69923323122770281e-7,
    8.56262342012128617e-6, -3.00764543441066935e-6, -1.27231190486887069e-6, 1.3267813608518889e-6,
    -1.68498007206532327e-7, -3.16834136769414743e-7, 1.53343459209081386e-7, 3.97220354727379754e-8,
    -3.91718205102717267e-8, -1.58670429241380775e-9, 4.06088214696970019e-9};
};

// Φ(x), the share of a standard normal distribution below x.
template <class D, class V>
HWY_INLINE V NormalDistribution(D d, V x) {
  using T = hn::TFromD<D>;
  const V one = hn::Set(d, T(1)), two = hn::Set(d, T(2)), half = hn::Set(d, T(0.5));
  const V z = hn::Mul(hn::Abs(x), hn::Set(d, T(0.70710678118654752440)));
  const V t = hn::Div(two, hn::Add(two, z)), s = hn::Sub(hn::Add(t, t), one);
  constexpr auto& terms = ErfcPolynomial<T>::kTerms;
  constexpr int kCount = sizeof(terms) / sizeof(T);
  V p = hn::Set(d, terms[kCount - 1]);
  for (int i = kCount - 2; i >= 0; --i) p = hn::MulAdd(p, s, hn::Set(d, terms[i]));
  const V tail = hn::Mul(hn::Mul(half, t), Exponential(d, hn::NegMulAdd(z, z, p)));
  return hn::IfThenElse(hn::Lt(x, hn::Zero(d)), tail, hn::Sub(one, tail));
}

// x Φ(x)
template <class D, class V>
HWY_INLINE V GELU(D d, V x) {
  return hn::Mul(x, NormalDistribution(d, x));
}
// Φ(x) + x φ(x)
template <class D, class V>
HWY_INLINE V GELUSlope(D d, V x) {
  using T = hn::TFromD<D>;
  const V density = hn::Mul(hn::Set(d, T(0.39894228040143267794)),
                            Exponential(d, hn::Mul(hn::Set(d, T(-0.5)), hn::Mul(x, x))));
  return hn::MulAdd(x, density, NormalDistribution(d, x));
}

// x (1 + tanh u) / 2 with u = √(2/π) (x + 0.044715 x³); (1 + tanh u) / 2 = σ(2u).
template <class D, class V>
HWY_INLINE V GELUTanhGate(D d, V x) {
  using T = hn::TFromD<D>;
  const V cubic = hn::MulAdd(hn::Mul(hn::Set(d, T(0.044715)), hn::Mul(x, x)), x, x);
  return Sigmoid(d, hn::Mul(hn::Set(d, T(1.59576912160573071176)), cubic));
}
template <class D, class V>
HWY_INLINE V GELUTanhSlope(D d, V x) {
  using T = hn::TFromD<D>;
  const V one = hn::Set(d, T(1)), gate = GELUTanhGate(d, x);
  const V slope = hn::Mul(hn::Set(d, T(1.59576912160573071176)),
                          hn::MulAdd(hn::Set(d, T(3 * 0.044715)), hn::Mul(x, x), one));
  return hn::MulAdd(hn::Mul(x, slope), hn::Mul(gate, hn::Sub(one, gate)), gate);
}

// The derivative of x σ(x): σ + x σ (1 - σ)
template <class D, class V>
HWY_INLINE V SiLUSlope(D d, V x) {
  using T = hn::TFromD<D>;
  const V gate = Sigmoid(d, x);
  return hn::MulAdd(hn::Mul(x, gate), hn::Sub(hn::Set(d, T(1)), gate), gate);
}

}  // namespace HWY_NAMESPACE
}  // namespace ensue
HWY_AFTER_NAMESPACE();
#endif
