// Functions of pairs of a query row and a key row of the same sequence, and sums over them. Pairs are walked query by
// query, keys in the order of their steps: every sum has one order.

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "pairs.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "dispatch.h"
#include "steps-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ensue {
namespace HWY_NAMESPACE {

// body(query row, key row, pair)
template <class Body>
HWY_INLINE void ForPairs(const EnsuePairs& p, const Body& body) {
  for (size_t i = 0; i < p.queries.count; ++i) {
    const size_t query = RowOf(p.queries, i), start = static_cast<size_t>(p.starts[query]);
    for (size_t j = 0; j < p.keys.count; ++j) body(query, RowOf(p.keys, j), start + j);
  }
}

template <class T>
void ClearRows(const EnsueSteps& steps, T* x, size_t columns) {
  for (size_t s = 0; s < steps.count; ++s) Clear(x + RowOf(steps, s) * columns, columns);
}

// Σ f(q, k, w) over the features.
template <class T, class F>
HWY_INLINE T SumOver(const T* q, const T* k, const T* w, size_t features, const F& f) {
  const hn::ScalableTag<T> d;
  auto sum = hn::Zero(d);
  ForBlocks(d, features, [&](auto block) HWY_ATTR {
    sum = hn::Add(sum, f(block.Load(q), block.Load(k), block.Load(w)));
  });
  return hn::GetLane(hn::SumOfLanes(d, sum));
}

template <class T>
void PairScoresOf(const EnsuePairs& p, EnsuePairFunction function, const T* q, const T* k, const T* w, T* y, size_t n) {
  const hn::ScalableTag<T> d;
  switch (function) {
    case EnsuePairDot:
      return ForPairs(p, [&](size_t i, size_t j, size_t pair) HWY_ATTR { y[pair] = DotOf(q + i * n, k + j * n, n); });
    case EnsuePairDistance:
      return ForPairs(p, [&](size_t i, size_t j, size_t pair) HWY_ATTR {
        y[pair] = SumOver(q + i * n, k + j * n, q + i * n, n,
                          [](auto a, auto b, auto) HWY_ATTR { return hn::Abs(hn::Sub(a, b)); });
      });
    case EnsuePairAdditive:
      return ForPairs(p, [&](size_t i, size_t j, size_t pair) HWY_ATTR {
        y[pair] = SumOver(q + i * n, k + j * n, w, n, [&](auto a, auto b, auto weight) HWY_ATTR {
          return hn::Mul(weight, HyperbolicTangent(d, hn::Add(a, b)));
        });
      });
  }
}
void PairScores(const EnsuePairs* p, EnsuePairFunction function, const void* q, const void* k, const void* w, void* y,
                size_t features) {
  ENSUE_BY_ELEMENT(p->element, PairScoresOf(*p, function, static_cast<const T*>(q), static_cast<const T*>(k),
                                            static_cast<const T*>(w), static_cast<T*>(y), features));
}

template <class T>
void AdditiveGradient(const EnsuePairs& p, const T* q, const T* k, const T* w, const T* dy, T* dq, T* dk, T* dw,
                      size_t n) {
  const hn::ScalableTag<T> d;
  Clear(dw, n);
  ForPairs(p, [&](size_t i, size_t j, size_t pair) HWY_ATTR {
    const auto g = hn::Set(d, dy[pair]), one = hn::Set(d, T(1));
    ForBlocks(d, n, [&](auto block) HWY_ATTR {
      const auto t = HyperbolicTangent(d, hn::Add(block.Load(q + i * n), block.Load(k + j * n)));
      const auto change = hn::Mul(hn::Mul(g, block.Load(w)), hn::NegMulAdd(t, t, one));
      block.Store(hn::Add(block.Load(dq + i * n), change), dq + i * n);
      block.Store(hn::Add(block.Load(dk + j * n), change), dk + j * n);
      block.Store(hn::MulAdd(g, t, block.Load(dw)), dw);
    });
  });
}

template <class T>
void DistanceGradient(const EnsuePairs& p, const T* q, const T* k, const T* dy, T* dq, T* dk, size_t n) {
  const hn::ScalableTag<T> d;
  ForPairs(p, [&](size_t i, size_t j, size_t pair) HWY_ATTR {
    const auto g = hn::Set(d, dy[pair]), zero = hn::Zero(d);
    ForBlocks(d, n, [&](auto block) HWY_ATTR {
      const auto difference = hn::Sub(block.Load(q + i * n), block.Load(k + j * n));
      const auto change =
          hn::IfThenElse(hn::Lt(difference, zero), hn::Neg(g), hn::IfThenElseZero(hn::Gt(difference, zero), g));
      block.Store(hn::Add(block.Load(dq + i * n), change), dq + i * n);
      block.Store(hn::Sub(block.Load(dk + j * n), change), dk + j * n);
    });
  });
}

template <class T>
void PairScoresGradientOf(const EnsuePairs& p, EnsuePairFunction function, const T* q, const T* k, const T* w,
                          const T* dy, T* dq, T* dk, T* dw, size_t n) {
  ClearRows(p.queries, dq, n);
  ClearRows(p.keys, dk, n);
  switch (function) {
    case EnsuePairDot:
      return ForPairs(p, [&](size_t i, size_t j, size_t pair) HWY_ATTR {
        AddScaled(k + j * n, dy[pair], dq + i * n, n);
        AddScaled(q + i * n, dy[pair], dk + j * n, n);
      });
    case EnsuePairDistance: return DistanceGradient(p, q, k, dy, dq, dk, n);
    case EnsuePairAdditive: return AdditiveGradient(p, q, k, w, dy, dq, dk, dw, n);
  }
}
void PairScoresGradient(const EnsuePairs* p, EnsuePairFunction function, const void* q, const void* k, const void* w,
                        const void* dy, void* dq, void* dk, void* dw, size_t features) {
  ENSUE_BY_ELEMENT(p->element,
                   PairScoresGradientOf(*p, function, static_cast<const T*>(q), static_cast<const T*>(k),
                                        static_cast<const T*>(w), static_cast<const T*>(dy), static_cast<T*>(dq),
                                        static_cast<T*>(dk), static_cast<T*>(dw), features));
}

template <class T>
void PairSumsOf(const EnsuePairs& p, const T* q, const T* k, T* y, size_t n) {
  const hn::ScalableTag<T> d;
  ForPairs(p, [&](size_t i, size_t j, size_t pair) HWY_ATTR {
    T* target = y + pair * n;
    ForBlocks(d, n, [&](auto block) HWY_ATTR {
      const auto key = block.Load(k + j * n);
      block.Store(q == nullptr ? key : hn::Add(block.Load(q + i * n), key), target);
    });
  });
}
void PairSums(const EnsuePairs* p, const void* q, const void* k, void* y, size_t features) {
  ENSUE_BY_ELEMENT(p->element, PairSumsOf(*p, static_cast<const T*>(q), static_cast<const T*>(k), static_cast<T*>(y),
                                          features));
}

template <class T>
void PairSumsGradientOf(const EnsuePairs& p, const T* dy, T* dq, T* dk, size_t n) {
  if (dq != nullptr) ClearRows(p.queries, dq, n);
  if (dk != nullptr) ClearRows(p.keys, dk, n);
  ForPairs(p, [&](size_t i, size_t j, size_t pair) HWY_ATTR {
    if (dq != nullptr) AddScaled(dy + pair * n, T(1), dq + i * n, n);
    if (dk != nullptr) AddScaled(dy + pair * n, T(1), dk + j * n, n);
  });
}
void PairSumsGradient(const EnsuePairs* p, const void* dy, void* dq, void* dk, size_t features) {
  ENSUE_BY_ELEMENT(p->element, PairSumsGradientOf(*p, static_cast<const T*>(dy), static_cast<T*>(dq),
                                                  static_cast<T*>(dk), features));
}

// y += w ⊙ x: one weight, or one for each feature.
template <class T>
HWY_INLINE void AddWeighted(const T* w, size_t width, const T* x, T* y, size_t n) {
  if (width == 1) return AddScaled(x, *w, y, n);
  const hn::ScalableTag<T> d;
  ForBlocks(d, n, [&](auto block) HWY_ATTR {
    block.Store(hn::MulAdd(block.Load(w), block.Load(x), block.Load(y)), y);
  });
}

template <class T>
void PairWeightedSumsOf(const EnsuePairs& p, const T* w, size_t width, const T* v, T* y, size_t n) {
  ClearRows(p.queries, y, n);
  ForPairs(p, [&](size_t i, size_t j, size_t pair) HWY_ATTR {
    AddWeighted(w + pair * width, width, v + j * n, y + i * n, n);
  });
}
void PairWeightedSums(const EnsuePairs* p, const void* w, size_t width, const void* v, void* y, size_t features) {
  ENSUE_BY_ELEMENT(p->element, PairWeightedSumsOf(*p, static_cast<const T*>(w), width, static_cast<const T*>(v),
                                                  static_cast<T*>(y), features));
}

template <class T>
void PairWeightedSumsGradientOf(const EnsuePairs& p, const T* w, size_t width, const T* v, const T* dy, T* dw, T* dv,
                                size_t n) {
  const hn::ScalableTag<T> d;
  if (dv != nullptr) ClearRows(p.keys, dv, n);
  ForPairs(p, [&](size_t i, size_t j, size_t pair) HWY_ATTR {
    const T *change = dy + i * n, *value = v + j * n;
    if (dv != nullptr) AddWeighted(w + pair * width, width, change, dv + j * n, n);
    if (dw == nullptr) return;
    T* target = dw + pair * width;
    if (width == 1) {
      *target = DotOf(change, value, n);
    } else {
      ForBlocks(d, n, [&](auto block) HWY_ATTR { block.Store(hn::Mul(block.Load(change), block.Load(value)), target); });
    }
  });
}
void PairWeightedSumsGradient(const EnsuePairs* p, const void* w, size_t width, const void* v, const void* dy,
                              void* dw, void* dv, size_t features) {
  ENSUE_BY_ELEMENT(p->element,
                   PairWeightedSumsGradientOf(*p, static_cast<const T*>(w), width, static_cast<const T*>(v),
                                              static_cast<const T*>(dy), static_cast<T*>(dw), static_cast<T*>(dv),
                                              features));
}

template <class T>
void PairMaskOf(const T* x, const uint8_t* allowed, T* y, size_t pairs, size_t n) {
  for (size_t p = 0; p < pairs; ++p)
    for (size_t f = 0; f < n; ++f) y[p * n + f] = allowed[p] ? x[p * n + f] : T(0);
}
void PairMask(EnsueElement element, const void* x, const uint8_t* allowed, void* y, size_t pairs, size_t features) {
  ENSUE_BY_ELEMENT(element, PairMaskOf(static_cast<const T*>(x), allowed, static_cast<T*>(y), pairs, features));
}

}  // namespace HWY_NAMESPACE
}  // namespace ensue
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ensue {
HWY_EXPORT(PairScores);
HWY_EXPORT(PairScoresGradient);
HWY_EXPORT(PairSums);
HWY_EXPORT(PairSumsGradient);
HWY_EXPORT(PairWeightedSums);
HWY_EXPORT(PairWeightedSumsGradient);
HWY_EXPORT(PairMask);
}  // namespace ensue

