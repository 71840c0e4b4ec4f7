// Exponentials, logarithms and what is made of them. Highway's functions hold on a range and lose NaN; these hold
// everywhere. A NaN must stay one, or a training that has diverged would go on with numbers that look sound.

#if defined(ENSUE_FUNCTIONS_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef ENSUE_FUNCTIONS_INL_H
#undef ENSUE_FUNCTIONS_INL_H
#else
#define ENSUE_FUNCTIONS_INL_H
#endif

#include "hwy/highway.h"
#include "hwy/contrib/math/math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ensue {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

template <class D, class V>
HWY_INLINE V KeepNaN(D, V x, V y) {
  return hn::IfThenElse(hn::Eq(x, x), y, x);
}

template <class D, class V>
HWY_INLINE V Exponential(D d, V x) {
  using T = hn::TFromD<D>;
  const V limit = hn::Set(d, sizeof(T) == 4 ? T(88.722839) : T(709.782712893384));
  const V y = hn::Exp(d, hn::IfThenElse(hn::Gt(x, limit), limit, x));
  return KeepNaN(d, x, hn::IfThenElse(hn::Gt(x, limit), hn::Set(d, static_cast<T>(__builtin_inf())), y));
}

template <class D, class V>
HWY_INLINE V Logarithm(D d, V x) {
  using T = hn::TFromD<D>;
  const V infinity = hn::Set(d, static_cast<T>(__builtin_inf())), zero = hn::Zero(d);
  const V y = hn::IfThenElse(hn::Eq(x, infinity), infinity, hn::Log(d, x));
  const V belowZero = hn::IfThenElse(hn::Eq(x, zero), hn::Neg(infinity), hn::Set(d, static_cast<T>(__builtin_nan(""))));
  return KeepNaN(d, x, hn::IfThenElse(hn::Gt(x, zero), y, belowZero));
}

// e^x of 32 bits in parts, with half the instructions of Highway's: e^x = 2^n e^r, n the whole number nearest to
// x / ln 2, |x| ≤ 87.6 so that 2^n is a normal number. (e^r - 1) / r is a minimax polynomial made in forty digits, off by
// 2e-8 of the value with its terms rounded. A NaN is one in both parts of e^r.
template <class D>
struct SplitExponential {
  using V = hn::Vec<D>;
  V scale;      // 2^n
  V remainder;  // r
  V slope;      // (e^r - 1) / r

  HWY_INLINE SplitExponential(D d, V x) {
    const hn::RebindToSigned<D> di;
    // Added to a small number, it leaves the nearest whole number in the lowest bits.
    const V shifter = hn::Set(d, 12582912.0f);
    const V shifted = hn::MulAdd(x, hn::Set(d, 1.44269504f), shifter);
    const V n = hn::Sub(shifted, shifter);
    // The first part of ln 2 has so few bits that n times it is exact.
    remainder = hn::NegMulAdd(n, hn::Set(d, 1.42860677e-6f), hn::NegMulAdd(n, hn::Set(d, 0.693145752f), x));
    slope = hn::Set(d, 1.38888737e-3f);
    for (float term : {8.36907089e-3f, 4.16671363e-2f, 0.166665062f, 0.499999981f, 1.0f}) {
      slope = hn::MulAdd(slope, remainder, hn::Set(d, term));
    }
    scale = hn::BitCast(d, hn::Add(hn::ShiftLeft<23>(hn::BitCast(di, shifted)), hn::Set(di, 127 << 23)));
  }

  // e^r, e^x - 1
  HWY_INLINE V Power(D d) const { return hn::MulAdd(remainder, slope, hn::Set(d, 1.0f)); }
  HWY_INLINE V LessOne(D d) const {
    return hn::MulAdd(scale, hn::Mul(remainder, slope), hn::Sub(scale, hn::Set(d, 1.0f)));
  }
};

template <class D, class V>
HWY_INLINE V Between(D d, V x, double low, double high) {
  using T = hn::TFromD<D>;
  return hn::Min(hn::Max(x, hn::Set(d, static_cast<T>(low))), hn::Set(d, static_cast<T>(high)));
}

// e^x for x ≤ 0, as weights are made of scores less the largest: 0 where it is no normal number.
template <class D, class V>
HWY_INLINE V Decay(D d, V x) {
  if constexpr (sizeof(hn::TFromD<D>) == 4) {
    const SplitExponential<D> parts(d, x);
    return hn::IfThenZeroElse(hn::Lt(x, hn::Set(d, -87.3365f)), hn::Mul(parts.scale, parts.Power(d)));
  } else {
    return KeepNaN(d, x, hn::Exp(d, x));
  }
}

template <class D, class V>
HWY_INLINE V Sigmoid(D d, V x) {
  const V one = hn::Set(d, 1);
  // Beyond the limits the result is 0 or 1 to working precision, and exp would leave its range.
  if constexpr (sizeof(hn::TFromD<D>) == 4) {
    const SplitExponential<D> parts(d, hn::Neg(Between(d, x, -87.6, 87.6)));
    return KeepNaN(d, x, hn::Div(one, hn::MulAdd(parts.scale, parts.Power(d), one)));
  } else {
    return KeepNaN(d, x, hn::Div(one, hn::Add(one, hn::Exp(d, hn::Min(hn::Neg(x), hn::Set(d, 709))))));
  }
}

// With u = e^(2x) - 1, u / (u + 2).
template <class D, class V>
HWY_INLINE V HyperbolicTangent(D d, V x) {
  if constexpr (sizeof(hn::TFromD<D>) == 4) {
    const V bounded = Between(d, x, -9.1, 9.1);
    const V u = SplitExponential<D>(d, hn::Add(bounded, bounded)).LessOne(d);
    return KeepNaN(d, x, hn::Div(u, hn::Add(u, hn::Set(d, 2.0f))));
  } else {
    return KeepNaN(d, x, hn::Tanh(d, x));
  }
}

// max(x, 0) + log(1 + exp(-|x|)) does not overflow.
template <class D, class V>
HWY_INLINE V Softplus(D d, V x) {
  return KeepNaN(d, x, hn::Add(hn::Max(x, hn::Zero(d)), hn::Log1p(d, Decay(d, hn::Neg(hn::Abs(x))))));
}

}  // namespace HWY_NAMESPACE
}  // namespace ensue
HWY_AFTER_NAMESPACE();
#endif
