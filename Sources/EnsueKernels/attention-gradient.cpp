// The gradient of softmax attention (Dao et al. 2022): weights are made again, block by block, from log Σ exp of each
// row. With W = dropout(P): dV = Wᵀ dY, dW = dY Vᵀ, dS = P ⊙ (dropout(dW) - rowsum(dY ⊙ Y)), dQ = dS K, dK = dSᵀ Q.

#include "disabled-targets.h"
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "attention-gradient.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "dispatch.h"
#include "attention-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ensue {
namespace HWY_NAMESPACE {

template <class T>
struct BackwardScratch {
  T *queries, *packedQueries, *changes, *packedChanges, *queryGradient, *weights, *weightGradient, *logs, *shifts,
      *dropout;

  BackwardScratch(const EnsueAttention& a, T* scratch) {
    queries = scratch;
    packedQueries = queries + kQueryTile * a.keySize;
    changes = packedQueries + PackedCount<T>(kQueryTile, a.keySize);
    packedChanges = changes + kQueryTile * a.valueSize;
    queryGradient = packedChanges + PackedCount<T>(kQueryTile, a.valueSize);
    weights = queryGradient + kQueryTile * a.keySize;
    weightGradient = weights + kQueryTile * kKeyBlock;
    logs = weightGradient + kQueryTile * kKeyBlock;
    shifts = logs + kQueryTile;
    dropout = shifts + kQueryTile;
  }
  static size_t Count(const EnsueAttention& a) {
    return kQueryTile * (2 * a.keySize + a.valueSize + 2 * kKeyBlock + 2) + PackedCount<T>(kQueryTile, a.keySize) +
           PackedCount<T>(kQueryTile, a.valueSize) + kKeyBlock;
  }
};
size_t AttentionGradientScratch(const EnsueAttention* a) {
  return a->element == EnsueElementFloat32 ? BackwardScratch<float>::Count(*a) : BackwardScratch<double>::Count(*a);
}

// Queries, what arrives at the results, and rowsum(dY ⊙ Y) of each row.
template <class T>
void Gather(const QueryTile& tile, const EnsueAttentionGradient& g, const BackwardScratch<T>& s) {
  const EnsueAttention& a = tile.a;
  GatherRows(tile, static_cast<const T*>(g.q), a.queryStride, a.keySize, static_cast<T>(a.scale), s.queries);
  GatherRows(tile, static_cast<const T*>(g.dy), a.valueStride, a.valueSize, T(1), s.changes);
  if (g.dk != nullptr) {
    PackBlock(s.queries, a.keySize, false, tile.rows, a.keySize, 0, 0, kQueryTile, a.keySize, s.packedQueries);
    PackBlock(s.changes, a.valueSize, false, tile.rows, a.valueSize, 0, 0, kQueryTile, a.valueSize, s.packedChanges);
  }
  for (size_t r = 0; r < tile.rows; ++r) {
    const size_t row = tile.PackedRow(r);
    s.logs[r] = static_cast<const T*>(g.logs)[row * a.logStride];
    s.shifts[r] = DotOf(s.changes + r * a.valueSize, static_cast<const T*>(g.y) + row * a.valueStride, a.valueSize);
  }
  Clear(s.queryGradient, tile.rows * a.keySize);
}

// Scores to weights and dW to dS, in place.
template <class T>
HWY_INLINE void WeightsOfRow(const QueryTile& tile, size_t block, size_t r, size_t columns,
                             const BackwardScratch<T>& s) {
  const hn::ScalableTag<T> d;
  const size_t lanes = hn::Lanes(d);
  const Range keys = KeysReached(tile, block, r);
  const bool whole = keys.from == 0 && keys.to == kKeyBlock, drops = tile.a.keep < 65536;
  const auto log = hn::Set(d, s.logs[r]), shift = hn::Set(d, s.shifts[r]);
  T *weights = s.weights + r * kKeyBlock, *gradient = s.weightGradient + r * kKeyBlock;
  if (drops) DropoutFactors(tile.a, tile.Time(r), block, s.dropout);
  for (size_t i = 0; i < columns; i += lanes) {
    // Not above 0 but for rounding.
    auto weight = Decay(d, hn::Sub(hn::LoadU(d, weights + i), log));
    auto change = hn::LoadU(d, gradient + i);
    if (!whole) {
      const auto reached = LanesIn(d, keys, i);
      weight = hn::IfThenElseZero(reached, weight);
      change = hn::IfThenElseZero(reached, change);
    }
    auto dropped = weight;
    if (drops) {
      const auto factor = hn::LoadU(d, s.dropout + i);
      dropped = hn::Mul(weight, factor);
      change = hn::Mul(change, factor);
    }
    hn::StoreU(dropped, d, weights + i);
    hn::StoreU(hn::Mul(weight, hn::Sub(change, shift)), d, gradient + i);
  }
}

template <class T>
HWY_INLINE void MeetBlock(const QueryTile& tile, size_t b, Range rows, const EnsueAttentionGradient& g,
                          const BackwardScratch<T>& s) {
  const EnsueAttention& a = tile.a;
  const T* none = nullptr;
  const size_t count = rows.to - rows.from, place = rows.from * kKeyBlock;
  const size_t columns = ColumnsReached<T>(tile, b, rows);
  MultiplyPacked(s.queries + rows.from * a.keySize, a.keySize, static_cast<const T*>(g.keys[b]), none, false,
                 s.weights + place, kKeyBlock, count, a.keySize, columns);
  MultiplyPacked(s.changes + rows.from * a.valueSize, a.valueSize, static_cast<const T*>(g.values[b]), none, false,
                 s.weightGradient + place, kKeyBlock, count, a.valueSize, columns);
  for (size_t r = rows.from; r < rows.to; ++r) WeightsOfRow(tile, b, r, columns, s);
  const Range keys = KeysReachedByAny(tile, b, rows);
  if (g.dk != nullptr) {
    const size_t first = b * kKeyBlock + keys.from;
    const AlongColumns transposed = {kKeyBlock};
    AddProduct(s.weights + keys.from, transposed, s.packedChanges, kQueryTile, rows,
               static_cast<T*>(g.dv) + first * a.valueSize, keys.to - keys.from, a.valueSize);
    AddProduct(s.weightGradient + keys.from, transposed, s.packedQueries, kQueryTile, rows,
               static_cast<T*>(g.dk) + first * a.keySize, keys.to - keys.from, a.keySize);
  }
  if (g.dq != nullptr) {
    AddProduct(s.weightGradient + place, AlongRows{kKeyBlock}, static_cast<const T*>(g.keyRows[b]), kKeyBlock, keys,
               s.queryGradient + rows.from * a.keySize, count, a.keySize);
  }
}

template <class T>
void AttentionGradientOf(const EnsueAttention& a, const EnsueAttentionGradient& g, size_t first, size_t last,
                         size_t firstBlock, size_t lastBlock, T* scratch) {
  const hn::ScalableTag<T> d;
  const BackwardScratch<T> s(a, scratch);
  const auto scale = hn::Set(d, static_cast<T>(a.scale));
  for (size_t start = first; start < last; start += kQueryTile) {
    const QueryTile tile = {a, start, HWY_MIN(kQueryTile, last - start)};
    const Range reached = BlocksReached(tile);
    const Range blocks = {HWY_MAX(reached.from, firstBlock), HWY_MIN(reached.to, lastBlock)};
    if (blocks.IsEmpty() && g.dq == nullptr) continue;
    Gather(tile, g, s);
    for (size_t b = blocks.from; b < blocks.to; ++b) {
      const Range rows = RowsReaching(tile, b);
      if (!rows.IsEmpty()) MeetBlock(tile, b, rows, g, s);
    }
    if (g.dq == nullptr) continue;
    for (size_t r = 0; r < tile.rows; ++r) {
      T* target = static_cast<T*>(g.dq) + tile.PackedRow(r) * a.queryStride;
      const T* source = s.queryGradient + r * a.keySize;
      ForBlocks(d, a.keySize, [&](auto part) HWY_ATTR { part.Store(hn::Mul(part.Load(source), scale), target); });
    }
  }
}
void AttentionGradient(const EnsueAttention* a, const EnsueAttentionGradient* g, size_t first, size_t last,
                       size_t firstBlock, size_t lastBlock, void* scratch) {
  ENSUE_BY_ELEMENT(a->element,
                   AttentionGradientOf(*a, *g, first, last, firstBlock, lastBlock, static_cast<T*>(scratch)));
}

}  // namespace HWY_NAMESPACE
}  // namespace ensue
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ensue {
HWY_EXPORT(AttentionGradient);
HWY_EXPORT(AttentionGradientScratch);
}  // namespace ensue

using namespace ensue;
size_t ensue_attention_gradient_scratch(const EnsueAttention* attention) {
  return HWY_DYNAMIC_DISPATCH(AttentionGradientScratch)(attention);
}
void ensue_attention_gradient(const EnsueAttention* attention, const EnsueAttentionGradient* gradient, size_t first,
                              size_t last, size_t firstBlock, size_t lastBlock, void* scratch) {
  HWY_DYNAMIC_DISPATCH(AttentionGradient)(attention, gradient, first, last, firstBlock, lastBlock, scratch);
}
#endif
