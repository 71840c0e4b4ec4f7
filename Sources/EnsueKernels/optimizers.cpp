// Optimiser steps: one pass over a parameter, its gradient and its moments.

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "optimizers.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "dispatch.h"
#include "vector-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ensue {
namespace HWY_NAMESPACE {

// Polyak 1964; without a velocity plain descent.
template <class T>
void StochasticDescent(T* w, const T* g, T* velocity, T scale, T rate, T momentum, T decay, size_t count) {
  const hn::ScalableTag<T> d;
  const auto scaleV = hn::Set(d, scale), rateV = hn::Set(d, rate), momentumV = hn::Set(d, momentum), decayV = hn::Set(d, decay);
  ForBlocks(d, count, [&](auto block) HWY_ATTR {
    const auto value = block.Load(w);
    auto step = hn::MulAdd(value, decayV, hn::Mul(block.Load(g), scaleV));
    if (velocity != nullptr) {
      step = hn::MulAdd(block.Load(velocity), momentumV, step);
      block.Store(step, velocity);
    }
    block.Store(hn::NegMulAdd(rateV, step, value), w);
  });
}
void StochasticDescentAny(EnsueElement element, void* w, const void* g, void* velocity, double scale, double rate,
                          double momentum, double decay, size_t count) {
  ENSUE_BY_ELEMENT(element, StochasticDescent(static_cast<T*>(w), static_cast<const T*>(g), static_cast<T*>(velocity),
                                              T(scale), T(rate), T(momentum), T(decay), count));
}

// Nesterov 1983, in the form of Sutskever et al. 2013 that PyTorch has.
template <class T>
void Nesterov(T* w, const T* g, T* velocity, T scale, T rate, T momentum, T decay, size_t count) {
  const hn::ScalableTag<T> d;
  const auto scaleV = hn::Set(d, scale), rateV = hn::Set(d, rate);
  const auto momentumV = hn::Set(d, momentum), decayV = hn::Set(d, decay);
  ForBlocks(d, count, [&](auto block) HWY_ATTR {
    const auto value = block.Load(w);
    const auto gradient = hn::MulAdd(value, decayV, hn::Mul(block.Load(g), scaleV));
    const auto after = hn::MulAdd(block.Load(velocity), momentumV, gradient);
    block.Store(after, velocity);
    block.Store(hn::NegMulAdd(rateV, hn::MulAdd(after, momentumV, gradient), value), w);
  });
}
void NesterovAny(EnsueElement element, void* w, const void* g, void* velocity, double scale, double rate,
                 double momentum, double decay, size_t count) {
  ENSUE_BY_ELEMENT(element, Nesterov(static_cast<T*>(w), static_cast<const T*>(g), static_cast<T*>(velocity), T(scale),
                                     T(rate), T(momentum), T(decay), count));
}

// Tieleman and Hinton 2012, with PyTorch's placing of epsilon; without a velocity the momentum is not looked at.
template <class T>
void RootMeanSquare(T* w, const T* g, T* square, T* velocity, const EnsueRootMeanSquare& a, size_t count) {
  const hn::ScalableTag<T> d;
  const auto scale = hn::Set(d, T(a.scale)), rate = hn::Set(d, T(a.rate)), decay = hn::Set(d, T(a.decay));
  const auto alpha = hn::Set(d, T(a.alpha)), rest = hn::Set(d, T(1 - a.alpha));
  const auto epsilon = hn::Set(d, T(a.epsilon)), momentum = hn::Set(d, T(a.momentum));
  ForBlocks(d, count, [&](auto block) HWY_ATTR {
    const auto value = block.Load(w);
    const auto gradient = hn::MulAdd(value, decay, hn::Mul(block.Load(g), scale));
    const auto mean = hn::MulAdd(alpha, block.Load(square), hn::Mul(hn::Mul(rest, gradient), gradient));
    block.Store(mean, square);
    auto step = hn::Div(gradient, hn::Add(hn::Sqrt(mean), epsilon));
    if (velocity != nullptr) {
      step = hn::MulAdd(block.Load(velocity), momentum, step);
      block.Store(step, velocity);
    }
    block.Store(hn::NegMulAdd(rate, step, value), w);
  });
}
void RootMeanSquareAny(EnsueElement element, void* w, const void* g, void* square, void* velocity,
                       const EnsueRootMeanSquare& constants, size_t count) {
  ENSUE_BY_ELEMENT(element, RootMeanSquare(static_cast<T*>(w), static_cast<const T*>(g), static_cast<T*>(square),
                                           static_cast<T*>(velocity), constants, count));
}

// Duchi, Hazan and Singer 2011, the diagonal form.
template <class T>
void Adagrad(T* w, const T* g, T* sum, T scale, T rate, T epsilon, T decay, size_t count) {
  const hn::ScalableTag<T> d;
  const auto scaleV = hn::Set(d, scale), rateV = hn::Set(d, rate);
  const auto epsilonV = hn::Set(d, epsilon), decayV = hn::Set(d, decay);
  ForBlocks(d, count, [&](auto block) HWY_ATTR {
    const auto value = block.Load(w);
    const auto gradient = hn::MulAdd(value, decayV, hn::Mul(block.Load(g), scaleV));
    const auto total = hn::MulAdd(gradient, gradient, block.Load(sum));
    block.Store(total, sum);
    const auto step = hn::Div(gradient, hn::Add(hn::Sqrt(total), epsilonV));
    block.Store(hn::NegMulAdd(rateV, step, value), w);
  });
}
void AdagradAny(EnsueElement element, void* w, const void* g, void* sum, double scale, double rate, double epsilon,
                double decay, size_t count) {
  ENSUE_BY_ELEMENT(element, Adagrad(static_cast<T*>(w), static_cast<const T*>(g), static_cast<T*>(sum), T(scale),
                                    T(rate), T(epsilon), T(decay), count));
}

// Kingma and Ba 2015, with PyTorch's placing of epsilon; AdamW: Loshchilov and Hutter 2019; RAdam: Liu et al. 2019.
template <class T>
void Adam(T* w, const T* g, T* m, T* v, const EnsueAdam& a, size_t count) {
  const hn::ScalableTag<T> d;
  const auto scale = hn::Set(d, T(a.scale)), coupled = hn::Set(d, T(a.coupledDecay));
  const auto beta1 = hn::Set(d, T(a.beta1)), rest1 = hn::Set(d, T(1 - a.beta1));
  const auto beta2 = hn::Set(d, T(a.beta2)), rest2 = hn::Set(d, T(1 - a.beta2));
  const auto stepSize = hn::Set(d, T(a.stepSize)), rootScale = hn::Set(d, T(a.rootScale));
  const auto epsilon = hn::Set(d, T(a.epsilon)), keep = hn::Set(d, T(a.kept));
  ForBlocks(d, count, [&](auto block) HWY_ATTR {
    const auto value = block.Load(w);
    const auto gradient = hn::MulAdd(value, coupled, hn::Mul(block.Load(g), scale));
    const auto first = hn::MulAdd(beta1, block.Load(m), hn::Mul(rest1, gradient));
    const auto second = hn::MulAdd(beta2, block.Load(v), hn::Mul(hn::Mul(rest2, gradient), gradient));
    block.Store(first, m);
    block.Store(second, v);
    const auto denominator = hn::MulAdd(hn::Sqrt(second), rootScale, epsilon);
    block.Store(hn::NegMulAdd(stepSize, hn::Div(first, denominator), hn::Mul(value, keep)), w);
  });
}
void AdamAny(EnsueElement element, void* w, const void* g, void* m, void* v, const EnsueAdam& adam, size_t count) {
  ENSUE_BY_ELEMENT(element, Adam(static_cast<T*>(w), static_cast<const T*>(g), static_cast<T*>(m), static_cast<T*>(v),
                                 adam, count));
}

}  // namespace HWY_NAMESPACE
}  // namespace ensue
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ensue {
HWY_EXPORT(StochasticDescentAny);
HWY_EXPORT(NesterovAny);
HWY_EXPORT(RootMeanSquareAny);
HWY_EXPORT(AdagradAny);
HWY_EXPORT(AdamAny);
}  // namespace ensue

