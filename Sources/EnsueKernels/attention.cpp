// Softmax attention without a matrix of scores (Dao, Fu, Ermon, Rudra and Ré, FlashAttention, 2022, with the running
// softmax of Milakov and Gimelshein 2018). A tile of query rows walks over the blocks of keys it reaches; scores live
// in a tile that stays in the first-level cache, and the backward pass makes them again from log Σ exp of each row.
// A row meets the same blocks in the same order whatever rows stand beside it, so its bits are its own.

#include "disabled-targets.h"
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "attention.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "dispatch.h"
#include "attention-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ensue {
namespace HWY_NAMESPACE {

// Steps of one block that stand evenly far apart (all of them, but where a sequence of the batch has ended) are packed
// together.
template <class T>
void AttentionPackOf(EnsueSteps steps, const T* x, size_t stride, size_t size, bool transposed, size_t first,
                     void* const* blocks) {
  for (size_t s = 0; s < steps.count;) {
    const size_t place = (first + s) % kKeyBlock, room = HWY_MIN(kKeyBlock - place, steps.count - s);
    const int64_t* offsets = steps.offsets + s;
    const size_t distance = room > 1 ? static_cast<size_t>(offsets[1] - offsets[0]) : 1;
    size_t run = 1;
    while (run < room && static_cast<size_t>(offsets[run] - offsets[run - 1]) == distance) ++run;
    const T* row = x + RowOf(steps, s) * stride;
    T* block = static_cast<T*>(blocks[(first + s) / kKeyBlock]);
    if (transposed) {
      PackBlock(row, distance * stride, true, size, run, 0, place, size, kKeyBlock, block);
    } else {
      PackBlock(row, distance * stride, false, run, size, place, 0, kKeyBlock, size, block);
    }
    s += run;
  }
}
void AttentionPack(EnsueElement element, EnsueSteps steps, const void* x, size_t stride, size_t size, int transposed,
                   size_t first, void* const* blocks) {
  ENSUE_BY_ELEMENT(element,
                   AttentionPackOf(steps, static_cast<const T*>(x), stride, size, transposed != 0, first, blocks));
}

// The first steps of a block into another.
template <class T>
void AttentionCopyOf(const T* from, size_t steps, size_t size, bool transposed, T* to) {
  const hn::ScalableTag<T> d;
  if (transposed) {
    memcpy(to, from, WholePanels<T>(steps) * size * sizeof(T));
    return;
  }
  for (size_t column = 0; column < size;) {
    const size_t width = PanelVectors(d, column, size) * hn::Lanes(d);
    memcpy(to + column * kKeyBlock, from + column * kKeyBlock, steps * width * sizeof(T));
    column += width;
  }
}
void AttentionCopy(EnsueElement element, const void* from, size_t steps, size_t size, int transposed, void* to) {
  ENSUE_BY_ELEMENT(element,
                   AttentionCopyOf(static_cast<const T*>(from), steps, size, transposed != 0, static_cast<T*>(to)));
}

// What a tile keeps while it walks: scores (then weights) of one block, sums, and the running softmax of each row.
template <class T>
struct ForwardScratch {
  T *queries, *scores, *sums, *maxima, *factors, *totals, *dropout;

