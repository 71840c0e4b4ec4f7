// C = A · B with B packed.
// A block of some rows by one panel stays in registers over the whole depth, so a row's result is the same sum in the
// same order whatever rows stand beside it (after Goto and van de Geijn 2008).

#if defined(ENSUE_PRODUCTS_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef ENSUE_PRODUCTS_INL_H
#undef ENSUE_PRODUCTS_INL_H
#else
#define ENSUE_PRODUCTS_INL_H
#endif

#include "packing-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ensue {
namespace HWY_NAMESPACE {

// Accumulators must be registers: every loop over them is unrolled, whatever the compiler would choose.
#ifndef ENSUE_UNROLLED
#if defined(__clang__)
#define ENSUE_UNROLLED _Pragma("clang loop unroll(full)")
#else
#define ENSUE_UNROLLED _Pragma("GCC unroll 8")
#endif
// A pointer that stays in a register as it is: otherwise the compiler counts one index and makes each row's address anew.
#define ENSUE_KEPT(pointer) asm("" : "+r"(pointer))
#endif

// Where the elements of A stand: row r, depth k at a[r · row() + k · depth()]; A itself, or its transpose. Types, so that
// the step of 1 is known when a block is compiled.
struct AlongRows {
  size_t stride;
  size_t row() const { return stride; }
  size_t depth() const { return 1; }
};
struct AlongColumns {
  size_t stride;
  size_t row() const { return 1; }
  size_t depth() const { return stride; }
};

// A vector of a panel: as it stands, or the upper 16 bits of 32, which bfloat16 are.
template <class D, class T>
HWY_INLINE hn::Vec<D> LoadPanel(D d, const T* p) {
  return hn::LoadU(d, p);
}
template <class D>
HWY_INLINE hn::Vec<D> LoadPanel(D d, const uint16_t* p) {
  const hn::RebindToUnsigned<D> bits;
  return hn::BitCast(d, hn::ShiftLeft<16>(hn::PromoteTo(bits, hn::LoadU(hn::Rebind<uint16_t, D>(), p))));
}

// What is called into the second-level cache while a block is multiplied: so many vectors for each depth.
template <class P>
struct Ahead {
  const P* next = nullptr;
  size_t vectors = 0;
};
constexpr size_t kCacheLine = 64;

// A function of its own: inlined into all its callers, the blocks took minutes to compile. Of several panels, each
// begins `strideP` elements after the one before.
template <bool kCallsAhead, size_t kRows, size_t kWidth, size_t kPanels = 1, class T, class P, class Steps>
HWY_NOINLINE void MultiplyBlock(const T* HWY_RESTRICT a, Steps steps, const P* HWY_RESTRICT panel, size_t strideP,
                              const T* bias, bool accumulates, T* HWY_RESTRICT c, size_t strideC, size_t depth,
                              size_t real, Ahead<P> ahead) {
  const hn::ScalableTag<T> d;
  using V = hn::Vec<decltype(d)>;
  const size_t lanes = hn::Lanes(d);
  constexpr size_t kVectors = kPanels * kWidth;
  V sums[kRows][kVectors];
  ENSUE_UNROLLED
  for (size_t r = 0; r < kRows; ++r) {
    ENSUE_UNROLLED
    for (size_t v = 0; v < kVectors; ++v) sums[r][v] = hn::Zero(d);
  }
  if (accumulates) {
    // From the third-level cache it comes while the block is multiplied.
    ENSUE_UNROLLED
    for (size_t r = 0; r < kRows; ++r) __builtin_prefetch(c + r * strideC, 1, 3);
  }
  // Rows in threes, each with a pointer that moves on with the depth: the other two an instruction's address can reach.
  constexpr size_t kThrees = (kRows + 2) / 3;
  const T* threes[kThrees];
  ENSUE_UNROLLED
  for (size_t i = 0; i < kThrees; ++i) threes[i] = a + 3 * i * steps.row();
  const auto add = [&](size_t k) HWY_ATTR {
    V row[kVectors];
    ENSUE_UNROLLED
    for (size_t v = 0; v < kVectors; ++v)
      row[v] = LoadPanel(d, panel + v / kWidth * strideP + (k * kWidth + v % kWidth) * lanes);
    ENSUE_UNROLLED
    for (size_t r = 0; r < kRows; ++r) {
      const V value = hn::Set(d, threes[r / 3][r % 3 * steps.row() + k * steps.depth()]);
      ENSUE_UNROLLED
      for (size_t v = 0; v < kVectors; ++v) sums[r][v] = hn::MulAdd(value, row[v], sums[r][v]);
    }
  };
  const auto moveOn = [&](size_t depths) HWY_ATTR {
    panel += depths * kWidth * lanes;
    ENSUE_UNROLLED
    for (size_t i = 0; i < kThrees; ++i) {
      threes[i] += depths * steps.depth();
      ENSUE_KEPT(threes[i]);
    }
  };
  const char* next = reinterpret_cast<const char*>(ahead.next);
  const size_t called = kTurn * ahead.vectors * lanes * sizeof(P);
  size_t left = depth;
  for (; left >= kTurn; left -= kTurn) {
    if (kCallsAhead) {
      for (size_t i = 0; i < called; i += kCacheLine) __builtin_prefetch(next + i, 0, 2);
      next += called;
    }
    ENSUE_UNROLLED
    for (size_t k = 0; k < kTurn; ++k) add(k);
    moveOn(kTurn);
  }
  for (; left > 0; --left) {
    add(0);
    moveOn(1);
  }
  // All vectors but the last are whole.
  const size_t start = (kVectors - 1) * lanes, rest = HWY_MIN(lanes, real - start);
  ENSUE_UNROLLED
  for (size_t v = 0; v < kVectors; ++v) {
    const bool whole = v + 1 < kVectors || rest == lanes;
    V shift = hn::Zero(d);
    if (bias != nullptr) shift = whole ? hn::LoadU(d, bias + v * lanes) : LoadPart(d, bias + v * lanes, rest);
    ENSUE_UNROLLED
    for (size_t r = 0; r < kRows; ++r) {
      T* target = c + r * strideC + v * lanes;
      V sum = sums[r][v];
      if (accumulates) sum = hn::Add(sum, whole ? hn::LoadU(d, target) : LoadPart(d, target, rest));
      sum = hn::Add(sum, shift);
      if (whole) {
        hn::StoreU(sum, d, target);
      } else {
        StorePart(d, sum, target, rest);
      }
    }
  }
}

// A block whose rows, at most kRows, are known at run time only.
template <bool kCallsAhead, size_t kVectors, size_t kRows = kBlockRows, class T, class P, class Steps>
HWY_INLINE void MultiplyRows(size_t rows, const T* a, Steps steps, const P* panel, const T* bias, bool accumulates,
                             T* c, size_t strideC, size_t depth, size_t real, Ahead<P> ahead) {
  if (rows == kRows) {
    MultiplyBlock<kCallsAhead, kRows, kVectors>(a, steps, panel, 0, bias, accumulates, c, strideC, depth, real, ahead);
  } else if constexpr (kRows > 1) {
    MultiplyRows<kCallsAhead, kVectors, kRows - 1>(rows, a, steps, panel, bias, accumulates, c, strideC, depth, real,
                                                   ahead);
  }
}

// Of a matrix larger than the second-level cache, the panel that follows is called for while rows meet this one: an even
// part of it by each block of rows.
template <size_t kVectors, class T, class P, class Steps>
HWY_INLINE void MultiplyPanel(const T* a, Steps steps, const P* panel, const T* bias, bool accumulates, T* c,
                              size_t strideC, size_t rows, size_t depth, size_t real, const P* next) {
  const size_t lanes = hn::Lanes(hn::ScalableTag<T>());
  const size_t blocks = (rows + kBlockRows - 1) / kBlockRows, share = (kVectors + blocks - 1) / blocks;
  size_t called = next == nullptr ? kVectors : 0;
  for (size_t r = 0; r < rows;) {
    const size_t count = RowsOfBlock(rows - r);
    if (called < kVectors) {
      const Ahead<P> ahead = {next + called * depth * lanes, HWY_MIN(share, kVectors - called)};
      MultiplyRows<true, kVectors>(count, a + r * steps.row(), steps, panel, bias, accumulates, c + r * strideC, strideC,
                                   depth, real, ahead);
      called += share;
    } else {
      MultiplyRows<false, kVectors>(count, a + r * steps.row(), steps, panel, bias, accumulates, c + r * strideC,
                                    strideC, depth, real, {});
    }
    r += count;
  }
}

// One panel whose width, in vectors, is known at run time only.
template <class T, class P, class Steps>
HWY_INLINE void MultiplyPanelOf(size_t vectors, const T* a, Steps steps, const P* panel, const T* bias,
                                bool accumulates, T* c, size_t strideC, size_t rows, size_t depth, size_t real,
                                const P* next) {
  switch (vectors) {
    case 1: return MultiplyPanel<1>(a, steps, panel, bias, accumulates, c, strideC, rows, depth, real, next);
    case 2: return MultiplyPanel<2>(a, steps, panel, bias, accumulates, c, strideC, rows, depth, real, next);
#if HWY_TARGET <= HWY_AVX3 || HWY_ARCH_ARM
    case 3: return MultiplyPanel<3>(a, steps, panel, bias, accumulates, c, strideC, rows, depth, real, next);
#endif
    default: return;
  }
}

// Depths of a panel that are multiplied by all rows before the next: 512 KiB.
template <class T>
constexpr size_t kPanelDepth = (size_t(1) << 19) / (kPanelVectors * hn::MaxLanes(hn::ScalableTag<T>()) * sizeof(T));

// Panels that one row meets at a time: in one of them it has fewer sums than the multipliers can have under way.
constexpr size_t kPanelsOfRow = 4;

template <class T>
HWY_INLINE void MultiplyRow(const T* a, const T* panel, size_t strideP, const T* bias, bool accumulates, T* c,
                            size_t depth, size_t real, const T* next) {
  if (next == nullptr) {
    MultiplyBlock<false, 1, kPanelVectors, kPanelsOfRow>(a, AlongRows{0}, panel, strideP, bias, accumulates, c, 0, depth,
                                                         real, Ahead<T>());
  } else {
    MultiplyBlock<true, 1, kPanelVectors, kPanelsOfRow>(a, AlongRows{0}, panel, strideP, bias, accumulates, c, 0, depth,
                                                        real, {next, kPanelsOfRow * kPanelVectors});
  }
}

// Panels from the first to the last, or from the last to the first: a caller that multiplies by the same matrix again
// and again and turns round each time finds the panels it used last still in cache. A deep product is made in pieces of
// the depth, so that a panel's piece stays in the second-level cache over all rows.
template <class T>
void MultiplyPacked(const T* a, size_t strideA, const T* packed, const T* bias, bool accumulates, T* c, size_t strideC,
                    size_t rows, size_t depth, size_t columns, bool fromLast = false) {
  const hn::ScalableTag<T> d;
  constexpr size_t kPiece = kPanelDepth<T>;
  const bool isLarge = depth * columns * sizeof(T) > (size_t(1) << 19);
  const size_t lanes = hn::Lanes(d), whole = kPanelVectors * lanes, group = (rows == 1 ? kPanelsOfRow : 1) * whole;
  for (size_t done = 0, groups = (columns + group - 1) / group; done < groups; ++done) {
    const size_t start = (fromLast ? groups - 1 - done : done) * group, end = HWY_MIN(columns, start + group);
    const bool isWhole = end - start + lanes > group;
    for (size_t column = start; column < end;) {
      const size_t vectors = PanelVectors(d, column, columns), width = isWhole ? group : vectors * lanes;
      const T* panel = packed + column * depth;
      const T* shift = bias == nullptr ? nullptr : bias + column;
      for (size_t k = 0; k < depth; k += kPiece) {
        const size_t piece = HWY_MIN(kPiece, depth - k), real = HWY_MIN(width, columns - column);
        const bool adds = accumulates || k > 0;
        const T* last = k + piece < depth ? nullptr : shift;
        // What follows in memory, or what stands before.
        const T* next = nullptr;
        if (isLarge && !fromLast && column + group + width <= columns) next = panel + (k + piece) * width;
        if (isLarge && fromLast && column > 0 && isWhole) next = panel - group * (depth - k);
        if (rows == 1 && isWhole) {
          MultiplyRow(a + k, panel + k * whole, whole * depth, last, adds, c + column, piece, real, next);
        } else {
          MultiplyPanelOf(vectors, a + k, AlongRows{strideA}, panel + k * width, last, adds, c + column, strideC, rows,
                          piece, real, next);
        }
      }
      column += width;
    }
  }
}

// C[rows, columns] = Aᵀ · B for A of [depth, rows], a weight gradient: the sum over all steps. In pieces of the depth,
// so that a piece of A and a panel of B stay in the first two caches; the pieces are added in order.
template <class T>
void MultiplyTransposed(const T* a, size_t strideA, const T* b, size_t strideB, T* c, size_t strideC, size_t rows,
                        size_t depth, size_t columns) {
  const hn::ScalableTag<T> d;
  constexpr size_t kPiece = 96;
  HWY_ALIGN T panel[kPiece * kPanelVectors * hn::MaxLanes(hn::ScalableTag<T>())];
  for (size_t start = 0; start < depth; start += kPiece) {
    const size_t piece = HWY_MIN(kPiece, depth - start);
    for (size_t column = 0; column < columns;) {
      const size_t vectors = PanelVectors(d, column, columns), width = vectors * hn::Lanes(d);
      const size_t real = HWY_MIN(width, columns - column);
      Pack(b + start * strideB + column, strideB, false, piece, real, panel);
      MultiplyPanelOf(vectors, a + start * strideA, AlongColumns{strideA}, panel, static_cast<const T*>(nullptr),
                      start > 0, c + column, strideC, rows, piece, real, static_cast<const T*>(nullptr));
      column += width;
    }
  }
}

// C[rows, columns] (+)= Aᵀ · B with both packed, A in units of kUnitRows, a piece of the depth at a time. Panel by panel:
// one stays in the second-level cache while the rows of A pass it.
constexpr size_t kUnitRows = ENSUE_UNIT_ROWS;
static_assert(kUnitRows % kBlockRows == 0, "a unit is made of whole blocks");

template <class T>
void MultiplyColumns(const T* a, const T* packed, bool accumulates, T* c, size_t strideC, size_t rows, size_t depth,
                     size_t columns) {
  const hn::ScalableTag<T> d;
  const size_t whole = kPanelVectors * hn::Lanes(d);
  for (size_t column = 0; column < columns; column += whole) {
    const size_t vectors = PanelVectors(d, column, columns), width = vectors * hn::Lanes(d);
    for (size_t r = 0; r < rows;) {
      // A unit's last blocks share its rows as PackColumns had them do.
      const size_t unit = r / kUnitRows * kUnitRows;
      const size_t block = RowsOfBlock(HWY_MIN(rows, unit + kUnitRows) - r);
      MultiplyPanelOf(vectors, a + r * depth, AlongColumns{block}, packed + column * depth,
                      static_cast<const T*>(nullptr), accumulates, c + r * strideC + column, strideC, block, depth,
                      HWY_MIN(width, columns - column), static_cast<const T*>(nullptr));
      r += block;
    }
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace ensue
HWY_AFTER_NAMESPACE();
#endif
