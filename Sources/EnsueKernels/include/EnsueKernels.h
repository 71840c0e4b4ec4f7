/* Dense loops on pointers, in vector code chosen for the processor at run time.
 * Nothing here allocates, starts a thread or keeps a global. Callers (EnsueTensor alone) guarantee sizes;
 * matrices are row-major, "stride" is the distance between rows in elements. Pointers are of `element` type. */
#ifndef ENSUE_KERNELS_H
#define ENSUE_KERNELS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum { EnsueElementFloat32 = 0, EnsueElementFloat64 = 1 } EnsueElement;

/* Elementwise functions of one argument. */
typedef enum {
  EnsueUnaryNegate,
  EnsueUnaryExponential,
  EnsueUnaryLogarithm,
  EnsueUnarySquareRoot,
  EnsueUnarySquare,
  EnsueUnaryTanh,
  EnsueUnarySigmoid,
  EnsueUnaryReLU,
  EnsueUnarySoftplus,
} EnsueUnary;

/* y = f(x). */
void ensue_unary(EnsueElement element, EnsueUnary function, const void *x, void *y, size_t count);
/* dx = dy · f'(x), from whichever of x and y = f(x) gives it more exactly. */
void ensue_unary_gradient(EnsueElement element, EnsueUnary function, const void *x, const void *y, const void *dy,
                          void *dx, size_t count);

/* Elementwise functions of two arguments; a step of 0 repeats one value, 1 walks. */
typedef enum { EnsueBinaryAdd, EnsueBinarySubtract, EnsueBinaryMultiply, EnsueBinaryDivide } EnsueBinary;
void ensue_binary(EnsueElement element, EnsueBinary function, const void *a, size_t stepA, const void *b, size_t stepB,
                  void *y, size_t count);

/* y = value. */
void ensue_fill(EnsueElement element, double value, void *y, size_t count);
/* y = scale · x + shift. */
void ensue_affine(EnsueElement element, const void *x, double scale, double shift, void *y, size_t count);
/* y = y + scale · x. */
void ensue_accumulate(EnsueElement element, const void *x, double scale, void *y, size_t count);
/* Float to double or back. */
void ensue_convert(EnsueElement from, const void *x, EnsueElement to, void *y, size_t count);

/* y[column] = Σ x[row · stride + column] over the rows, in order. */
void ensue_sum_columns(EnsueElement element, const void *x, size_t stride, void *y, size_t rows, size_t columns);
/* Reductions over the middle of [outer, axis, inner] to [outer, inner]; a fixed order of additions. */
void ensue_sum(EnsueElement element, const void *x, void *y, size_t outer, size_t axis, size_t inner);
void ensue_maximum(EnsueElement element, const void *x, void *y, int32_t *argument, size_t outer, size_t axis,
                   size_t inner);
/* Σ x², in double precision. */
double ensue_sum_of_squares(EnsueElement element, const void *x, size_t count);
/* Whether every element is finite. */
int ensue_is_finite(EnsueElement element, const void *x, size_t count);

/* Softmax and its logarithm over rows of `columns`. */
void ensue_softmax(EnsueElement element, const void *x, void *y, size_t rows, size_t columns);
void ensue_softmax_gradient(EnsueElement element, const void *y, const void *dy, void *dx, size_t rows, size_t columns);
void ensue_log_softmax(EnsueElement element, const void *x, void *y, size_t rows, size_t columns);
void ensue_log_softmax_gradient(EnsueElement element, const void *y, const void *dy, void *dx, size_t rows,
                                size_t columns);

/* Cross-entropy of rows of logits: losses[row] = -Σ t log softmax(x), gradient = softmax(x) - t, where t is 1 at the
 * row's target, smoothed: (1 - smoothing) there and smoothing / columns everywhere. */
void ensue_cross_entropy(EnsueElement element, const void *x, const int32_t *targets, double smoothing, void *gradient,
                         double *losses, size_t rows, size_t columns);

/* y[row] = table[ids[row]]. */
void ensue_gather_rows(const void *table, const int32_t *ids, void *y, size_t rows, size_t rowBytes);
/* y[slots[row]] += x[row], rows in order. */
void ensue_scatter_rows(EnsueElement element, const void *x, const int32_t *slots, void *y, size_t rows, size_t columns);
/* Rows of `bytes` bytes; strides in bytes. */
void ensue_copy_rows(const void *x, size_t strideX, void *y, size_t strideY, size_t rows, size_t bytes);
/* y = xᵀ for x of [rows, columns]. */
void ensue_transpose(EnsueElement element, const void *x, void *y, size_t rows, size_t columns);

/* Dropout. The element at `offset + i` of the stream (key, site) is kept with probability `keep` (in 1/65536)
 * and scaled by 65536/keep: y = mask ⊙ x. The gradient is the same function of dy. Philox 4x32-10. */
void ensue_dropout(EnsueElement element, const void *x, void *y, uint64_t key, uint64_t stream, uint64_t offset,
                   uint32_t keep, size_t count);
/* Uniform numbers in [0, 1) (24 or 53 bits) of the same streams. */
void ensue_uniform(EnsueElement element, void *y, uint64_t key, uint64_t stream, uint64_t offset, size_t count);
/* One Philox block: four 32-bit words. */
void ensue_philox(uint64_t key, uint64_t stream, uint64_t block, uint32_t words[4]);

/* y = max(y, x), noting where x won: argument = index there. */
void ensue_maximum_update(EnsueElement element, const void *x, void *y, int32_t *argument, int32_t index, size_t count);
/* dx = dy where argument = index, else 0. */
void ensue_maximum_route(EnsueElement element, const void *dy, const int32_t *argument, int32_t index, void *dx,
                         size_t count);

