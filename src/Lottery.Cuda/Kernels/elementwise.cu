// Batches from the examples on the device, the loss and its gradient, dropout, ReLU, and what evaluations count.
#include "exact.h"

// ---- Batches -----------------------------------------------------------------------------------------------------------------------------

struct Shown { int index, down, right; bool flip, valid; };

// Which example a lane shows, and how it is moved: a function of the epoch's keys and of the example's index (Training/Augmenter.cs).
INLINE Shown ShownBy(int example, const int* order, const StepRow* row, int augment)
{
    Shown s = {0, 0, 0, false, example >= 0 && example < (int)row->count};
    if (!s.valid) return s;
    s.index = order[row->first + example];
    if (augment & 1)
    {
        RandomBits b = PHILOX((uint32)s.index, 0, row->crop0, row->crop1);
        int move = (int)(((uint64)b.w0 * 81 + ((uint64)b.w1 * 81 >> 32)) >> 32);
        s.down = move / 9 - 4;
        s.right = move % 9 - 4;
    }
    if (augment & 2) s.flip = PHILOX((uint32)s.index, 0, row->flip0, row->flip1).w0 >> 31 == 0;
    return s;
}

// x[row][lane] of 32 lanes and 32 features a block: threads read along features and write along lanes. A value v becomes
// v * high + (v * low + shift), two fused operations, with the three numbers of its channel; lanes without an example become 0.
//   BX: groups of 32 features; BY: groups of 32 lanes of x, counted through all tiles: `positions` in all.
//   rows[feature]: the row of x, or -1; tileRows: the rows of a tile; lanes of a tile of x: 32 for images, which are two groups of
//   sixteen of the engine's. groupLanes: lanes of a feature tile (Operations/BatchTiles.cs), in which perTile examples lie.
//   augment: 1 moves, 2 flips. rowStride: 0 where the whole batch is the cursor's row; otherwise each tile has a row of its own, so many bytes
//   after that of the tile before. Shared: 4736 bytes.
template <class V> INLINE void Assemble(
    V* block, Shown* shown, const V* values, int features, const int* order, const int* rows, const float* scale, int channels, float* x,
    int64 tileRows, int lanes, int groupLanes, int perTile, int positions, int height, int width, int augment, int rowStride, const StepRow* const* cursor)
{
    const int at = TID & 31, line = TID >> 5, lines = NTHREADS >> 5;
    if (line == 0)
    {
        int position = BY * 32 + at, tile = position / groupLanes, inTile = position % groupLanes;
        const StepRow* row = position < positions ? (const StepRow*)((const char*)*cursor + (int64)tile * rowStride) : *cursor;
        shown[at] = ShownBy(inTile < perTile && position < positions ? (rowStride ? 0 : tile * perTile) + inTile : -1, order, row, augment);
    }
    SYNC();
    const int feature = BX * 32 + at;
    for (int lane = line; lane < 32; lane += lines)
    {
        const Shown s = shown[lane];
        V value = 0;
        if (s.valid && feature < features)
        {
            int from = feature;
            bool inside = true;
            if (augment)
            {
                int column = feature % width, y = feature / width % height;
                int down = y + s.down, right = (s.flip ? width - 1 - column : column) + s.right;
                inside = down >= 0 && down < height && right >= 0 && right < width;
                from = feature + (down - y) * width + right - column;
            }
            if (inside) value = values[(int64)s.index * features + from];
        }
        block[lane * 33 + at] = value;
    }
    SYNC();
    const int position = BY * 32 + at;
    if (position >= positions) return;
    const bool valid = shown[at].valid;
    float* to = x + (int64)(position / lanes) * tileRows * lanes + position % lanes;
    const int area = features / channels;
    for (int i = line; i < 32; i += lines)
    {
        int target = BX * 32 + i;
        if (target >= features || rows[target] < 0) continue;
        const float* numbers = scale + 3 * (target / area);
        float v = (float)block[at * 33 + i];
        to[(int64)rows[target] * lanes] = valid ? FMA(v, numbers[0], FMA(v, numbers[1], numbers[2])) : 0.0f;
    }
}

