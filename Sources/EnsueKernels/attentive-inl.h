// Attention within a recurrent loop: one row of a step and the keys of its own sequence, and the way back. Hidden
// layers of additive scores are never stored, the way back makes them again; those of deep scores are.

#if defined(ENSUE_ATTENTIVE_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef ENSUE_ATTENTIVE_INL_H
#undef ENSUE_ATTENTIVE_INL_H
#else
#define ENSUE_ATTENTIVE_INL_H
#endif

#include "activations-inl.h"
#include "attentive-parts-inl.h"
#include "distributions-inl.h"
#include "steps-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ensue {
namespace HWY_NAMESPACE {

// Where the gradients of a row go: of the query as it meets the keys, of what asked, of W q of the place.
template <class T>
struct StepGradients {
  T *query, *asked, *place;
};

template <class T>
struct StepAttention {
  const EnsueStepAttention& a;
  size_t sequence;  // among the batch
  size_t row;       // the packed row
  const T* query;   // as it meets the keys
  const T* asked;   // before its map
  const T* place;   // W q, of a place that is predicted
  double* scratch;  // twice the keys' number, then the query's width

  // What all keys of the row share: which steps have a part, and numbers of the query.
  struct Shared {
    size_t from, to;
    T factor, added;
  };

  HWY_INLINE size_t Count() const { return static_cast<size_t>(a.keyCounts[sequence]); }
  HWY_INLINE size_t KeyRow(size_t step) const {
    return static_cast<size_t>(a.keyOffsets[step] + a.keyPositions[sequence]);
  }
  HWY_INLINE const T* Key(size_t step) const { return static_cast<const T*>(a.keys) + KeyRow(step) * a.features; }
  HWY_INLINE const T* Value(size_t step) const { return static_cast<const T*>(a.values) + KeyRow(step) * a.valueSize; }
  HWY_INLINE T* KeyGradient(size_t step) const { return static_cast<T*>(a.keyGradient) + KeyRow(step) * a.features; }
  HWY_INLINE T* ValueGradient(size_t step) const {
    return static_cast<T*>(a.valueGradient) + KeyRow(step) * a.valueSize;
  }
  HWY_INLINE const T* Vector() const { return static_cast<const T*>(a.vector); }
  HWY_INLINE T* VectorGradient() const { return static_cast<T*>(a.vectorGradient) + sequence * a.vectorSize; }
  HWY_INLINE T* Weights() const { return static_cast<T*>(a.weights) + a.starts[row]; }
  // The weights before the Gaussian.
  HWY_INLINE T* Distributed() const {
    return a.distributed == nullptr ? Weights() : static_cast<T*>(a.distributed) + a.starts[row];
  }
  HWY_INLINE StepPlace<T> Place() const { return {a, sequence, row, Count(), place}; }
  HWY_INLINE StepHidden<T> Hidden(const Shared& shared) const {
    return {a, static_cast<size_t>(a.starts[row]) + shared.from, shared.to - shared.from};
  }
  // In the scratch: scores made again, distances, and exp(query - its largest number).
  HWY_INLINE T* Remade() const { return reinterpret_cast<T*>(scratch); }
  HWY_INLINE T* Distances() const { return reinterpret_cast<T*>(scratch) + Count(); }
  HWY_INLINE T* Powers() const { return reinterpret_cast<T*>(scratch + 2 * Count()); }

  HWY_INLINE bool ActivatesScores() const {
    if (a.function == EnsueStepLocation) return a.activation != EnsueActivationIdentity;
    return a.function == EnsueStepDot && (a.vector != nullptr || a.activation != EnsueActivationIdentity);
  }
  HWY_INLINE bool LooksAtAsked() const {
    return a.function == EnsueStepKernel || a.distribution == EnsueStepDeattention;
  }

