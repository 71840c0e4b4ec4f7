// Attention within a recurrent loop: one row of a step and the keys of its own sequence, and the way back. Hidden layers
// of additive scores are never stored; the way back makes them again.

#if defined(ENSUE_ATTENTIVE_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef ENSUE_ATTENTIVE_INL_H
#undef ENSUE_ATTENTIVE_INL_H
#else
#define ENSUE_ATTENTIVE_INL_H
#endif

#include "distributions-inl.h"
#include "steps-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ensue {
namespace HWY_NAMESPACE {

template <class T>
struct StepAttention {
  const EnsueStepAttention& a;
  size_t sequence;  // among the batch
  size_t row;       // the packed row

  HWY_INLINE size_t Count() const { return static_cast<size_t>(a.keyCounts[sequence]); }
  HWY_INLINE size_t KeyRow(size_t step) const {
    return static_cast<size_t>(a.keyOffsets[step] + a.keyPositions[sequence]);
  }
  HWY_INLINE const T* Key(size_t step) const { return static_cast<const T*>(a.keys) + KeyRow(step) * a.features; }
  HWY_INLINE const T* Value(size_t step) const { return static_cast<const T*>(a.values) + KeyRow(step) * a.valueSize; }
  HWY_INLINE T* Weights() const { return static_cast<T*>(a.weights) + a.starts[row]; }

  HWY_INLINE T Score(const T* query, const T* key) const {
    if (a.function == EnsuePairDot) return DotOf(query, key, a.features) * static_cast<T>(a.scale);
    const hn::ScalableTag<T> d;
    const T* vector = static_cast<const T*>(a.vector);
    auto sum = hn::Zero(d);
    ForBlocks(d, a.features, [&](auto block) HWY_ATTR {
      const auto hidden = HyperbolicTangent(d, hn::Add(block.Load(query), block.Load(key)));
      sum = hn::Add(sum, hn::Mul(block.Load(vector), hidden));
    });
    return hn::GetLane(hn::SumOfLanes(d, sum));
  }

  HWY_INLINE void Distribution(T* weights, double* scratch) const {
    const size_t count = Count();
    if (a.distribution == EnsueStepSigmoid) {
      const hn::ScalableTag<T> d;
      ForBlocks(d, count, [&](auto block) HWY_ATTR { block.Store(Sigmoid(d, block.Load(weights)), weights); });
      return;
    }
    for (size_t s = 0; s < count; ++s) scratch[s] = static_cast<double>(weights[s]);
    Distribute(scratch, scratch + count, a.alpha, count);
    for (size_t s = 0; s < count; ++s) weights[s] = static_cast<T>(scratch[s]);
  }

  // context = Σ weights · values; `scratch` has twice the keys' number.
  HWY_INLINE void Attend(const T* query, T* context, double* scratch) const {
    T* weights = Weights();
    for (size_t s = 0; s < Count(); ++s) weights[s] = Score(query, Key(s));
    Distribution(weights, scratch);
    Clear(context, a.valueSize);
    for (size_t s = 0; s < Count(); ++s) AddScaled(Value(s), weights[s], context, a.valueSize);
  }

  // What arrives at the weights, then at the scores: in the pairs' own place.
  HWY_INLINE T* ScoreGradients(const T* contextGradient) const {
    const T* weights = Weights();
    T* pairs = static_cast<T*>(a.pairGradient) + a.starts[row];
    const T* outside =
        a.weightGradient == nullptr ? nullptr : static_cast<const T*>(a.weightGradient) + a.starts[row];
    for (size_t s = 0; s < Count(); ++s) {
      pairs[s] = DotOf(contextGradient, Value(s), a.valueSize) + (outside == nullptr ? T(0) : outside[s]);
    }
    if (a.distribution == EnsueStepSigmoid) {
      for (size_t s = 0; s < Count(); ++s) pairs[s] *= weights[s] * (T(1) - weights[s]);
    } else {
      DistributionGradient(a.alpha, weights, pairs, pairs, 1, Count());
    }
    return pairs;
  }

  HWY_INLINE void ScoreGradient(const T* query, const T* key, T change, T* dq, T* dk, T* dv) const {
    if (a.function == EnsuePairDot) {
      AddScaled(key, change * static_cast<T>(a.scale), dq, a.features);
      return AddScaled(query, change * static_cast<T>(a.scale), dk, a.features);
    }
    const hn::ScalableTag<T> d;
    const T* vector = static_cast<const T*>(a.vector);
    const auto g = hn::Set(d, change), one = hn::Set(d, T(1));
    ForBlocks(d, a.features, [&](auto block) HWY_ATTR {
      const auto t = HyperbolicTangent(d, hn::Add(block.Load(query), block.Load(key)));
      const auto sum = hn::Mul(hn::Mul(g, block.Load(vector)), hn::NegMulAdd(t, t, one));
      block.Store(hn::Add(block.Load(dq), sum), dq);
      block.Store(hn::Add(block.Load(dk), sum), dk);
      block.Store(hn::MulAdd(g, t, block.Load(dv)), dv);
    });
  }

  // dq, and what is added to this sequence's gradients of keys, values and vector.
  HWY_INLINE void Return(const T* query, const T* contextGradient, T* dq) const {
    const T *weights = Weights(), *scores = ScoreGradients(contextGradient);
    T* dv = static_cast<T*>(a.vectorGradient) + sequence * a.features;
    Clear(dq, a.features);
    for (size_t s = 0; s < Count(); ++s) {
      AddScaled(contextGradient, weights[s], static_cast<T*>(a.valueGradient) + KeyRow(s) * a.valueSize, a.valueSize);
      ScoreGradient(query, Key(s), scores[s], dq, static_cast<T*>(a.keyGradient) + KeyRow(s) * a.features, dv);
    }
  }
};

}  // namespace HWY_NAMESPACE
}  // namespace ensue
HWY_AFTER_NAMESPACE();
#endif