#define ASSEMBLE(name, V) \
    KERNEL(256, name)(const V* values, int features, const int* order, const int* rows, const float* scale, int channels, float* x, int64 tileRows, \
        int lanes, int groupLanes, int perTile, int positions, int height, int width, int augment, int rowStride, const StepRow* const* cursor) \
    { \
        SHARED(Shown, shown); \
        Assemble((V*)(shown + 32), shown, values, features, order, rows, scale, channels, x, tileRows, lanes, groupLanes, perTile, positions, height, width, \
            augment, rowStride, cursor); \
    } \
    EMULATE(name)
ASSEMBLE(assemble_bytes, uint8)
ASSEMBLE(assemble_values, float)

// ---- The loss ----------------------------------------------------------------------------------------------------------------------------

// Order: the maximum; the sum of exp(y - max) over classes ascending, from +0, in single precision. The loss of a tile is the
// logarithm of the product of these sums (a double, over lanes ascending) plus the sum of (max - y[label]); tiles are added in order.
// 64 threads a tile; shared: for each lane a maximum, a score and a sum, for each tile a product and a sum.
INLINE void Losses(double* ends, float* lowered, float* totals, int tiles, int perTile, int count)
{
    SYNC();
    // The two chains of a tile run in warps of their own.
    if ((TID & 31) == 0)
        for (int tile = TID >> 6; tile < tiles; tile += NTHREADS >> 6)
        {
            int examples = MIN(perTile, count - tile * perTile);
            if (TID & 32)
            {
                double sum = 0.0;
                for (int i = 0; i < examples; i++) sum = DADD(sum, DSUB((double)lowered[tile * 128 + i], (double)lowered[tile * 128 + 64 + i]));
                ends[tile * 2 + 1] = sum;
            }
            else
            {
                double product = 1.0;
                for (int i = 0; i < examples; i++) product = DMUL(product, (double)totals[tile * 64 + i]);
                ends[tile * 2] = LOG(product);
            }
        }
    SYNC();
}

// y[class][lane] of each tile becomes (softmax - one-hot) * scale, 0 in lanes without an example; the batch's loss goes to
// losses[slot]. Eight tiles at a time; shared: 784 bytes for each of them.
KERNEL(512, softmax)(float* y, int tileRows, const uint8* labels, const int* order, int classes, int lanes, int perTile, int tiles, float scale,
    double* losses, const StepRow* const* cursor)
{
    const int side = NTHREADS >> 6, lane = TID & 63, mine = TID >> 6;
    SHARED(double, ends);
    float* lowered = (float*)(ends + 2 * side);
    float* totals = lowered + 128 * side;
    const StepRow* row = *cursor;
    const int count = (int)row->count;
    double loss = 0.0;
    for (int first = 0; first < tiles; first += side)
    {
        const int tile = first + mine, example = tile * perTile + lane;
        float* at = y + (int64)tile * tileRows * lanes + lane;
        if (tile < tiles && lane < lanes && (lane >= perTile || example >= count))
            for (int c = 0; c < classes; c++) at[c * lanes] = 0.0f;
        else if (tile < tiles && lane < lanes)
        {
            int label = labels[order[row->first + example]];
            float max = at[0], total = 0.0f;
            for (int c = 1; c < classes; c++)
            {
                float v = at[c * lanes];
                max = v > max ? v : max;
            }
            lowered[mine * 128 + lane] = max;
            lowered[mine * 128 + 64 + lane] = at[label * lanes];
            for (int c = 0; c < classes; c++)
            {
                float e = EXP(SUB(at[c * lanes], max));
                at[c * lanes] = e;
                total = ADD(total, e);
            }
            totals[mine * 64 + lane] = total;
            float factor = DIV(scale, total);
            for (int c = 0; c < classes; c++)
            {
                float g = MUL(at[c * lanes], factor);
                at[c * lanes] = c == label ? SUB(g, scale) : g;
            }
        }
        Losses(ends, lowered, totals, MIN(side, tiles - first), perTile, count - first * perTile);
        for (int i = 0; TID == 0 && i < MIN(side, tiles - first); i++) loss = DADD(loss, DADD(ends[i * 2], ends[i * 2 + 1]));
        SYNC();
    }
    if (TID == 0) losses[row->slot] = loss;
}
EMULATE(softmax)

