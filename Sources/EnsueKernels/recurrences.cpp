// Recurrent cells fused by hand: a share of the rows of a packed batch runs through all its time steps in one call,
// one product and one elementwise pass a step. The gradient is the same walk backwards; weight gradients are left
// to a few large products over all steps.

#include "disabled-targets.h"
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "recurrences.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "dispatch.h"
#include "products-inl.h"

#ifndef ENSUE_RECURRENCES_ONCE
#define ENSUE_RECURRENCES_ONCE
#include <string.h>
namespace ensue {
inline size_t GateCount(EnsueCell cell) {
  switch (cell) {
    case EnsueCellTanh:
    case EnsueCellReLU: return 1;
    case EnsueCellLSTM: return 4;
    case EnsueCellGRU:
    case EnsueCellGRUResetAfter: return 3;
  }
  return 0;
}
}  // namespace ensue
#endif

HWY_BEFORE_NAMESPACE();
namespace ensue {
namespace HWY_NAMESPACE {

// The walk of one share: typed pointers and the geometry of a step.
template <class T>
struct Walk {
  const EnsueRecurrence& r;
  size_t hidden, width;  // width: gates · hidden

  explicit Walk(const EnsueRecurrence& recurrence)
      : r(recurrence), hidden(recurrence.hidden), width(GateCount(recurrence.cell) * recurrence.hidden) {}

  HWY_INLINE size_t Count(size_t t) const { return static_cast<size_t>(r.offsets[t + 1] - r.offsets[t]); }
  // How many of this share's rows are alive at step t.
  HWY_INLINE size_t Rows(size_t t) const {
    const size_t count = Count(t);
    return count <= r.first ? 0 : (count - r.first + r.step - 1) / r.step;
  }
  HWY_INLINE size_t Packed(size_t t, size_t batchRow) const { return static_cast<size_t>(r.offsets[t]) + batchRow; }

  HWY_INLINE T* Gates(size_t row) const { return static_cast<T*>(r.gates) + row * width; }
  HWY_INLINE T* Extra(size_t row) const { return static_cast<T*>(r.extra) + row * hidden; }
  HWY_INLINE T* Previous(size_t row) const { return static_cast<T*>(r.previous) + row * hidden; }
  HWY_INLINE T* Output(size_t row) const { return static_cast<T*>(r.output) + row * hidden; }

