// A row of scores to weights and back: softmax, sparsemax (Martins and Astudillo 2016) and alpha-entmax (Peters, Niculae
// and Martins, Sparse sequence-to-sequence models, 2019). Scores come side by side in double precision, so the functions
// know neither masks nor columns.

#if defined(ENSUE_DISTRIBUTIONS_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef ENSUE_DISTRIBUTIONS_INL_H
#undef ENSUE_DISTRIBUTIONS_INL_H
#else
#define ENSUE_DISTRIBUTIONS_INL_H
#endif

#include "vector-inl.h"

#ifndef ENSUE_DISTRIBUTION_ROWS_ONCE
#define ENSUE_DISTRIBUTION_ROWS_ONCE
#include <algorithm>
#include <functional>
namespace ensue {

// Scores whose largest is 0, finite or -infinite, to weights. `sorted` is the functions' own.

inline void Sparsemax(double* x, double* sorted, size_t count) {
  std::copy(x, x + count, sorted);
  std::sort(sorted, sorted + count, std::greater<double>());
  // The largest k with 1 + k x_k > Σ x_1 ... x_k; then Σ max(x - threshold, 0) = 1.
  double sum = 0, threshold = 0;
  for (size_t k = 0; k < count; ++k) {
    sum += sorted[k];
    const double size = static_cast<double>(k + 1);
    if (!(1 + size * sorted[k] > sum)) break;
    threshold = (sum - 1) / size;
  }
  for (size_t i = 0; i < count; ++i) x[i] = x[i] > threshold ? x[i] - threshold : 0;
}

inline void Entmax15(double* x, double* sorted, size_t count) {
  for (size_t i = 0; i < count; ++i) sorted[i] = x[i] /= 2;
  std::sort(sorted, sorted + count, std::greater<double>());
  // With mean M and mean of squares S of the k largest, Σ (x - threshold)² = 1 has the solution
  // M - √((1 - k (S - M²)) / k); the right k is the largest whose solution lies below its own last score.
  double mean = 0, deviations = 0, threshold = 0;
  for (size_t k = 0; k < count && sorted[k] > -2; ++k) {
    const double size = static_cast<double>(k + 1), difference = sorted[k] - mean;
    mean += difference / size;
    deviations += difference * (sorted[k] - mean);  // k (S - M²), without cancellation
    const double rest = (1 - deviations) / size;
    const double solution = mean - (rest > 0 ? __builtin_sqrt(rest) : 0);
    if (solution > sorted[k]) break;
    threshold = solution;
  }
  for (size_t i = 0; i < count; ++i) {
    const double over = x[i] - threshold;
    x[i] = over > 0 ? over * over : 0;
  }
}

// Σ max((alpha - 1) x - threshold, 0)^(1 / (alpha - 1)) = 1, halved until no number lies between the bounds.
inline void EntmaxByBisection(double* x, double alpha, size_t count) {
  const double power = 1 / (alpha - 1);
  const auto weight = [&](double score, double threshold) {
    const double over = (alpha - 1) * score - threshold;
    return over > 0 ? __builtin_pow(over, power) : 0;
  };
  double low = -1, high = 0;
  for (;;) {
    const double middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) break;
    double sum = 0;
    for (size_t i = 0; i < count; ++i) sum += weight(x[i], middle);
    (sum >= 1 ? low : high) = middle;
  }
  double sum = 0;
  for (size_t i = 0; i < count; ++i) sum += x[i] = weight(x[i], low);
  for (size_t i = 0; i < count; ++i) x[i] /= sum;
}

// dx = s ⊙ (dy - Σ s dy / Σ s) with s = y^(2 - alpha) where y > 0, else 0; elements `step` apart.
template <class T>
inline void DistributionGradient(double alpha, const T* y, const T* dy, T* dx, size_t step, size_t count) {
  const auto slope = [&](T weight) -> double {
    if (!(weight > T(0))) return weight == T(0) ? 0 : static_cast<double>(weight);
    if (alpha == 1) return static_cast<double>(weight);
    if (alpha == 2) return 1;
    return alpha == 1.5 ? __builtin_sqrt(static_cast<double>(weight))
                        : __builtin_pow(static_cast<double>(weight), 2 - alpha);
  };
  double slopes = 0, sum = 0;
  for (size_t j = 0; j < count; ++j) {
    const double s = slope(y[j * step]);
    slopes += s;
    sum += s * static_cast<double>(dy[j * step]);
  }
  const double mean = slopes == 0 ? 0 : sum / slopes;
  for (size_t j = 0; j < count; ++j) {
    const T s = static_cast<T>(slope(y[j * step]));
    // Not allowed: exactly zero, whatever arrives.
    dx[j * step] = s != T(0) ? static_cast<T>(static_cast<double>(s) * (static_cast<double>(dy[j * step]) - mean)) : s;
  }
}

}  // namespace ensue
#endif

HWY_BEFORE_NAMESPACE();
namespace ensue {
namespace HWY_NAMESPACE {

inline void SoftmaxWeights(double* x, size_t count) {
  const hn::ScalableTag<double> d;
  auto sum = hn::Zero(d);
  ForBlocks(d, count, [&](auto block) HWY_ATTR {
    const auto power = Decay(d, block.Load(x));
    sum = hn::Add(sum, block.Keep(power));
    block.Store(power, x);
  });
  const auto factor = hn::Div(hn::Set(d, 1.0), hn::SumOfLanes(d, sum));
  ForBlocks(d, count, [&](auto block) HWY_ATTR { block.Store(hn::Mul(block.Load(x), factor), x); });
}

inline void Distribute(double* x, double* sorted, double alpha, size_t count) {
  if (count == 0) return;
  double largest = x[0];
  bool isSound = true;
  for (size_t i = 0; i < count; ++i) {
    isSound = isSound && x[i] == x[i];
    largest = x[i] > largest ? x[i] : largest;
  }
  // NaN or infinity among the scores, or -infinity alone: nothing can be said, and sorting would not end well.
  if (!isSound || largest - largest != 0) {
    for (size_t i = 0; i < count; ++i) x[i] = __builtin_nan("");
    return;
  }
  for (size_t i = 0; i < count; ++i) x[i] -= largest;
  if (alpha == 1) return SoftmaxWeights(x, count);
  if (alpha == 1.5) return Entmax15(x, sorted, count);
  if (alpha == 2) return Sparsemax(x, sorted, count);
  EntmaxByBisection(x, alpha, count);
}

}  // namespace HWY_NAMESPACE
}  // namespace ensue
HWY_AFTER_NAMESPACE();
#endif