// Of each tile, which has a row of its own, the loss to losses[slot] and the number of examples whose largest score (the first of equals) is
// their label's to correct[slot]. y stays. BX: the tile. Shared: 784 bytes.
KERNEL(64, evaluate)(const float* y, int tileRows, const uint8* labels, const int* order, int classes, int lanes, double* losses, int* correct,
    int rowStride, const StepRow* const* cursor)
{
    SHARED(double, ends);
    float* lowered = (float*)(ends + 2);
    float* totals = lowered + 128;
    const StepRow* row = (const StepRow*)((const char*)*cursor + (int64)BX * rowStride);
    y += (int64)BX * tileRows * lanes;
    const int count = (int)row->count, lane = TID;
    if (TID == 0) correct[row->slot] = 0;
    SYNC();
    if (lane < lanes && lane < count)
    {
        const float* at = y + lane;
        int label = labels[order[row->first + lane]], best = 0;
        float max = at[0], total = 0.0f;
        for (int c = 1; c < classes; c++)
            if (at[c * lanes] > max)
            {
                max = at[c * lanes];
                best = c;
            }
        for (int c = 0; c < classes; c++) total = ADD(total, EXP(SUB(at[c * lanes], max)));
        lowered[lane] = max;
        lowered[64 + lane] = at[label * lanes];
        totals[lane] = total;
        if (best == label) ATOMIC_ADD(correct + row->slot, 1);
    }
    Losses(ends, lowered, totals, 1, 64, count);
    if (TID == 0) losses[row->slot] = DADD(ends[0], ends[1]);
}
EMULATE(evaluate)

// ---- Value by value ----------------------------------------------------------------------------------------------------------------------

// Dropout: y = x * scale where the position's random number u has u + 1/2 > bound, u being the upper 23 bits of a word of the step's
// key, and where the mask, if there is one, is above 0; else +0. A position is a value's index in the engine's buffer; a thread has
// the four positions of one counter. count: the positions; imageRows: the rows of a tile of images, whose sixteen lanes are half of
// 32 here; 0 for features.
KERNEL(256, dropout)(const float* x, const float* mask, float* y, int64 count, int64 imageRows, float bound, float scale, int key,
    const StepRow* const* cursor)
{
    const uint64 k = (*cursor)->keys[key];
    for (int64 counter = (int64)BX * NTHREADS + TID; counter * 4 < count + 48; counter += (int64)NBX * NTHREADS)
    {
        RandomBits bits = PHILOX((uint32)counter, 0, (uint32)k, (uint32)(k >> 32));
        const uint32 words[4] = {bits.w0, bits.w1, bits.w2, bits.w3};
        UNROLL for (int w = 0; w < 4; w++)
        {
            int64 position = (counter >> 4) * 64 + w * 16 + (counter & 15), i = position;
            if (position >= count) continue;
            if (imageRows)
            {
                int64 tile = position / (imageRows * 16), in = position % (imageRows * 16);
                i = (tile >> 1) * imageRows * 32 + (in >> 4) * 32 + (tile & 1) * 16 + (in & 15);
            }
            bool kept = ADD((float)(words[w] >> 9), 0.5f) > bound && (!mask || mask[i] > 0.0f);
            y[i] = kept ? MUL(x[i], scale) : 0.0f;
        }
    }
}
EMULATE(dropout)

// y = x where the mask is above 0, else +0: a ReLU where both are the same, its gradient where the mask is what it computed.
KERNEL(256, relu)(const float* mask, const float* x, float* y, int64 count)
{
    for (int64 i = (int64)BX * NTHREADS + TID; i < count; i += (int64)NBX * NTHREADS) y[i] = mask[i] > 0.0f ? x[i] : 0.0f;
}
EMULATE(relu)

// Adds to *found the number of values that are infinite or not a number.
KERNEL(256, count_nonfinite)(const float* x, int64 count, int* found)
{
    int mine = 0;
    for (int64 i = (int64)BX * NTHREADS + TID; i < count; i += (int64)NBX * NTHREADS) mine += (FLOAT_BITS(x[i]) >> 23 & 255) == 255;
    if (mine) ATOMIC_ADD(found, mine);
}
EMULATE(count_nonfinite)
