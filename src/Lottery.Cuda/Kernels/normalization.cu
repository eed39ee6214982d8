// Batch normalization of images [tile of 32][channel][row + border][column + border][32 lanes]. A tile has two of the engine's lane groups of
// sixteen. Sums of a lane group lie in groups[number][channel][lane group]: 0 the values, 1 their squared distances from the mean, 2 the
// gradients, 3 their products with the distances.
// Order of every sum (the engine's BatchMoments): in every lane a sum for each row (columns ascending, from +0), these added to one (rows
// ascending, from +0), in single precision; the group's valid lanes by the tree, others as +0; groups ascending in double precision.
#include "port.h"

#define UNROLL8 _Pragma("unroll 8")

#define EPSILON 1e-5
#define MOMENTUM 0.1

struct Batch
{
    int channels, rows, columns, border, examples, perTile, groupsPerTile, groups;
};

#define BATCH_ARGUMENTS int channels, int rows, int columns, int border, int examples, int perTile, int groupsPerTile, int laneGroups
#define BATCH { channels, rows, columns, border, examples, perTile, groupsPerTile, laneGroups }

// Lanes of a group that hold an example.
INLINE int Valid(const Batch& b, int group)
{
    const int tile = group / b.groupsPerTile, first = tile * b.perTile + (group - tile * b.groupsPerTile) * 16;
    int end = (tile + 1) * b.perTile;
    end = end < b.examples ? end : b.examples;
    const int count = end - first;
    return group >= b.groups || count < 0 ? 0 : count < 16 ? count : 16;
}

INLINE int64 Start(const Batch& b, int tile, int channel)
{
    return ((int64)tile * b.channels + channel) * (b.rows + 2 * b.border) * (b.columns + 2 * b.border) * 32;
}

INLINE int Inner(const Batch& b, int row, int column) { return ((row + b.border) * (b.columns + 2 * b.border) + column + b.border) * 32; }

INLINE double Total(const Batch& b, const float* groups, int number, int channel)
{
    const float* from = groups + ((int64)number * b.channels + channel) * b.groups;
    double sum = 0;
    UNROLL8 for (int group = 0; group < b.groups; group++) sum = DADD(sum, (double)from[group]);
    return sum;
}

INLINE double Count(const Batch& b) { return (double)(b.examples * b.rows * b.columns); }

INLINE float MeanOf(const Batch& b, const float* groups, int channel) { return (float)DDIV(Total(b, groups, 0, channel), Count(b)); }

// What one warp adds to a row's sums: KIND 0 the value, 1 its squared distance, 2 the gradient and the product.
template <int KIND>
INLINE void Line(const Batch& b, const float* x, const float* dy, float mean, int row, int lane, float& sum, float& product)
{
    sum = product = 0;
    const int at = Inner(b, row, 0) + lane;
    UNROLL8 for (int column = 0; column < b.columns; column++)
    {
        const float value = x[at + column * 32];
        if (KIND == 0) sum = ADD(sum, value);
        else
        {
            const float distance = SUB(value, mean);
            if (KIND == 1) sum = FMA(distance, distance, sum);
            else
            {
                const float d = dy[at + column * 32];
                sum = ADD(sum, d);
                product = FMA(d, distance, product);
            }
        }
    }
}

