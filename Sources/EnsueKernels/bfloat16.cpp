// Weights kept in 16 bits: bfloat16, the upper half of 32 bits (Kalamkar et al., A study of bfloat16 for deep learning
// training, 2019). They are widened to 32 bits on their way into a product, which adds in 32 bits.

#include "disabled-targets.h"
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "bfloat16.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "dispatch.h"
#include "products-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ensue {
namespace HWY_NAMESPACE {

// Counts are multiples of a vector, as those of whole panels are.
void RoundToBFloat16(const float* x, uint16_t* y, size_t count) {
  const hn::ScalableTag<float> d;
  const hn::RebindToUnsigned<decltype(d)> bits;
  const hn::Rebind<uint16_t, decltype(d)> halves;
  const hn::RebindToSigned<decltype(d)> numbers;
  const auto half = hn::Set(bits, 0x7FFF), one = hn::Set(bits, 1), noNumber = hn::Set(bits, 0x7FC0);
  for (size_t i = 0; i < count; i += hn::Lanes(d)) {
    const auto value = hn::LoadU(d, x + i);
    const auto whole = hn::BitCast(bits, value);
    // What is below the upper half carries into it from one half on, or just above where that half is even.
    const auto odd = hn::And(hn::ShiftRight<16>(whole), one);
    const auto rounded = hn::ShiftRight<16>(hn::Add(whole, hn::Add(half, odd)));
    const auto kept = hn::IfThenElse(hn::RebindMask(bits, hn::IsNaN(value)), noNumber, rounded);
    // Below 2¹⁶, so that nothing is saturated.
    hn::StoreU(hn::DemoteTo(halves, hn::BitCast(numbers, kept)), halves, y + i);
  }
}

void WidenBFloat16(const uint16_t* x, float* y, size_t count) {
  const hn::ScalableTag<float> d;
  for (size_t i = 0; i < count; i += hn::Lanes(d)) hn::StoreU(LoadPanel(d, x + i), d, y + i);
}

// One block of rows widens what it reads in registers; for more rows, a panel's piece is widened once into memory that
// stays in cache. The sums are those of `MultiplyPacked`.
void MultiplyBFloat16(const float* a, size_t strideA, const uint16_t* packed, const float* bias, int accumulates,
                      float* c, size_t strideC, size_t rows, size_t depth, size_t columns, float* work) {
  const hn::ScalableTag<float> d;
  constexpr size_t kPiece = kPanelDepth<float>;
  const bool isLarge = depth * columns * sizeof(uint16_t) > (size_t(1) << 19);
  const size_t whole = kPanelVectors * hn::Lanes(d);
  for (size_t column = 0; column < columns; column += whole) {
    const size_t vectors = PanelVectors(d, column, columns), width = vectors * hn::Lanes(d);
    const size_t real = HWY_MIN(width, columns - column);
    const uint16_t* panel = packed + column * depth;
    const float* shift = bias == nullptr ? nullptr : bias + column;
    for (size_t k = 0; k < depth; k += kPiece) {
      const size_t piece = HWY_MIN(kPiece, depth - k);
      const float* last = k + piece < depth ? nullptr : shift;
      const bool adds = accumulates != 0 || k > 0;
      if (rows > kBlockRows) {
        WidenBFloat16(panel + k * width, work, piece * width);
        MultiplyPanelOf(vectors, a + k, AlongRows{strideA}, static_cast<const float*>(work), last, adds, c + column,
                        strideC, rows, piece, real, static_cast<const float*>(nullptr));
      } else {
        const bool hasNext = isLarge && column + whole + width <= columns;
        MultiplyPanelOf(vectors, a + k, AlongRows{strideA}, panel + k * width, last, adds, c + column, strideC, rows,
                        piece, real, hasNext ? panel + (k + piece) * width : nullptr);
      }
    }
  }
}
size_t BFloat16Work(size_t rows, size_t depth) {
  if (rows <= kBlockRows) return 0;
  return HWY_MIN(kPanelDepth<float>, depth) * kPanelVectors * hn::Lanes(hn::ScalableTag<float>());
}

HWY_INLINE float Widened(uint16_t value) {
  const uint32_t bits = static_cast<uint32_t>(value) << 16;
  float result;
  memcpy(&result, &bits, sizeof(result));
  return result;
}
HWY_INLINE float Widened(float value) { return value; }
HWY_INLINE double Widened(double value) { return value; }

// `count` columns of the whole [depth, columns], each into a row of `rows`.
template <class P, class T>
void PackedColumns(const P* packed, size_t depth, size_t columns, const int32_t* ids, size_t count, T* rows) {
  const hn::ScalableTag<T> d;
  const size_t lanes = hn::Lanes(d), whole = kPanelVectors * lanes;
  for (size_t i = 0; i < count; ++i) {
    const size_t column = static_cast<size_t>(ids[i]), start = column / whole * whole;
    const size_t width = PanelVectors(d, start, columns) * lanes;
    const P* from = packed + start * depth + (column - start);
    T* to = rows + i * depth;
    for (size_t k = 0; k < depth; ++k) to[k] = Widened(from[k * width]);
  }
}
void BFloat16Columns(const uint16_t* packed, size_t depth, size_t columns, const int32_t* ids, size_t count,
                     float* rows) {
  PackedColumns(packed, depth, columns, ids, count, rows);
}
void PackedColumnsAny(EnsueElement element, const void* packed, size_t depth, size_t columns, const int32_t* ids,
                      size_t count, void* rows) {
  ENSUE_BY_ELEMENT(element, PackedColumns(static_cast<const T*>(packed), depth, columns, ids, count,
                                          static_cast<T*>(rows)));
}

}  // namespace HWY_NAMESPACE
}  // namespace ensue
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ensue {
HWY_EXPORT(RoundToBFloat16);
HWY_EXPORT(MultiplyBFloat16);
HWY_EXPORT(BFloat16Work);
HWY_EXPORT(PackedColumnsAny);
HWY_EXPORT(BFloat16Columns);
}  // namespace ensue

using namespace ensue;
void ensue_bfloat16(const float* x, uint16_t* y, size_t count) {
  HWY_DYNAMIC_DISPATCH(RoundToBFloat16)(x, y, count);
}
void ensue_multiply_bfloat16(const float* a, size_t strideA, const uint16_t* packed, const float* bias, int accumulates,
                             float* c, size_t strideC, size_t rows, size_t depth, size_t columns, float* work) {
  HWY_DYNAMIC_DISPATCH(MultiplyBFloat16)(a, strideA, packed, bias, accumulates, c, strideC, rows, depth, columns, work);
}
size_t ensue_bfloat16_work(size_t rows, size_t depth) { return HWY_DYNAMIC_DISPATCH(BFloat16Work)(rows, depth); }
void ensue_packed_columns(EnsueElement element, const void* packed, size_t depth, size_t columns, const int32_t* ids,
                          size_t count, void* rows) {
  HWY_DYNAMIC_DISPATCH(PackedColumnsAny)(element, packed, depth, columns, ids, count, rows);
}
void ensue_bfloat16_columns(const uint16_t* packed, size_t depth, size_t columns, const int32_t* ids, size_t count,
                            float* rows) {
  HWY_DYNAMIC_DISPATCH(BFloat16Columns)(packed, depth, columns, ids, count, rows);
}
#endif
