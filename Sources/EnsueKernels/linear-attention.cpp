// Attention whose weights are products of features (Katharopoulos et al. 2020; Choromanski et al., Performers, 2021):
// sums over keys are kept in a matrix of features by values, so time and memory are linear in the length.

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "linear-attention.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "dispatch.h"
#include "steps-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ensue {
namespace HWY_NAMESPACE {

// Σ x ⊗ [y, 1] over some rows: [features, size + 1].
template <class T>
struct OuterSum {
  T* sums;
  size_t features, size;

  void Add(const T* x, const T* y, T one) const {
    for (size_t f = 0; f < features; ++f) {
      T* row = sums + f * (size + 1);
      AddScaled(y, x[f], row, size);
      row[size] += x[f] * one;
    }
  }
  // y[0 ..< size] += x · sums; returns the last column's.
  T MultiplyLeft(const T* x, T* y) const {
    T last = 0;
    for (size_t f = 0; f < features; ++f) {
      const T* row = sums + f * (size + 1);
      AddScaled(row, x[f], y, size);
      last += x[f] * row[size];
    }
    return last;
  }
  // x = sums · [y, one]
  void MultiplyRight(const T* y, T one, T* x) const {
    for (size_t f = 0; f < features; ++f) {
      const T* row = sums + f * (size + 1);
      x[f] = DotOf(row, y, size) + row[size] * one;
    }
  }
};

// How many keys the query of a step sees.
HWY_INLINE size_t KeysSeen(const EnsueLinearAttention& a, size_t step) {
  return a.causal ? HWY_MIN(step + 1, a.pairs.keys.count) : a.pairs.keys.count;
}

template <class T>
void LinearAttentionOf(const EnsueLinearAttention& a, const T* q, const T* k, const T* v, T* y, T* denominators,
                       T* scratch) {
  const hn::ScalableTag<T> d;
  const OuterSum<T> sums = {scratch, a.features, a.size};
  size_t seen = 0;
  for (size_t i = 0; i < a.pairs.queries.count; ++i) {
    for (; seen < KeysSeen(a, i); ++seen) {
      const size_t key = RowOf(a.pairs.keys, seen);
      sums.Add(k + key * a.features, v + key * a.size, T(1));
    }
    const size_t row = RowOf(a.pairs.queries, i);
    T* target = y + row * a.size;
    Clear(target, a.size);
    denominators[row] = sums.MultiplyLeft(q + row * a.features, target);
    const auto factor = hn::Set(d, T(1) / denominators[row]);
    ForBlocks(d, a.size, [&](auto block) HWY_ATTR { block.Store(hn::Mul(block.Load(target), factor), target); });
  }
}
void LinearAttention(const EnsueLinearAttention* a, const void* q, const void* k, const void* v, void* y,
                     void* denominators, void* scratch) {
  ENSUE_BY_ELEMENT(a->pairs.element, LinearAttentionOf(*a, static_cast<const T*>(q), static_cast<const T*>(k),
                                                       static_cast<const T*>(v), static_cast<T*>(y),
                                                       static_cast<T*>(denominators), static_cast<T*>(scratch)));
}

// With y = numerator / denominator, the change that arrives at [numerator, denominator] is [dy, -dy · y] / denominator.
template <class T>
void LinearAttentionGradientOf(const EnsueLinearAttention& a, const T* q, const T* k, const T* v, const T* y,
                               const T* denominators, const T* dy, T* dq, T* dk, T* dv, T* scratch) {
  const hn::ScalableTag<T> d;
  const size_t features = a.features, size = a.size;
  const OuterSum<T> keys = {scratch, features, size};
  const OuterSum<T> changes = {scratch + (features + 1) * (size + 1), features, size};
  T* change = scratch + features * (size + 1);
  // change = dy / denominator; returns the denominator's own.
  const auto changeOf = [&](size_t row) HWY_ATTR {
    const T* source = dy + row * size;
    const auto factor = hn::Set(d, T(1) / denominators[row]);
    ForBlocks(d, size, [&](auto block) HWY_ATTR { block.Store(hn::Mul(block.Load(source), factor), change); });
    return -DotOf(change, y + row * size, size);
  };
  size_t seen = 0;
  for (size_t i = 0; i < a.pairs.queries.count; ++i) {
    for (; seen < KeysSeen(a, i); ++seen) {
      const size_t key = RowOf(a.pairs.keys, seen);
      keys.Add(k + key * features, v + key * size, T(1));
    }
    const size_t row = RowOf(a.pairs.queries, i);
    const T last = changeOf(row);
    keys.MultiplyRight(change, last, dq + row * features);
  }
  // From the last key to the first: the queries that see it.
  size_t after = a.pairs.queries.count;
  for (size_t j = a.pairs.keys.count; j-- > 0;) {
    for (; after > 0 && KeysSeen(a, after - 1) > j; --after) {
      const size_t row = RowOf(a.pairs.queries, after - 1);
      const T last = changeOf(row);
      changes.Add(q + row * features, change, last);
    }
    const size_t key = RowOf(a.pairs.keys, j);
    changes.MultiplyRight(v + key * size, T(1), dk + key * features);
    Clear(dv + key * size, size);
    changes.MultiplyLeft(k + key * features, dv + key * size);
  }
}
void LinearAttentionGradient(const EnsueLinearAttention* a, const void* q, const void* k, const void* v,
                             const void* y, const void* denominators, const void* dy, void* dq, void* dk, void* dv,
                             void* scratch) {
  ENSUE_BY_ELEMENT(a->pairs.element,
                   LinearAttentionGradientOf(*a, static_cast<const T*>(q), static_cast<const T*>(k),
                                             static_cast<const T*>(v), static_cast<const T*>(y),
                                             static_cast<const T*>(denominators), static_cast<const T*>(dy),
                                             static_cast<T*>(dq), static_cast<T*>(dk), static_cast<T*>(dv),
                                             static_cast<T*>(scratch)));
}

}  // namespace HWY_NAMESPACE
}  // namespace ensue
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ensue {
HWY_EXPORT(LinearAttention);
HWY_EXPORT(LinearAttentionGradient);
}  // namespace ensue

using namespace ensue;
void ensue_linear_attention(const EnsueLinearAttention* attention, const void* q, const void* k, const void* v,
                            void* y, void* denominators, void* scratch) {
  HWY_DYNAMIC_DISPATCH(LinearAttention)(attention, q, k, v, y, denominators, scratch);
}
void ensue_linear_attention_gradient(const EnsueLinearAttention* attention, const void* q, const void* k,
                                     const void* v, const void* y, const void* denominators, const void* dy, void* dq,
                                     void* dk, void* dv, void* scratch) {
  HWY_DYNAMIC_DISPATCH(LinearAttentionGradient)(attention, q, k, v, y, denominators, dy, dq, dk, dv, scratch);
}
#endif
