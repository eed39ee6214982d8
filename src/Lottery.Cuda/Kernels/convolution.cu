// Convolutions that list their kept weights, with any kernel, stride, padding and border, depthwise ones among them, and the pooling
// that may follow. Images lie as x[tile of 32][channel][row + border][column + border][32]: thread = lane, so that a weight is the same
// for a warp and every load of a warp is 128 bytes in a row. A border is zero and never written.
#include "convolution.h"

struct __attribute__((aligned(8))) Entry { float w; int at; };
struct __attribute__((aligned(16))) Task { int output, first, weights, unused; };

// The weights of a step beside the places of what they multiply.
KERNEL(256, entries)(Entry* entries, const int* indices, const float* weights, int count)
{
    int k = BX * NTHREADS + TID;
    if (k < count) entries[k].w = weights[indices[k]];
}
EMULATE(entries)

// ---- Kept weights: y and dx --------------------------------------------------------------------------------------------------------
// Each target pixel in each lane: the bias (or +0), then one fused multiply-add a weight, source channels ascending, in them kernel
// rows and columns ascending: the processor's OffsetSums. A warp makes R x C pixels of one target channel. Where the grid is no
// multiple of these, the last ones are made twice, with the same bits.
template <int R, int C>
INLINE void Direct(
    const Grid* grid, const Entry* entries, const int* starts, const float* bias, const float* source, const float* gate, float* target, int relu)
{
    const Grid g = *grid;
    const int lane = TID & 31, channel = BY * (NTHREADS >> 5) + UNI(TID >> 5), across = (g.columns + C - 1) / C;
    if (channel >= g.targets) return;
    const int top = MIN(BX / across * R, g.rows - R), left = MIN(BX % across * C, g.columns - C);
    source += (int64)BZ * g.sourceTile + g.sourceStart + top * g.sourceRow + left * g.sourceColumn + lane;
    const int64 at = (int64)BZ * g.targetTile + g.targetStart + (int64)channel * g.targetChannel + top * g.targetRow + left * g.targetColumn + lane;
    float sums[R * C];
    const float start = bias ? bias[channel] : 0.0f;
    UNROLL for (int i = 0; i < R * C; i++) sums[i] = start;
    const int end = UNI(starts[channel + 1]);
    for (int k = UNI(starts[channel]); k < end; k++)
    {
        const Entry entry = entries[k];
        const float* s = source + entry.at;
        UNROLL for (int r = 0; r < R; r++, s += g.sourceRow)
            UNROLL for (int c = 0; c < C; c++) sums[r * C + c] = FMA(entry.w, s[c * g.sourceColumn], sums[r * C + c]);
    }
    UNROLL for (int i = 0; i < R * C; i++)
    {
        const int64 to = at + i / C * g.targetRow + i % C * g.targetColumn;
        const bool passes = gate ? gate[to] > 0 : !relu || sums[i] > 0;
        target[to] = passes ? sums[i] : 0.0f;
    }
}

