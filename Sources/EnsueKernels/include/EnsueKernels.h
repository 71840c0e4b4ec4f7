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
  EnsueUnaryGELU,
  EnsueUnaryGELUTanh,
  EnsueUnarySiLU,
} EnsueUnary;

/* y = f(x) for `columns` numbers of each of `rows`, which are `stride` numbers apart in both. */
void ensue_unary(EnsueElement element, EnsueUnary function, const void *x, void *y, size_t rows, size_t columns,
                 size_t stride);
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
/* y = min(max(x, -limit), limit) for finite x, else x. */
void ensue_clip(EnsueElement element, const void *x, double limit, void *y, size_t count);
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

/* log Σ exp(x) of each row; NaN where a number of it is NaN or +∞, or all are -∞. */
void ensue_log_sum_exp(EnsueElement element, const void *x, double *results, size_t rows, size_t columns);
/* A sum with its place. */
typedef struct {
  double sum;
  int32_t row, column;
} EnsueRankedSum;
/* The `count` largest base[row] + (x[row, column] - shift[row]), taken in double precision, that are not -∞: best
 * first, of equal ones the lower row, then the lower column. Returns how many there are. No x is NaN. */
size_t ensue_largest_sums(EnsueElement element, const void *x, const double *bases, const double *shifts, size_t rows,
                          size_t columns, EnsueRankedSum *best, size_t count);

/* Cross-entropy of rows of logits: losses[row] = -Σ t log softmax(x), gradient = scale · (softmax(x) - t), where t is 1
 * at the row's target, smoothed: (1 - smoothing) there and smoothing / columns everywhere. A row whose target is
 * negative has loss and gradient zero. The gradient may take the place of x. */
void ensue_cross_entropy(EnsueElement element, const void *x, const int32_t *targets, double smoothing, double scale,
                         void *gradient, double *losses, size_t rows, size_t columns);

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

/* Optimiser steps over one parameter, in place. `scale` multiplies the gradient first (clipping); `decay` adds
   decay * w to it. */
void ensue_sgd(EnsueElement element, void *w, const void *g, void *velocity, double scale, double rate,
               double momentum, double decay, size_t count);
void ensue_nesterov(EnsueElement element, void *w, const void *g, void *velocity, double scale, double rate,
                    double momentum, double decay, size_t count);
typedef struct {
  double scale, rate, alpha, epsilon, momentum, decay;
} EnsueRootMeanSquare;
/* `velocity` may be null: no momentum. */
void ensue_root_mean_square(EnsueElement element, void *w, const void *g, void *square, void *velocity,
                            const EnsueRootMeanSquare *constants, size_t count);
void ensue_adagrad(EnsueElement element, void *w, const void *g, void *sum, double scale, double rate, double epsilon,
                   double decay, size_t count);
/* w <- kept * w - stepSize * m / (rootScale * sqrt(v) + epsilon): the corrections of Adam and of RAdam are in the
   constants. */
typedef struct {
  double scale, beta1, beta2, coupledDecay;
  double stepSize, rootScale, epsilon, kept;
} EnsueAdam;
void ensue_adam(EnsueElement element, void *w, const void *g, void *m, void *v, const EnsueAdam *adam, size_t count);

/* Normalisation of rows, y = (x - mean) · inverse ⊙ scale + shift; scale and shift may be null. `statistics` takes
 * [mean, inverse] of each row. Not centred, the mean is 0: inverse = 1 / √(mean of x² + epsilon). */
void ensue_normalize(EnsueElement element, int centred, const void *x, const void *scale, const void *shift,
                     double epsilon, void *y, void *statistics, size_t rows, size_t columns);
/* dx from dy; the sums over these rows for scale and shift go to dscale and dshift unless null. */
void ensue_normalize_gradient(EnsueElement element, int centred, const void *x, const void *scale,
                              const void *statistics, const void *dy, void *dx, void *dscale, void *dshift,
                              size_t rows, size_t columns);

/* Which features of a head make a pair: 2i and 2i + 1, or i and i + size / 2. */
typedef enum { EnsueRotationInterleaved, EnsueRotationHalves } EnsueRotation;
/* Turns the pairs of every head: y = x ⊙ cosines + (x with the two of each pair exchanged) ⊙ direction · sines.
 * `x` is [rows, heads · size]; row r reads row places[r] of the tables [places, size], whose sines are negative for the
 * first of a pair. Direction -1 turns back, which is also the derivative. */
void ensue_rotate(EnsueElement element, EnsueRotation pairing, const void *x, const int32_t *places,
                  const void *cosines, const void *sines, double direction, void *y, size_t rows, size_t heads,
                  size_t size);

/* The packed rows of one sequence: step s stands at row offsets[s] + position. */
typedef struct {
  const int64_t *offsets;
  size_t position, count;
} EnsueSteps;

/* The pairs of one sequence's queries and keys: those of query row r begin at starts[r], one for each key step.
 * Below, queries and keys are matrices over all packed rows, pairs over all pairs; only this sequence is touched. */
typedef struct {
  EnsueElement element;
  EnsueSteps queries, keys;
  const int64_t *starts;
} EnsuePairs;

/* One number for each pair: Σ qk, Σ |q - k|, Σ w tanh(q + k). */
typedef enum { EnsuePairDot, EnsuePairDistance, EnsuePairAdditive } EnsuePairFunction;
void ensue_pair_scores(const EnsuePairs *pairs, EnsuePairFunction function, const void *q, const void *k,
                       const void *w, void *y, size_t features);
