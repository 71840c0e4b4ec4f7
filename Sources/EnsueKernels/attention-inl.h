// What forward and backward of fused attention share: tiles of query rows, blocks of keys, who reaches whom, and
// dropout of weights.

#if defined(ENSUE_ATTENTION_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef ENSUE_ATTENTION_INL_H
#undef ENSUE_ATTENTION_INL_H
#else
#define ENSUE_ATTENTION_INL_H
#endif

#include "include/EnsueKernels.h"
#include "philox-inl.h"
#include "products-inl.h"
#include "steps-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ensue {
namespace HWY_NAMESPACE {

constexpr size_t kKeyBlock = ENSUE_KEY_BLOCK, kQueryTile = ENSUE_QUERY_TILE;

// Consecutive query steps, and the keys that some block has for them.
struct QueryTile {
  const EnsueAttention& a;
  size_t first, rows;

  size_t PackedRow(size_t r) const { return RowOf(a.queries, first + r); }
  int64_t Time(size_t r) const { return a.start + static_cast<int64_t>(first + r); }
};

struct Range {
  size_t from, to;
  bool IsEmpty() const { return from >= to; }
};

HWY_INLINE size_t Between(int64_t value, size_t least, size_t most) {
  if (value < static_cast<int64_t>(least)) return least;
  return value > static_cast<int64_t>(most) ? most : static_cast<size_t>(value);
}

HWY_INLINE size_t KeysOf(const EnsueAttention& a, size_t block) {
  return HWY_MIN(kKeyBlock, a.keyCount - block * kKeyBlock);
}

// The first step of the block that a time lies in, where queries keep to blocks.
HWY_INLINE int64_t BlockStart(const EnsueAttention& a, int64_t time) {
  const int64_t place = time % a.block;
  return time - (place < 0 ? place + a.block : place);
}

// The keys that a time sees: from the first to before the end, whether they are there or not.
HWY_INLINE int64_t FirstSeen(const EnsueAttention& a, int64_t time) {
  const int64_t first = time - a.before;
  return a.block == 0 ? first : HWY_MAX(first, BlockStart(a, time));
}
HWY_INLINE int64_t EndOfSeen(const EnsueAttention& a, int64_t time) {
  const int64_t end = time + a.after + 1;
  return a.block == 0 ? end : HWY_MIN(end, BlockStart(a, time) + a.block);
}

// The rows of a tile that reach any key of a block: others are left out of its products altogether, so that what a
// row is made of depends on that row alone.
HWY_INLINE Range RowsReaching(const QueryTile& tile, size_t block) {
  const EnsueAttention& a = tile.a;
  const int64_t start = static_cast<int64_t>(block * kKeyBlock);
  const int64_t end = start + static_cast<int64_t>(KeysOf(a, block));
  int64_t first = start - a.after, last = end + a.before;
  if (a.block != 0) {
    first = HWY_MAX(first, BlockStart(a, start));
    last = HWY_MIN(last, BlockStart(a, end - 1) + a.block);
  }
  return {Between(first - tile.Time(0), 0, tile.rows), Between(last - tile.Time(0), 0, tile.rows)};
}

// The keys of a block, counted from its first, that a row reaches.
HWY_INLINE Range KeysReached(const QueryTile& tile, size_t block, size_t r) {
  const EnsueAttention& a = tile.a;
  const int64_t start = static_cast<int64_t>(block * kKeyBlock), time = tile.Time(r);
  const size_t count = KeysOf(a, block);
  return {Between(FirstSeen(a, time) - start, 0, count), Between(EndOfSeen(a, time) - start, 0, count)};
}

// The blocks between which all that a tile reaches lies.
HWY_INLINE Range BlocksReached(const QueryTile& tile) {
  const EnsueAttention& a = tile.a;
  const size_t from = Between(FirstSeen(a, tile.Time(0)), 0, a.keyCount);
  const size_t to = Between(EndOfSeen(a, tile.Time(tile.rows - 1)), 0, a.keyCount);
  return {from / kKeyBlock, (to + kKeyBlock - 1) / kKeyBlock};
}

// The lanes of a vector at `offset` that lie in a range.
template <class D>
HWY_INLINE hn::Mask<D> LanesIn(D d, Range range, size_t offset) {
  const size_t to = range.to > offset ? range.to - offset : 0, from = range.from > offset ? range.from - offset : 0;
  const size_t lanes = hn::Lanes(d);
  return hn::AndNot(hn::FirstN(d, HWY_MIN(from, lanes)), hn::FirstN(d, HWY_MIN(to, lanes)));
}

// Rows of queries, scaled, one after another.
template <class T>
HWY_INLINE void GatherRows(const QueryTile& tile, const T* x, size_t stride, size_t size, T scale, T* y) {
  const hn::ScalableTag<T> d;
  const auto factor = hn::Set(d, scale);
  for (size_t r = 0; r < tile.rows; ++r) {
    const T* source = x + tile.PackedRow(r) * stride;
    T* target = y + r * size;
    ForBlocks(d, size, [&](auto block) HWY_ATTR { block.Store(hn::Mul(block.Load(source), factor), target); });
  }
}

// What the weights of a row's keys in a block are multiplied by: 0 or 65536 / keep. Key step s of query time t has
// half (s % 8) of Philox block t · 2³² + s / 8.
template <class T>
HWY_INLINE void DropoutFactors(const EnsueAttention& a, int64_t time, size_t block, T* factors) {
  constexpr size_t kCount = kKeyBlock / 8;
  uint32_t words[4][kCount];
  PhiloxBlocks(a.dropoutKey, a.dropoutStream, (static_cast<uint64_t>(time) << 32) + block * kCount, words);
  const T scale = T(65536) / T(a.keep);
  for (size_t w = 0; w < 4; ++w) {
    for (size_t l = 0; l < kCount; ++l) {
      factors[8 * l + 2 * w] = (words[w][l] & 0xFFFF) < a.keep ? scale : T(0);
      factors[8 * l + 2 * w + 1] = (words[w][l] >> 16) < a.keep ? scale : T(0);
    }
  }
}

// The keys of a block that any of some rows reaches: the weights of all others are zero, and products leave them out.
HWY_INLINE Range KeysReachedByAny(const QueryTile& tile, size_t block, Range rows) {
  return {KeysReached(tile, block, rows.from).from, KeysReached(tile, block, rows.to - 1).to};
}

// The columns of the panels in which the first keys of a block stand.
template <class T>
HWY_INLINE size_t WholePanels(size_t keys) {
  const size_t panel = kPanelVectors * hn::Lanes(hn::ScalableTag<T>());
  return HWY_MIN(kKeyBlock, (keys + panel - 1) / panel * panel);
}

// The columns of a block's scores that are made for some rows: whole panels, to the last key that any of them reaches.
// What stands in a block past the last key may be anything, for masks choose numbers and do not multiply them.
template <class T>
HWY_INLINE size_t ColumnsReached(const QueryTile& tile, size_t block, Range rows) {
  return WholePanels<T>(KeysReachedByAny(tile, block, rows).to);
}

// C[rows, columns] += A · B over a part of the depth, where B is [packedDepth, columns], packed.
template <class T, class Steps>
HWY_INLINE void AddProduct(const T* a, Steps steps, const T* packed, size_t packedDepth, Range depth, T* c, size_t rows,
                           size_t columns) {
  const hn::ScalableTag<T> d;
  for (size_t column = 0; column < columns;) {
    const size_t vectors = PanelVectors(d, column, columns), width = vectors * hn::Lanes(d);
    MultiplyPanelOf(vectors, a + depth.from * steps.depth(), steps, packed + column * packedDepth + depth.from * width,
                    static_cast<const T*>(nullptr), true, c + column, columns, rows, depth.to - depth.from,
                    HWY_MIN(width, columns - column), {});
    column += width;
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace ensue
HWY_AFTER_NAMESPACE();
#endif