#define DIRECT(R, C) \
    KERNEL(256, direct_##R##x##C)(const Grid* grid, const Entry* entries, const int* starts, const float* bias, const float* source, \
        const float* gate, float* target, int relu) \
    { Direct<R, C>(grid, entries, starts, bias, source, gate, target, relu); } \
    EMULATE(direct_##R##x##C)
DIRECT(1, 1) DIRECT(1, 2) DIRECT(1, 4) DIRECT(2, 1) DIRECT(2, 2) DIRECT(2, 4) DIRECT(4, 1) DIRECT(4, 2) DIRECT(4, 4)

// ---- Kept weights: their gradient ---------------------------------------------------------------------------------------------------
// Of each tile of sixteen images (halves of a tile of 32; their number may be odd), for each weight: a sum a lane from +0, to which
// bands of four rows of dy are added from top to bottom; a band is a sum from +0, one fused multiply-add a pixel, blocks of 4 x 4 pixels
// from left to right, in a block rows and in them columns ascending; then the tree over the lanes. A block of threads makes up to K
// weights of one output, a warp every so many bands. parts[half][entries].
template <int K>
INLINE void Gradient(
    const Shape* shape, const Task* tasks, const int* offsets, const float* x, const float* dy, float* parts, int entries, int halves)
{
    SHARED(float, bandSums);
    const Shape s = *shape;
    const Task task = tasks[BX];
    const int lane = TID & 31, warp = UNI(TID >> 5), warps = NTHREADS >> 5, weights = UNI(task.weights), bands = (s.outputRows + 3) / 4;
    x += (int64)BY * s.inputTile + s.inputStart + lane;
    dy += (int64)BY * s.outputTile + (int64)task.output * s.outputChannel + s.outputStart + lane;
    int at[K];
    float sums[K], totals[K];
    UNROLL for (int k = 0; k < K; k++)
    {
        at[k] = offsets[task.first + (k < weights ? k : 0)];
        totals[k] = 0;
    }
    const int right = s.stride * 32, down = s.stride * s.inputRow;
    for (int from = 0; from < bands; from += warps)
    {
        const int band = from + warp;
        if (band < bands)
        {
            const int rows = MIN(4, s.outputRows - band * 4);
            const float* source = x + (int64)band * 4 * down;
            const float* d = dy + band * 4 * s.outputRow;
            UNROLL for (int k = 0; k < K; k++) sums[k] = 0;
            int column = 0;
            for (; rows == 4 && column + 4 <= s.outputColumns; column += 4, source += 4 * right, d += 128)
            {
                float block[16];
                UNROLL for (int i = 0; i < 16; i++) block[i] = d[i / 4 * s.outputRow + i % 4 * 32];
                UNROLL for (int k = 0; k < K; k++)
                    if (k < weights)
                    {
                        const float* under = source + at[k];
                        UNROLL for (int r = 0; r < 4; r++, under += down)
                            UNROLL for (int c = 0; c < 4; c++) sums[k] = FMA(block[r * 4 + c], under[c * right], sums[k]);
                    }
            }
            for (; column < s.outputColumns; column += 4, source += 4 * right, d += 128)
            {
                const int columns = MIN(4, s.outputColumns - column);
                for (int r = 0; r < rows; r++)
                    for (int c = 0; c < columns; c++)
                    {
                        const float value = d[r * s.outputRow + c * 32];
                        UNROLL for (int k = 0; k < K; k++)
                            if (k < weights) sums[k] = FMA(value, source[at[k] + r * down + c * right], sums[k]);
                    }
            }
            UNROLL for (int k = 0; k < K; k++) bandSums[(warp * K + k) * 32 + lane] = sums[k];
        }
        SYNC();
        const int made = MIN(warps, bands - from);
        UNROLL for (int k = 0; k < K; k++)
            if (k % warps == warp)
                for (int b = 0; b < made; b++) totals[k] = ADD(totals[k], bandSums[(b * K + k) * 32 + lane]);
        SYNC();
    }
    const int half = BY * 2 + (lane >> 4);
    UNROLL for (int k = 0; k < K; k++)
        if (k % warps == warp && k < weights)
        {
            const float sum = SUM16(totals[k]);
            if ((lane & 15) == 0 && half < halves) parts[(int64)half * entries + task.first + k] = sum;
        }
}

#define GRADIENT(K) \
    KERNEL(256, gradient_##K)(const Shape* shape, const Task* tasks, const int* offsets, const float* x, const float* dy, float* parts, \
        int entries, int halves) \
    { Gradient<K>(shape, tasks, offsets, x, dy, parts, entries, halves); } \
    EMULATE(gradient_##K)
GRADIENT(1) GRADIENT(2) GRADIENT(4) GRADIENT(8)

// The biases' gradient of each tile of sixteen images: a sum a lane from +0 over rows and columns, ascending; then the tree. A warp an
// output. parts[half][entries], from "first" on.
KERNEL(128, bias_parts)(const Shape* shape, const float* dy, float* parts, int entries, int first, int halves)
{
    const Shape s = *shape;
    const int lane = TID & 31, output = BX * (NTHREADS >> 5) + UNI(TID >> 5), half = BY * 2 + (lane >> 4);
    if (output >= s.outputs) return;
    dy += (int64)BY * s.outputTile + (int64)output * s.outputChannel + s.outputStart + lane;
    float sum = 0;
    for (int row = 0; row < s.outputRows; row++, dy += s.outputRow)
    {
        int column = 0;
        for (; column + 8 <= s.outputColumns; column += 8)
        {
            float d[8];
            UNROLL for (int i = 0; i < 8; i++) d[i] = dy[(column + i) * 32];
            UNROLL for (int i = 0; i < 8; i++) sum = ADD(sum, d[i]);
        }
        for (; column < s.outputColumns; column++) sum = ADD(sum, dy[column * 32]);
    }
    sum = SUM16(sum);
    if ((lane & 15) == 0 && half < halves) parts[(int64)half * entries + first + output] = sum;
}
EMULATE(bias_parts)

// The tiles' sums added in order, each where its parameter is.
KERNEL(256, add_parts)(const float* parts, const int* indices, int entries, int halves, float* gradient)
{
    const int k = BX * NTHREADS + TID;
    if (k >= entries) return;
    float sum = parts[k];
    for (int half = 1; half < halves; half++) sum = ADD(sum, parts[(int64)half * entries + k]);
    gradient[indices[k]] = sum;
}
EMULATE(add_parts)

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
