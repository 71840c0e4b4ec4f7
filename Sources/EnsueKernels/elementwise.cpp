// Elementwise functions, fills and conversions.

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "elementwise.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "dispatch.h"
#include "units-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ensue {
namespace HWY_NAMESPACE {

// Rows of a matrix, or one of all numbers.
struct Rows {
  size_t count, columns, stride;
};

template <class T, class F>
HWY_INLINE void Map(const T* x, T* y, Rows rows, const F& f) {
  const hn::ScalableTag<T> d;
  for (size_t r = 0; r < rows.count; ++r) {
    const T* from = x + r * rows.stride;
    T* to = y + r * rows.stride;
    ForBlocks(d, rows.columns, [&](auto block) HWY_ATTR { block.Store(f(d, block.Load(from)), to); });
  }
}

template <class T>
void UnaryOf(EnsueUnary function, const T* x, T* y, Rows rows) {
  switch (function) {
    case EnsueUnaryNegate:
      return Map(x, y, rows, [](auto d, auto v) HWY_ATTR { (void)d; return hn::Neg(v); });
    case EnsueUnaryExponential:
      return Map(x, y, rows, [](auto d, auto v) HWY_ATTR { return Exponential(d, v); });
    case EnsueUnaryLogarithm:
      return Map(x, y, rows, [](auto d, auto v) HWY_ATTR { return Logarithm(d, v); });
    case EnsueUnarySquareRoot:
      return Map(x, y, rows, [](auto d, auto v) HWY_ATTR { (void)d; return hn::Sqrt(v); });
    case EnsueUnarySquare:
      return Map(x, y, rows, [](auto d, auto v) HWY_ATTR { (void)d; return hn::Mul(v, v); });
    case EnsueUnaryTanh:
      return Map(x, y, rows, [](auto d, auto v) HWY_ATTR { return HyperbolicTangent(d, v); });
    case EnsueUnarySigmoid:
      return Map(x, y, rows, [](auto d, auto v) HWY_ATTR { return Sigmoid(d, v); });
    case EnsueUnaryReLU:
      // Written as a choice, not Max, so that a NaN stays one.
      return Map(x, y, rows, [](auto d, auto v) HWY_ATTR { return hn::IfThenElse(hn::Le(v, hn::Zero(d)), hn::Zero(d), v); });
    case EnsueUnarySoftplus:
      return Map(x, y, rows, [](auto d, auto v) HWY_ATTR { return Softplus(d, v); });
    case EnsueUnaryGELU:
      return Map(x, y, rows, [](auto d, auto v) HWY_ATTR { return GELU(d, v); });
    case EnsueUnaryGELUTanh:
      return Map(x, y, rows, [](auto d, auto v) HWY_ATTR { return hn::Mul(v, GELUTanhGate(d, v)); });
    case EnsueUnarySiLU:
      return Map(x, y, rows, [](auto d, auto v) HWY_ATTR { return hn::Mul(v, Sigmoid(d, v)); });
  }
}
void Unary(EnsueElement element, EnsueUnary function, const void* x, void* y, size_t rows, size_t columns, size_t stride) {
  ENSUE_BY_ELEMENT(element, UnaryOf(function, static_cast<const T*>(x), static_cast<T*>(y), Rows{rows, columns, stride}));
}

template <class T, class F>
HWY_INLINE void MapGradient(const T* x, const T* y, const T* dy, T* dx, size_t count, const F& f) {
  const hn::ScalableTag<T> d;
  ForBlocks(d, count, [&](auto block) HWY_ATTR {
    block.Store(f(d, block.Load(x), block.Load(y), block.Load(dy)), dx);
  });
}

template <class T>
void UnaryGradientOf(EnsueUnary function, const T* x, const T* y, const T* dy, T* dx, size_t count) {
  switch (function) {
    case EnsueUnaryNegate:
      return MapGradient(x, y, dy, dx, count, [](auto, auto, auto, auto g) HWY_ATTR { return hn::Neg(g); });
    case EnsueUnaryExponential:
      return MapGradient(x, y, dy, dx, count, [](auto, auto, auto f, auto g) HWY_ATTR { return hn::Mul(f, g); });
    case EnsueUnaryLogarithm:
      return MapGradient(x, y, dy, dx, count, [](auto, auto v, auto, auto g) HWY_ATTR { return hn::Div(g, v); });
    case EnsueUnarySquareRoot:
      return MapGradient(x, y, dy, dx, count, [](auto, auto, auto f, auto g) HWY_ATTR { return hn::Div(g, hn::Add(f, f)); });
    case EnsueUnarySquare:
      return MapGradient(x, y, dy, dx, count, [](auto, auto v, auto, auto g) HWY_ATTR { return hn::Mul(hn::Add(v, v), g); });
    case EnsueUnaryTanh:
      return MapGradient(x, y, dy, dx, count, [](auto, auto, auto f, auto g) HWY_ATTR {
        return hn::NegMulAdd(hn::Mul(f, f), g, g);
      });
    case EnsueUnarySigmoid:
      return MapGradient(x, y, dy, dx, count, [](auto, auto, auto f, auto g) HWY_ATTR {
        const auto fg = hn::Mul(f, g);
        return hn::NegMulAdd(f, fg, fg);
      });
    case EnsueUnaryReLU:
      return MapGradient(x, y, dy, dx, count, [](auto d, auto v, auto, auto g) HWY_ATTR {
        return hn::IfThenElseZero(hn::Gt(v, hn::Zero(d)), g);
      });
    case EnsueUnarySoftplus:
      return MapGradient(x, y, dy, dx, count, [](auto d, auto v, auto, auto g) HWY_ATTR {
        return hn::Mul(Sigmoid(d, v), g);
      });
    case EnsueUnaryGELU:
      return MapGradient(x, y, dy, dx, count, [](auto d, auto v, auto, auto g) HWY_ATTR {
        return hn::Mul(GELUSlope(d, v), g);
      });
    case EnsueUnaryGELUTanh:
      return MapGradient(x, y, dy, dx, count, [](auto d, auto v, auto, auto g) HWY_ATTR {
        return hn::Mul(GELUTanhSlope(d, v), g);
      });
    case EnsueUnarySiLU:
      return MapGradient(x, y, dy, dx, count, [](auto d, auto v, auto, auto g) HWY_ATTR {
        return hn::Mul(SiLUSlope(d, v), g);
      });
  }
}
void UnaryGradient(EnsueElement element, EnsueUnary function, const void* x, const void* y, const void* dy, void* dx,
                   size_t count) {
  ENSUE_BY_ELEMENT(element, UnaryGradientOf(function, static_cast<const T*>(x), static_cast<const T*>(y),
                                            static_cast<const T*>(dy), static_cast<T*>(dx), count));
}

template <class T, class F>
HWY_INLINE void Combine(const T* a, size_t stepA, const T* b, size_t stepB, T* y, size_t count, const F& f) {
  const hn::ScalableTag<T> d;
  const auto repeatedA = hn::Set(d, stepA == 0 && count > 0 ? *a : T(0));
  const auto repeatedB = hn::Set(d, stepB == 0 && count > 0 ? *b : T(0));
  ForBlocks(d, count, [&](auto block) HWY_ATTR {
    block.Store(f(stepA ? block.Load(a) : repeatedA, stepB ? block.Load(b) : repeatedB), y);
  });
}

template <class T>
void BinaryOf(EnsueBinary function, const T* a, size_t stepA, const T* b, size_t stepB, T* y, size_t count) {
  switch (function) {
    case EnsueBinaryAdd:
      return Combine(a, stepA, b, stepB, y, count, [](auto l, auto r) HWY_ATTR { return hn::Add(l, r); });
    case EnsueBinarySubtract:
      return Combine(a, stepA, b, stepB, y, count, [](auto l, auto r) HWY_ATTR { return hn::Sub(l, r); });
    case EnsueBinaryMultiply:
      return Combine(a, stepA, b, stepB, y, count, [](auto l, auto r) HWY_ATTR { return hn::Mul(l, r); });
    case EnsueBinaryDivide:
      return Combine(a, stepA, b, stepB, y, count, [](auto l, auto r) HWY_ATTR { return hn::Div(l, r); });
  }
}
void Binary(EnsueElement element, EnsueBinary function, const void* a, size_t stepA, const void* b, size_t stepB,
            void* y, size_t count) {
  ENSUE_BY_ELEMENT(element, BinaryOf(function, static_cast<const T*>(a), stepA, static_cast<const T*>(b), stepB,
                                     static_cast<T*>(y), count));
}

template <class T>
void AffineOf(const T* x, T scale, T shift, T* y, size_t count) {
  Map(x, y, Rows{1, count, count},
      [&](auto d, auto v) HWY_ATTR { return hn::MulAdd(v, hn::Set(d, scale), hn::Set(d, shift)); });
}
void Affine(EnsueElement element, const void* x, double scale, double shift, void* y, size_t count) {
  ENSUE_BY_ELEMENT(element, AffineOf(static_cast<const T*>(x), T(scale), T(shift), static_cast<T*>(y), count));
}

// Numbers that are not finite stay: cut to the limit they would look sound.
template <class T>
void ClipOf(const T* x, T limit, T* y, size_t count) {
  Map(x, y, Rows{1, count, count}, [&](auto d, auto v) HWY_ATTR {
    const auto clipped = hn::Min(hn::Max(v, hn::Set(d, -limit)), hn::Set(d, limit));
    return hn::IfThenElse(hn::Eq(hn::Sub(v, v), hn::Zero(d)), clipped, v);
  });
}
void Clip(EnsueElement element, const void* x, double limit, void* y, size_t count) {
  ENSUE_BY_ELEMENT(element, ClipOf(static_cast<const T*>(x), T(limit), static_cast<T*>(y), count));
}

template <class T>
void FillOf(T value, T* y, size_t count) {
  for (size_t i = 0; i < count; ++i) y[i] = value;
}
void Fill(EnsueElement element, double value, void* y, size_t count) {
  ENSUE_BY_ELEMENT(element, FillOf(T(value), static_cast<T*>(y), count));
}

template <class T>
void AccumulateOf(const T* x, T scale, T* y, size_t count) {
  const hn::ScalableTag<T> d;
  const auto factor = hn::Set(d, scale);
  ForBlocks(d, count, [&](auto block) HWY_ATTR { block.Store(hn::MulAdd(block.Load(x), factor, block.Load(y)), y); });
}
void Accumulate(EnsueElement element, const void* x, double scale, void* y, size_t count) {
  ENSUE_BY_ELEMENT(element, AccumulateOf(static_cast<const T*>(x), T(scale), static_cast<T*>(y), count));
}

template <class From, class To>
void ConvertOf(const From* x, To* y, size_t count) {
  for (size_t i = 0; i < count; ++i) y[i] = static_cast<To>(x[i]);
}
void Convert(EnsueElement from, const void* x, EnsueElement to, void* y, size_t count) {
  if (to == EnsueElementFloat32) {
    ENSUE_BY_ELEMENT(from, ConvertOf(static_cast<const T*>(x), static_cast<float*>(y), count));
  } else {
    ENSUE_BY_ELEMENT(from, ConvertOf(static_cast<const T*>(x), static_cast<double*>(y), count));
  }
}

template <class T>
void TransposeOf(const T* x, T* y, size_t rows, size_t columns) {
  constexpr size_t kTile = 32;  // two tiles stay in the first-level cache
  for (size_t r0 = 0; r0 < rows; r0 += kTile) {
    for (size_t c0 = 0; c0 < columns; c0 += kTile) {
      const size_t r1 = HWY_MIN(rows, r0 + kTile), c1 = HWY_MIN(columns, c0 + kTile);
      for (size_t r = r0; r < r1; ++r)
        for (size_t c = c0; c < c1; ++c) y[c * rows + r] = x[r * columns + c];
    }
  }
}
void Transpose(EnsueElement element, const void* x, void* y, size_t rows, size_t columns) {
  ENSUE_BY_ELEMENT(element, TransposeOf(static_cast<const T*>(x), static_cast<T*>(y), rows, columns));
}

template <class T>
void ScatterRowsOf(const T* x, const int32_t* slots, T* y, size_t rows, size_t columns) {
  const hn::ScalableTag<T> d;
  for (size_t row = 0; row < rows; ++row) {
    const T* source = x + row * columns;
    T* target = y + static_cast<size_t>(slots[row]) * columns;
    ForBlocks(d, columns, [&](auto block) HWY_ATTR { block.Store(hn::Add(block.Load(target), block.Load(source)), target); });
  }
}
void ScatterRows(EnsueElement element, const void* x, const int32_t* slots, void* y, size_t rows, size_t columns) {
  ENSUE_BY_ELEMENT(element, ScatterRowsOf(static_cast<const T*>(x), slots, static_cast<T*>(y), rows, columns));
}

const char* TargetName() { return hwy::TargetName(HWY_TARGET); }

}  // namespace HWY_NAMESPACE
}  // namespace ensue
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include <string.h>
namespace ensue {
HWY_EXPORT(Unary);
HWY_EXPORT(UnaryGradient);
HWY_EXPORT(Binary);
HWY_EXPORT(Affine);
HWY_EXPORT(Clip);
HWY_EXPORT(Fill);
HWY_EXPORT(Accumulate);
HWY_EXPORT(Convert);
HWY_EXPORT(Transpose);
HWY_EXPORT(ScatterRows);
HWY_EXPORT(TargetName);
}  // namespace ensue

