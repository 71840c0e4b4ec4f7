/* Recurrent loops; a part of EnsueKernels.h, whose rules hold. */
#ifndef ENSUE_RECURRENCES_H
#define ENSUE_RECURRENCES_H

#include "EnsueKernels.h"

#ifdef __cplusplus
extern "C" {
#endif

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

/* Rows of any width, copied or added. */
typedef struct {
  int32_t source, target; /* operands by index */
  size_t width;
  int32_t adds;
} EnsueMove;

/* What a score or a hidden unit passes through. */
typedef enum {
  EnsueActivationIdentity,
  EnsueActivationSigmoid,
  EnsueActivationTanh,
  EnsueActivationReLU,
  EnsueActivationSoftplus,
} EnsueActivation;

/* How well a query fits the key of step s. */
typedef enum {
  EnsueStepDot,      /* act(scale · query · key + vector[0]); without a vector there is no bias */
  EnsueStepCosine,   /* query · key / √(‖query‖² + 1e-16), keys of length 1 */
  EnsueStepAdditive, /* vector · act(query + key) */
  EnsueStepDeep, /* vector · E_L + vector[features], E_1 = act(query + key), E_l = act(W_l E_{l-1} + b_l) */
  EnsueStepLocation, /* act(query[s]); steps from querySize on have no part */
  EnsueStepKey,      /* the key, one number */
  /* log(Σ exp(query - m) · key + 1e-36) + m - log(querySize) + the key's last number - scale · ‖asked‖², m the largest
   * number of the query */
  EnsueStepKernel,
} EnsueStepScore;

typedef enum {
  EnsueStepEntmax,      /* alpha = 1: softmax; alpha = 2: sparsemax */
  EnsueStepSigmoid,     /* of each score */
  EnsueStepDeattention, /* tanh(score) · σ(-alpha · Σ |asked - value|) */
} EnsueStepDistribution;

/* Attention of each row of a step to the keys of its sequence: context = Σ weights · values, weights a distribution of
 * the scores. What asks is `asked`; as it meets the keys it is `query`, which may be the same. Key step s of sequence b
 * stands at row keyOffsets[s] + keyPositions[b]; several sequences may have the same keys.
 *
 * With places p, steps counted from 1, keys further than `radius` have no part, and with a deviation weights are
 * multiplied by exp(-(s - p)² / 2 deviation²). A place is given, or it is S σ(placeVector · tanh(place)), S the number
 * of keys. */
typedef struct {
  EnsueStepScore function;
  EnsueActivation activation;
  EnsueStepDistribution distribution;
  double alpha, scale;
  const void *vector; /* [vectorSize], or null */
  size_t vectorSize;
  const EnsueProduct *layers; /* [layerCount - 1], W_l and b_l, or backwards W_l transposed; operands are not read */
  size_t layerCount;          /* L */
  void *hidden;               /* [pairs, layerCount, features], E */
  size_t features, querySize, askedSize, valueSize;
  const void *keys, *values; /* [key rows, features], [key rows, valueSize] */
  const int64_t *keyOffsets;
  const int32_t *keyPositions, *keyCounts; /* of each sequence */
  const int64_t *starts;                   /* of each packed row, its first pair */
  void *weights;                           /* [pairs] */
  void *places;                            /* [packed rows], or null: no neighbourhood */
  const void *placeVector;                 /* [placeSize], or null: places are given */
  size_t placeSize;
  double radius, deviation;
  void *distributed;                    /* [pairs], the weights before the Gaussian; null without one */
  int32_t query, asked, place, context; /* operands; backwards `context` is its gradient */
  /* Backwards: gradients of keys, values and, for each sequence, the vectors are added to. That of what asked has its
   * part from the scores' and the distribution's own look at it alone, and is touched where they have one. */
  int32_t queryGradient, askedGradient, placeGradient;
  const void *weightGradient; /* [pairs], or null */
  void *pairGradient;         /* [pairs], to work with */
  void *hiddenGradient;       /* as `hidden`, of E_l before its activation */
  void *keyGradient, *valueGradient, *vectorGradient, *placeVectorGradient;
} EnsueStepAttention;

/* Moves, instructions over all rows of the step, products, then attention, which may be null. */
typedef struct {
  const EnsueMove *moves;
  size_t moveCount;
  const EnsueInstruction *instructions;
  size_t instructionCount;
  const EnsueProduct *products;
  size_t productCount;
  const EnsueStepAttention *attention;
} EnsuePhase;

/* A share of the rows of a packed batch, `first` ..< `last`, as far as they are alive: those of step t stand at
 * offsets[t] ..< offsets[t + 1], longest sequence first. */
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
  double *attentionScratch; /* twice the most keys of a sequence, and a query: this share's own; or null */
} EnsueRecurrence;
void ensue_recurrence(const EnsueRecurrence *recurrence);

#ifdef __cplusplus
}
#endif
#endif