  HWY_INLINE Shared Share() const {
    Shared shared = {0, Count(), static_cast<T>(a.scale), T(0)};
    if (a.function == EnsueStepLocation) shared.to = HWY_MIN(shared.to, a.querySize);
    if (a.function == EnsueStepCosine) {
      const double square = static_cast<double>(DotOf(query, query, a.querySize));
      shared.factor = static_cast<T>(1 / __builtin_sqrt(square + 1e-16));
    }
    if (a.function == EnsueStepKernel) shared.added = RaisePowers();
    if (a.places != nullptr) Place().Narrow(&shared.from, &shared.to);
    return shared;
  }
  // exp(query - m), and what is added to every score: m - log(querySize) - scale · ‖asked‖².
  HWY_INLINE T RaisePowers() const {
    const hn::ScalableTag<T> d;
    const T largest = RowMaximum(query, a.querySize);
    T* powers = Powers();
    ForBlocks(d, a.querySize, [&](auto block) HWY_ATTR {
      block.Store(Decay(d, hn::Sub(block.Load(query), hn::Set(d, largest))), powers);
    });
    return largest - static_cast<T>(__builtin_log(static_cast<double>(a.querySize))) -
           static_cast<T>(a.scale) * DotOf(asked, asked, a.askedSize);
  }
  HWY_INLINE double KernelSum(const T* key) const {
    return static_cast<double>(DotOf(Powers(), key, a.querySize)) + 1e-36;
  }
  HWY_INLINE T Additive(const T* key) const {
    const hn::ScalableTag<T> d;
    const T *vector = Vector(), *from = query;
    auto sum = hn::Zero(d);
    WithActivation(a.activation, [&](auto f) HWY_ATTR {
      ForBlocks(d, a.features, [&](auto block) HWY_ATTR {
        const auto hidden = f(d, hn::Add(block.Load(from), block.Load(key)));
        sum = hn::Add(sum, hn::Mul(block.Load(vector), hidden));
      });
    });
    return hn::GetLane(hn::SumOfLanes(d, sum));
  }

  HWY_INLINE void Scores(const Shared& shared, T* scores) const {
    for (size_t s = shared.from; s < shared.to; ++s) {
      const T* key = Key(s);
      switch (a.function) {
        case EnsueStepDot:
        case EnsueStepCosine: scores[s] = DotOf(query, key, a.features) * shared.factor; break;
        case EnsueStepAdditive: scores[s] = Additive(key); break;
        case EnsueStepDeep:
          scores[s] = DotOf(Hidden(shared).Last(s - shared.from), Vector(), a.features) + Vector()[a.features];
          break;
        case EnsueStepLocation: scores[s] = query[s]; break;
        case EnsueStepKey: scores[s] = *key; break;
        case EnsueStepKernel:
          scores[s] = static_cast<T>(__builtin_log(KernelSum(key))) + shared.added + key[a.querySize];
          break;
      }
    }
    if (ActivatesScores()) Activate(scores + shared.from, shared.to - shared.from);
  }
  HWY_INLINE void Activate(T* scores, size_t count) const {
    const hn::ScalableTag<T> d;
    const auto bias = hn::Set(d, a.vector == nullptr ? T(0) : *Vector());
    WithActivation(a.activation, [&](auto f) HWY_ATTR {
      ForBlocks(d, count, [&](auto block) HWY_ATTR { block.Store(f(d, hn::Add(block.Load(scores), bias)), scores); });
    });
  }

  HWY_INLINE T Distance(const T* value) const {
    const hn::ScalableTag<T> d;
    const T* from = asked;
    auto sum = hn::Zero(d);
    ForBlocks(d, a.askedSize, [&](auto block) HWY_ATTR {
      sum = hn::Add(sum, hn::Abs(hn::Sub(block.Load(from), block.Load(value))));
    });
    return hn::GetLane(hn::SumOfLanes(d, sum));
  }

  // Scores to weights, in their place.
  HWY_INLINE void Distribution(const Shared& shared, T* weights) const {
    const hn::ScalableTag<T> d;
    const size_t count = shared.to - shared.from;
    T* x = weights + shared.from;
    switch (a.distribution) {
      case EnsueStepEntmax:
        for (size_t s = 0; s < count; ++s) scratch[s] = static_cast<double>(x[s]);
        Distribute(scratch, scratch + count, a.alpha, count);
        for (size_t s = 0; s < count; ++s) x[s] = static_cast<T>(scratch[s]);
        return;
      case EnsueStepSigmoid:
        return ForBlocks(d, count, [&](auto block) HWY_ATTR { block.Store(Sigmoid(d, block.Load(x)), x); });
      case EnsueStepDeattention: {
        const T* distances = MakeDistances(shared);
        const auto scale = hn::Set(d, static_cast<T>(-a.alpha));
        return ForBlocks(d, count, [&](auto block) HWY_ATTR {
          const auto nearness = Sigmoid(d, hn::Mul(block.Load(distances), scale));
          block.Store(hn::Mul(HyperbolicTangent(d, block.Load(x)), nearness), x);
        });
      }
    }
  }
  // Of the steps that have a part, from the first of them on.
  HWY_INLINE T* MakeDistances(const Shared& shared) const {
    T* distances = Distances();
    for (size_t s = shared.from; s < shared.to; ++s) distances[s - shared.from] = Distance(Value(s));
    return distances;
  }

