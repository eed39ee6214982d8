// Convolutions that list their kept weights, with any kernel, stride, padding and border, depthwise ones among them, and the pooling
// that may follow. Images lie as x[tile of 32][channel][row + border][column + border][32]: thread = lane, so that a weight is the same
// for a warp and every load of a warp is 128 bytes in a row. A border is zero and never written.
#include "convolution.h"

struct __attribute__((aligned(8))) Entry { float w; int at; };
struct __attribute__((aligned(16))) Pair { int source; uint32 low, high; int first; };

// The weights of a step in the orders in which the sums of a layer meet them: every "stride" bytes from "to" on. Parameters of the layer begin
// at "offset", its blocks of threads at "block".
struct __attribute__((aligned(8))) Spread { char* to; const int* indices; int count, stride, offset, block; };

// All layers at once. owners: the layer of each block, which has four times as many weights as threads.
KERNEL(256, spread)(const Spread* layers, const int* owners, const float* parameters)
{
    const Spread layer = layers[owners[BX]];
    const int first = (BX - layer.block) * NTHREADS * 4 + TID;
    float values[4];
    UNROLL for (int i = 0; i < 4; i++)
    {
        const int k = first + i * NTHREADS;
        values[i] = k < layer.count ? parameters[layer.offset + layer.indices[k]] : 0.0f;
    }
    UNROLL for (int i = 0; i < 4; i++)
    {
        const int k = first + i * NTHREADS;
        if (k < layer.count) *(float*)(layer.to + (int64)k * layer.stride) = values[i];
    }
}
EMULATE(spread)

// ---- Kept weights: y and dx --------------------------------------------------------------------------------------------------------
// Each target pixel in each lane: the bias (or +0), then one fused multiply-add a weight, source channels ascending, in them kernel
// rows and columns ascending: the processor's OffsetSums. A warp makes a block of pixels; where the grid is no multiple of it, the last
// ones are made twice, with the same bits.

// A block of R x C pixels.
template <int R, int C> INLINE void Under(const float* source, int row, int column, float (&values)[R * C])
{
    UNROLL for (int i = 0; i < R * C; i++) values[i] = source[i / C * row + i % C * column];
}

// The end of a block of R x C pixels: the ReLU that follows, or 0 where the gate is not above 0.
template <int R, int C>
INLINE void Store(const float (&sums)[R * C], const float* gate, float* target, int64 at, int row, int column, int relu)
{
    float results[R * C];
    if (gate)
    {
        Under<R, C>(gate + at, row, column, results);   // all at once
        UNROLL for (int i = 0; i < R * C; i++) results[i] = results[i] > 0 ? sums[i] : 0.0f;
    }
    else
        UNROLL for (int i = 0; i < R * C; i++) results[i] = ((relu == 0) | (sums[i] > 0)) ? sums[i] : 0.0f;
    target += at;
    UNROLL for (int i = 0; i < R * C; i++) target[i / C * row + i % C * column] = results[i];
}

// Each weight loads what it multiplies. WIDTH: pixels of a row of source and target with their borders, next to each other; 0: any.
// 1024 threads have up to 64 registers each, 512 threads 128.
template <int R, int C, int WIDTH>
INLINE void Direct(
    const Grid* grid, const Entry* entries, const int* starts, const float* bias, const float* source, const float* gate, float* target, int relu)
{
    const Grid g = *grid;
    const int sourceRow = WIDTH ? WIDTH * 32 : g.sourceRow, sourceColumn = WIDTH ? 32 : g.sourceColumn;
    const int targetRow = WIDTH ? WIDTH * 32 : g.targetRow, targetColumn = WIDTH ? 32 : g.targetColumn;
    const int lane = TID & 31, channel = BY * (NTHREADS >> 5) + UNI(TID >> 5), across = (g.columns + C - 1) / C;
    if (channel >= g.targets) return;
    const int top = MIN(BX / across * R, g.rows - R), left = MIN(BX % across * C, g.columns - C);
    source += (int64)BZ * g.sourceTile + g.sourceStart + top * sourceRow + left * sourceColumn + lane;
    const int64 at = (int64)BZ * g.targetTile + g.targetStart + (int64)channel * g.targetChannel + top * targetRow + left * targetColumn + lane;
    float sums[R * C];
    const float start = bias ? bias[channel] : 0.0f;
    UNROLL for (int i = 0; i < R * C; i++) sums[i] = start;
    int k = UNI(starts[channel]);
    const int end = UNI(starts[channel + 1]);
    // Two entries more than weights are there, which are read but not multiplied.
    const bool Ahead = WIDTH == 6 || WIDTH == 10;
    if (Ahead)
    {
        // Small images have too few warps to wait for each other's loads: what the next weight multiplies is loaded while this one's is multiplied.
        Entry even = entries[k], odd = entries[k + 1];
        float now[R * C], next[R * C];
        Under<R, C>(source + even.at, sourceRow, sourceColumn, now);
        _Pragma("unroll 1") for (; k + 1 < end; k += 2)
        {
            const float first = even.w, second = odd.w;
            Under<R, C>(source + odd.at, sourceRow, sourceColumn, next);
            even = entries[k + 2];
            UNROLL for (int i = 0; i < R * C; i++) sums[i] = FMA(first, now[i], sums[i]);
            Under<R, C>(source + even.at, sourceRow, sourceColumn, now);
            odd = entries[k + 3];
            UNROLL for (int i = 0; i < R * C; i++) sums[i] = FMA(second, next[i], sums[i]);
        }
        if (k < end)
            UNROLL for (int i = 0; i < R * C; i++) sums[i] = FMA(even.w, now[i], sums[i]);
    }
    else
        for (Entry next = entries[k]; k < end; k++)
        {
            const Entry entry = next;
            next = entries[k + 1];
            float values[R * C];
            Under<R, C>(source + entry.at, sourceRow, sourceColumn, values);
            UNROLL for (int i = 0; i < R * C; i++) sums[i] = FMA(entry.w, values[i], sums[i]);
        }
    Store<R, C>(sums, gate, target, at, targetRow, targetColumn, relu);
}

