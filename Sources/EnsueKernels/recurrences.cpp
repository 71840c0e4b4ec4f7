// A recurrent cell as a machine: a share of the rows of a packed batch walks through all its time steps in one call.
// At each step phases of elementwise instructions, run over tiles that stay in the first-level cache, alternate with
// matrix products. Forward and backward are two programs for the same machine; which program a cell has is planned
// from its equations.

#include "disabled-targets.h"
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "recurrences.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "dispatch.h"
#include "attentive-inl.h"
#include "products-inl.h"

#ifndef ENSUE_RECURRENCES_ONCE
#define ENSUE_RECURRENCES_ONCE
#include <string.h>
#endif

HWY_BEFORE_NAMESPACE();
namespace ensue {
namespace HWY_NAMESPACE {

constexpr size_t kTileRows = ENSUE_TILE_ROWS;

// Consecutive rows of one step, and some of their units.
struct Tile {
  size_t batchRow, packedRow, rows;
  bool hasBefore;      // whether these rows have a step before this one
  size_t beforeRow;    // its packed row
  size_t unit, units;
};

template <class T>
struct Strip {
  T* start;
  size_t stride;
  HWY_INLINE T* Row(size_t r) const { return start + r * stride; }
};

template <class T>
struct Machine {
  const EnsueRecurrence& r;

  HWY_INLINE size_t Alive(size_t t) const { return static_cast<size_t>(r.offsets[t + 1] - r.offsets[t]); }

  HWY_INLINE Strip<T> At(int32_t index, const Tile& tile) const {
    const EnsueOperand& operand = r.operands[index];
    T* base = static_cast<T*>(operand.base);
    switch (operand.kind) {
      case EnsueOperandScratch:
        return {static_cast<T*>(r.scratch) + operand.stride * kTileRows * r.tileUnits, r.tileUnits};
      case EnsueOperandRow: return {base + tile.packedRow * operand.stride + tile.unit, operand.stride};
      case EnsueOperandBatch: return {base + tile.batchRow * operand.stride + tile.unit, operand.stride};
      case EnsueOperandVector: return {base + tile.unit, 0};
      case EnsueOperandBefore:
        if (tile.hasBefore) return {base + tile.beforeRow * operand.stride + tile.unit, operand.stride};
        return {static_cast<T*>(operand.initial) + tile.batchRow * operand.stride + tile.unit, operand.stride};
    }
    return {nullptr, 0};
  }

  template <class Function>
  HWY_INLINE void Unary(const Tile& tile, const EnsueInstruction& i, const Function& function) const {
    const hn::ScalableTag<T> d;
    const Strip<T> y = At(i.target, tile), a = At(i.a, tile);
    for (size_t row = 0; row < tile.rows; ++row) {
      const T* from = a.Row(row);
      T* to = y.Row(row);
      ForBlocks(d, tile.units, [&](auto block) HWY_ATTR { block.Store(function(d, block.Load(from)), to); });
    }
  }
  template <class Function>
  HWY_INLINE void Binary(const Tile& tile, const EnsueInstruction& i, const Function& function) const {
    const hn::ScalableTag<T> d;
    const Strip<T> y = At(i.target, tile), a = At(i.a, tile), b = At(i.b, tile);
    for (size_t row = 0; row < tile.rows; ++row) {
      const T *left = a.Row(row), *right = b.Row(row);
      T* to = y.Row(row);
      ForBlocks(d, tile.units,
                [&](auto block) HWY_ATTR { block.Store(function(d, block.Load(left), block.Load(right)), to); });
    }
  }
  HWY_INLINE void MultiplyAdd(const Tile& tile, const EnsueInstruction& i) const {
    const hn::ScalableTag<T> d;
    const Strip<T> y = At(i.target, tile), a = At(i.a, tile), b = At(i.b, tile), c = At(i.c, tile);
    for (size_t row = 0; row < tile.rows; ++row) {
      const T *left = a.Row(row), *right = b.Row(row), *sum = c.Row(row);
      T* to = y.Row(row);
      ForBlocks(d, tile.units, [&](auto block) HWY_ATTR {
        block.Store(hn::MulAdd(block.Load(left), block.Load(right), block.Load(sum)), to);
      });
    }
  }

