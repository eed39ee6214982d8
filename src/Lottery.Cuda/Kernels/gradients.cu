// The gradient of a convolution's kept weights and biases. Images lie as in convolution.cu: thread = lane.
//
// Of each tile of sixteen images (halves of a tile of 32; their number may be odd), for each weight: a sum a lane from +0, to which
// bands of four rows of dy are added from top to bottom; a band is a sum from +0, one fused multiply-add a pixel, blocks of 4 x 4 pixels
// from left to right, in a block rows and in them columns ascending; then the tree over the lanes; then the tiles in order.
//
// A warp has a task: some weights that share what is loaded. The warps of a block have tasks that lie next to each other, so that most of what
// one loads from memory, another finds in the multiprocessor's cache: without that the card's second cache would be the bound. Where
// tasks are few, each band has warps of its own, which leave sums in each lane: bands[tile][band][weight][32]; otherwise a warp makes all
// bands, and leaves its tasks' sums over lanes: parts[half][weights, then biases].
//
// WIDTH: pixels of a row of x and dy with a border of one, of strides of one, in whole blocks of 4 x 4; 0: any.
#include "convolution.h"

struct __attribute__((aligned(16))) Task { int output, first, weights, unused; };
struct __attribute__((aligned(16))) PatchTask { int input, group; uint32 low, high; int first, unused[3]; };

// Where the sums of a launch go.
struct Sums { float *parts, *bands; int weights, entries, halves; };

// The biases' gradient of a tile of sixteen images is a sum a lane from +0 over rows and columns, ascending; then the tree. The next sixteen
// pixels are loaded while these are added.
template <int WIDTH>
INLINE void Bias(const Shape& s, int output, const float* dy, const Sums& to)
{
    const int lane = TID & 31, half = BY * 2 + (lane >> 4), outputRow = WIDTH ? WIDTH * 32 : s.outputRow;
    const int columns = WIDTH ? WIDTH - 2 : s.outputColumns, count = s.outputRows * columns;
    dy += (int64)BY * s.outputTile + (int64)output * s.outputChannel + s.outputStart + lane;
    float next[16], sum = 0;
    UNROLL for (int i = 0; i < 16; i++) next[i] = WIDTH || i < count ? dy[i / columns * outputRow + i % columns * 32] : 0.0f;
    _Pragma("unroll 1") for (int from = 16; from < count + 16; from += 16)
    {
        float now[16];
        UNROLL for (int i = 0; i < 16; i++) now[i] = next[i];
        // With a WIDTH pixels come in sixteens, of whole rows or of a part of one.
        const float* under = dy + from / columns * outputRow + from % columns * 32;
        if (!WIDTH || from < count)
            UNROLL for (int i = 0; i < 16; i++)
            {
                const float* pixel = WIDTH ? under + i / columns * outputRow + i % columns * 32
                    : dy + (from + i) / columns * outputRow + (from + i) % columns * 32;
                if (WIDTH || from + i < count) next[i] = *pixel;
            }
        UNROLL for (int i = 0; i < 16; i++)
            if (WIDTH || from - 16 + i < count) sum = ADD(sum, now[i]);
    }
    sum = SUM16(sum);
    if ((lane & 15) == 0 && half < to.halves) to.parts[(int64)half * to.entries + to.weights + output] = sum;
}

