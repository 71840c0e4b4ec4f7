// Matrix products with a packed right-hand side.

#include "disabled-targets.h"
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "products.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "dispatch.h"
#include "products-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ensue {
namespace HWY_NAMESPACE {

size_t PackedCountAny(EnsueElement element, size_t depth, size_t columns) {
  return element == EnsueElementFloat32 ? PackedCount<float>(depth, columns) : PackedCount<double>(depth, columns);
}
size_t PanelColumnsAny(EnsueElement element) {
  return element == EnsueElementFloat32 ? kPanelVectors * hn::Lanes(hn::ScalableTag<float>())
                                        : kPanelVectors * hn::Lanes(hn::ScalableTag<double>());
}
void PackBlockAny(EnsueElement element, const void* b, size_t stride, int transposed, size_t blockDepth,
                  size_t blockColumns, size_t depthOffset, size_t columnOffset, size_t depth, size_t columns,
                  void* packed) {
  ENSUE_BY_ELEMENT(element, PackBlock(static_cast<const T*>(b), stride, transposed != 0, blockDepth, blockColumns,
                                      depthOffset, columnOffset, depth, columns, static_cast<T*>(packed)));
}
void MultiplyPackedAny(EnsueElement element, const void* a, size_t strideA, const void* packed, const void* bias,
                       int accumulates, void* c, size_t strideC, size_t rows, size_t depth, size_t columns) {
  ENSUE_BY_ELEMENT(element, MultiplyPacked(static_cast<const T*>(a), strideA, static_cast<const T*>(packed),
                                           static_cast<const T*>(bias), accumulates != 0, static_cast<T*>(c), strideC,
                                           rows, depth, columns));
}

void MultiplyTransposedAny(EnsueElement element, const void* a, size_t strideA, const void* b, size_t strideB, void* c,
                           size_t strideC, size_t rows, size_t depth, size_t columns) {
  ENSUE_BY_ELEMENT(element, MultiplyTransposed(static_cast<const T*>(a), strideA, static_cast<const T*>(b), strideB,
                                               static_cast<T*>(c), strideC, rows, depth, columns));
}
void PackColumnsAny(EnsueElement element, const void* a, size_t strideA, size_t columns, size_t depth, void* packed) {
  ENSUE_BY_ELEMENT(element, PackColumns(static_cast<const T*>(a), strideA, columns, depth, static_cast<T*>(packed)));
}
void MultiplyColumnsAny(EnsueElement element, const void* a, const void* packed, int accumulates, void* c,
                        size_t strideC, size_t rows, size_t depth, size_t columns) {
  ENSUE_BY_ELEMENT(element, MultiplyColumns(static_cast<const T*>(a), static_cast<const T*>(packed), accumulates != 0,
                                            static_cast<T*>(c), strideC, rows, depth, columns));
}

}  // namespace HWY_NAMESPACE
}  // namespace ensue
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ensue {
HWY_EXPORT(PackedCountAny);
HWY_EXPORT(PanelColumnsAny);
HWY_EXPORT(PackBlockAny);
HWY_EXPORT(MultiplyPackedAny);
HWY_EXPORT(MultiplyTransposedAny);
HWY_EXPORT(PackColumnsAny);
HWY_EXPORT(MultiplyColumnsAny);
}  // namespace ensue

using namespace ensue;
size_t ensue_packed_count(EnsueElement element, size_t depth, size_t columns) {
  return HWY_DYNAMIC_DISPATCH(PackedCountAny)(element, depth, columns);
}
size_t ensue_panel_columns(EnsueElement element) { return HWY_DYNAMIC_DISPATCH(PanelColumnsAny)(element); }
void ensue_pack_block(EnsueElement element, const void* b, size_t stride, int transposed, size_t blockDepth,
                      size_t blockColumns, size_t depthOffset, size_t columnOffset, size_t depth, size_t columns,
                      void* packed) {
  HWY_DYNAMIC_DISPATCH(PackBlockAny)
  (element, b, stride, transposed, blockDepth, blockColumns, depthOffset, columnOffset, depth, columns, packed);
}
void ensue_multiply_packed(EnsueElement element, const void* a, size_t strideA, const void* packed, const void* bias,
                           int accumulates, void* c, size_t strideC, size_t rows, size_t depth, size_t columns) {
  HWY_DYNAMIC_DISPATCH(MultiplyPackedAny)
  (element, a, strideA, packed, bias, accumulates, c, strideC, rows, depth, columns);
}
void ensue_multiply_transposed(EnsueElement element, const void* a, size_t strideA, const void* b, size_t strideB,
                               void* c, size_t strideC, size_t rows, size_t depth, size_t columns) {
  HWY_DYNAMIC_DISPATCH(MultiplyTransposedAny)(element, a, strideA, b, strideB, c, strideC, rows, depth, columns);
}
void ensue_pack_columns(EnsueElement element, const void* a, size_t strideA, size_t columns, size_t depth,
                        void* packed) {
  HWY_DYNAMIC_DISPATCH(PackColumnsAny)(element, a, strideA, columns, depth, packed);
}
void ensue_multiply_columns(EnsueElement element, const void* a, const void* packed, int accumulates, void* c,
                            size_t strideC, size_t rows, size_t depth, size_t columns) {
  HWY_DYNAMIC_DISPATCH(MultiplyColumnsAny)(element, a, packed, accumulates, c, strideC, rows, depth, columns);
}
#endif
