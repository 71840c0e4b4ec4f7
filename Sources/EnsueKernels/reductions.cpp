// Sums, maxima, norms and softmax. The order of additions depends on the sizes alone.

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "reductions.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "dispatch.h"
#include "vector-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ensue {
namespace HWY_NAMESPACE {

// Blocks are summed in vectors and the blocks in double precision: the error stays near one rounding. What counts is how
// many numbers one lane adds up, so that a block is as many vectors for every width of them.
constexpr size_t kBlockVectors = 64;

template <class T>
double ContiguousSum(const T* x, size_t count) {
  const hn::ScalableTag<T> d;
  const size_t size = kBlockVectors * hn::Lanes(d);
  double total = 0;
  for (size_t start = 0; start < count; start += size) {
    auto sum = hn::Zero(d);
    ForBlocks(d, HWY_MIN(size, count - start),
              [&](auto block) HWY_ATTR { sum = hn::Add(sum, block.Load(x + start)); });
    total += static_cast<double>(hn::GetLane(hn::SumOfLanes(d, sum)));
  }
  return total;
}

// Columns of one vector at a time; every 256 rows are added up on their own, which keeps long sums exact enough.
// Some vectors side by side, so that a line of memory is read once and the additions do not wait for each other.
template <size_t kVectors, class T>
HWY_INLINE void SumColumnVectors(const T* x, size_t stride, T* y, size_t rows) {
  const hn::ScalableTag<T> d;
  const size_t lanes = hn::Lanes(d);
  hn::Vec<decltype(d)> totals[kVectors], parts[kVectors];
  for (size_t v = 0; v < kVectors; ++v) totals[v] = hn::Zero(d);
  for (size_t start = 0; start < rows; start += 256) {
    const size_t end = HWY_MIN(rows, start + 256);
    for (size_t v = 0; v < kVectors; ++v) parts[v] = hn::Zero(d);
    for (size_t r = start; r < end; ++r) {
      for (size_t v = 0; v < kVectors; ++v) parts[v] = hn::Add(parts[v], hn::LoadU(d, x + r * stride + v * lanes));
    }
    for (size_t v = 0; v < kVectors; ++v) totals[v] = hn::Add(totals[v], parts[v]);
  }
  for (size_t v = 0; v < kVectors; ++v) hn::StoreU(totals[v], d, y + v * lanes);
}

template <class T>
void SumColumnsOf(const T* x, size_t stride, T* y, size_t rows, size_t columns) {
  const hn::ScalableTag<T> d;
  constexpr size_t kVectors = 8;
  const size_t width = kVectors * hn::Lanes(d);
  size_t column = 0;
  for (; column + width <= columns; column += width) SumColumnVectors<kVectors>(x + column, stride, y + column, rows);
  ForBlocks(d, columns - column, [&](auto block) HWY_ATTR {
    auto total = hn::Zero(d);
    for (size_t start = 0; start < rows; start += 256) {
      auto part = hn::Zero(d);
      for (size_t r = start; r < HWY_MIN(rows, start + 256); ++r) {
        part = hn::Add(part, block.Load(x + column + r * stride));
      }
      total = hn::Add(total, part);
    }
    block.Store(total, y + column);
  });
}
void SumColumns(EnsueElement element, const void* x, size_t stride, void* y, size_t rows, size_t columns) {
  ENSUE_BY_ELEMENT(element, SumColumnsOf(static_cast<const T*>(x), stride, static_cast<T*>(y), rows, columns));
}

template <class T>
void SumOf(const T* x, T* y, size_t outer, size_t axis, size_t inner) {
  for (size_t o = 0; o < outer; ++o) {
    if (inner == 1) {
      y[o] = static_cast<T>(ContiguousSum(x + o * axis, axis));
    } else {
      SumColumnsOf(x + o * axis * inner, inner, y + o * inner, axis, inner);
    }
  }
}
void Sum(EnsueElement element, const void* x, void* y, size_t outer, size_t axis, size_t inner) {
  ENSUE_BY_ELEMENT(element, SumOf(static_cast<const T*>(x), static_cast<T*>(y), outer, axis, inner));
}

template <class T>
void MaximumOf(const T* x, T* y, int32_t* argument, size_t outer, size_t axis, size_t inner) {
  for (size_t o = 0; o < outer; ++o) {
    for (size_t i = 0; i < inner; ++i) {
      const T* source = x + o * axis * inner + i;
      size_t best = 0;
      for (size_t a = 1; a < axis; ++a) {
        // A NaN wins and stays, as in PyTorch.
        if (source[a * inner] > source[best * inner] ||
            (source[a * inner] != source[a * inner] && source[best * inner] == source[best * inner])) {
          best = a;
        }
      }
      y[o * inner + i] = source[best * inner];
      argument[o * inner + i] = static_cast<int32_t>(best);
    }
  }
}
void Maximum(EnsueElement element, const void* x, void* y, int32_t* argument, size_t outer, size_t axis,
             size_t inner) {
  ENSUE_BY_ELEMENT(element, MaximumOf(static_cast<const T*>(x), static_cast<T*>(y), argument, outer, axis, inner));
}

template <class T>
void MaximumUpdateOf(const T* x, T* y, int32_t* argument, int32_t index, size_t count) {
  for (size_t i = 0; i < count; ++i) {
    // A NaN wins and stays, as in PyTorch.
    const bool wins = x[i] > y[i] || (x[i] != x[i] && y[i] == y[i]);
    y[i] = wins ? x[i] : y[i];
    argument[i] = wins ? index : argument[i];
  }
}
void MaximumUpdate(EnsueElement element, const void* x, void* y, int32_t* argument, int32_t index, size_t count) {
  ENSUE_BY_ELEMENT(element, MaximumUpdateOf(static_cast<const T*>(x), static_cast<T*>(y), argument, index, count));
}

template <class T>
void MaximumRouteOf(const T* dy, const int32_t* argument, int32_t index, T* dx, size_t count) {
  for (size_t i = 0; i < count; ++i) dx[i] = argument[i] == index ? dy[i] : T(0);
}
void MaximumRoute(EnsueElement element, const void* dy, const int32_t* argument, int32_t index, void* dx, size_t count) {
  ENSUE_BY_ELEMENT(element, MaximumRouteOf(static_cast<const T*>(dy), argument, index, static_cast<T*>(dx), count));
}

// In double precision throughout: squares of float neither overflow nor vanish. Eight sums side by side, in a plain
// loop that the compiler turns into vectors, in an order of their own.
template <class T>
double SumOfSquaresOf(const T* x, size_t count) {
  double sums[8] = {};
  size_t i = 0;
  for (; i + 8 <= count; i += 8) {
    for (size_t l = 0; l < 8; ++l) {
      const double v = static_cast<double>(x[i + l]);
      sums[l] += v * v;
    }
  }
  for (; i < count; ++i) sums[i % 8] += static_cast<double>(x[i]) * static_cast<double>(x[i]);
  return ((sums[0] + sums[4]) + (sums[1] + sums[5])) + ((sums[2] + sums[6]) + (sums[3] + sums[7]));
}
double SumOfSquares(EnsueElement element, const void* x, size_t count) {
  return element == EnsueElementFloat32 ? SumOfSquaresOf(static_cast<const float*>(x), count)
                                        : SumOfSquaresOf(static_cast<const double*>(x), count);
}

template <class T>
int IsFiniteOf(const T* x, size_t count) {
  const hn::ScalableTag<T> d;
  auto sum = hn::Zero(d);
  // x - x is zero for finite numbers and NaN for all others.
  ForBlocks(d, count, [&](auto block) HWY_ATTR {
    const auto v = block.Load(x);
    sum = hn::Add(sum, hn::Sub(v, v));
  });
  return hn::GetLane(hn::SumOfLanes(d, sum)) == T(0);
}
int IsFinite(EnsueElement element, const void* x, size_t count) {
  return element == EnsueElementFloat32 ? IsFiniteOf(static_cast<const float*>(x), count)
                                        : IsFiniteOf(static_cast<const double*>(x), count);
}

// y = exp(x - largest), returns the sum. x and y may be the same.
template <class T>
T Exponentials(const T* x, T* y, size_t columns, T largest) {
  const hn::ScalableTag<T> d;
  const auto shift = hn::Set(d, largest);
  ForBlocks(d, columns, [&](auto block) HWY_ATTR { block.Store(Decay(d, hn::Sub(block.Load(x), shift)), y); });
  return static_cast<T>(ContiguousSum(y, columns));
}

template <class T>
void SoftmaxOf(const T* x, T* y, size_t rows, size_t columns) {
  const hn::ScalableTag<T> d;
  for (size_t r = 0; r < rows; ++r, x += columns, y += columns) {
    const auto factor = hn::Set(d, T(1) / Exponentials(x, y, columns, RowMaximum(x, columns)));
    ForBlocks(d, columns, [&](auto block) HWY_ATTR { block.Store(hn::Mul(block.Load(y), factor), y); });
  }
}
void Softmax(EnsueElement element, const void* x, void* y, size_t rows, size_t columns) {
  ENSUE_BY_ELEMENT(element, SoftmaxOf(static_cast<const T*>(x), static_cast<T*>(y), rows, columns));
}

// dx = y ⊙ (dy - Σ y dy)
template <class T>
void SoftmaxGradientOf(const T* y, const T* dy, T* dx, size_t rows, size_t columns) {
  const hn::ScalableTag<T> d;
  for (size_t r = 0; r < rows; ++r, y += columns, dy += columns, dx += columns) {
    auto sum = hn::Zero(d);
    ForBlocks(d, columns, [&](auto block) HWY_ATTR { sum = hn::MulAdd(block.Load(y), block.Load(dy), sum); });
    const auto dot = hn::SumOfLanes(d, sum);
    ForBlocks(d, columns, [&](auto block) HWY_ATTR {
      block.Store(hn::Mul(block.Load(y), hn::Sub(block.Load(dy), dot)), dx);
    });
  }
}
void SoftmaxGradient(EnsueElement element, const void* y, const void* dy, void* dx, size_t rows, size_t columns) {
  ENSUE_BY_ELEMENT(element, SoftmaxGradientOf(static_cast<const T*>(y), static_cast<const T*>(dy),
                                              static_cast<T*>(dx), rows, columns));
}

template <class T>
void LogSoftmaxOf(const T* x, T* y, size_t rows, size_t columns) {
  const hn::ScalableTag<T> d;
  for (size_t r = 0; r < rows; ++r, x += columns, y += columns) {
    const T largest = RowMaximum(x, columns), sum = Exponentials(x, y, columns, largest);
    const auto shift = hn::Add(hn::Set(d, largest), Logarithm(d, hn::Set(d, sum)));
    ForBlocks(d, columns, [&](auto block) HWY_ATTR { block.Store(hn::Sub(block.Load(x), shift), y); });
  }
}
void LogSoftmax(EnsueElement element, const void* x, void* y, size_t rows, size_t columns) {
  ENSUE_BY_ELEMENT(element, LogSoftmaxOf(static_cast<const T*>(x), static_cast<T*>(y), rows, columns));
}

// dx = dy - exp(y) Σ dy
template <class T>
void LogSoftmaxGradientOf(const T* y, const T* dy, T* dx, size_t rows, size_t columns) {
  const hn::ScalableTag<T> d;
  for (size_t r = 0; r < rows; ++r, y += columns, dy += columns, dx += columns) {
    const auto sum = hn::Set(d, static_cast<T>(ContiguousSum(dy, columns)));
    ForBlocks(d, columns, [&](auto block) HWY_ATTR {
      block.Store(hn::NegMulAdd(Decay(d, block.Load(y)), sum, block.Load(dy)), dx);
    });
  }
}
void LogSoftmaxGradient(EnsueElement element, const void* y, const void* dy, void* dx, size_t rows, size_t columns) {
  ENSUE_BY_ELEMENT(element, LogSoftmaxGradientOf(static_cast<const T*>(y), static_cast<const T*>(dy),
                                                 static_cast<T*>(dx), rows, columns));
}

// The loss of each row against its smoothed target t, -Σ t log softmax(x), and scale · (softmax(x) - t). A row whose
// target is negative is not scored: no loss, no gradient. x and the gradient may be the same.
template <class T>
void CrossEntropyOf(const T* x, const int32_t* targets, double smoothing, double scale, T* gradient, double* losses,
                    size_t rows, size_t columns) {
  const hn::ScalableTag<T> d;
  const double uniform = smoothing / static_cast<double>(columns);
  for (size_t r = 0; r < rows; ++r, x += columns, gradient += columns) {
    if (targets[r] < 0) {
      losses[r] = 0;
      ForBlocks(d, columns, [&](auto block) HWY_ATTR { block.Store(hn::Zero(d), gradient); });
      continue;
    }
    const T target = x[targets[r]], largest = RowMaximum(x, columns);
    const double linear = uniform > 0 ? ContiguousSum(x, columns) : 0;
    const T sum = Exponentials(x, gradient, columns, largest);
    const double logSum = static_cast<double>(largest) + __builtin_log(static_cast<double>(sum));
    double loss = (1 - smoothing) * (logSum - static_cast<double>(target));
    if (uniform > 0) loss += uniform * (static_cast<double>(columns) * logSum - linear);
    losses[r] = loss;
    const auto factor = hn::Set(d, static_cast<T>(scale) / sum), shift = hn::Set(d, static_cast<T>(scale * uniform));
    ForBlocks(d, columns, [&](auto block) HWY_ATTR {
      block.Store(hn::Sub(hn::Mul(block.Load(gradient), factor), shift), gradient);
    });
    gradient[targets[r]] -= static_cast<T>(scale * (1 - smoothing));
  }
}
void CrossEntropy(EnsueElement element, const void* x, const int32_t* targets, double smoothing, double scale,
                  void* gradient, double* losses, size_t rows, size_t columns) {
  ENSUE_BY_ELEMENT(element, CrossEntropyOf(static_cast<const T*>(x), targets, smoothing, scale,
                                           static_cast<T*>(gradient), losses, rows, columns));
}

}  // namespace HWY_NAMESPACE
}  // namespace ensue
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ensue {
HWY_EXPORT(Sum);
HWY_EXPORT(SumColumns);
HWY_EXPORT(Maximum);
HWY_EXPORT(MaximumUpdate);
HWY_EXPORT(MaximumRoute);
HWY_EXPORT(SumOfSquares);
HWY_EXPORT(IsFinite);
HWY_EXPORT(Softmax);
HWY_EXPORT(SoftmaxGradient);
HWY_EXPORT(LogSoftmax);
HWY_EXPORT(LogSoftmaxGradient);
HWY_EXPORT(CrossEntropy);
}  // namespace ensue

