// Dense convolutions by patches: any kernel, stride and padding. Images lie as in convolution.cu; weights[input, kernel row, kernel
// column][outputs, padded to a multiple of 16].
#include "convolution.h"

// ---- Dense weights by patches: y ---------------------------------------------------------------------------------------------------
// Each pixel of y in each lane: the bias (or +0), then one fused multiply-add for every input channel, kernel row and kernel column,
// ascending. A warp makes R x C pixels of four outputs. weights[input, kernel row, kernel column][padded outputs].
template <int R, int C>
INLINE void Patches(
    const Grid* grid, const int* offsets, int count, const float* weights, int stride, const float* bias, const float* source, float* target,
    int relu)
{
    const Grid g = *grid;
    const int lane = TID & 31, channel = (BY * (NTHREADS >> 5) + UNI(TID >> 5)) * 4, across = (g.columns + C - 1) / C;
    if (channel >= g.targets) return;
    const int top = MIN(BX / across * R, g.rows - R), left = MIN(BX % across * C, g.columns - C);
    source += (int64)BZ * g.sourceTile + g.sourceStart + top * g.sourceRow + left * g.sourceColumn + lane;
    float sums[4][R * C];
    UNROLL for (int o = 0; o < 4; o++)
    {
        const float start = bias && channel + o < g.targets ? bias[channel + o] : 0.0f;
        UNROLL for (int i = 0; i < R * C; i++) sums[o][i] = start;
    }
    weights += channel;
    for (int k = 0; k < count; k++, weights += stride)
    {
        const Four w = *(const Four*)weights;
        const float* s = source + offsets[k];
        UNROLL for (int r = 0; r < R; r++, s += g.sourceRow)
            UNROLL for (int c = 0; c < C; c++)
            {
                const float x = s[c * g.sourceColumn];
                sums[0][r * C + c] = FMA(w.a, x, sums[0][r * C + c]);
                sums[1][r * C + c] = FMA(w.b, x, sums[1][r * C + c]);
                sums[2][r * C + c] = FMA(w.c, x, sums[2][r * C + c]);
                sums[3][r * C + c] = FMA(w.d, x, sums[3][r * C + c]);
            }
    }
    target += (int64)BZ * g.targetTile + g.targetStart + (int64)channel * g.targetChannel + top * g.targetRow + left * g.targetColumn + lane;
    UNROLL for (int o = 0; o < 4; o++)
        if (channel + o < g.targets)
            UNROLL for (int i = 0; i < R * C; i++)
                target[(int64)o * g.targetChannel + i / C * g.targetRow + i % C * g.targetColumn] = !relu || sums[o][i] > 0 ? sums[o][i] : 0.0f;
}