using namespace ensue;
void ensue_unary(EnsueElement element, EnsueUnary function, const void* x, void* y, size_t rows, size_t columns,
                 size_t stride) {
  HWY_DYNAMIC_DISPATCH(Unary)(element, function, x, y, rows, columns, stride);
}
void ensue_unary_gradient(EnsueElement element, EnsueUnary function, const void* x, const void* y, const void* dy,
                          void* dx, size_t count) {
  HWY_DYNAMIC_DISPATCH(UnaryGradient)(element, function, x, y, dy, dx, count);
}
void ensue_binary(EnsueElement element, EnsueBinary function, const void* a, size_t stepA, const void* b, size_t stepB,
                  void* y, size_t count) {
  HWY_DYNAMIC_DISPATCH(Binary)(element, function, a, stepA, b, stepB, y, count);
}
void ensue_affine(EnsueElement element, const void* x, double scale, double shift, void* y, size_t count) {
  HWY_DYNAMIC_DISPATCH(Affine)(element, x, scale, shift, y, count);
}
void ensue_clip(EnsueElement element, const void* x, double limit, void* y, size_t count) {
  HWY_DYNAMIC_DISPATCH(Clip)(element, x, limit, y, count);
}
void ensue_fill(EnsueElement element, double value, void* y, size_t count) {
  HWY_DYNAMIC_DISPATCH(Fill)(element, value, y, count);
}
void ensue_accumulate(EnsueElement element, const void* x, double scale, void* y, size_t count) {
  HWY_DYNAMIC_DISPATCH(Accumulate)(element, x, scale, y, count);
}
void ensue_convert(EnsueElement from, const void* x, EnsueElement to, void* y, size_t count) {
  HWY_DYNAMIC_DISPATCH(Convert)(from, x, to, y, count);
}
void ensue_transpose(EnsueElement element, const void* x, void* y, size_t rows, size_t columns) {
  HWY_DYNAMIC_DISPATCH(Transpose)(element, x, y, rows, columns);
}
void ensue_scatter_rows(EnsueElement element, const void* x, const int32_t* slots, void* y, size_t rows,
                        size_t columns) {
  HWY_DYNAMIC_DISPATCH(ScatterRows)(element, x, slots, y, rows, columns);
}
void ensue_gather_rows(const void* table, const int32_t* ids, void* y, size_t rows, size_t rowBytes) {
  for (size_t row = 0; row < rows; ++row) {
    memcpy(static_cast<char*>(y) + row * rowBytes,
           static_cast<const char*>(table) + static_cast<size_t>(ids[row]) * rowBytes, rowBytes);
  }
}
void ensue_copy_rows(const void* x, size_t strideX, void* y, size_t strideY, size_t rows, size_t bytes) {
  for (size_t row = 0; row < rows; ++row) {
    memcpy(static_cast<char*>(y) + row * strideY, static_cast<const char*>(x) + row * strideX, bytes);
  }
}
const char* ensue_target(void) { return HWY_DYNAMIC_DISPATCH(TargetName)(); }
#endif