// The two lane groups' sums of one channel on one tile; grid: (channels, tiles), as many rows at a time as a block has warps.
template <int KIND> INLINE void Sums(const float* x, const float* dy, float mean, float* groups, const Batch& b)
{
    SHARED(float, memory);
    const int warp = TID >> 5, warps = NTHREADS >> 5, lane = TID & 31, channel = BX;
    const int64 start = Start(b, BY, channel);
    float sum = 0, product = 0;
    for (int first = 0; first < b.rows; first += warps)
    {
        if (first > 0) SYNC();
        float line = 0, lineProduct = 0;
        if (first + warp < b.rows) Line<KIND>(b, x + start, KIND == 2 ? dy + start : 0, mean, first + warp, lane, line, lineProduct);
        memory[TID] = line;
        if (KIND == 2) memory[NTHREADS + TID] = lineProduct;
        SYNC();
        if (warp == 0)
            for (int row = 0; row < warps && first + row < b.rows; row++)
            {
                sum = ADD(sum, memory[32 * row + lane]);
                if (KIND == 2) product = ADD(product, memory[32 * (warps + row) + lane]);
            }
    }
    if (warp > 0) return;
    const int group = 2 * BY + (lane >> 4);
    const bool valid = (lane & 15) < Valid(b, group);
    sum = valid ? sum : 0;
    product = valid ? product : 0;
    UNROLL for (int width = 8; width > 0; width >>= 1)
    {
        sum = ADD(sum, SHFLX(sum, width));
        if (KIND == 2) product = ADD(product, SHFLX(product, width));
    }
    if ((lane & 15) > 0 || group >= b.groups) return;
    groups[((int64)KIND * b.channels + channel) * b.groups + group] = sum;
    if (KIND == 2) groups[((int64)3 * b.channels + channel) * b.groups + group] = product;
}

KERNEL(1024, sums)(const float* x, float* groups, BATCH_ARGUMENTS)
{
    const Batch b = BATCH;
    Sums<0>(x, 0, 0, groups, b);
}
EMULATE(sums)

KERNEL(1024, squares)(const float* x, float* groups, BATCH_ARGUMENTS)
{
    SHARED(float, shared);
    const Batch b = BATCH;
    if (TID == 0) shared[0] = MeanOf(b, groups, BX);
    SYNC();
    const float mean = shared[0];
    SYNC();
    Sums<1>(x, 0, mean, groups, b);
}
EMULATE(squares)

// statistics: the batch's mean of each channel, then 1 / its deviation.
KERNEL(1024, gradient_sums)(const float* x, const float* dy, const float* statistics, float* groups, BATCH_ARGUMENTS)
{
    const Batch b = BATCH;
    Sums<2>(x, dy, statistics[BX], groups, b);
}
EMULATE(gradient_sums)

// Pixels and warps of a block.
#define PIXELS 64
#define WARPS 8

// Where a thread's pixels lie, from its lane's first value of the channel on; -1 for none. All are loaded, for none the first one, before one is stored.
struct Own { int at[PIXELS / WARPS]; };
INLINE Own OwnPixels(const Batch& b)
{
    Own own;
    UNROLL for (int i = 0; i < PIXELS / WARPS; i++)
    {
        const int pixel = BZ * PIXELS + i * WARPS + (TID >> 5), row = pixel / b.columns;
        own.at[i] = row < b.rows ? Inner(b, row, pixel - row * b.columns) : -1;
    }
    return own;
}

INLINE void Normalize(const Batch& b, const float* x, float* y, float mean, float scale, float shift, int relu)
{
    const int64 start = Start(b, BY, BX) + (TID & 31);
    const Own own = OwnPixels(b);
    float values[PIXELS / WARPS];
    UNROLL for (int i = 0; i < PIXELS / WARPS; i++) values[i] = x[start + MAX(own.at[i], 0)];
    UNROLL for (int i = 0; i < PIXELS / WARPS; i++)
    {
        const float value = FMA(SUB(values[i], mean), scale, shift);
        if (own.at[i] >= 0) y[start + own.at[i]] = ((relu == 0) | (value > 0)) ? value : 0;
    }
}

INLINE float Updated(float running, double latest) { return (float)DADD((double)running, DMUL(MOMENTUM, DSUB(latest, (double)running))); }