  // The packed row of the step before, for `batchRow` at step t; false where the sequence begins.
  HWY_INLINE bool Before(size_t t, size_t batchRow, size_t* row) const {
    if (r.reverse) {
      if (t + 1 >= r.steps || batchRow >= Count(t + 1)) return false;
      *row = Packed(t + 1, batchRow);
    } else {
      if (t == 0) return false;
      *row = Packed(t - 1, batchRow);
    }
    return true;
  }
  HWY_INLINE const T* CellBefore(size_t t, size_t batchRow) const {
    size_t row;
    return Before(t, batchRow, &row) ? Extra(row) : static_cast<const T*>(r.initialCell) + batchRow * hidden;
  }
  HWY_INLINE void CopyPrevious(size_t t) const {
    const size_t count = Count(t);
    for (size_t b = r.first; b < count; b += r.step) {
      size_t row;
      const T* source = Before(t, b, &row) ? Output(row) : static_cast<const T*>(r.initialHidden) + b * hidden;
      memcpy(Previous(Packed(t, b)), source, hidden * sizeof(T));
    }
  }
  // body(batchRow, packedRow) over this share's rows of step t.
  template <class Body>
  HWY_INLINE void ForRows(size_t t, const Body& body) const {
    const size_t count = Count(t);
    for (size_t b = r.first; b < count; b += r.step) body(b, Packed(t, b));
  }
};

template <class T>
void SimpleForward(const Walk<T>& walk, size_t t, bool rectified) {
  const hn::ScalableTag<T> d;
  const size_t row = walk.Packed(t, walk.r.first), H = walk.hidden, step = walk.r.step;
  MultiplyPacked(walk.Previous(row), step * H, static_cast<const T*>(walk.r.weight), static_cast<const T*>(nullptr), true,
                 walk.Gates(row), step * H, walk.Rows(t), H, H);
  walk.ForRows(t, [&](size_t, size_t packed) HWY_ATTR {
    T* gates = walk.Gates(packed);
    T* output = walk.Output(packed);
    ForBlocks(d, H, [&](auto block) HWY_ATTR {
      const auto x = block.Load(gates);
      const auto h = rectified ? hn::IfThenElse(hn::Le(x, hn::Zero(d)), hn::Zero(d), x) : HyperbolicTangent(d, x);
      block.Store(h, gates);
      block.Store(h, output);
    });
  });
}

template <class T>
void LSTMForward(const Walk<T>& walk, size_t t) {
  const hn::ScalableTag<T> d;
  const size_t row = walk.Packed(t, walk.r.first), H = walk.hidden, step = walk.r.step;
  MultiplyPacked(walk.Previous(row), step * H, static_cast<const T*>(walk.r.weight), static_cast<const T*>(nullptr), true,
                 walk.Gates(row), step * 4 * H, walk.Rows(t), H, 4 * H);
  walk.ForRows(t, [&](size_t b, size_t packed) HWY_ATTR {
    T* gates = walk.Gates(packed);
    T* cell = walk.Extra(packed);
    T* output = walk.Output(packed);
    const T* before = walk.CellBefore(t, b);
    ForBlocks(d, H, [&](auto block) HWY_ATTR {
      const auto i = Sigmoid(d, block.Load(gates));
      const auto f = Sigmoid(d, block.Load(gates + H));
      const auto g = HyperbolicTangent(d, block.Load(gates + 2 * H));
      const auto o = Sigmoid(d, block.Load(gates + 3 * H));
      const auto c = hn::MulAdd(f, block.Load(before), hn::Mul(i, g));
      block.Store(i, gates);
      block.Store(f, gates + H);
      block.Store(g, gates + 2 * H);
      block.Store(o, gates + 3 * H);
      block.Store(c, cell);
      block.Store(hn::Mul(o, HyperbolicTangent(d, c)), output);
    });
  });
}

template <class T>
void GRUForward(const Walk<T>& walk, size_t t) {
  const hn::ScalableTag<T> d;
  const size_t row = walk.Packed(t, walk.r.first), H = walk.hidden, step = walk.r.step, rows = walk.Rows(t);
  MultiplyPacked(walk.Previous(row), step * H, static_cast<const T*>(walk.r.weight), static_cast<const T*>(nullptr), true,
                 walk.Gates(row), step * 3 * H, rows, H, 2 * H);
  walk.ForRows(t, [&](size_t, size_t packed) HWY_ATTR {
    T* gates = walk.Gates(packed);
    T* reset = walk.Extra(packed);
    const T* h = walk.Previous(packed);
    ForBlocks(d, H, [&](auto block) HWY_ATTR {
      const auto r = Sigmoid(d, block.Load(gates));
      block.Store(r, gates);
      block.Store(Sigmoid(d, block.Load(gates + H)), gates + H);
      block.Store(hn::Mul(r, block.Load(h)), reset);
    });
  });
  MultiplyPacked(walk.Extra(row), step * H, static_cast<const T*>(walk.r.candidate), static_cast<const T*>(nullptr), true,
                 walk.Gates(row) + 2 * H, step * 3 * H, rows, H, H);
  walk.ForRows(t, [&](size_t, size_t packed) HWY_ATTR {
    T* gates = walk.Gates(packed);
    T* output = walk.Output(packed);
    const T* h = walk.Previous(packed);
    ForBlocks(d, H, [&](auto block) HWY_ATTR {
      const auto n = HyperbolicTangent(d, block.Load(gates + 2 * H));
      block.Store(n, gates + 2 * H);
      block.Store(hn::MulAdd(block.Load(gates + H), hn::Sub(block.Load(h), n), n), output);
    });
  });
}

template <class T>
void GRUResetAfterForward(const Walk<T>& walk, size_t t) {
  const hn::ScalableTag<T> d;
  const size_t row = walk.Packed(t, walk.r.first), H = walk.hidden, step = walk.r.step;
  T* product = static_cast<T*>(walk.r.scratch);
  MultiplyPacked(walk.Previous(row), step * H, static_cast<const T*>(walk.r.weight), static_cast<const T*>(nullptr), false,
                 product, 3 * H, walk.Rows(t), H, 3 * H);
  const T* bias = static_cast<const T*>(walk.r.candidateBias);
  walk.ForRows(t, [&](size_t, size_t packed) HWY_ATTR {
    T* gates = walk.Gates(packed);
    T* extra = walk.Extra(packed);
    T* output = walk.Output(packed);
    const T* h = walk.Previous(packed);
    ForBlocks(d, H, [&](auto block) HWY_ATTR {
      const auto r = Sigmoid(d, hn::Add(block.Load(gates), block.Load(product)));
      const auto z = Sigmoid(d, hn::Add(block.Load(gates + H), block.Load(product + H)));
      const auto q = hn::Add(block.Load(product + 2 * H), block.Load(bias));
      const auto n = HyperbolicTangent(d, hn::MulAdd(r, q, block.Load(gates + 2 * H)));
      block.Store(r, gates);
      block.Store(z, gates + H);
      block.Store(n, gates + 2 * H);
      block.Store(q, extra);
      block.Store(hn::MulAdd(z, hn::Sub(block.Load(h), n), n), output);
    });
    product += 3 * H;
  });
}

template <class T>
void RecurrenceOf(const EnsueRecurrence& recurrence) {
  const Walk<T> walk(recurrence);
  for (size_t s = 0; s < recurrence.steps; ++s) {
    const size_t t = recurrence.reverse ? recurrence.steps - 1 - s : s;
    if (walk.Rows(t) == 0) continue;
    walk.CopyPrevious(t);
    switch (recurrence.cell) {
      case EnsueCellTanh: SimpleForward(walk, t, false); break;
      case EnsueCellReLU: SimpleForward(walk, t, true); break;
      case EnsueCellLSTM: LSTMForward(walk, t); break;
      case EnsueCellGRU: GRUForward(walk, t); break;
      case EnsueCellGRUResetAfter: GRUResetAfterForward(walk, t); break;
    }
  }
}
void Recurrence(const EnsueRecurrence& recurrence) {
  ENSUE_BY_ELEMENT(recurrence.element, RecurrenceOf<T>(recurrence));
}

// Backwards: hiddenCarry[b] holds ∂loss/∂h of row b from later steps, and is replaced by that of the step before.
template <class T>
struct WalkBack : Walk<T> {
  const EnsueRecurrenceGradient& g;
  explicit WalkBack(const EnsueRecurrenceGradient& gradient) : Walk<T>(gradient.recurrence), g(gradient) {}