using namespace ensue;
void ensue_sum(EnsueElement element, const void* x, void* y, size_t outer, size_t axis, size_t inner) {
  HWY_DYNAMIC_DISPATCH(Sum)(element, x, y, outer, axis, inner);
}
void ensue_sum_columns(EnsueElement element, const void* x, size_t stride, void* y, size_t rows, size_t columns) {
  HWY_DYNAMIC_DISPATCH(SumColumns)(element, x, stride, y, rows, columns);
}
void ensue_maximum(EnsueElement element, const void* x, void* y, int32_t* argument, size_t outer, size_t axis,
                   size_t inner) {
  HWY_DYNAMIC_DISPATCH(Maximum)(element, x, y, argument, outer, axis, inner);
}
void ensue_maximum_update(EnsueElement element, const void* x, void* y, int32_t* argument, int32_t index,
                          size_t count) {
  HWY_DYNAMIC_DISPATCH(MaximumUpdate)(element, x, y, argument, index, count);
}
void ensue_maximum_route(EnsueElement element, const void* dy, const int32_t* argument, int32_t index, void* dx,
                         size_t count) {
  HWY_DYNAMIC_DISPATCH(MaximumRoute)(element, dy, argument, index, dx, count);
}
double ensue_sum_of_squares(EnsueElement element, const void* x, size_t count) {
  return HWY_DYNAMIC_DISPATCH(SumOfSquares)(element, x, count);
}
int ensue_is_finite(EnsueElement element, const void* x, size_t count) {
  return HWY_DYNAMIC_DISPATCH(IsFinite)(element, x, count);
}
void ensue_softmax(EnsueElement element, const void* x, void* y, size_t rows, size_t columns) {
  HWY_DYNAMIC_DISPATCH(Softmax)(element, x, y, rows, columns);
}
void ensue_softmax_gradient(EnsueElement element, const void* y, const void* dy, void* dx, size_t rows,
                            size_t columns) {
  HWY_DYNAMIC_DISPATCH(SoftmaxGradient)(element, y, dy, dx, rows, columns);
}
void ensue_log_softmax(EnsueElement element, const void* x, void* y, size_t rows, size_t columns) {
  HWY_DYNAMIC_DISPATCH(LogSoftmax)(element, x, y, rows, columns);
}
void ensue_log_softmax_gradient(EnsueElement element, const void* y, const void* dy, void* dx, size_t rows,
                                size_t columns) {
  HWY_DYNAMIC_DISPATCH(LogSoftmaxGradient)(element, y, dy, dx, rows, columns);
}
void ensue_cross_entropy(EnsueElement element, const void* x, const int32_t* targets, double smoothing, double scale,
                         void* gradient, double* losses, size_t rows, size_t columns) {
  HWY_DYNAMIC_DISPATCH(CrossEntropy)(element, x, targets, smoothing, scale, gradient, losses, rows, columns);
}
#endif
