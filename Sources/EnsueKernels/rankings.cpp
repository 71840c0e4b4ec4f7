// What a search for likely sequences asks of rows of scores: the logarithm of their normaliser, and the best of several
// rows together. Nothing is sorted but what is kept, and most blocks of a row are passed over after one comparison.

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "rankings.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "dispatch.h"
#include "vector-inl.h"

#ifndef ENSUE_RANKINGS_ONCE
#define ENSUE_RANKINGS_ONCE
#include <algorithm>
#include <cmath>
#include <limits>
namespace ensue {

inline bool ComesBefore(const EnsueRankedSum& a, const EnsueRankedSum& b) {
  if (a.sum != b.sum) return a.sum > b.sum;
  return a.row != b.row ? a.row < b.row : a.column < b.column;
}

// The best sums so far, the worst of them at the root of a heap.
struct Ranking {
  EnsueRankedSum* best;
  size_t limit, count;

  // What a sum must exceed.
  double Threshold() const { return count < limit ? -std::numeric_limits<double>::infinity() : best[0].sum; }

  void Add(EnsueRankedSum sum) {
    if (count < limit) {
      best[count++] = sum;
    } else {
      std::pop_heap(best, best + count, ComesBefore);
      best[count - 1] = sum;
    }
    std::push_heap(best, best + count, ComesBefore);
  }
};

}  // namespace ensue
#endif

HWY_BEFORE_NAMESPACE();
namespace ensue {
namespace HWY_NAMESPACE {

// Blocks of 1,024 in vectors, the blocks in double precision. A row is read from memory once: sums shrink when a block
// has a larger number than those before it.
template <class T>
double LogSumExpOfRow(const T* x, size_t columns) {
  constexpr size_t kBlock = 1024;
  const hn::ScalableTag<T> d;
  const T least = -std::numeric_limits<T>::infinity();
  T largest = least;
  double total = 0;
  for (size_t start = 0; start < columns; start += kBlock) {
    const size_t count = HWY_MIN(kBlock, columns - start);
    const T before = largest;
    largest = HWY_MAX(before, RowMaximum(x + start, count));
    if (before != least && largest != before) total *= std::exp(static_cast<double>(before - largest));
    // Where there is nothing but -∞, it adds nothing; a NaN stays.
    const auto shift = hn::Set(d, largest == least ? T(0) : largest);
    auto sum = hn::Zero(d);
    ForBlocks(d, count, [&](auto block) HWY_ATTR {
      sum = hn::Add(sum, block.Keep(Decay(d, hn::Sub(block.Load(x + start), shift))));
    });
    total += static_cast<double>(hn::GetLane(hn::SumOfLanes(d, sum)));
  }
  // -∞ alone has a sum of 0.
  const hn::ScalableTag<double> dd;
  return static_cast<double>(largest) + hn::GetLane(Logarithm(dd, hn::Set(dd, total)));
}
template <class T>
void LogSumExpOf(const T* x, double* results, size_t rows, size_t columns) {
  for (size_t r = 0; r < rows; ++r) results[r] = LogSumExpOfRow(x + r * columns, columns);
}
void LogSumExp(EnsueElement element, const void* x, double* results, size_t rows, size_t columns) {
  ENSUE_BY_ELEMENT(element, LogSumExpOf(static_cast<const T*>(x), results, rows, columns));
}

// A number that no x exceeds whose sum does not exceed the threshold, but for a little room for rounding.
template <class T>
T BoundOf(double threshold, double base, double shift) {
  const double room = 4 * std::numeric_limits<double>::epsilon() *
                      (std::fabs(threshold) + std::fabs(base) + std::fabs(shift));
  const double bound = (threshold - base) + shift - room;
  if (!(bound > static_cast<double>(std::numeric_limits<T>::lowest()))) return std::numeric_limits<T>::lowest();
  const T rounded = static_cast<T>(bound);
  return static_cast<double>(rounded) <= bound ? rounded
                                               : std::nextafter(rounded, std::numeric_limits<T>::lowest());
}

template <class T>
void RankBlock(const T* x, size_t begin, size_t end, double base, double shift, int32_t row, Ranking& ranking) {
  for (size_t c = begin; c < end; ++c) {
    const double sum = base + (static_cast<double>(x[c]) - shift);
    if (sum > ranking.Threshold()) ranking.Add({sum, row, static_cast<int32_t>(c)});
  }
}

template <class T>
void RankRow(const T* x, size_t columns, double base, double shift, int32_t row, Ranking& ranking) {
  const hn::ScalableTag<T> d;
  const size_t lanes = hn::Lanes(d), width = 4 * lanes;
  // The first block has no bound yet, whatever the numbers are; -∞ never enters.
  size_t c = 0;
  T bound = BoundOf<T>(ranking.Threshold(), base, shift);
  for (; c + width <= columns; c += width) {
    const auto largest = hn::Max(hn::Max(hn::LoadU(d, x + c), hn::LoadU(d, x + c + lanes)),
                                 hn::Max(hn::LoadU(d, x + c + 2 * lanes), hn::LoadU(d, x + c + 3 * lanes)));
    if (hn::AllFalse(d, hn::Ge(largest, hn::Set(d, bound)))) continue;
    RankBlock(x, c, c + width, base, shift, row, ranking);
    bound = BoundOf<T>(ranking.Threshold(), base, shift);
  }
  RankBlock(x, c, columns, base, shift, row, ranking);
}

template <class T>
size_t LargestSumsOf(const T* x, const double* bases, const double* shifts, size_t rows, size_t columns,
                     EnsueRankedSum* best, size_t count) {
  if (count == 0) return 0;
  Ranking ranking{best, count, 0};
  for (size_t r = 0; r < rows; ++r) {
    if (bases[r] == -std::numeric_limits<double>::infinity()) continue;
    RankRow(x + r * columns, columns, bases[r], shifts[r], static_cast<int32_t>(r), ranking);
  }
  std::sort_heap(best, best + ranking.count, ComesBefore);
  return ranking.count;
}
size_t LargestSums(EnsueElement element, const void* x, const double* bases, const double* shifts, size_t rows,
                   size_t columns, EnsueRankedSum* best, size_t count) {
  size_t found = 0;
  ENSUE_BY_ELEMENT(element, found = LargestSumsOf(static_cast<const T*>(x), bases, shifts, rows, columns, best, count));
  return found;
}

}  // namespace HWY_NAMESPACE
}  // namespace ensue
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ensue {
HWY_EXPORT(LogSumExp);
HWY_EXPORT(LargestSums);
}  // namespace ensue

using namespace ensue;
void ensue_log_sum_exp(EnsueElement element, const void* x, double* results, size_t rows, size_t columns) {
  HWY_DYNAMIC_DISPATCH(LogSumExp)(element, x, results, rows, columns);
}
size_t ensue_largest_sums(EnsueElement element, const void* x, const double* bases, const double* shifts, size_t rows,
                          size_t columns, EnsueRankedSum* best, size_t count) {
  return HWY_DYNAMIC_DISPATCH(LargestSums)(element, x, bases, shifts, rows, columns, best, count);
}
#endif