  HWY_INLINE T* GateGradient(size_t row) const { return static_cast<T*>(g.gateGradient) + row * this->width; }
  HWY_INLINE T* RecurrentGradient(size_t row) const { return static_cast<T*>(g.recurrentGradient) + row * this->width; }
  HWY_INLINE T* HiddenCarry(size_t b) const { return static_cast<T*>(g.hiddenCarry) + b * this->hidden; }
  HWY_INLINE T* CellCarry(size_t b) const { return static_cast<T*>(g.cellCarry) + b * this->hidden; }
  HWY_INLINE const T* OutputGradient(size_t row) const {
    return g.outputGradient == nullptr ? nullptr : static_cast<const T*>(g.outputGradient) + row * this->hidden;
  }
  HWY_INLINE const T* CellGradient(size_t row) const {
    return g.cellGradient == nullptr ? nullptr : static_cast<const T*>(g.cellGradient) + row * this->hidden;
  }
};

template <class D, class Block, class T>
HWY_INLINE hn::Vec<D> Arriving(D, const Block& block, const T* carry, const T* gradient) {
  const auto v = block.Load(carry);
  return gradient == nullptr ? v : hn::Add(v, block.Load(gradient));
}

template <class T>
void SimpleBackward(const WalkBack<T>& walk, size_t t, bool rectified) {
  const hn::ScalableTag<T> d;
  const size_t H = walk.hidden, step = walk.r.step;
  walk.ForRows(t, [&](size_t b, size_t packed) HWY_ATTR {
    const T* h = walk.Gates(packed);
    const T* arriving = walk.OutputGradient(packed);
    const T* carry = walk.HiddenCarry(b);
    T* gradient = walk.GateGradient(packed);
    ForBlocks(d, H, [&](auto block) HWY_ATTR {
      const auto dh = Arriving(d, block, carry, arriving);
      const auto y = block.Load(h);
      block.Store(rectified ? hn::IfThenElseZero(hn::Gt(y, hn::Zero(d)), dh) : hn::NegMulAdd(hn::Mul(y, y), dh, dh),
                  gradient);
    });
  });
  MultiplyPacked(walk.GateGradient(walk.Packed(t, walk.r.first)), step * H, static_cast<const T*>(walk.r.weight),
                 static_cast<const T*>(nullptr), false, walk.HiddenCarry(walk.r.first), step * H, walk.Rows(t), H, H);
}

template <class T>
void LSTMBackward(const WalkBack<T>& walk, size_t t) {
  const hn::ScalableTag<T> d;
  const auto one = hn::Set(d, T(1));
  const size_t H = walk.hidden, step = walk.r.step;
  walk.ForRows(t, [&](size_t b, size_t packed) HWY_ATTR {
    const T* gates = walk.Gates(packed);
    const T* cell = walk.Extra(packed);
    const T* before = walk.CellBefore(t, b);
    const T* arriving = walk.OutputGradient(packed);
    const T* arrivingCell = walk.CellGradient(packed);
    const T* carry = walk.HiddenCarry(b);
    T* cellCarry = walk.CellCarry(b);
    T* gradient = walk.GateGradient(packed);
    ForBlocks(d, H, [&](auto block) HWY_ATTR {
      const auto dh = Arriving(d, block, carry, arriving);
      const auto i = block.Load(gates), f = block.Load(gates + H), g = block.Load(gates + 2 * H), o = block.Load(gates + 3 * H);
      const auto tanhC = HyperbolicTangent(d, block.Load(cell));
      const auto dhO = hn::Mul(dh, o);
      const auto dc = hn::Add(Arriving(d, block, cellCarry, arrivingCell), hn::NegMulAdd(hn::Mul(tanhC, tanhC), dhO, dhO));
      const auto dcI = hn::Mul(dc, i), dcF = hn::Mul(dc, f);
      block.Store(hn::Mul(hn::Mul(dcI, g), hn::Sub(one, i)), gradient);
      block.Store(hn::Mul(hn::Mul(dcF, block.Load(before)), hn::Sub(one, f)), gradient + H);
      block.Store(hn::NegMulAdd(hn::Mul(g, g), dcI, dcI), gradient + 2 * H);
      block.Store(hn::Mul(hn::Mul(dhO, tanhC), hn::Sub(one, o)), gradient + 3 * H);
      block.Store(dcF, cellCarry);
    });
  });
  MultiplyPacked(walk.GateGradient(walk.Packed(t, walk.r.first)), step * 4 * H, static_cast<const T*>(walk.r.weight),
                 static_cast<const T*>(nullptr), false, walk.HiddenCarry(walk.r.first), step * H, walk.Rows(t), 4 * H, H);
}

template <class T>
void GRUBackward(const WalkBack<T>& walk, size_t t) {
  const hn::ScalableTag<T> d;
  const auto one = hn::Set(d, T(1));
  const size_t H = walk.hidden, step = walk.r.step, rows = walk.Rows(t);
  const size_t row = walk.Packed(t, walk.r.first);
  walk.ForRows(t, [&](size_t b, size_t packed) HWY_ATTR {
    const T* gates = walk.Gates(packed);
    const T* h = walk.Previous(packed);
    const T* arriving = walk.OutputGradient(packed);
    T* carry = walk.HiddenCarry(b);
    T* gradient = walk.GateGradient(packed);
    ForBlocks(d, H, [&](auto block) HWY_ATTR {
      const auto dh = Arriving(d, block, carry, arriving);
      const auto z = block.Load(gates + H), n = block.Load(gates + 2 * H);
      const auto dhZ = hn::Mul(dh, z);
      block.Store(hn::Mul(hn::Mul(dhZ, hn::Sub(block.Load(h), n)), hn::Sub(one, z)), gradient + H);
      const auto dn = hn::Sub(dh, dhZ);
      block.Store(hn::NegMulAdd(hn::Mul(n, n), dn, dn), gradient + 2 * H);
      block.Store(dhZ, carry);
    });
  });
  // ∂loss/∂(r⊙h), in scratch.
  T* reset = static_cast<T*>(walk.r.scratch);
  MultiplyPacked(walk.GateGradient(row) + 2 * H, step * 3 * H, static_cast<const T*>(walk.r.candidate),
                 static_cast<const T*>(nullptr), false, reset, H, rows, H, H);
  walk.ForRows(t, [&](size_t b, size_t packed) HWY_ATTR {
    const T* gates = walk.Gates(packed);
    const T* h = walk.Previous(packed);
    T* carry = walk.HiddenCarry(b);
    T* gradient = walk.GateGradient(packed);
    ForBlocks(d, H, [&](auto block) HWY_ATTR {
      const auto r = block.Load(gates);
      const auto dr = hn::Mul(block.Load(reset), r);
      block.Store(hn::Mul(hn::Mul(dr, block.Load(h)), hn::Sub(one, r)), gradient);
      block.Store(hn::Add(block.Load(carry), dr), carry);
    });
    reset += H;
  });
  MultiplyPacked(walk.GateGradient(row), step * 3 * H, static_cast<const T*>(walk.r.weight),
                 static_cast<const T*>(nullptr), true, walk.HiddenCarry(walk.r.first), step * H, rows, 2 * H, H);
}

template <class T>
void GRUResetAfterBackward(const WalkBack<T>& walk, size_t t) {
  const hn::ScalableTag<T> d;
  const auto one = hn::Set(d, T(1));
  const size_t H = walk.hidden, step = walk.r.step;
  walk.ForRows(t, [&](size_t b, size_t packed) HWY_ATTR {
    const T* gates = walk.Gates(packed);
    const T* extra = walk.Extra(packed);
    const T* h = walk.Previous(packed);
    const T* arriving = walk.OutputGradient(packed);
    T* carry = walk.HiddenCarry(b);
    T* gradient = walk.GateGradient(packed);
    T* recurrent = walk.RecurrentGradient(packed);
    ForBlocks(d, H, [&](auto block) HWY_ATTR {
      const auto dh = Arriving(d, block, carry, arriving);
      const auto r = block.Load(gates), z = block.Load(gates + H), n = block.Load(gates + 2 * H);
      const auto dhZ = hn::Mul(dh, z);
      const auto dz = hn::Mul(hn::Mul(dhZ, hn::Sub(block.Load(h), n)), hn::Sub(one, z));
      const auto dhN = hn::Sub(dh, dhZ);
      const auto dn = hn::NegMulAdd(hn::Mul(n, n), dhN, dhN);
      const auto dnR = hn::Mul(dn, r);
      const auto dr = hn::Mul(hn::Mul(dnR, block.Load(extra)), hn::Sub(one, r));
      block.Store(dr, gradient);
      block.Store(dz, gradient + H);
      block.Store(dn, gradient + 2 * H);
      block.Store(dr, recurrent);
      block.Store(dz, recurrent + H);
      block.Store(dnR, recurrent + 2 * H);
      block.Store(dhZ, carry);
    });
  });
  MultiplyPacked(walk.RecurrentGradient(walk.Packed(t, walk.r.first)), step * 3 * H, static_cast<const T*>(walk.r.weight),
                 static_cast<const T*>(nullptr), true, walk.HiddenCarry(walk.r.first), step * H, walk.Rows(t), 3 * H, H);
}

template <class T>
void RecurrenceGradientOf(const EnsueRecurrenceGradient& gradient) {
  const WalkBack<T> walk(gradient);
  const EnsueRecurrence& recurrence = gradient.recurrence;
  for (size_t s = 0; s < recurrence.steps; ++s) {
    const size_t t = recurrence.reverse ? s : recurrence.steps - 1 - s;
    if (walk.Rows(t) == 0) continue;
    switch (recurrence.cell) {
      case EnsueCellTanh: SimpleBackward(walk, t, false); break;
      case EnsueCellReLU: SimpleBackward(walk, t, true); break;
      case EnsueCellLSTM: LSTMBackward(walk, t); break;
      case EnsueCellGRU: GRUBackward(walk, t); break;
      case EnsueCellGRUResetAfter: GRUResetAfterBackward(walk, t); break;
    }
  }
}
void RecurrenceGradient(const EnsueRecurrenceGradient& gradient) {
  ENSUE_BY_ELEMENT(gradient.recurrence.element, RecurrenceGradientOf<T>(gradient));
}

}  // namespace HWY_NAMESPACE
}  // namespace ensue
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ensue {
HWY_EXPORT(Recurrence);
HWY_EXPORT(RecurrenceGradient);
}  // namespace ensue

using namespace ensue;
void ensue_recurrence(const EnsueRecurrence* recurrence) { HWY_DYNAMIC_DISPATCH(Recurrence)(*recurrence); }
void ensue_recurrence_gradient(const EnsueRecurrenceGradient* gradient) {
  HWY_DYNAMIC_DISPATCH(RecurrenceGradient)(*gradient);
}
#endif