// K weights of one output, from weight "first" on, in some bands: each loads the x that it multiplies, dy is in registers. What the next weight
// multiplies is loaded, all of it, before this one's is multiplied: a warp can tell apart only six loads that it waits for, and where each load stood
// beside the multiplication of another, it waited for nearly every one of them by itself (on an H100 four times as long).
template <int K, int WIDTH>
INLINE void Weights(const Shape& s, int first, const int* offsets, const float* x, const float* dy, const Sums& to, int band, int end)
{
    // Rows of a block whose loads are under way at once. With strides that the compiler does not know, each place would be kept in registers.
    const int Rows = WIDTH == 0 ? 1 : 4;
    const int outputRow = WIDTH ? WIDTH * 32 : s.outputRow, right = WIDTH ? 32 : s.stride * 32, down = WIDTH ? WIDTH * 32 : s.stride * s.inputRow;
    const int lane = TID & 31, bands = (s.outputRows + 3) / 4, columns = WIDTH ? WIDTH - 2 : s.outputColumns;
    int at[K];
    float totals[K];
    UNROLL for (int k = 0; k < K; k++)
    {
        at[k] = UNI(offsets[first + k]);
        totals[k] = 0;
    }
    _Pragma("unroll 1") for (; band < end; band++)
    {
        const int rows = WIDTH ? 4 : MIN(4, s.outputRows - band * 4);
        const float *source = x + (int64)band * 4 * down, *d = dy + band * 4 * outputRow;
        float sums[K];
        UNROLL for (int k = 0; k < K; k++) sums[k] = 0;
        int column = 0;
        _Pragma("unroll 1") for (; rows == 4 && column + 4 <= columns; column += 4, source += 4 * right, d += 128)
            _Pragma("unroll 1") for (int r = 0; r < 4; r += Rows)
            {
                const float *from = source + r * down, *over = d + r * outputRow;
                float block[4 * Rows], under[2][4 * Rows];
                UNROLL for (int i = 0; i < 4 * Rows; i++) block[i] = over[i / 4 * outputRow + i % 4 * 32];
                UNROLL for (int i = 0; i < 4 * Rows; i++) under[0][i] = (from + at[0])[i / 4 * down + i % 4 * right];
                UNROLL for (int k = 0; k < K; k++)
                {
                    if (k + 1 < K)
                        UNROLL for (int i = 0; i < 4 * Rows; i++) under[k + 1 & 1][i] = (from + at[k + 1])[i / 4 * down + i % 4 * right];
                    WARPSYNC();     // no load is moved across it
                    UNROLL for (int i = 0; i < 4 * Rows; i++) sums[k] = FMA(block[i], under[k & 1][i], sums[k]);
                }
            }
        if (!WIDTH)
            _Pragma("unroll 1") for (; column < columns; column += 4, source += 4 * right, d += 128)
                _Pragma("unroll 1") for (int r = 0; r < rows; r++)
                    _Pragma("unroll 1") for (int c = 0; c < MIN(4, columns - column); c++)
                    {
                        const float value = d[r * outputRow + c * 32], *from = source + r * down + c * right;
                        UNROLL for (int k = 0; k < K; k++) sums[k] = FMA(value, from[at[k]], sums[k]);
                    }
        float* here = to.bands + (((int64)BY * bands + band) * to.weights + first) * 32 + lane;
        UNROLL for (int k = 0; k < K; k++)
            if (to.bands) here[k * 32] = sums[k];
            else totals[k] = ADD(totals[k], sums[k]);
    }
    if (to.bands) return;
    const int half = BY * 2 + (lane >> 4);
    float* here = to.parts + (int64)half * to.entries + first;
    UNROLL for (int k = 0; k < K; k++)
    {
        const float sum = SUM16(totals[k]);
        if ((lane & 15) == 0 && half < to.halves) here[k] = sum;
    }
}