  ForwardScratch(const EnsueAttention& a, T* scratch) {
    queries = scratch;
    scores = queries + kQueryTile * a.keySize;
    sums = scores + kQueryTile * kKeyBlock;
    maxima = sums + kQueryTile * a.valueSize;
    factors = maxima + kQueryTile;
    totals = factors + kQueryTile;  // a vector of partial sums for each row
    dropout = totals + kQueryTile * kKeyBlock;
  }
  static size_t Count(const EnsueAttention& a) {
    return kQueryTile * (a.keySize + kKeyBlock + a.valueSize + 2 + kKeyBlock) + kKeyBlock;
  }
};
size_t AttentionScratch(const EnsueAttention* a) { return ForwardScratch<float>::Count(*a); }

// The largest score of a row so far, in `factors` for the while.
template <class T>
HWY_INLINE void RaiseMaximum(const QueryTile& tile, size_t block, size_t r, size_t columns,
                             const ForwardScratch<T>& s) {
  const hn::ScalableTag<T> d;
  const size_t lanes = hn::Lanes(d);
  const Range keys = KeysReached(tile, block, r);
  const auto least = hn::Set(d, static_cast<T>(-__builtin_inf()));
  const T* scores = s.scores + r * kKeyBlock;
  auto best = hn::Set(d, s.maxima[r]);
  if (keys.from == 0 && keys.to == kKeyBlock) {
    for (size_t i = 0; i < kKeyBlock; i += lanes) best = hn::Max(best, hn::LoadU(d, scores + i));
  } else {
    for (size_t i = 0; i < columns; i += lanes) {
      best = hn::Max(best, hn::IfThenElse(LanesIn(d, keys, i), hn::LoadU(d, scores + i), least));
    }
  }
  s.factors[r] = hn::GetLane(hn::MaxOfLanes(d, best));
}

// What earlier sums shrink by: exp(old maximum - new maximum), 0 where there was none.
template <class T>
HWY_INLINE void MakeFactors(Range rows, const ForwardScratch<T>& s) {
  const hn::ScalableTag<T> d;
  const auto least = hn::Set(d, static_cast<T>(-__builtin_inf()));
  T *maxima = s.maxima + rows.from, *factors = s.factors + rows.from;
  ForBlocks(d, rows.to - rows.from, [&](auto block) HWY_ATTR {
    const auto before = block.Load(maxima), after = block.Load(factors);
    const auto power = Decay(d, hn::Sub(before, after));
    block.Store(hn::IfThenZeroElse(hn::Eq(before, least), power), factors);
    block.Store(after, maxima);
  });
}

// A row's scores to exp(score - maximum), their sum to its totals; earlier sums shrink.
template <class T>
HWY_INLINE void Exponentiate(const QueryTile& tile, size_t block, size_t r, size_t columns,
                             const ForwardScratch<T>& s) {
  const hn::ScalableTag<T> d;
  const size_t lanes = hn::Lanes(d);
  const Range keys = KeysReached(tile, block, r);
  const bool whole = keys.from == 0 && keys.to == kKeyBlock;
  const auto largest = hn::Set(d, s.maxima[r]), factor = hn::Set(d, s.factors[r]);
  T* scores = s.scores + r * kKeyBlock;
  auto total = hn::Mul(hn::LoadU(d, s.totals + r * lanes), factor);
  for (size_t i = 0; i < columns; i += lanes) {
    auto power = Decay(d, hn::Sub(hn::LoadU(d, scores + i), largest));
    if (!whole) power = hn::IfThenElseZero(LanesIn(d, keys, i), power);
    total = hn::Add(total, power);
    hn::StoreU(power, d, scores + i);
  }
  hn::StoreU(total, d, s.totals + r * lanes);
  if (s.factors[r] != T(1)) {
    T* sums = s.sums + r * tile.a.valueSize;
    ForBlocks(d, tile.a.valueSize, [&](auto part) HWY_ATTR { part.Store(hn::Mul(part.Load(sums), factor), sums); });
  }
  if (tile.a.keep < 65536) {
    DropoutFactors(tile.a, tile.Time(r), block, s.dropout);
    for (size_t i = 0; i < columns; i += lanes) {
      hn::StoreU(hn::Mul(hn::LoadU(d, scores + i), hn::LoadU(d, s.dropout + i)), d, scores + i);
    }
  }
}

// One row has too little to do with the keys of a block to wait for their values afterwards: they are called for.
template <class T>
HWY_INLINE void CallValues(const T* values, Range keys, size_t size) {
  const hn::ScalableTag<T> d;
  for (size_t column = 0; column < size;) {
    const size_t width = PanelVectors(d, column, size) * hn::Lanes(d);
    const char* first = reinterpret_cast<const char*>(values + column * kKeyBlock + keys.from * width);
    const size_t bytes = (keys.to - keys.from) * width * sizeof(T);
    for (size_t i = 0; i < bytes; i += kCacheLine) __builtin_prefetch(first + i, 0, 3);
    column += width;
  }
}

template <class T>
HWY_INLINE void Finish(const QueryTile& tile, const ForwardScratch<T>& s, T* y, T* logs) {
  const hn::ScalableTag<T> d;
  const size_t lanes = hn::Lanes(d), size = tile.a.valueSize;
  for (size_t r = 0; r < tile.rows; ++r) {
    const T total = hn::GetLane(hn::SumOfLanes(d, hn::LoadU(d, s.totals + r * lanes)));
    const auto factor = hn::Set(d, total == T(0) ? T(0) : T(1) / total);
    const T* sums = s.sums + r * size;
    T* target = y + tile.PackedRow(r) * tile.a.valueStride;
    ForBlocks(d, size, [&](auto part) HWY_ATTR { part.Store(hn::Mul(part.Load(sums), factor), target); });
    // Without keys: exp(score - ∞) = 0.
    const double log = total == T(0) ? __builtin_inf() : double(s.maxima[r]) + __builtin_log(double(total));
    logs[tile.PackedRow(r) * tile.a.logStride] = static_cast<T>(log);
  }
}

template <class T>
void AttentionOf(const EnsueAttention& a, const T* q, void* const* keys, void* const* values, T* y,
                 T* logs, size_t first, size_t last, T* scratch) {
  const ForwardScratch<T> s(a, scratch);
  const size_t lanes = hn::Lanes(hn::ScalableTag<T>());
  for (size_t start = first; start < last; start += kQueryTile) {
    const QueryTile tile = {a, start, HWY_MIN(kQueryTile, last - start)};
    GatherRows(tile, q, a.queryStride, a.keySize, static_cast<T>(a.scale), s.queries);
    Clear(s.sums, tile.rows * a.valueSize);
    Clear(s.totals, tile.rows * lanes);
    for (size_t r = 0; r < tile.rows; ++r) s.maxima[r] = static_cast<T>(-__builtin_inf());
    const Range blocks = BlocksReached(tile);
    for (size_t b = blocks.from; b < blocks.to; ++b) {
      const Range rows = RowsReaching(tile, b);
      if (rows.IsEmpty()) continue;
      T* scores = s.scores + rows.from * kKeyBlock;
      const size_t columns = ColumnsReached<T>(tile, b, rows);
      if (rows.to - rows.from == 1) {
        CallValues(static_cast<const T*>(values[b]), KeysReachedByAny(tile, b, rows), a.valueSize);
      }
      MultiplyPacked(s.queries + rows.from * a.keySize, a.keySize, static_cast<const T*>(keys[b]),
                     static_cast<const T*>(nullptr), false, scores, kKeyBlock, rows.to - rows.from, a.keySize, columns);
      for (size_t r = rows.from; r < rows.to; ++r) RaiseMaximum(tile, b, r, columns, s);
      MakeFactors(rows, s);
      for (size_t r = rows.from; r < rows.to; ++r) Exponentiate(tile, b, r, columns, s);
      AddProduct(scores, AlongRows{kKeyBlock}, static_cast<const T*>(values[b]), kKeyBlock,
                 KeysReachedByAny(tile, b, rows), s.sums + rows.from * a.valueSize, rows.to - rows.from, a.valueSize);
    }
    Finish(tile, s, y, logs);
  }
}
void Attention(const EnsueAttention* a, const void* q, void* const* keys, void* const* values, void* y,
               void* logs, size_t first, size_t last, void* scratch) {
  ENSUE_BY_ELEMENT(a->element, AttentionOf(*a, static_cast<const T*>(q), keys, values, static_cast<T*>(y),
                                           static_cast<T*>(logs), first, last, static_cast<T*>(scratch)));
}

template <class T>
void AttentionWeightsOf(const EnsueAttention& a, const T* q, void* const* keys, const T* logs, T* weights,
                        size_t first, size_t last, T* scratch) {
  const ForwardScratch<T> s(a, scratch);
  Clear(weights, (last - first) * a.keyCount);
  for (size_t start = first; start < last; start += kQueryTile) {
    const QueryTile tile = {a, start, HWY_MIN(kQueryTile, last - start)};
    GatherRows(tile, q, a.queryStride, a.keySize, static_cast<T>(a.scale), s.queries);
    const Range blocks = BlocksReached(tile);
    for (size_t b = blocks.from; b < blocks.to; ++b) {
      const Range rows = RowsReaching(tile, b);
      if (rows.IsEmpty()) continue;
      MultiplyPacked(s.queries, a.keySize, static_cast<const T*>(keys[b]), static_cast<const T*>(nullptr), false,
                     s.scores, kKeyBlock, tile.rows, a.keySize, ColumnsReached<T>(tile, b, rows));
      for (size_t r = rows.from; r < rows.to; ++r) {
        const T log = logs[tile.PackedRow(r) * a.logStride];
        const Range reached = KeysReached(tile, b, r);
        T* target = weights + (start - first + r) * a.keyCount + b * kKeyBlock;
        for (size_t j = reached.from; j < reached.to; ++j) {
          target[j] = static_cast<T>(__builtin_exp(double(s.scores[r * kKeyBlock + j]) - double(log)));
        }
      }
    }
  }
}
void AttentionWeights(const EnsueAttention* a, const void* q, void* const* keys, const void* logs,
                      void* weights, size_t first, size_t last, void* scratch) {
  ENSUE_BY_ELEMENT(a->element, AttentionWeightsOf(*a, static_cast<const T*>(q), keys, static_cast<const T*>(logs),
                                                  static_cast<T*>(weights), first, last, static_cast<T*>(scratch)));
}

}  // namespace HWY_NAMESPACE
}  // namespace ensue
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include <string.h>
namespace ensue {
HWY_EXPORT(AttentionPack);
HWY_EXPORT(AttentionCopy);
HWY_EXPORT(AttentionScratch);
HWY_EXPORT(Attention);
HWY_EXPORT(AttentionWeights);
}  // namespace ensue

