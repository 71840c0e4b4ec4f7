// How both sides of a product lie in memory for its blocks: B in panels of a few vectors' width, each [depth, width],
// zero-padded to whole vectors; A, where it is transposed, in blocks of rows.

#if defined(ENSUE_PACKING_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef ENSUE_PACKING_INL_H
#undef ENSUE_PACKING_INL_H
#else
#define ENSUE_PACKING_INL_H
#endif

#include "EnsueProducts.h"
#include "vector-inl.h"
#include <string.h>

HWY_BEFORE_NAMESPACE();
namespace ensue {
namespace HWY_NAMESPACE {

// Registers: rows · vectors accumulators, vectors of B and one of A. 32 registers hold 9·3 + 3 + 1, 16 hold 6·2 + 2 + 1.
// Many rows by few vectors: a line of B, which comes from the second-level cache, is used nine times.
// kTurn: depths a turn of the loop; with few accumulators a turn is short, and counting turns weighs more.
#if HWY_TARGET <= HWY_AVX3 || HWY_ARCH_ARM
constexpr size_t kBlockRows = 9, kPanelVectors = 3, kTurn = 2;
#else
constexpr size_t kBlockRows = 6, kPanelVectors = 2, kTurn = 4;
#endif

// The width of the panel that begins at `column`, in vectors.
template <class D>
HWY_INLINE size_t PanelVectors(D d, size_t column, size_t columns) {
  const size_t lanes = hn::Lanes(d);
  return HWY_MIN(kPanelVectors, (columns - column + lanes - 1) / lanes);
}

template <class T>
size_t PackedCount(size_t depth, size_t columns) {
  const size_t lanes = hn::Lanes(hn::ScalableTag<T>());
  return depth * ((columns + lanes - 1) / lanes) * lanes;
}

// panel[k, j] = b[j, k] for `count` rows j of `depth` numbers: four rows' vectors are mixed at a time.
template <class T>
void TransposeInto(const T* b, size_t stride, size_t depth, size_t count, T* panel, size_t width) {
  const hn::ScalableTag<T> d;
  const size_t lanes = hn::Lanes(d);
  HWY_ALIGN T mixed[4 * hn::MaxLanes(hn::ScalableTag<T>())];
  size_t k = 0;
  for (; k + lanes <= depth; k += lanes) {
    size_t j = 0;
    for (; j + 4 <= count; j += 4) {
      const T* from = b + j * stride + k;
      hn::StoreInterleaved4(hn::LoadU(d, from), hn::LoadU(d, from + stride), hn::LoadU(d, from + 2 * stride),
                            hn::LoadU(d, from + 3 * stride), d, mixed);
      for (size_t l = 0; l < lanes; ++l) memcpy(panel + (k + l) * width + j, mixed + 4 * l, 4 * sizeof(T));
    }
    for (; j < count; ++j)
      for (size_t l = 0; l < lanes; ++l) panel[(k + l) * width + j] = b[j * stride + k + l];
  }
  for (; k < depth; ++k)
    for (size_t j = 0; j < count; ++j) panel[k * width + j] = b[j * stride + k];
}

// Writes one block of B, [blockDepth, blockColumns] or its transpose, into its place among the panels of the whole
// [depth, columns].
template <class T>
void PackBlock(const T* b, size_t stride, bool transposed, size_t blockDepth, size_t blockColumns, size_t depthOffset,
               size_t columnOffset, size_t depth, size_t columns, T* packed) {
  const hn::ScalableTag<T> d;
  const size_t lanes = hn::Lanes(d), whole = kPanelVectors * lanes;
  const size_t end = columnOffset + blockColumns;
  for (size_t column = columnOffset; column < end;) {
    const size_t start = column / whole * whole;  // of the panel
    const size_t width = PanelVectors(d, start, columns) * lanes;
    const size_t count = HWY_MIN(end, start + width) - column;
    T* panel = packed + start * depth + depthOffset * width + (column - start);
    const size_t from = column - columnOffset;
    if (transposed) {
      TransposeInto(b + from * stride, stride, blockDepth, count, panel, width);
    } else if (count == whole) {
      // Vector by vector: a call of memcpy for every row costs more.
      for (size_t k = 0; k < blockDepth; ++k) {
        const T* row = b + k * stride + from;
        for (size_t v = 0; v < whole; v += lanes) hn::StoreU(hn::LoadU(d, row + v), d, panel + k * whole + v);
      }
    } else {
      for (size_t k = 0; k < blockDepth; ++k) memcpy(panel + k * width, b + k * stride + from, count * sizeof(T));
    }
    column += count;
    if (column == columns) {
      for (size_t k = 0; k < blockDepth; ++k)
        for (size_t j = count; j < width - (column - count - start); ++j) panel[k * width + j] = T(0);
    }
  }
}

template <class T>
void Pack(const T* b, size_t stride, bool transposed, size_t depth, size_t columns, T* packed) {
  PackBlock(b, stride, transposed, depth, columns, 0, 0, depth, columns, packed);
}

// The rows of the block that begins where `left` rows are left: as few blocks as can be, of rows as even as can be.
HWY_INLINE size_t RowsOfBlock(size_t left) {
  const size_t blocks = (left + kBlockRows - 1) / kBlockRows;
  return (left + blocks - 1) / blocks;
}

// Columns of A, [depth, columns], as rows for blocks: of each block of rows the numbers of one depth side by side. Read
// and written some depths at a time, so that lines of A are used whole and the blocks' streams stay in cache.
template <class T>
void PackColumns(const T* a, size_t strideA, size_t columns, size_t depth, T* packed) {
  const hn::ScalableTag<T> d;
  const size_t lanes = hn::Lanes(d);
  constexpr size_t kChunk = 16;
  for (size_t start = 0; start < depth; start += kChunk) {
    const size_t end = HWY_MIN(depth, start + kChunk);
    for (size_t column = 0; column < columns;) {
      const size_t count = RowsOfBlock(columns - column);
      const T* from = a + column;
      T* to = packed + column * depth;
      // A whole vector at once where what is written beyond the block's numbers will be written again.
      if (count <= lanes && column + lanes <= columns && end + kChunk <= depth && count * kChunk >= lanes) {
        for (size_t k = start; k < end; ++k) hn::StoreU(hn::LoadU(d, from + k * strideA), d, to + k * count);
      } else {
        for (size_t k = start; k < end; ++k) memcpy(to + k * count, from + k * strideA, count * sizeof(T));
      }
      column += count;
    }
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace ensue
HWY_AFTER_NAMESPACE();
#endif