  // context = Σ weights · values
  HWY_INLINE void Attend(T* context) const {
    if (a.placeVector != nullptr) Place().Predict();
    const Shared shared = Share();
    T* weights = Weights();
    if (a.function == EnsueStepDeep) {
      Hidden(shared).Make(query, [&](size_t s) HWY_ATTR { return Key(shared.from + s); });
    }
    Scores(shared, weights);
    Distribution(shared, weights);
    if (a.distributed != nullptr) {
      T* distributed = Distributed();
      for (size_t s = shared.from; s < shared.to; ++s) {
        distributed[s] = weights[s];
        weights[s] *= Place().Gaussian(s);
      }
    }
    Clear(weights, shared.from);
    Clear(weights + shared.to, Count() - shared.to);
    Clear(context, a.valueSize);
    for (size_t s = shared.from; s < shared.to; ++s) AddScaled(Value(s), weights[s], context, a.valueSize);
  }

  // From what arrives at the weights before the Gaussian to what arrives at the scores, in the pairs' own place.
  HWY_INLINE void DistributionReturn(const Shared& shared, T* pairs, T* dAsked) const {
    const T* weights = Distributed();
    switch (a.distribution) {
      case EnsueStepEntmax:
        return DistributionGradient(a.alpha, weights + shared.from, pairs + shared.from, pairs + shared.from, 1,
                                    shared.to - shared.from);
      case EnsueStepSigmoid:
        for (size_t s = shared.from; s < shared.to; ++s) pairs[s] *= weights[s] * (T(1) - weights[s]);
        return;
      case EnsueStepDeattention: return DeattentionReturn(shared, pairs, dAsked);
    }
  }
  // The scores are there again; distances are made again, and become their own gradients.
  HWY_INLINE void DeattentionReturn(const Shared& shared, T* pairs, T* dAsked) const {
    const hn::ScalableTag<T> d;
    const T* scores = Remade() + shared.from;
    T *distances = MakeDistances(shared), *x = pairs + shared.from;
    const auto scale = hn::Set(d, static_cast<T>(-a.alpha));
    const TanhFunction tangent = {};
    const SigmoidFunction sigmoid = {};
    ForBlocks(d, shared.to - shared.from, [&](auto block) HWY_ATTR {
      const auto g = block.Load(x), t = tangent(d, block.Load(scores));
      const auto nearness = sigmoid(d, hn::Mul(block.Load(distances), scale));
      block.Store(hn::Mul(hn::Mul(g, nearness), tangent.Slope(d, t)), x);
      block.Store(hn::Mul(hn::Mul(hn::Mul(g, t), scale), sigmoid.Slope(d, nearness)), distances);
    });
    for (size_t s = shared.from; s < shared.to; ++s) {
      DistanceReturn(Value(s), distances[s - shared.from], dAsked, ValueGradient(s));
    }
  }
  HWY_INLINE void DistanceReturn(const T* value, T change, T* dAsked, T* dValue) const {
    const hn::ScalableTag<T> d;
    const T* from = asked;
    const auto g = hn::Set(d, change), zero = hn::Zero(d);
    ForBlocks(d, a.askedSize, [&](auto block) HWY_ATTR {
      const auto difference = hn::Sub(block.Load(from), block.Load(value));
      const auto step =
          hn::IfThenElse(hn::Lt(difference, zero), hn::Neg(g), hn::IfThenElseZero(hn::Gt(difference, zero), g));
      block.Store(hn::Add(block.Load(dAsked), step), dAsked);
      block.Store(hn::Sub(block.Load(dValue), step), dValue);
    });
  }

  // What arrives at the weights, then at the scores before their activation: in the pairs' own place.
  HWY_INLINE const T* ScoreGradients(const Shared& shared, const T* contextGradient,
                                     const StepGradients<T>& gradients) const {
    T* pairs = static_cast<T*>(a.pairGradient) + a.starts[row];
    const T* outside =
        a.weightGradient == nullptr ? nullptr : static_cast<const T*>(a.weightGradient) + a.starts[row];
    for (size_t s = shared.from; s < shared.to; ++s) {
      pairs[s] = DotOf(contextGradient, Value(s), a.valueSize) + (outside == nullptr ? T(0) : outside[s]);
    }
    T dPlace = T(0);
    if (a.distributed != nullptr) {
      const T* distributed = Distributed();
      for (size_t s = shared.from; s < shared.to; ++s) {
        pairs[s] *= Place().Gaussian(s);
        dPlace += pairs[s] * distributed[s] * Place().LogarithmSlope(s);
      }
    }
    if (a.placeVector != nullptr) Place().Return(dPlace, gradients.place);
    if (ActivatesScores() || a.distribution == EnsueStepDeattention) Scores(shared, Remade());
    DistributionReturn(shared, pairs, gradients.asked);
    if (ActivatesScores()) ActivationReturn(shared, pairs);
    return pairs;
  }
  HWY_INLINE void ActivationReturn(const Shared& shared, T* pairs) const {
    MultiplySlopes(a.activation, static_cast<const T*>(Remade()) + shared.from, pairs + shared.from,
                   shared.to - shared.from);
    if (a.vector == nullptr) return;
    for (size_t s = shared.from; s < shared.to; ++s) *VectorGradient() += pairs[s];
  }