// All weights from one input to four outputs, 3 x 3, stride 1, 'same', in some bands: a patch of x is in registers for them. totals: of the
// warp, for each weight that there is 32 floats of shared memory.
template <int WIDTH>
INLINE void Patch(const Shape& s, const PatchTask& task, const float* x, const float* dy, float* totals, const Sums& to, int band, int end)
{
    const int outputRow = WIDTH ? WIDTH * 32 : s.outputRow, inputRow = WIDTH ? WIDTH * 32 : s.inputRow;
    const int lane = TID & 31, bands = (s.outputRows + 3) / 4, columns = WIDTH ? WIDTH - 2 : s.outputColumns;
    const uint32 low = UNI(task.low), high = UNI(task.high);
    const int start = band;
    int weights = 0;
    totals += lane;
#define KEEPS(I) ((I < 32 ? low >> (I & 31) : high >> (I & 31)) & 1)
    _Pragma("unroll 1") for (; band < end; band++)
    {
        const int rows = WIDTH ? 4 : MIN(4, s.outputRows - band * 4);
        const float *source = x + band * 4 * inputRow, *d = dy + band * 4 * outputRow;
        float sums[36];
        UNROLL for (int i = 0; i < 36; i++) sums[i] = 0;
        int column = 0;
        _Pragma("unroll 1") for (; rows == 4 && column + 4 <= columns; column += 4, source += 128, d += 128)
        {
            float patch[36];
            UNROLL for (int i = 0; i < 36; i++) patch[i] = source[i / 6 * inputRow + i % 6 * 32];
            UNROLL for (int o = 0; o < 4; o++)
            {
                const uint32 bits = (o < 3 ? low >> o * 9 : low >> 27 | high << 5) & 511;
                if (bits == 0) continue;
                const float* under = d + (int64)o * s.outputChannel;
                float block[16];
                UNROLL for (int i = 0; i < 16; i++) block[i] = under[i / 4 * outputRow + i % 4 * 32];
                UNROLL for (int j = 0; j < 9; j++)
                    if (bits >> j & 1)
                        UNROLL for (int i = 0; i < 16; i++)
                            sums[o * 9 + j] = FMA(block[i], patch[(i / 4 + j / 3) * 6 + i % 4 + j % 3], sums[o * 9 + j]);
            }
        }
        if (!WIDTH)
            _Pragma("unroll 1") for (; column < columns; column += 4, source += 128, d += 128)
                _Pragma("unroll 1") for (int r = 0; r < rows; r++)
                    _Pragma("unroll 1") for (int c = 0; c < MIN(4, columns - column); c++)
                        UNROLL for (int i = 0; i < 36; i++)
                            if (KEEPS(i))
                                sums[i] = FMA(d[(int64)(i / 9) * s.outputChannel + r * outputRow + c * 32],
                                    source[(r + i % 9 / 3) * inputRow + (c + i % 3) * 32], sums[i]);
        float* here = to.bands ? to.bands + (((int64)BY * bands + band) * to.weights + task.first) * 32 + lane : totals;
        weights = 0;
        UNROLL for (int i = 0; i < 36; i++)
            if (KEEPS(i))
            {
                here[weights * 32] = to.bands ? sums[i] : ADD(band > start ? here[weights * 32] : 0.0f, sums[i]);
                weights++;
            }
    }
#undef KEEPS
    if (to.bands) return;
    const int half = BY * 2 + (lane >> 4);
    float* here = to.parts + (int64)half * to.entries + task.first;
    for (int k = 0; k < weights; k++)
    {
        const float sum = SUM16(totals[k * 32]);
        if ((lane & 15) == 0 && half < to.halves) here[k] = sum;
    }
}

// The first blocks have the biases, a warp each; the others the tasks. Grid: (blocks, tiles, bands with warps of their own or 1).
#define TASK(WARPS_TASK) \
    const Shape s = *shape; \
    const int warp = UNI(TID >> 5), warps = NTHREADS >> 5, biasBlocks = (biases + warps - 1) / warps, number = BX * warps + warp; \
    const Sums to = {parts, bands, weights, weights + biases, halves}; \
    if (BX < biasBlocks) \
    { \
        if (number < biases && BZ == 0) Bias<WIDTH>(s, number, dy, to); \
        return; \
    } \
    if (number - biasBlocks * warps >= count) return; \
    const WARPS_TASK task = tasks[number - biasBlocks * warps]; \
    const int lane = TID & 31, band = BZ, end = bands ? band + 1 : (s.outputRows + 3) / 4; \
    x += (int64)BY * s.inputTile + s.inputStart + lane; \
    dy += (int64)BY * s.outputTile + s.outputStart + lane

