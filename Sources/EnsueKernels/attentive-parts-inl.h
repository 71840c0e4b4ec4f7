// Parts of a step's attention: the place it looks at, and the hidden layers of a deep score.

#if defined(ENSUE_ATTENTIVE_PARTS_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef ENSUE_ATTENTIVE_PARTS_INL_H
#undef ENSUE_ATTENTIVE_PARTS_INL_H
#else
#define ENSUE_ATTENTIVE_PARTS_INL_H
#endif

#include "activations-inl.h"
#include "products-inl.h"
#include "steps-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ensue {
namespace HWY_NAMESPACE {

// The neighbourhood of a place p (Luong, Pham and Manning 2015). Key steps are counted from 0, places from 1.
template <class T>
struct StepPlace {
  const EnsueStepAttention& a;
  size_t sequence, row, count;
  const T* hidden;  // W q, of a place that is predicted

  HWY_INLINE T& Number() const { return static_cast<T*>(a.places)[row]; }
  HWY_INLINE double Distance(size_t step) const {
    return static_cast<double>(step + 1) - static_cast<double>(Number());
  }

  // p = S σ(v · tanh(W q))
  HWY_INLINE void Predict() const {
    const hn::ScalableTag<T> d;
    const T *vector = static_cast<const T*>(a.placeVector), *from = hidden;
    auto sum = hn::Zero(d);
    ForBlocks(d, a.placeSize, [&](auto block) HWY_ATTR {
      sum = hn::MulAdd(block.Load(vector), HyperbolicTangent(d, block.Load(from)), sum);
    });
    const double total = static_cast<double>(hn::GetLane(hn::SumOfLanes(d, sum)));
    Number() = static_cast<T>(static_cast<double>(count) / (1 + __builtin_exp(-total)));
  }
  // From what arrives at p to what arrives at W q and is added to the gradient of v.
  HWY_INLINE void Return(T change, T* dhidden) const {
    const hn::ScalableTag<T> d;
    const T p = Number();
    const auto g = hn::Set(d, change * p * (T(1) - p / static_cast<T>(count)));
    const T *vector = static_cast<const T*>(a.placeVector), *from = hidden;
    T* dv = static_cast<T*>(a.placeVectorGradient) + sequence * a.placeSize;
    const TanhFunction f = {};
    ForBlocks(d, a.placeSize, [&](auto block) HWY_ATTR {
      const auto t = f(d, block.Load(from));
      block.Store(hn::Mul(hn::Mul(g, block.Load(vector)), f.Slope(d, t)), dhidden);
      block.Store(hn::MulAdd(g, t, block.Load(dv)), dv);
    });
  }

  // Leaves out what is too far. A place that is no number leaves nothing out: it must be seen in the weights.
  HWY_INLINE void Narrow(size_t* first, size_t* last) const {
    while (*first < *last && __builtin_fabs(Distance(*first)) > a.radius) ++*first;
    while (*first < *last && __builtin_fabs(Distance(*last - 1)) > a.radius) --*last;
  }
  // exp(-(s - p)² / 2σ²), and the derivative of its logarithm to p.
  HWY_INLINE T Gaussian(size_t step) const {
    const double distance = Distance(step);
    return static_cast<T>(__builtin_exp(-distance * distance / (2 * a.deviation * a.deviation)));
  }
  HWY_INLINE T LogarithmSlope(size_t step) const {
    return static_cast<T>(Distance(step) / (a.deviation * a.deviation));
  }
};

// x *= the slopes where the activation gave y.
template <class T>
HWY_INLINE void MultiplySlopes(EnsueActivation activation, const T* y, T* x, size_t count) {
  const hn::ScalableTag<T> d;
  WithActivation(activation, [&](auto f) HWY_ATTR {
    ForBlocks(d, count, [&](auto block) HWY_ATTR {
      block.Store(hn::Mul(block.Load(x), f.Slope(d, block.Load(y))), x);
    });
  });
}

// The hidden layers of a deep score, E_1 = act(q + k), E_l = act(W_l E_{l-1} + b_l), for some key steps of a row: one
// product a layer over all of them.
template <class T>
struct StepHidden {
  const EnsueStepAttention& a;
  size_t pair, count;  // the first of its pairs, and their number

  HWY_INLINE T* At(void* layers, size_t step, size_t layer) const {
    return static_cast<T*>(layers) + ((pair + step) * a.layerCount + layer) * a.features;
  }
  HWY_INLINE const T* Last(size_t step) const { return At(a.hidden, step, a.layerCount - 1); }

  // y = x W + b for all steps, from a layer to the one beside it.
  HWY_INLINE void Multiply(const EnsueProduct& product, const T* x, T* y) const {
    const size_t stride = a.layerCount * a.features;
    MultiplyPacked(x, stride, static_cast<const T*>(product.weight), static_cast<const T*>(product.bias), false, y,
                   stride, count, a.features, a.features);
  }

  // keyOf(step)
  template <class KeyOf>
  HWY_INLINE void Make(const T* query, const KeyOf& keyOf) const {
    const hn::ScalableTag<T> d;
    if (count == 0) return;
    for (size_t s = 0; s < count; ++s) {
      const T* key = keyOf(s);
      T* first = At(a.hidden, s, 0);
      ForBlocks(d, a.features,
                [&](auto block) HWY_ATTR { block.Store(hn::Add(block.Load(query), block.Load(key)), first); });
      Activate(first);
    }
    for (size_t layer = 1; layer < a.layerCount; ++layer) {
      Multiply(a.layers[layer - 1], At(a.hidden, 0, layer - 1), At(a.hidden, 0, layer));
      for (size_t s = 0; s < count; ++s) Activate(At(a.hidden, s, layer));
    }
  }
  HWY_INLINE void Activate(T* x) const {
    const hn::ScalableTag<T> d;
    WithActivation(a.activation, [&](auto f) HWY_ATTR {
      ForBlocks(d, a.features, [&](auto block) HWY_ATTR { block.Store(f(d, block.Load(x)), x); });
    });
  }

  // From what arrives at the scores, one number a step: added to the gradients of [v | c], the query and the keys.
  template <class KeyGradientOf>
  HWY_INLINE void Return(const T* changes, T* dv, T* dq, const KeyGradientOf& keyGradientOf) const {
    if (count == 0) return;
    for (size_t s = 0; s < count; ++s) {
      T* gradient = At(a.hiddenGradient, s, a.layerCount - 1);
      Clear(gradient, a.features);
      AddScaled(static_cast<const T*>(a.vector), changes[s], gradient, a.features);
      AddScaled(Last(s), changes[s], dv, a.features);
      dv[a.features] += changes[s];
    }
    for (size_t layer = a.layerCount; layer-- > 0;) {
      for (size_t s = 0; s < count; ++s) {
        const T* hidden = At(a.hidden, s, layer);
        MultiplySlopes(a.activation, hidden, At(a.hiddenGradient, s, layer), a.features);
      }
      if (layer == 0) break;
      Multiply(a.layers[layer - 1], At(a.hiddenGradient, 0, layer), At(a.hiddenGradient, 0, layer - 1));
    }
    for (size_t s = 0; s < count; ++s) {
      const T* gradient = At(a.hiddenGradient, s, 0);
      AddScaled(gradient, T(1), dq, a.features);
      AddScaled(gradient, T(1), keyGradientOf(s), a.features);
    }
  }
};

}  // namespace HWY_NAMESPACE
}  // namespace ensue
HWY_AFTER_NAMESPACE();
#endif