/* dw, this sequence's sum, is touched by the function that has a weight alone. */
void ensue_pair_scores_gradient(const EnsuePairs *pairs, EnsuePairFunction function, const void *q, const void *k,
                                const void *w, const void *dy, void *dq, void *dk, void *dw, size_t features);
/* y = q + k of each pair, or k where q is null; the gradients, each unless null. */
void ensue_pair_sums(const EnsuePairs *pairs, const void *q, const void *k, void *y, size_t features);
void ensue_pair_sums_gradient(const EnsuePairs *pairs, const void *dy, void *dq, void *dk, size_t features);
/* y[query] = Σ over keys of w ⊙ v; a pair has one weight (width 1) or one for each feature. */
void ensue_pair_weighted_sums(const EnsuePairs *pairs, const void *w, size_t width, const void *v, void *y,
                              size_t features);
void ensue_pair_weighted_sums_gradient(const EnsuePairs *pairs, const void *w, size_t width, const void *v,
                                       const void *dy, void *dw, void *dv, size_t features);
/* y = x where the pair is allowed, else 0. */
void ensue_pair_mask(EnsueElement element, const void *x, const uint8_t *allowed, void *y, size_t pairs,
                     size_t features);

/* Each query's distribution over its allowed keys, each column for itself; allowed is null or a byte a pair.
 * alpha-entmax: 1 is softmax, 2 sparsemax. `scratch`: 2 · (keys of the sequence) doubles. */
void ensue_pair_distribution(const EnsuePairs *pairs, double alpha, const uint8_t *allowed, const void *x, void *y,
                             size_t columns, double *scratch);
void ensue_pair_distribution_gradient(const EnsuePairs *pairs, double alpha, const void *y, const void *dy, void *dx,
                                      size_t columns);

/* y[i] = Σ (q[i] · k[j]) v[j] / Σ q[i] · k[j] over the keys j of i's sequence; causal: j up to i's step.
 * `scratch`: (features + 1) · (size + 1), for the gradient twice that, elements of 0. */
typedef struct {
  EnsuePairs pairs;
  int causal;
  size_t features, size;
} EnsueLinearAttention;
void ensue_linear_attention(const EnsueLinearAttention *attention, const void *q, const void *k, const void *v,
                            void *y, void *denominators, void *scratch);
void ensue_linear_attention_gradient(const EnsueLinearAttention *attention, const void *q, const void *k,
                                     const void *v, const void *y, const void *denominators, const void *dy, void *dq,
                                     void *dk, void *dv, void *scratch);

/* Softmax attention of one head over one sequence. Keys and values come in blocks of ENSUE_KEY_BLOCK steps, packed;
 * what stands past the last key is never used. A query at time t = start + step sees the keys of steps t - before ...
 * t + after, of these, unless `block` is 0, those of its own block of so many steps. */
enum { ENSUE_KEY_BLOCK = 64 };
typedef struct {
  EnsueElement element;
  EnsueSteps queries;
  size_t keyCount, keySize, valueSize;
  size_t queryStride, valueStride, logStride; /* elements between rows of queries, of results, of log sums */
  int64_t start, before, after, block;
  double scale;
  uint64_t dropoutKey, dropoutStream;
  uint32_t keep; /* weights are kept with this probability in 1/65536, and scaled by its inverse */
} EnsueAttention;
/* Steps of one head into blocks: step s of `steps` becomes step `first` + s of all. Each block is [size, steps]
 * transposed, else [steps, size], both packed for products. */
void ensue_attention_pack(EnsueElement element, EnsueSteps steps, const void *x, size_t stride, size_t size,
                          int transposed, size_t first, void *const *blocks);
/* The first steps of one block into another. */
void ensue_attention_copy(EnsueElement element, const void *from, size_t steps, size_t size, int transposed, void *to);
/* Rows one after another to their places among the packed rows. */
void ensue_store_steps(EnsueElement element, EnsueSteps steps, const void *x, void *y, size_t stride, size_t size);
/* Results and log Σ exp of the query steps `first` ..< `last`. keys: transposed blocks, values: the other. */
void ensue_attention(const EnsueAttention *attention, const void *q, void *const *keys,
                     void *const *values, void *y, void *logs, size_t first, size_t last, void *scratch);
/* The weights [last - first, keyCount] themselves. */
void ensue_attention_weights(const EnsueAttention *attention, const void *q, void *const *keys,
                             const void *logs, void *weights, size_t first, size_t last, void *scratch);
typedef struct {
  const void *q, *y, *logs, *dy;
  void *const *keys, *const *values; /* transposed blocks */
  void *const *keyRows;              /* blocks that are not */
  void *dq;                                /* or null */
  void *dk, *dv;                           /* [keyCount, size], added to; or both null */
} EnsueAttentionGradient;
/* Of the query steps `first` ..< `last` (first: a multiple of ENSUE_QUERY_TILE) and the blocks
 * `firstBlock` ..< `lastBlock`. */
enum { ENSUE_QUERY_TILE = 48 };
void ensue_attention_gradient(const EnsueAttention *attention, const EnsueAttentionGradient *gradient, size_t first,
                              size_t last, size_t firstBlock, size_t lastBlock, void *scratch);
/* Elements of scratch that a call needs. */
size_t ensue_attention_scratch(const EnsueAttention *attention);
size_t ensue_attention_gradient_scratch(const EnsueAttention *attention);

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

#include "EnsueProducts.h"
#include "EnsueRecurrences.h"

#endif