using namespace ensue;
void ensue_pair_scores(const EnsuePairs* pairs, EnsuePairFunction function, const void* q, const void* k,
                       const void* w, void* y, size_t features) {
  HWY_DYNAMIC_DISPATCH(PairScores)(pairs, function, q, k, w, y, features);
}
void ensue_pair_scores_gradient(const EnsuePairs* pairs, EnsuePairFunction function, const void* q, const void* k,
                                const void* w, const void* dy, void* dq, void* dk, void* dw, size_t features) {
  HWY_DYNAMIC_DISPATCH(PairScoresGradient)(pairs, function, q, k, w, dy, dq, dk, dw, features);
}
void ensue_pair_sums(const EnsuePairs* pairs, const void* q, const void* k, void* y, size_t features) {
  HWY_DYNAMIC_DISPATCH(PairSums)(pairs, q, k, y, features);
}
void ensue_pair_sums_gradient(const EnsuePairs* pairs, const void* dy, void* dq, void* dk, size_t features) {
  HWY_DYNAMIC_DISPATCH(PairSumsGradient)(pairs, dy, dq, dk, features);
}
void ensue_pair_weighted_sums(const EnsuePairs* pairs, const void* w, size_t width, const void* v, void* y,
                              size_t features) {
  HWY_DYNAMIC_DISPATCH(PairWeightedSums)(pairs, w, width, v, y, features);
}
void ensue_pair_weighted_sums_gradient(const EnsuePairs* pairs, const void* w, size_t width, const void* v,
                                       const void* dy, void* dw, void* dv, size_t features) {
  HWY_DYNAMIC_DISPATCH(PairWeightedSumsGradient)(pairs, w, width, v, dy, dw, dv, features);
}
void ensue_pair_mask(EnsueElement element, const void* x, const uint8_t* allowed, void* y, size_t pairs,
                     size_t features) {
  HWY_DYNAMIC_DISPATCH(PairMask)(element, x, allowed, y, pairs, features);
}
#endif