/* Matrix products with a right-hand side packed once and used many times. The result of a row depends on that
 * row alone, whatever rows are beside it. */
size_t ensue_packed_count(EnsueElement element, size_t depth, size_t columns);
/* Packs one block, [blockDepth, blockColumns] or its transpose, of a matrix made of blocks side by side. The block
 * that ends at the last column also clears the columns that fill the last vector. */
void ensue_pack_block(EnsueElement element, const void *b, size_t stride, int transposed, size_t blockDepth,
                      size_t blockColumns, size_t depthOffset, size_t columnOffset, size_t depth, size_t columns,
                      void *packed);
/* C[rows, columns] = A[rows, depth] · B (+ bias[columns] unless null, + C when `accumulates`). */
void ensue_multiply_packed(EnsueElement element, const void *a, size_t strideA, const void *packed, const void *bias,
                           int accumulates, void *c, size_t strideC, size_t rows, size_t depth, size_t columns);

/* C[rows, columns] = Aᵀ · B for A of [depth, rows] and B of [depth, columns]; depth at least 1. */
void ensue_multiply_transposed(EnsueElement element, const void *a, size_t strideA, const void *b, size_t strideB,
                               void *c, size_t strideC, size_t rows, size_t depth, size_t columns);

/* What a recurrent cell does between its matrix products: instructions over the units of some rows.
 * Gradients read what arrives as `a` and the function's result as `b`. */
typedef enum {
  EnsueCodeCopy,
  EnsueCodeNegate,
  EnsueCodeAdd,
  EnsueCodeSubtract,
  EnsueCodeMultiply,
  EnsueCodeDivide,
  EnsueCodeMultiplyAdd, /* a ⊙ b + c */
  EnsueCodeSigmoid,
  EnsueCodeTanh,
  EnsueCodeReLU,
  EnsueCodeSoftplus,
  EnsueCodeExponential,
  EnsueCodeLogarithm,
  EnsueCodeSigmoidGradient,
  EnsueCodeTanhGradient,
  EnsueCodeReLUGradient,
  EnsueCodeSoftplusGradient,
  EnsueCodeNormalize,         /* over whole rows; 1 / √(variance + 1e-5) of each row goes to `b` */
  EnsueCodeNormalizeGradient, /* that scale is `c` */
} EnsueCode;

typedef struct {
  EnsueCode code;
  int32_t target, a, b, c; /* operands by index */
} EnsueInstruction;

/* Where numbers stand. */
typedef enum {
  EnsueOperandScratch, /* for the tile alone; `stride` is the register's number */
  EnsueOperandRow,     /* a row for each packed row */
  EnsueOperandBatch,   /* a row for each sequence, the same at every step */
  EnsueOperandVector,  /* the same for every row */
  EnsueOperandBefore,  /* the packed row of the step before; `initial`, a row for each sequence, where there is none */
} EnsueOperandKind;

typedef struct {
  EnsueOperandKind kind;
  void *base;
  size_t stride; /* elements between rows */
  void *initial; /* rows as far apart as those of `base` */
} EnsueOperand;

typedef struct {
  const void *weight; /* packed: [depth, columns] */
  const void *bias;   /* [columns] or null */
  size_t depth, columns;
  int32_t source, target; /* operands by index */
  int32_t accumulates;
} EnsueProduct;

/* Instructions over all rows of the step, then products. */
typedef struct {
  const EnsueInstruction *instructions;
  size_t instructionCount;
  const EnsueProduct *products;
  size_t productCount;
} EnsuePhase;

/* A share of the rows of a packed batch: `first` ..< `last` through all time steps, as far as they are alive.
 * Rows of step t stand at offsets[t] ..< offsets[t + 1], longest sequence first. */
enum { ENSUE_TILE_ROWS = 8 };
typedef struct {
  EnsueElement element;
  int reverse;  /* sequences run from their last step to their first: which step is the one before */
  int backward; /* the steps are walked against that direction */
  size_t units, tileUnits; /* a tile has at most tileUnits of the units; all of them where rows are normalised */
  size_t steps;
  const int64_t *offsets; /* [steps + 1] */
  size_t first, last;
  const EnsueOperand *operands;
  const EnsuePhase *phases;
  size_t phaseCount;
  const void *input; /* [rows, inputSize], or null: copied with a one before it to the beginning of `joined` */
  size_t inputSize;
  void *joined;
  size_t joinedStride;
  void *scratch; /* [registers, ENSUE_TILE_ROWS, tileUnits], this share's own */
} EnsueRecurrence;
void ensue_recurrence(const EnsueRecurrence *recurrence);

/* Optimiser steps over one parameter, in place. `scale` multiplies the gradient first (clipping). */
void ensue_sgd(EnsueElement element, void *w, const void *g, void *velocity, double scale, double rate,
               double momentum, double decay, size_t count);
typedef struct {
  double scale, rate, beta1, beta2, epsilon;
  double correction1, correction2; /* 1 - beta1^t, 1 - beta2^t */
  double coupledDecay, decoupledDecay;
} EnsueAdam;
void ensue_adam(EnsueElement element, void *w, const void *g, void *m, void *v, const EnsueAdam *adam, size_t count);

/* Denormal numbers slow vector code many times: flushed to zero between these two calls. */
uint32_t ensue_flush_denormals(void);
void ensue_restore_denormals(uint32_t state);
/* Tells the processor that this is a waiting loop. */
void ensue_pause(void);
/* Processors this process may run on, as `taskset` and containers restrict them. */
int ensue_processor_count(void);
/* The instruction set chosen, for reports. */
const char *ensue_target(void);

#ifdef __cplusplus
}
#endif
#endif