// y = (x - mean) * scale + shift by the batch's own statistics, which are kept for the backward pass and move the running ones:
// ChannelNormalization.Train. parameters: scale, bias, running mean and running variance, each part values. Constants of a channel are computed
// in double precision and rounded once, by one thread of a block. Grid: (channels, tiles, pixels / 64).
KERNEL(256, normalize_training)(const float* x, float* y, const float* groups, float* statistics, float* parameters, int part, int relu, BATCH_ARGUMENTS)
{
    const Batch b = BATCH;
    const int channel = BX;
    SHARED(float, shared);
    if (TID == 0)
    {
        const float mean = MeanOf(b, groups, channel);
        const double variance = DDIV(Total(b, groups, 1, channel), Count(b));
        const float inverse = (float)DDIV(1.0, DSQRT(DADD(variance, EPSILON)));
        shared[0] = mean;
        shared[1] = (float)DMUL((double)parameters[channel], (double)inverse);
        if (BY == 0 && BZ == 0)
        {
            float *runningMean = parameters + 2 * part + channel, *runningVariance = parameters + 3 * part + channel;
            *runningMean = Updated(*runningMean, (double)mean);
            *runningVariance = Updated(*runningVariance, DDIV(DMUL(variance, Count(b)), DSUB(Count(b), 1.0)));
            statistics[channel] = mean;
            statistics[part + channel] = inverse;
        }
    }
    SYNC();
    Normalize(b, x, y, shared[0], shared[1], parameters[part + channel], relu);
}
EMULATE(normalize_training)

// The same by the running statistics: ChannelNormalization.Evaluate.
KERNEL(256, normalize_evaluation)(const float* x, float* y, const float* parameters, int part, int relu, BATCH_ARGUMENTS)
{
    const Batch b = BATCH;
    const int channel = BX;
    SHARED(float, shared);
    if (TID == 0) shared[0] = (float)DDIV((double)parameters[channel], DSQRT(DADD((double)parameters[3 * part + channel], EPSILON)));
    SYNC();
    Normalize(b, x, y, parameters[2 * part + channel], shared[0], parameters[part + channel], relu);
}
EMULATE(normalize_evaluation)

// The gradients of scale and bias, and dx = ((dy - offset) - (x - mean) * slope) * scale, 0 in padding lanes and, if a ReLU computed x, where x
// is not above 0: ChannelNormalization.Backward. Without dx the grid is (channels), otherwise (channels, tiles, pixels / 64).
KERNEL(256, normalize_backward)(
    const float* x, const float* dy, float* dx, const float* groups, const float* statistics, const float* parameters, float* gradient, int part,
    int relu, BATCH_ARGUMENTS)
{
    const Batch b = BATCH;
    const int channel = BX, lane = TID & 31;
    SHARED(float, shared);
    if (TID == 0)
    {
        const double sum = Total(b, groups, 2, channel), product = Total(b, groups, 3, channel), inverse = (double)statistics[part + channel];
        if (BY == 0 && BZ == 0)
        {
            gradient[channel] = (float)DMUL(product, inverse);
            gradient[part + channel] = (float)sum;
        }
        shared[0] = (float)DDIV(sum, Count(b));
        shared[1] = (float)DMUL(DMUL(DDIV(product, Count(b)), inverse), inverse);
        shared[2] = (float)DMUL((double)parameters[channel], inverse);
    }
    if (!dx) return;
    SYNC();
    const float mean = statistics[channel], offset = shared[0], slope = shared[1], scale = shared[2];
    const int64 start = Start(b, BY, channel) + lane;
    const bool valid = (lane & 15) < Valid(b, 2 * BY + (lane >> 4));
    const Own own = OwnPixels(b);
    float values[PIXELS / WARPS], gradients[PIXELS / WARPS];
    UNROLL for (int i = 0; i < PIXELS / WARPS; i++) values[i] = x[start + MAX(own.at[i], 0)];
    UNROLL for (int i = 0; i < PIXELS / WARPS; i++) gradients[i] = dy[start + MAX(own.at[i], 0)];
    UNROLL for (int i = 0; i < PIXELS / WARPS; i++)
    {
        const float result = MUL(FMA(SUB(values[i], mean), -slope, SUB(gradients[i], offset)), scale);
        if (own.at[i] >= 0) dx[start + own.at[i]] = (valid & ((relu == 0) | (values[i] > 0))) ? result : 0;
    }
}
EMULATE(normalize_backward)
