// The activations that kernels choose between, with their slopes from the result.

#if defined(ENSUE_ACTIVATIONS_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef ENSUE_ACTIVATIONS_INL_H
#undef ENSUE_ACTIVATIONS_INL_H
#else
#define ENSUE_ACTIVATIONS_INL_H
#endif

#include "include/EnsueKernels.h"
#include "vector-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ensue {
namespace HWY_NAMESPACE {

struct IdentityFunction {
  template <class D, class V>
  HWY_INLINE V operator()(D, V x) const {
    return x;
  }
  template <class D, class V>
  HWY_INLINE V Slope(D d, V) const {
    return hn::Set(d, hn::TFromD<D>(1));
  }
};
struct SigmoidFunction {
  template <class D, class V>
  HWY_INLINE V operator()(D d, V x) const {
    return Sigmoid(d, x);
  }
  template <class D, class V>
  HWY_INLINE V Slope(D, V y) const {
    return hn::NegMulAdd(y, y, y);
  }
};
struct TanhFunction {
  template <class D, class V>
  HWY_INLINE V operator()(D d, V x) const {
    return HyperbolicTangent(d, x);
  }
  template <class D, class V>
  HWY_INLINE V Slope(D d, V y) const {
    return hn::NegMulAdd(y, y, hn::Set(d, hn::TFromD<D>(1)));
  }
};
struct ReLUFunction {
  template <class D, class V>
  HWY_INLINE V operator()(D d, V x) const {
    return hn::IfThenElse(hn::Le(x, hn::Zero(d)), hn::Zero(d), x);
  }
  template <class D, class V>
  HWY_INLINE V Slope(D d, V y) const {
    return hn::IfThenElseZero(hn::Gt(y, hn::Zero(d)), hn::Set(d, hn::TFromD<D>(1)));
  }
};
struct SoftplusFunction {
  template <class D, class V>
  HWY_INLINE V operator()(D d, V x) const {
    return Softplus(d, x);
  }
  // σ(x) = 1 - e^(-softplus(x)); e^y - 1 by itself is exact for small y.
  template <class D, class V>
  HWY_INLINE V Slope(D d, V y) const {
    const V minus = hn::Max(hn::Neg(y), hn::Set(d, hn::TFromD<D>(-80)));
    return KeepNaN(d, y, hn::Neg(hn::Expm1(d, minus)));
  }
};

// body(the function)
template <class Body>
HWY_INLINE void WithActivation(EnsueActivation activation, const Body& body) {
  switch (activation) {
    case EnsueActivationIdentity: return body(IdentityFunction());
    case EnsueActivationSigmoid: return body(SigmoidFunction());
    case EnsueActivationTanh: return body(TanhFunction());
    case EnsueActivationReLU: return body(ReLUFunction());
    case EnsueActivationSoftplus: return body(SoftplusFunction());
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace ensue
HWY_AFTER_NAMESPACE();
#endif