// Up to eight weights of one output a warp; tasks have 8, 4, 2 or 1.
template <int WIDTH>
INLINE void KeptGradient(const Shape* shape, const Task* tasks, const int* offsets, const float* x, const float* dy, float* parts, float* bands,
    int count, int weights, int biases, int halves)
{
    TASK(Task);
    const int first = UNI(task.first), many = UNI(task.weights);
    dy += (int64)task.output * s.outputChannel;
    if (many == 8) Weights<8, WIDTH>(s, first, offsets, x, dy, to, band, end);
    else if (many == 4) Weights<4, WIDTH>(s, first, offsets, x, dy, to, band, end);
    else if (many == 2) Weights<2, WIDTH>(s, first, offsets, x, dy, to, band, end);
    else Weights<1, WIDTH>(s, first, offsets, x, dy, to, band, end);
}

// Where weights are many: those from one input to four outputs a warp. Shared: "most" times 32 floats a warp.
template <int WIDTH>
INLINE void PatchGradient(const Shape* shape, const PatchTask* tasks, const float* x, const float* dy, float* parts, float* bands,
    int count, int weights, int biases, int halves, int most)
{
    SHARED(float, totals);
    TASK(PatchTask);
    x += (int64)task.input * s.inputChannel;
    dy += (int64)task.group * 4 * s.outputChannel;
    Patch<WIDTH>(s, task, x, dy, totals + warp * most * 32, to, band, end);
}

// 512 threads: of a thread's registers there are then at most 128, and a multiprocessor has sixteen warps.
#define GRADIENTS(WIDTH) \
    KERNEL(512, kept_##WIDTH)(const Shape* shape, const Task* tasks, const int* offsets, const float* x, const float* dy, float* parts, \
        float* bands, int count, int weights, int biases, int halves) \
    { KeptGradient<WIDTH>(shape, tasks, offsets, x, dy, parts, bands, count, weights, biases, halves); } \
    EMULATE(kept_##WIDTH) \
    KERNEL(512, patch_##WIDTH)(const Shape* shape, const PatchTask* tasks, const float* x, const float* dy, float* parts, float* bands, \
        int count, int weights, int biases, int halves, int most) \
    { PatchGradient<WIDTH>(shape, tasks, x, dy, parts, bands, count, weights, biases, halves, most); } \
    EMULATE(patch_##WIDTH)
GRADIENTS(0) GRADIENTS(6) GRADIENTS(10) GRADIENTS(18) GRADIENTS(34)

// What is left to add of a layer, whose gradient begins at "offset" and whose blocks of threads begin at "block". bands: null where the tiles
// alone are added; otherwise "each" bands of a weight.
struct __attribute__((aligned(8))) Addition { const float *parts, *bands; const int* indices; int weights, entries, each, offset, block, unused; };

// Bands, then tiles added in order, each sum where its parameter is; all layers at once. owners: the layer of each block. A thread has an entry, or
// where bands are added a warp. valid: the tiles of sixteen images that are added.
KERNEL(256, add_parts)(const Addition* layers, const int* owners, float* gradient, int valid)
{
    const Addition layer = layers[owners[BX]];
    const int lane = TID & 31, number = (BX - layer.block) * NTHREADS + TID, k = layer.bands ? UNI(number >> 5) : number;
    if (k >= layer.entries) return;
    float sum = 0;
    if (layer.bands && k < layer.weights)
        for (int half = 0; half < valid; half += 2)
        {
            const float* from = layer.bands + ((int64)(half >> 1) * layer.each * layer.weights + k) * 32 + lane;
            float total = 0;
            _Pragma("unroll 8") for (int band = 0; band < layer.each; band++) total = ADD(total, from[(int64)band * layer.weights * 32]);
            total = SUM16(total);
            const float first = SHFL(total, 0), second = SHFL(total, 16);
            sum = half == 0 ? first : ADD(sum, first);
            if (half + 1 < valid) sum = ADD(sum, second);
        }
    else
    {
        sum = layer.parts[k];
        _Pragma("unroll 4") for (int half = 1; half < valid; half++) sum = ADD(sum, layer.parts[(int64)half * layer.entries + k]);
    }
    if (!layer.bands || lane == 0) gradient[layer.offset + layer.indices[k]] = sum;
}
EMULATE(add_parts)
