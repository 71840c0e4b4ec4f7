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

// p(s) with erfc(z) = t p(s) exp(-z²), t = 2 / (2 + z), s = 2t - 1, for z ≥ 0: Chebyshev interpolations of
// erfc(z) exp(z²) / t made in sixty digits, as polynomials; with their terms rounded they are off by some 5e-8
// and 4e-17 of the value.
template <class T>
struct ErfcPolynomial;
template <>
struct ErfcPolynomial<float> {
  static constexpr float kTerms[] = {
    0.5107913569f, 0.3435803187f, 0.1397357335f, 0.01822166943f, -0.01075162619f, -0.003243451918f,
    0.001529157161f, 0.0004306704884f, -0.0002993827121f, -3.660187694e-5f, 4.21611972e-5f};
};
template <>
struct ErfcPolynomial<double> {
  static constexpr double kTerms[] = {
    0.510791352621011489, 0.343580342206905137, 0.139736046278026891, 0.0182211157534590399,
    -0.0107553309447163639, -0.00323959253458206746, 0.00154530602905764369, 0.00041864804327911113,
    -0.000331536747619460443, -0.0000171858318748897515, 0.0000722353506143854335, -0.0000170737811338189144,
    -0.0000108480572688910958, 8.0578758671473404e-6, -5.62816693519292463e-7, -1.81503550805416656e-6,
    1.00091858626541011e-6, -1.37545082331859451e-8, -2.85548182383411717e-7, 1.78672294791685345e-7,
    -1.69827240129356662e-9, -6.96584294340913831e-8, 2.90419854442090857e-8, 1.32163255176326486e-8,
    -9.7447566259322578e-9, -1.05903331435717986e-9, 1.20516659958836367e-9};
};

// exp(-x²/2), by which the distribution's tail and its density are found.
template <class D, class V>
HWY_INLINE V NormalDecay(D d, V x) {
  return Decay(d, hn::Mul(hn::Set(d, hn::TFromD<D>(-0.5)), hn::Mul(x, x)));
}

// Φ(x), the share of a standard normal distribution below x. A NaN comes through t.
template <class D, class V>
HWY_INLINE V NormalDistribution(D d, V x, V decay) {
  using T = hn::TFromD<D>;
  const V one = hn::Set(d, T(1)), two = hn::Set(d, T(2)), half = hn::Set(d, T(0.5));
  const V z = hn::Mul(hn::Abs(x), hn::Set(d, T(0.70710678118654752440)));
  const V t = hn::Div(two, hn::Add(two, z)), s = hn::Sub(hn::Add(t, t), one);
  constexpr auto& terms = ErfcPolynomial<T>::kTerms;
  constexpr int kCount = sizeof(terms) / sizeof(T);
  V p = hn::Set(d, terms[kCount - 1]);
  for (int i = kCount - 2; i >= 0; --i) p = hn::MulAdd(p, s, hn::Set(d, terms[i]));
  const V tail = hn::Mul(hn::Mul(half, t), hn::Mul(p, decay));
  return hn::IfThenElse(hn::Lt(x, hn::Zero(d)), tail, hn::Sub(one, tail));
}

// x Φ(x)
template <class D, class V>
HWY_INLINE V GELU(D d, V x) {
  return hn::Mul(x, NormalDistribution(d, x, NormalDecay(d, x)));
}
// Φ(x) + x φ(x)
template <class D, class V>
HWY_INLINE V GELUSlope(D d, V x) {
  const V decay = NormalDecay(d, x);
  const V density = hn::Mul(hn::Set(d, hn::TFromD<D>(0.39894228040143267794)), decay);
  return hn::MulAdd(x, density, NormalDistribution(d, x, decay));
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