#define PATCHES(R, C) \
    KERNEL(256, patches_##R##x##C)(const Grid* grid, const int* offsets, int count, const float* weights, int stride, const float* bias, \
        const float* source, float* target, int relu) \
    { Patches<R, C>(grid, offsets, count, weights, stride, bias, source, target, relu); } \
    EMULATE(patches_##R##x##C)
PATCHES(1, 1) PATCHES(1, 2) PATCHES(1, 4) PATCHES(2, 1) PATCHES(2, 2) PATCHES(2, 4)

// ---- Dense weights by patches: dx --------------------------------------------------------------------------------------------------
// Each pixel of dx in each lane: +0; then for every output pixel (rows, then columns, ascending) whose kernel covers it, a sum from
// +0, one fused multiply-add an output channel, ascending, is added. A warp makes one pixel of four inputs.
KERNEL(256, patches_input)(const Shape* shape, const float* weights, const float* dy, const float* gate, float* dx)
{
    const Shape s = *shape;
    const int lane = TID & 31, channel = (BY * (NTHREADS >> 5) + UNI(TID >> 5)) * 4, row = BX / s.columns, column = BX % s.columns;
    if (channel >= s.inputs) return;
    const int area = s.kernel * s.kernel, step = area * s.paddedOutputs;
    dy += (int64)BZ * s.outputTile + s.outputStart + lane;
    weights += (int64)channel * step;
    float sums[4] = {0, 0, 0, 0};
    const int count = MIN(4, s.inputs - channel);
    for (int ky = s.kernel - 1; ky >= 0; ky--)
    {
        const int down = row + s.padding - ky;
        if (down < 0 || down % s.stride != 0 || down / s.stride >= s.outputRows) continue;
        for (int kx = s.kernel - 1; kx >= 0; kx--)
        {
            const int right = column + s.padding - kx;
            if (right < 0 || right % s.stride != 0 || right / s.stride >= s.outputColumns) continue;
            const float* d = dy + down / s.stride * s.outputRow + right / s.stride * 32;
            const float* w = weights + (ky * s.kernel + kx) * s.paddedOutputs;
            float part[4] = {0, 0, 0, 0};
            for (int output = 0; output < s.outputs; output++, d += s.outputChannel)
            {
                const float value = *d;
                UNROLL for (int i = 0; i < 4; i++)
                    if (i < count) part[i] = FMA(w[(int64)i * step + output], value, part[i]);
            }
            UNROLL for (int i = 0; i < 4; i++) sums[i] = ADD(sums[i], part[i]);
        }
    }
    const int64 at = (int64)BZ * s.inputTile + s.inputPixel + (int64)channel * s.inputChannel + row * s.inputRow + column * 32 + lane;
    UNROLL for (int i = 0; i < 4; i++)
        if (i < count)
        {
            const int64 to = at + (int64)i * s.inputChannel;
            dx[to] = !gate || gate[to] > 0 ? sums[i] : 0.0f;
        }
}
EMULATE(patches_input)

// ---- Dense weights by patches: their gradient ----------------------------------------------------------------------------------------
// The pixels of dy of each tile of sixteen images are taken four at a time, rows, then columns ascending. Each four has a sum from +0, one
// fused multiply-add a pixel and lane, ascending: parts[panel][row][padded outputs], a row being an input channel, kernel row and
// kernel column, a panel four pixels of a tile. A block of 64 threads makes 32 rows x 32 outputs of one panel; panels from "first" on.
KERNEL(64, patches_parts)(const Shape* shape, const float* x, const float* dy, float* parts, int first)
{
    SHARED(float, values);
    const int Line = 68;                    // 64 values and four more, so that eight rows lie in different banks
    float* factors = values + 32 * Line;
    const Shape s = *shape;
    const int area = s.kernel * s.kernel, count = s.inputs * area, pixels = s.outputRows * s.outputColumns, panels = (pixels + 3) / 4;
    const int across = (count + 31) / 32, row0 = BX % across * 32, output0 = BX / across * 32;
    const int panel = first + BY, half = panel / panels, pixel0 = panel % panels * 4, inPanel = MIN(4, pixels - pixel0);
    x += (int64)(half >> 1) * s.inputTile + s.inputStart + (half & 1) * 16;
    dy += (int64)(half >> 1) * s.outputTile + s.outputStart + (half & 1) * 16;
    for (int i = TID; i < 32 * 64; i += NTHREADS)
    {
        const int line = i / 64, k = i % 64, pixel = pixel0 + k / 16, row = row0 + line, output = output0 + line;
        const int r = pixel / s.outputColumns, c = pixel % s.outputColumns, tap = row % area;
        values[line * Line + k] = row < count && pixel < pixels
            ? x[(int64)(row / area) * s.inputChannel + (r * s.stride + tap / s.kernel) * s.inputRow + (c * s.stride + tap % s.kernel) * 32 + k % 16]
            : 0.0f;
        factors[line * Line + k] =
            output < s.outputs && pixel < pixels ? dy[(int64)output * s.outputChannel + r * s.outputRow + c * 32 + k % 16] : 0.0f;
    }
    SYNC();
    const int mine = TID & 7, own = TID >> 3;
    float sums[16];
    UNROLL for (int i = 0; i < 16; i++) sums[i] = 0;
    for (int k = 0; k < inPanel * 16; k += 4)
    {
        Four a[4], b[4];
        UNROLL for (int i = 0; i < 4; i++)
        {
            a[i] = *(const Four*)(values + (mine + 8 * i) * Line + k);
            b[i] = *(const Four*)(factors + (own + 8 * i) * Line + k);
        }
        UNROLL for (int i = 0; i < 16; i++)
        {
            sums[i] = FMA(a[i / 4].a, b[i % 4].a, sums[i]);
            sums[i] = FMA(a[i / 4].b, b[i % 4].b, sums[i]);
            sums[i] = FMA(a[i / 4].c, b[i % 4].c, sums[i]);
            sums[i] = FMA(a[i / 4].d, b[i % 4].d, sums[i]);
        }
    }
    parts += (int64)BY * count * s.paddedOutputs;
    UNROLL for (int i = 0; i < 16; i++)
    {
        const int row = row0 + mine + 8 * (i / 4), output = output0 + own + 8 * (i % 4);
        if (row < count && output < s.outputs) parts[(int64)row * s.paddedOutputs + output] = sums[i];
    }
}
EMULATE(patches_parts)

// N panels' values added in order; all are loaded before.
template <int N> INLINE float AddPanels(const float* parts, int64 count, float sum)
{
    float part[N];
    UNROLL for (int k = 0; k < N; k++, parts += count) part[k] = *parts;
    UNROLL for (int k = 0; k < N; k++) sum = ADD(sum, part[k]);
    return sum;
}

// Panels' sums added in order to "sums", which begin with +0 where "begins". Few sums have many panels: small blocks, and many loads at once.
KERNEL(64, add_panels)(const float* parts, int64 count, int panels, int begins, float* sums)
{
    const int64 i = (int64)BX * NTHREADS + TID;
    if (i >= count) return;
    float sum = begins ? 0.0f : sums[i];
    parts += i;
    int panel = 0;
    for (; panel + 64 <= panels; panel += 64, parts += 64 * count) sum = AddPanels<64>(parts, count, sum);
    for (; panel + 16 <= panels; panel += 16, parts += 16 * count) sum = AddPanels<16>(parts, count, sum);
    for (; panel < panels; panel++, parts += count) sum = ADD(sum, *parts);
    sums[i] = sum;
}
EMULATE(add_panels)

// Which of the tiles of sixteen images, row and column a pixel is that lies "number" pixels from the first.
struct Pixel
{
    int half, row, column;
    __device__ Pixel(const Shape& s, int number)
    {
        const int pixels = s.outputRows * s.outputColumns, pixel = number % pixels;
        half = number / pixels; row = pixel / s.outputColumns; column = pixel % s.outputColumns;
    }
    __device__ void Add(const Shape& s, const Pixel& step)
    {
        column += step.column; row += step.row; half += step.half;
        if (column >= s.outputColumns) { column -= s.outputColumns; row++; }
        if (row >= s.outputRows) { row -= s.outputRows; half++; }
    }
};

// The sum of one output's pixels of dy in each lane, from +0, ascending: of "count" pixels of the tiles of sixteen images
// in order. The result is in the first warp of a block of 160 threads. It adds what the four others have brought into shared memory, a
// chunk of 16 KB; these write the next chunk there and load the one after it, so that no sum waits for memory.
INLINE float SumOfPixels(const Shape& s, const float* dy, int count)
{
    SHARED(float, values);
    const int Lanes = 16, Chunk = 4096 / Lanes, Fours = Lanes / 4, Step = 128 / Fours, chunks = (count + Chunk - 1) / Chunk, thread = TID - 32;
    Vector4 brought[8];
    Pixel pixel(s, MAX(thread, 0) / Fours);
    const Pixel step(s, Step);
    float sum = 0;
    dy += thread % Fours * 4;
    for (int chunk = -1; chunk <= chunks; chunk++)
    {
        if (thread >= 0)
        {
            if (chunk >= 0 && chunk < chunks)
                UNROLL for (int i = 0; i < 8; i++)
                    if (chunk * Chunk + i * Step + thread / Fours < count)
                        *(Vector4*)(values + (chunk & 1) * 4096 + (i * 128 + thread) * 4) = brought[i];
            UNROLL for (int i = 0; i < 8; i++, pixel.Add(s, step))
                if ((chunk + 1) * Chunk + i * Step + thread / Fours < count)
                    brought[i] = *(const Vector4*)(dy + (int64)(pixel.half >> 1) * s.outputTile + (pixel.half & 1) * 16
                        + pixel.row * s.outputRow + pixel.column * 32);
        }
        else if (chunk > 0)
        {
            const float* v = values + (chunk - 1 & 1) * 4096 + (TID & Lanes - 1);
            const int ready = MIN(Chunk, count - (chunk - 1) * Chunk);
            float now[16];
            int i = 0;
            if (ready >= 16)
                UNROLL for (int k = 0; k < 16; k++) now[k] = v[k * Lanes];
            for (; i + 16 <= ready; i += 16)
            {
                float next[16];
                if (i + 32 <= ready)
                    UNROLL for (int k = 0; k < 16; k++) next[k] = v[(i + 16 + k) * Lanes];
                UNROLL for (int k = 0; k < 16; k++)
                {
                    sum = ADD(sum, now[k]);
                    now[k] = next[k];
                }
            }
            for (; i < ready; i++) sum = ADD(sum, v[i * Lanes]);
        }
        SYNC();
    }
    return sum;
}

// The biases' gradient of a dense convolution: a sum a lane from +0 over all tiles of sixteen images, rows and columns, ascending; then
// the tree. A block an output.
KERNEL(160, bias_gradient)(const Shape* shape, const float* dy, int halves, float* gradient)
{
    const Shape s = *shape;
    float sum = SumOfPixels(s, dy + (int64)BX * s.outputChannel + s.outputStart, halves * s.outputRows * s.outputColumns);
    if (TID >= 32) return;
    sum = SUM16(sum);
    if (TID == 0) gradient[BX] = sum;
}
EMULATE(bias_gradient)