  // Over whole rows: the tile has all units. The scale 1 / √(variance + ε) of each row is kept at `b`.
  HWY_INLINE void Normalize(const Tile& tile, const EnsueInstruction& i) const {
    const hn::ScalableTag<T> d;
    const Strip<T> y = At(i.target, tile), a = At(i.a, tile), scales = At(i.b, tile);
    const T share = T(1) / static_cast<T>(tile.units);
    for (size_t row = 0; row < tile.rows; ++row) {
      const T* from = a.Row(row);
      T* to = y.Row(row);
      auto sum = hn::Zero(d);
      ForBlocks(d, tile.units, [&](auto block) HWY_ATTR { sum = hn::Add(sum, block.Load(from)); });
      const T mean = hn::GetLane(hn::SumOfLanes(d, sum)) * share;
      T squares = T(0);
      {
        auto total = hn::Zero(d);
        ForBlocks(d, tile.units, [&](auto block) HWY_ATTR {
          const auto v = block.Keep(hn::Sub(block.Load(from), hn::Set(d, mean)));
          total = hn::MulAdd(v, v, total);
        });
        squares = hn::GetLane(hn::SumOfLanes(d, total));
      }
      const T scale = T(1) / static_cast<T>(__builtin_sqrt(static_cast<double>(squares * share) + 1e-5));
      ForBlocks(d, tile.units, [&](auto block) HWY_ATTR {
        block.Store(hn::Mul(hn::Sub(block.Load(from), hn::Set(d, mean)), hn::Set(d, scale)), to);
      });
      *scales.Row(row) = scale;
    }
  }
  // dx = scale · (dy - mean(dy) - y · mean(dy ⊙ y)).
  HWY_INLINE void NormalizeGradient(const Tile& tile, const EnsueInstruction& i) const {
    const hn::ScalableTag<T> d;
    const Strip<T> target = At(i.target, tile), gradient = At(i.a, tile), result = At(i.b, tile), scales = At(i.c, tile);
    const T share = T(1) / static_cast<T>(tile.units);
    for (size_t row = 0; row < tile.rows; ++row) {
      const T *dy = gradient.Row(row), *y = result.Row(row);
      T* to = target.Row(row);
      auto sum = hn::Zero(d), product = hn::Zero(d);
      ForBlocks(d, tile.units, [&](auto block) HWY_ATTR {
        const auto v = block.Load(dy);
        sum = hn::Add(sum, v);
        product = hn::MulAdd(v, block.Load(y), product);
      });
      const T mean = hn::GetLane(hn::SumOfLanes(d, sum)) * share, slope = hn::GetLane(hn::SumOfLanes(d, product)) * share;
      const T scale = *scales.Row(row);
      ForBlocks(d, tile.units, [&](auto block) HWY_ATTR {
        const auto rest = hn::NegMulAdd(block.Load(y), hn::Set(d, slope), hn::Sub(block.Load(dy), hn::Set(d, mean)));
        block.Store(hn::Mul(rest, hn::Set(d, scale)), to);
      });
    }
  }