using namespace ensue;
void ensue_sgd(EnsueElement element, void* w, const void* g, void* velocity, double scale, double rate,
               double momentum, double decay, size_t count) {
  HWY_DYNAMIC_DISPATCH(StochasticDescentAny)(element, w, g, velocity, scale, rate, momentum, decay, count);
}
void ensue_nesterov(EnsueElement element, void* w, const void* g, void* velocity, double scale, double rate,
                    double momentum, double decay, size_t count) {
  HWY_DYNAMIC_DISPATCH(NesterovAny)(element, w, g, velocity, scale, rate, momentum, decay, count);
}
void ensue_root_mean_square(EnsueElement element, void* w, const void* g, void* square, void* velocity,
                            const EnsueRootMeanSquare* constants, size_t count) {
  HWY_DYNAMIC_DISPATCH(RootMeanSquareAny)(element, w, g, square, velocity, *constants, count);
}
void ensue_adagrad(EnsueElement element, void* w, const void* g, void* sum, double scale, double rate, double epsilon,
                   double decay, size_t count) {
  HWY_DYNAMIC_DISPATCH(AdagradAny)(element, w, g, sum, scale, rate, epsilon, decay, count);
}
void ensue_adam(EnsueElement element, void* w, const void* g, void* m, void* v, const EnsueAdam* adam, size_t count) {
  HWY_DYNAMIC_DISPATCH(AdamAny)(element, w, g, m, v, *adam, count);
}
#endif