#define DIRECT(R, C, NAME, WIDTH, THREADS) \
    KERNEL(THREADS, NAME)(const Grid* grid, const Entry* entries, const int* starts, const float* bias, const float* source, \
        const float* gate, float* target, int relu) \
    { Direct<R, C, WIDTH>(grid, entries, starts, bias, source, gate, target, relu); } \
    EMULATE(NAME)
DIRECT(1, 1, direct_1x1, 0, 1024) DIRECT(1, 2, direct_1x2, 0, 1024) DIRECT(1, 4, direct_1x4, 0, 1024) DIRECT(2, 1, direct_2x1, 0, 1024)
DIRECT(2, 2, direct_2x2, 0, 1024) DIRECT(2, 4, direct_2x4, 0, 1024) DIRECT(4, 1, direct_4x1, 0, 1024) DIRECT(4, 2, direct_4x2, 0, 1024)
DIRECT(4, 4, direct_4x4, 0, 1024)
DIRECT(4, 4, direct_4x4_6, 6, 512) DIRECT(4, 4, direct_4x4_10, 10, 512) DIRECT(4, 4, direct_4x4_18, 18, 1024) DIRECT(4, 4, direct_4x4_34, 34, 1024)

// One weight of a 3 x 3 kernel, at position J of it, against a patch of 6 x 6 values: 4 x 4 sums.
template <int J, bool BACK> INLINE void Tap(float (&sums)[16], const float (&patch)[36], float w)
{
    const int row = BACK ? 2 - J / 3 : J / 3, column = BACK ? 2 - J % 3 : J % 3;
    UNROLL for (int i = 0; i < 16; i++) sums[i] = FMA(w, patch[(i / 4 + row) * 6 + i % 4 + column], sums[i]);
}