  void Execute(const EnsueInstruction& i, const Tile& tile) const {
    switch (i.code) {
      case EnsueCodeCopy: return Unary(tile, i, [](auto, auto a) HWY_ATTR { return a; });
      case EnsueCodeNegate: return Unary(tile, i, [](auto, auto a) HWY_ATTR { return hn::Neg(a); });
      case EnsueCodeAdd: return Binary(tile, i, [](auto, auto a, auto b) HWY_ATTR { return hn::Add(a, b); });
      case EnsueCodeSubtract: return Binary(tile, i, [](auto, auto a, auto b) HWY_ATTR { return hn::Sub(a, b); });
      case EnsueCodeMultiply: return Binary(tile, i, [](auto, auto a, auto b) HWY_ATTR { return hn::Mul(a, b); });
      case EnsueCodeDivide: return Binary(tile, i, [](auto, auto a, auto b) HWY_ATTR { return hn::Div(a, b); });
      case EnsueCodeMultiplyAdd: return MultiplyAdd(tile, i);
      case EnsueCodeSigmoid: return Unary(tile, i, [](auto d, auto a) HWY_ATTR { return Sigmoid(d, a); });
      case EnsueCodeTanh: return Unary(tile, i, [](auto d, auto a) HWY_ATTR { return HyperbolicTangent(d, a); });
      case EnsueCodeReLU:
        return Unary(tile, i, [](auto d, auto a) HWY_ATTR {
          return hn::IfThenElse(hn::Le(a, hn::Zero(d)), hn::Zero(d), a);
        });
      case EnsueCodeSoftplus: return Unary(tile, i, [](auto d, auto a) HWY_ATTR { return Softplus(d, a); });
      case EnsueCodeExponential: return Unary(tile, i, [](auto d, auto a) HWY_ATTR { return Exponential(d, a); });
      case EnsueCodeLogarithm: return Unary(tile, i, [](auto d, auto a) HWY_ATTR { return Logarithm(d, a); });
      case EnsueCodeSigmoidGradient:
        return Binary(tile, i, [](auto, auto dy, auto y) HWY_ATTR {
          const auto v = hn::Mul(dy, y);
          return hn::NegMulAdd(v, y, v);
        });
      case EnsueCodeTanhGradient:
        return Binary(tile, i, [](auto, auto dy, auto y) HWY_ATTR { return hn::NegMulAdd(hn::Mul(y, y), dy, dy); });
      case EnsueCodeReLUGradient:
        return Binary(tile, i, [](auto d, auto dy, auto y) HWY_ATTR {
          return hn::IfThenElseZero(hn::Gt(y, hn::Zero(d)), dy);
        });
      case EnsueCodeSoftplusGradient:  // σ(x) = 1 - e^(-softplus(x)); e^y - 1 by itself is exact for small y
        return Binary(tile, i, [](auto d, auto dy, auto y) HWY_ATTR {
          const auto minus = hn::Max(hn::Neg(y), hn::Set(d, T(-80)));
          return KeepNaN(d, y, hn::Neg(hn::Mul(dy, hn::Expm1(d, minus))));
        });
      case EnsueCodeNormalize: return Normalize(tile, i);
      case EnsueCodeNormalizeGradient: return NormalizeGradient(tile, i);
    }
  }

  // Rows `first` ..< `last` of step t: all of them have a step before, or none has.
  void RunInstructions(const EnsuePhase& phase, size_t t, size_t first, size_t last, bool hasBefore) const {
    const size_t neighbour = r.reverse ? t + 1 : t - 1;
    for (size_t row = first; row < last; row += kTileRows) {
      Tile tile;
      tile.batchRow = row;
      tile.packedRow = static_cast<size_t>(r.offsets[t]) + row;
      tile.rows = HWY_MIN(kTileRows, last - row);
      tile.hasBefore = hasBefore;
      tile.beforeRow = hasBefore ? static_cast<size_t>(r.offsets[neighbour]) + row : 0;
      for (size_t unit = 0; unit < r.units; unit += r.tileUnits) {
        tile.unit = unit;
        tile.units = HWY_MIN(r.tileUnits, r.units - unit);
        for (size_t i = 0; i < phase.instructionCount; ++i) Execute(phase.instructions[i], tile);
      }
    }
  }

  void RunProduct(const EnsueProduct& product, size_t t, size_t first, size_t last, bool fromLast) const {
    Tile tile = {first, static_cast<size_t>(r.offsets[t]) + first, last - first, false, 0, 0, 0};
    const Strip<T> source = At(product.source, tile), target = At(product.target, tile);
    MultiplyPacked(source.start, source.stride, static_cast<const T*>(product.weight),
                   static_cast<const T*>(product.bias), product.accumulates != 0, target.start, target.stride,
                   tile.rows, product.depth, product.columns, fromLast);
  }