using namespace ensue;
void ensue_attention_pack(EnsueElement element, EnsueSteps steps, const void* x, size_t stride, size_t size,
                          int transposed, size_t first, void* const* blocks) {
  HWY_DYNAMIC_DISPATCH(AttentionPack)(element, steps, x, stride, size, transposed, first, blocks);
}
void ensue_attention_copy(EnsueElement element, const void* from, size_t steps, size_t size, int transposed, void* to) {
  HWY_DYNAMIC_DISPATCH(AttentionCopy)(element, from, steps, size, transposed, to);
}
void ensue_store_steps(EnsueElement element, EnsueSteps steps, const void* x, void* y, size_t stride, size_t size) {
  const size_t bytes = element == EnsueElementFloat32 ? 4 : 8;
  for (size_t s = 0; s < steps.count; ++s) {
    const size_t row = static_cast<size_t>(steps.offsets[s]) + steps.position;
    memcpy(static_cast<char*>(y) + row * stride * bytes, static_cast<const char*>(x) + s * size * bytes, size * bytes);
  }
}
size_t ensue_attention_scratch(const EnsueAttention* attention) {
  return HWY_DYNAMIC_DISPATCH(AttentionScratch)(attention);
}
void ensue_attention(const EnsueAttention* attention, const void* q, void* const* keys,
                     void* const* values, void* y, void* logs, size_t first, size_t last, void* scratch) {
  HWY_DYNAMIC_DISPATCH(Attention)(attention, q, keys, values, y, logs, first, last, scratch);
}
void ensue_attention_weights(const EnsueAttention* attention, const void* q, void* const* keys,
                             const void* logs, void* weights, size_t first, size_t last, void* scratch) {
  HWY_DYNAMIC_DISPATCH(AttentionWeights)(attention, q, keys, logs, weights, first, last, scratch);
}
#endif