  HWY_INLINE void AdditiveReturn(const T* key, T change, T* dq, T* dk) const {
    const hn::ScalableTag<T> d;
    const T *vector = Vector(), *from = query;
    T* dv = VectorGradient();
    const auto g = hn::Set(d, change);
    WithActivation(a.activation, [&](auto f) HWY_ATTR {
      ForBlocks(d, a.features, [&](auto block) HWY_ATTR {
        const auto t = f(d, hn::Add(block.Load(from), block.Load(key)));
        const auto sum = hn::Mul(hn::Mul(g, block.Load(vector)), f.Slope(d, t));
        block.Store(hn::Add(block.Load(dq), sum), dq);
        block.Store(hn::Add(block.Load(dk), sum), dk);
        block.Store(hn::MulAdd(g, t, block.Load(dv)), dv);
      });
    });
  }
  HWY_INLINE void ScoreReturn(const Shared& shared, size_t s, T change, T* dq) const {
    switch (a.function) {
      case EnsueStepDot:
      case EnsueStepCosine:
        AddScaled(Key(s), change * shared.factor, dq, a.features);
        return AddScaled(query, change * shared.factor, KeyGradient(s), a.features);
      case EnsueStepAdditive: return AdditiveReturn(Key(s), change, dq, KeyGradient(s));
      case EnsueStepDeep: return;
      case EnsueStepLocation: dq[s] = change; return;
      case EnsueStepKey: *KeyGradient(s) += change; return;
      case EnsueStepKernel: {
        // As to the powers; they are multiplied in at the end.
        const T share = static_cast<T>(static_cast<double>(change) / KernelSum(Key(s)));
        AddScaled(Key(s), share, dq, a.querySize);
        AddScaled(Powers(), share, KeyGradient(s), a.querySize);
        KeyGradient(s)[a.querySize] += change;
        return;
      }
    }
  }
  // What is done once for all keys.
  HWY_INLINE void QueryReturn(const Shared& shared, const T* pairs, const StepGradients<T>& gradients) const {
    if (a.function == EnsueStepDeep) {
      Hidden(shared).Return(pairs + shared.from, VectorGradient(), gradients.query,
                            [&](size_t s) HWY_ATTR { return KeyGradient(shared.from + s); });
    }
    if (a.function == EnsueStepCosine) {
      // Of u = q · factor: the part along u makes no difference.
      const T along = DotOf(query, gradients.query, a.querySize);
      AddScaled(query, -along * shared.factor * shared.factor, gradients.query, a.querySize);
    }
    if (a.function == EnsueStepKernel) {
      const hn::ScalableTag<T> d;
      const T* powers = Powers();
      T* dq = gradients.query;
      T sum = T(0);
      ForBlocks(d, a.querySize,
                [&](auto block) HWY_ATTR { block.Store(hn::Mul(block.Load(dq), block.Load(powers)), dq); });
      for (size_t s = shared.from; s < shared.to; ++s) sum += pairs[s];
      AddScaled(asked, T(-2) * static_cast<T>(a.scale) * sum, gradients.asked, a.askedSize);
    }
  }

  // The gradients of the row, and what is added to this sequence's gradients of keys, values and vectors.
  HWY_INLINE void Return(const T* contextGradient, const StepGradients<T>& gradients) const {
    const Shared shared = Share();
    const T* weights = Weights();
    Clear(gradients.query, a.querySize);
    if (LooksAtAsked()) Clear(gradients.asked, a.askedSize);
    const T* scores = ScoreGradients(shared, contextGradient, gradients);
    for (size_t s = shared.from; s < shared.to; ++s) {
      AddScaled(contextGradient, weights[s], ValueGradient(s), a.valueSize);
      ScoreReturn(shared, s, scores[s], gradients.query);
    }
    QueryReturn(shared, scores, gradients);
  }
};

}  // namespace HWY_NAMESPACE
}  // namespace ensue
HWY_AFTER_NAMESPACE();
#endif
