/* Matrix products; a part of EnsueKernels.h, whose rules hold. */
#ifndef ENSUE_PRODUCTS_H
#define ENSUE_PRODUCTS_H

#include "EnsueKernels.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Matrix products with a right-hand side packed once and used many times. The result of a row depends on that
 * row alone, whatever rows are beside it. */
size_t ensue_packed_count(EnsueElement element, size_t depth, size_t columns);
/* Columns of a whole panel: a part of the columns of a packed matrix begins at a multiple of it. */
size_t ensue_panel_columns(EnsueElement element);
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
/* The same with both sides packed: for results larger than the caches, a piece of the depth at a time. A unit of A's
 * columns is packed by itself, the last of what is left; unit u begins at element u · ENSUE_UNIT_ROWS · depth. */
#define ENSUE_UNIT_ROWS 36
void ensue_pack_columns(EnsueElement element, const void *a, size_t strideA, size_t columns, size_t depth,
                        void *packed);
/* C = Aᵀ · B, + C when `accumulates`, for rows that begin with a unit and columns that begin with a panel. */
void ensue_multiply_columns(EnsueElement element, const void *a, const void *packed, int accumulates, void *c,
                            size_t strideC, size_t rows, size_t depth, size_t columns);

/* Packed B of weights that are kept in 16 bits (bfloat16, the upper half of 32) for float32 A, C and bias. Panels lie as
 * those of 32 bits; a result is bit for bit that of the same numbers in 32 bits.
 * `ensue_bfloat16` rounds to nearest, ties to even; `count` is that of whole panels. */
void ensue_bfloat16(const float *x, uint16_t *y, size_t count);
void ensue_multiply_bfloat16(const float *a, size_t strideA, const uint16_t *packed, const float *bias, int accumulates,
                             float *c, size_t strideC, size_t rows, size_t depth, size_t columns, float *work);
/* Elements of `work`. */
size_t ensue_bfloat16_work(size_t rows, size_t depth);
/* Columns of a packed B by their numbers, as rows [count, depth]. */
void ensue_packed_columns(EnsueElement element, const void *packed, size_t depth, size_t columns, const int32_t *ids,
                          size_t count, void *rows);
void ensue_bfloat16_columns(const uint16_t *packed, size_t depth, size_t columns, const int32_t *ids, size_t count,
                            float *rows);

#ifdef __cplusplus
}
#endif

#endif