// The same for 3 x 3, stride 1, 'same', where weights are many: a patch of one source is in registers for four targets. pair: a source
// channel, a bit for each of the four targets' nine weights, at most 32 of them, and the first in order; a pair more than there are.
template <bool BACK>
INLINE void Patch(
    const Grid* grid, const Pair* pairs, const int* starts, const float* ordered, const float* bias, const float* source, int sourceChannel,
    const float* gate, float* target, int relu)
{
    const Grid g = *grid;
    const int lane = TID & 31, group = BY * (NTHREADS >> 5) + UNI(TID >> 5), across = (g.columns + 3) / 4;
    if (group * 4 >= g.targets) return;
    const int top = MIN(BX / across * 4, g.rows - 4), left = MIN(BX % across * 4, g.columns - 4);
    source += (int64)BZ * g.sourceTile + g.sourceStart + top * g.sourceRow + left * 32 + lane;
    if (BACK) source -= g.sourceRow + 32;
    float sums[4][16];
    UNROLL for (int o = 0; o < 4; o++)
    {
        const float start = bias && group * 4 + o < g.targets ? bias[group * 4 + o] : 0.0f;
        UNROLL for (int i = 0; i < 16; i++) sums[o][i] = start;
    }
    int p = UNI(starts[group]);
    const int end = UNI(starts[group + 1]);
    Pair next = pairs[p];
    float nextWeight = ordered[next.first + lane];
    while (p < end)
    {
        const float* s = source + (int64)next.source * sourceChannel;
        float patch[36];
        UNROLL for (int i = 0; i < 36; i++) patch[i] = s[i / 6 * g.sourceRow + i % 6 * 32];
        const uint32 low = UNI(next.low), high = UNI(next.high);
        const float weight = nextWeight;
        p++;
        next = pairs[p];
        nextWeight = ordered[next.first + lane];
        int i = 0;
        float w = SHFL(weight, 0);
#define ONE(O, J) if ((O * 9 + J < 32 ? low >> (O * 9 + J & 31) : high >> (O * 9 + J & 31)) & 1) { const float now = w; i++; w = SHFL(weight, i & 31); Tap<J, BACK>(sums[O], patch, now); }
#define NINE(O) ONE(O, 0) ONE(O, 1) ONE(O, 2) ONE(O, 3) ONE(O, 4) ONE(O, 5) ONE(O, 6) ONE(O, 7) ONE(O, 8)
        NINE(0) NINE(1) NINE(2) NINE(3)
#undef NINE
#undef ONE
    }
    UNROLL for (int o = 0; o < 4; o++)
        if (group * 4 + o < g.targets)
            Store<4, 4>(sums[o], gate, target, (int64)BZ * g.targetTile + g.targetStart + (int64)(group * 4 + o) * g.targetChannel
                + top * g.targetRow + left * 32 + lane, g.targetRow, 32, relu);
}

#define PATCH(NAME, BACK) \
    KERNEL(256, NAME)(const Grid* grid, const Pair* pairs, const int* starts, const float* ordered, const float* bias, const float* source, \
        int sourceChannel, const float* gate, float* target, int relu) \
    { Patch<BACK>(grid, pairs, starts, ordered, bias, source, sourceChannel, gate, target, relu); } \
    EMULATE(NAME)
PATCH(patch_forward, false) PATCH(patch_backward, true)

// ---- 2 x 2 max pooling of a convolution's result --------------------------------------------------------------------------------------
// The windows of an image of "channels"; distances in values. Indices lie as y, a byte each: the pixel of the window, row by row, that is
// the first of its largest values; 4 where a ReLU lets nothing through.
struct Windows
{
    int channels, rows, columns;                            // of the result
    int sourceTile, sourceChannel, sourceRow, sourceStart;
    int targetTile, targetChannel, targetRow, targetStart;
};

KERNEL(256, pool)(const Windows* windows, const float* x, float* y, uint8* indices, int relu)
{
    const Windows w = *windows;
    const int lane = TID & 31, at = BX * (NTHREADS >> 5) + (TID >> 5), pixels = w.rows * w.columns;
    if (at >= w.channels * pixels) return;
    const int channel = at / pixels, row = at % pixels / w.columns, column = at % w.columns;
    x += (int64)BZ * w.sourceTile + (int64)channel * w.sourceChannel + w.sourceStart + row * 2 * w.sourceRow + column * 64 + lane;
    const int64 to = (int64)BZ * w.targetTile + (int64)channel * w.targetChannel + w.targetStart + row * w.targetRow + column * 32 + lane;
    float most = x[0];
    int index = 0;
    UNROLL for (int i = 1; i < 4; i++)
    {
        const float value = x[i / 2 * w.sourceRow + i % 2 * 32];
        if (value > most)
        {
            most = value;
            index = i;
        }
    }
    y[to] = most;
    indices[to] = (uint8)(relu && !(most > 0) ? 4 : index);
}
EMULATE(pool)

// The gradient before pooling: the window's at its index, +0 elsewhere.
KERNEL(256, unpool)(const Windows* windows, const uint8* indices, const float* dy, float* dx)
{
    const Windows w = *windows;
    const int lane = TID & 31, at = BX * (NTHREADS >> 5) + (TID >> 5), pixels = w.rows * w.columns;
    if (at >= w.channels * pixels) return;
    const int channel = at / pixels, row = at % pixels / w.columns, column = at % w.columns;
    const int64 from = (int64)BZ * w.targetTile + (int64)channel * w.targetChannel + w.targetStart + row * w.targetRow + column * 32 + lane;
    dx += (int64)BZ * w.sourceTile + (int64)channel * w.sourceChannel + w.sourceStart + row * 2 * w.sourceRow + column * 64 + lane;
    const int index = indices[from];
    const float gradient = ADD(0.0f, dy[from]);
    UNROLL for (int i = 0; i < 4; i++) dx[i / 2 * w.sourceRow + i % 2 * 32] = i == index ? gradient : 0.0f;
}
EMULATE(unpool)