  // Moves and attention are for loops that walk forward: all rows of a step have one before it, or none has.
  HWY_INLINE Tile RowsOf(size_t t, size_t first, size_t last) const {
    const size_t before = t > 0 ? static_cast<size_t>(r.offsets[t - 1]) + first : 0;
    return {first, static_cast<size_t>(r.offsets[t]) + first, last - first, t > 0, before, 0, 0};
  }
  void RunMove(const EnsueMove& move, const Tile& tile) const {
    const Strip<T> source = At(move.source, tile), target = At(move.target, tile);
    for (size_t row = 0; row < tile.rows; ++row) {
      if (move.adds) {
        AddScaled(source.Row(row), T(1), target.Row(row), move.width);
      } else {
        memcpy(target.Row(row), source.Row(row), move.width * sizeof(T));
      }
    }
  }
  void RunAttention(const EnsueStepAttention& attention, const Tile& tile) const {
    const Strip<T> query = At(attention.query, tile), asked = At(attention.asked, tile);
    const Strip<T> place = At(attention.place, tile), context = At(attention.context, tile);
    for (size_t row = 0; row < tile.rows; ++row) {
      const StepAttention<T> step = {attention,      tile.batchRow + row, tile.packedRow + row, query.Row(row),
                                     asked.Row(row), place.Row(row),      r.attentionScratch};
      if (r.backward) {
        step.Return(context.Row(row),
                    {At(attention.queryGradient, tile).Row(row), At(attention.askedGradient, tile).Row(row),
                     At(attention.placeGradient, tile).Row(row)});
      } else {
        step.Attend(context.Row(row));
      }
    }
  }

  // [1 | x] of these rows.
  void CopyInput(size_t t, size_t first, size_t last) const {
    if (r.input == nullptr) return;
    const size_t offset = static_cast<size_t>(r.offsets[t]);
    for (size_t row = offset + first; row < offset + last; ++row) {
      T* to = static_cast<T*>(r.joined) + row * r.joinedStride;
      to[0] = T(1);
      memcpy(to + 1, static_cast<const T*>(r.input) + row * r.inputSize, r.inputSize * sizeof(T));
    }
  }

  // Every other step goes through the panels of its products the other way: those used last are still in cache.
  void RunStep(size_t t) const {
    const size_t alive = Alive(t), first = r.first, last = HWY_MIN(r.last, alive);
    if (first >= last) return;
    CopyInput(t, first, last);
    // Reversed, a sequence begins at its own last step.
    const size_t with = r.reverse ? (t + 1 < r.steps ? HWY_MIN(last, Alive(t + 1)) : 0) : (t > 0 ? last : 0);
    for (size_t p = 0; p < r.phaseCount; ++p) {
      const EnsuePhase& phase = r.phases[p];
      for (size_t i = 0; i < phase.moveCount; ++i) RunMove(phase.moves[i], RowsOf(t, first, last));
      if (phase.instructionCount > 0) {
        if (first < with) RunInstructions(phase, t, first, with, true);
        if (HWY_MAX(first, with) < last) RunInstructions(phase, t, HWY_MAX(first, with), last, false);
      }
      for (size_t i = 0; i < phase.productCount; ++i) RunProduct(phase.products[i], t, first, last, t % 2 == 1);
      if (phase.attention != nullptr) RunAttention(*phase.attention, RowsOf(t, first, last));
    }
  }

  void Run() const {
    const bool descending = (r.reverse != 0) != (r.backward != 0);
    for (size_t s = 0; s < r.steps; ++s) RunStep(descending ? r.steps - 1 - s : s);
  }
};

void Recurrence(const EnsueRecurrence& recurrence) {
  ENSUE_BY_ELEMENT(recurrence.element, Machine<T>{recurrence}.Run());
}

}  // namespace HWY_NAMESPACE
}  // namespace ensue
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ensue {
HWY_EXPORT(Recurrence);
}  // namespace ensue

using namespace ensue;
void ensue_recurrence(const EnsueRecurrence* recurrence) { HWY_DYNAMIC_DISPATCH(Recurrence)(*recurrence); }
#endif
