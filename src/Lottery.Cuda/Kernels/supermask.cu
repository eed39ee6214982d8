// Masks that are learned (Training/SupermaskParametrization.cs): sampled from scores, thresholded, and the gradient of scores.
#include "exact.h"

// Where the weights of a layer with scores lie among the plan's values, and how many weights they are (without padding).
struct ScoredRow { int64 start; int count, weights; };

// What a layer's kept weights are multiplied by: weights / ones, a division in double precision, or 1 without rescaling.
INLINE float Factor(int weights, int ones, int rescale) { return rescale ? (float)DDIV((double)weights, (double)MAX(1, ones)) : 1.0f; }

// masked = w where (u + 1/2) * 2^-23 < sigmoid(s), else +0; u is the upper 23 bits of the position's word of the row's key. Adds the
// ones to *ones. A thread has the four positions of one counter.
KERNEL(256, sample)(const float* scores, const float* weights, float* masked, int count, int key, int* ones, const StepRow* const* cursor)
{
    const uint64 k = (*cursor)->keys[key];
    int mine = 0;
    for (int64 counter = (int64)BX * NTHREADS + TID; counter * 4 < count + 48; counter += (int64)NBX * NTHREADS)
    {
        RandomBits bits = PHILOX((uint32)counter, 0, (uint32)k, (uint32)(k >> 32));
        const uint32 words[4] = {bits.w0, bits.w1, bits.w2, bits.w3};
        UNROLL for (int w = 0; w < 4; w++)
        {
            int64 i = (counter >> 4) * 64 + w * 16 + (counter & 15);
            if (i >= count) continue;
            bool one = ADD((float)(words[w] >> 9), 0.5f) < MUL(SIGMOID(scores[i]), 8388608.0f);
            masked[i] = one ? weights[i] : 0.0f;
            mine += one;
        }
    }
    if (mine) ATOMIC_ADD(ones, mine);
}
EMULATE(sample)

// masked = w where the score is above 0, else +0. Adds the ones to *ones.
KERNEL(256, threshold)(const float* scores, const float* weights, float* masked, int count, int* ones)
{
    int mine = 0;
    for (int64 i = (int64)BX * NTHREADS + TID; i < count; i += (int64)NBX * NTHREADS)
    {
        bool one = scores[i] > 0.0f;
        masked[i] = one ? weights[i] : 0.0f;
        mine += one;
    }
    if (mine) ATOMIC_ADD(ones, mine);
}
EMULATE(threshold)

// Masked weights times the layer's factor.
KERNEL(256, rescale)(float* masked, int count, int weights, const int* ones)
{
    const float factor = Factor(weights, *ones, 1);
    for (int64 i = (int64)BX * NTHREADS + TID; i < count; i += (int64)NBX * NTHREADS) masked[i] = MUL(masked[i], factor);
}
EMULATE(rescale)

// Sum of gradient * masked over each layer, BX: sixteen partial sums (position mod 16) from +0, one fused multiply-add each, positions
// ascending; then their tree (Kernels/Elementwise/LaneSum.cs). The block loads, sixteen threads add. Shared: 32 KiB.
KERNEL(256, dot)(const float* gradient, const float* masked, const ScoredRow* rows, float* sums)
{
    const int Part = 4096;
    SHARED(float, a);
    float* b = a + Part;
    const ScoredRow row = rows[BX];
    float sum = 0.0f;
    for (int from = 0; from < row.count; from += Part)
    {
        const int length = MIN(Part, row.count - from);
        for (int i = TID; i < length; i += NTHREADS)
        {
            a[i] = gradient[row.start + from + i];
            b[i] = masked[row.start + from + i];
        }
        SYNC();
        if (TID < 16)
            for (int i = TID; i < length; i += 16) sum = FMA(a[i], b[i], sum);
        SYNC();
    }
    if (TID < 32)
    {
        sum = SUM16(TID < 16 ? sum : 0.0f);
        if (TID == 0) sums[BX] = sum;
    }
}
EMULATE(dot)

// The gradient of weights becomes that of scores: sigmoid's slope * (g * w * factor - sum / ones); sum is null without rescaling.
KERNEL(256, score_gradient)(float* gradient, const float* weights, const float* scores, int count, int layerWeights, const int* ones, const float* sum)
{
    const float factor = Factor(layerWeights, *ones, sum != nullptr);
    const float shift = DIV(sum ? *sum : 0.0f, (float)MAX(1, *ones));
    for (int64 i = (int64)BX * NTHREADS + TID; i < count; i += (int64)NBX * NTHREADS)
        gradient[i] = MUL(FMA(MUL(gradient[i], weights[i]), factor, -shift), SLOPE(scores[i]));
}
EMULATE(score_gradient)
