// Distributions over the keys of each query. A row's allowed scores are brought side by side in double precision.

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "distributions.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "dispatch.h"
#include "distributions-inl.h"
#include "steps-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ensue {
namespace HWY_NAMESPACE {

// body(first pair, number of pairs) for each query.
template <class Body>
HWY_INLINE void ForQueries(const EnsuePairs& p, const Body& body) {
  for (size_t i = 0; i < p.queries.count; ++i) {
    body(static_cast<size_t>(p.starts[RowOf(p.queries, i)]), p.keys.count);
  }
}

template <class T>
void PairDistributionOf(const EnsuePairs& p, double alpha, const uint8_t* allowed, const T* x, T* y, size_t columns,
                        double* scratch) {
  double* sorted = scratch + p.keys.count;
  ForQueries(p, [&](size_t start, size_t count) HWY_ATTR {
    const uint8_t* may = allowed == nullptr ? nullptr : allowed + start;
    for (size_t c = 0; c < columns; ++c) {
      const T* source = x + start * columns + c;
      T* target = y + start * columns + c;
      size_t kept = 0;
      for (size_t j = 0; j < count; ++j) {
        if (may == nullptr || may[j]) scratch[kept++] = static_cast<double>(source[j * columns]);
      }
      Distribute(scratch, sorted, alpha, kept);
      kept = 0;
      for (size_t j = 0; j < count; ++j) {
        target[j * columns] = may == nullptr || may[j] ? static_cast<T>(scratch[kept++]) : T(0);
      }
    }
  });
}
void PairDistribution(const EnsuePairs* p, double alpha, const uint8_t* allowed, const void* x, void* y,
                      size_t columns, double* scratch) {
  ENSUE_BY_ELEMENT(p->element, PairDistributionOf(*p, alpha, allowed, static_cast<const T*>(x), static_cast<T*>(y),
                                                  columns, scratch));
}

template <class T>
void PairDistributionGradientOf(const EnsuePairs& p, double alpha, const T* y, const T* dy, T* dx, size_t columns) {
  ForQueries(p, [&](size_t start, size_t count) {
    for (size_t at = start * columns; at < (start + 1) * columns && count > 0; ++at) {
      DistributionGradient(alpha, y + at, dy + at, dx + at, columns, count);
    }
  });
}
void PairDistributionGradient(const EnsuePairs* p, double alpha, const void* y, const void* dy, void* dx,
                              size_t columns) {
  ENSUE_BY_ELEMENT(p->element, PairDistributionGradientOf(*p, alpha, static_cast<const T*>(y),
                                                          static_cast<const T*>(dy), static_cast<T*>(dx), columns));
}

}  // namespace HWY_NAMESPACE
}  // namespace ensue
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ensue {
HWY_EXPORT(PairDistribution);
HWY_EXPORT(PairDistributionGradient);
}  // namespace ensue

using namespace ensue;
void ensue_pair_distribution(const EnsuePairs* pairs, double alpha, const uint8_t* allowed, const void* x, void* y,
                             size_t columns, double* scratch) {
  HWY_DYNAMIC_DISPATCH(PairDistribution)(pairs, alpha, allowed, x, y, columns, scratch);
}
void ensue_pair_distribution_gradient(const EnsuePairs* pairs, double alpha, const void* y, const void* dy, void* dx,
                                      size_t columns) {
  HWY_DYNAMIC_DISPATCH(PairDistributionGradient)(pairs, alpha, y, dy, dx, columns);
}
#endif
