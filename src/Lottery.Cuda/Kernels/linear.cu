// Linear layers. Features lie as [tile][row][lanes]: at most 64 lanes, a multiple of 16, rows rounded up to a multiple of 16.
#include "port.h"

#define UNROLL8 _Pragma("unroll 8")

// y[row][lane] = bias[row] + sum of weight[k] * x[input(k)][lane], then max(0, .) if a ReLU follows: the engine's SparseForward.
// Order: bias first, then one fused multiply-add a kept input, inputs ascending. A row's weights lie in as many segments as the table has
// parts, inputs ascending from part to part. A thread has one lane of one row; grid: (rows * lanes, tiles).
KERNEL(128, sparse_forward)(
    const int* segments, const int* inputs, const float* weights, const float* bias, const float* x, float* y, int rows, int parts, int lanes,
    int xLength, int yLength, int relu)
{
    const int at = BX * NTHREADS + TID;
    if (at >= rows * lanes) return;
    const int row = at / lanes, lane = at - row * lanes;
    x += (int64)BY * xLength + lane;
    float sum = bias[row];
    for (int part = 0; part < parts; part++)
    {
        const int* segment = segments + 2 * (row * parts + part);
        const int end = segment[1];
        UNROLL8 for (int k = segment[0]; k < end; k++) sum = FMA(weights[k], x[inputs[k] * lanes], sum);
    }
    y[(int64)BY * yLength + at] = !relu || sum > 0 ? sum : 0;
}
EMULATE(sparse_forward)

// dx[input][lane] = sum of weight * dy[row][lane] over the input's kept weights, 0 where the mask is not above 0: SparseInputGradient.
// Order: from +0, one fused multiply-add a row, rows ascending. A thread has one lane of one input; grid: (inputs * lanes, tiles).
KERNEL(128, sparse_input_gradient)(
    const int* order, const int* starts, const int* rows, const int* places, const float* weights, const float* dy, const float* mask, float* dx,
    int inputs, int lanes, int xLength, int yLength)
{
    const int at = BX * NTHREADS + TID;
    if (at >= inputs * lanes) return;
    const int position = at / lanes, lane = at - position * lanes, end = starts[position + 1];
    dy += (int64)BY * yLength + lane;
    float sum = 0;
    UNROLL8 for (int e = starts[position]; e < end; e++) sum = FMA(weights[places[e]], dy[rows[e] * lanes], sum);
    const int64 to = (int64)BY * xLength + order[position] * lanes + lane;
    dx[to] = !mask || mask[to] > 0 ? sum : 0;
}
EMULATE(sparse_input_gradient)

template <int N> INLINE void Fold(float (&v)[16], int t)
{
    UNROLL for (int k = 0; k < N; k++)
    {
        const float low = v[k], high = v[k + N];   // not chosen by address, which would put v in local memory
        v[k] = ADD(t & N ? high : low, SHFLX(t & N ? low : high, N));
    }
}

// Of sixteen threads, each with its lane's part of sixteen sums, thread t returns sum t: lane j + lane j + 8, then + 4, + 2, + 1.
INLINE float Folded(float (&v)[16], int t)
{
    Fold<8>(v, t);
    Fold<4>(v, t);
    Fold<2>(v, t);
    Fold<1>(v, t);
    return v[0];
}

// gradient[p] = sum of dy[row(p)][lane] * x[input(p)][lane] over lanes; 1 instead of x for a bias, whose input is -1: SparseWeightGradient and
// BiasGradient. Without entries parameter p is the bias of row p; a row of -1 is padding or dead and has gradient 0.
// Order: in each tile sixteen partial sums (lane mod 16) from +0, one fused multiply-add each sixteen lanes, lanes ascending, then the tree;
// the tiles' sums are added in order. Sixteen threads have sixteen parameters; grid: parameters.
KERNEL(128, lane_sums)(
    const int* entries, const float* x, const float* dy, float* gradient, int length, int lanes, int tiles, int xLength, int yLength)
{
    const int t = TID & 15, first = (BX * NTHREADS + TID) / 16 * 16;
    float total = 0;
    for (int tile = 0; tile < tiles; tile++, x += xLength, dy += yLength)
    {
        float s[16];
        UNROLL for (int k = 0; k < 16; k++)
        {
            const int p = first + k, row = p >= length ? -1 : entries ? entries[2 * p] : p, input = entries && row >= 0 ? entries[2 * p + 1] : -1;
            s[k] = 0;
            if (row >= 0)
                for (int lane = t; lane < lanes; lane += 16)
                    s[k] = FMA(dy[row * lanes + lane], input < 0 ? 1.0f : x[input * lanes + lane], s[k]);
        }
        const float sum = Folded(s, t);
        total = tile == 0 ? sum : ADD(total, sum);
    }
    if (first + t < length) gradient[first + t] = total;
}
EMULATE(lane_sums)

struct __attribute__((aligned(16))) Quad
{
    float a, b, c, d;
};

// Rows of the sum that are staged at once, lanes and columns of a block, and the distance of staged rows of m.
#define STEP 32
#define LANES 32
#define COLUMNS 16
#define M_STRIDE 20

// target[column][lane] = start + sum over j of a[j][lane] * m(j, column) where a[j][lane] is not 0: ZeroSkippingProduct, in which the engine
// never multiplies a zero (it would make a NaN of an infinite weight, and +0 of -0). m(j, column) is m[j * stride + column], or transposed
// m[column * stride + j]. Order: start (or +0), then one fused multiply-add for every nonzero j, ascending. Then +0 where the mask, or with a
// ReLU the sum itself, is not above 0. A thread has one lane of four columns; the next rows are loaded while these are multiplied.
template <bool TRANSPOSED>
INLINE void Product(
    const float* a, const float* m, const float* start, const float* mask, float* target, int count, int columns, int lanes, int stride, int relu)
{
    SHARED(float, memory);
    float *stagedA = memory, *stagedM = memory + 2 * STEP * LANES;
    const int t = TID & 31, group = TID >> 5, column = BX * COLUMNS, lane = BY * LANES + t;
    const bool valid = lane < lanes;
    float nextA[STEP / 4], s0 = 0, s1 = 0, s2 = 0, s3 = 0;
    Quad nextM = { 0, 0, 0, 0 };
    if (start)
    {
        const float* from = start + column + 4 * group;
        s0 = from[0], s1 = from[1], s2 = from[2], s3 = from[3];
    }
    for (int j = -STEP, buffer = 1; j < count; j += STEP, buffer ^= 1)
    {
        const int next = j + STEP;
        if (next < count)
        {
            UNROLL for (int q = 0; q < STEP / 4; q++)
            {
                const int row = next + 4 * q + group;
                nextA[q] = valid && row < count ? a[row * lanes + lane] : 0;
            }
            const int row = TRANSPOSED ? TID >> 3 : TID >> 2, four = TRANSPOSED ? (TID & 7) * 4 : (TID & 3) * 4;
            const bool inside = next + (TRANSPOSED ? four : row) < count;
            const float* from = TRANSPOSED ? m + (int64)(column + row) * stride + next + four : m + (int64)(next + row) * stride + column + four;
            nextM = { 0, 0, 0, 0 };
            if (inside) nextM = *(const Quad*)from;
        }
        if (j >= 0)
        {
            const float *fromA = stagedA + buffer * STEP * LANES + t, *fromM = stagedM + buffer * STEP * M_STRIDE + 4 * group;
            UNROLL for (int k = 0; k < STEP; k++)
            {
                const float v = fromA[k * LANES];
                const Quad w = *(const Quad*)(fromM + k * M_STRIDE);
                s0 = v != 0 ? FMA(v, w.a, s0) : s0;
                s1 = v != 0 ? FMA(v, w.b, s1) : s1;
                s2 = v != 0 ? FMA(v, w.c, s2) : s2;
                s3 = v != 0 ? FMA(v, w.d, s3) : s3;
            }
        }
        if (next < count)
        {
            float *toA = stagedA + (buffer ^ 1) * STEP * LANES + t, *toM = stagedM + (buffer ^ 1) * STEP * M_STRIDE;
            UNROLL for (int q = 0; q < STEP / 4; q++) toA[(4 * q + group) * LANES] = nextA[q];
            if (TRANSPOSED)
            {
                toM += (TID & 7) * 4 * M_STRIDE + (TID >> 3);
                toM[0] = nextM.a, toM[M_STRIDE] = nextM.b, toM[2 * M_STRIDE] = nextM.c, toM[3 * M_STRIDE] = nextM.d;
            }
            else *(Quad*)(toM + (TID >> 2) * M_STRIDE + (TID & 3) * 4) = nextM;
        }
        SYNC();
    }
    if (!valid) return;
    const float sums[4] = { s0, s1, s2, s3 };
    UNROLL for (int q = 0; q < 4; q++)
    {
        const int to = (column + 4 * group + q) * lanes + lane;
        const float gate = mask ? mask[to] : relu ? sums[q] : 1.0f;
        target[to] = gate > 0 ? sums[q] : 0;
    }
}

// y[output][lane] = bias[output] + sum of x[input][lane] * w[input][output] over the inputs that are not 0; then max(0, .) if a ReLU follows.
// Grid: (outputs / 16, lanes / 32, tiles).
KERNEL(128, dense_forward)(
    const float* x, const float* weights, const float* bias, float* y, int inputs, int outputs, int lanes, int xLength, int yLength, int relu)
{
    Product<false>(x + (int64)BZ * xLength, weights, bias, 0, y + (int64)BZ * yLength, inputs, outputs, lanes, outputs, relu);
}
EMULATE(dense_forward)

// dx[input][lane] = sum of dy[output][lane] * w[input][output] over the gradients that are not 0; 0 where the mask is not above 0.
// Grid: (inputs / 16, lanes / 32, tiles).
KERNEL(128, dense_input_gradient)(
    const float* dy, const float* weights, const float* mask, float* dx, int inputs, int outputs, int lanes, int xLength, int yLength)
{
    Product<true>(
        dy + (int64)BZ * yLength, weights, 0, mask ? mask + (int64)BZ * xLength : 0, dx + (int64)BZ * xLength, outputs, inputs, lanes, outputs, 0);
}
EMULATE(dense_input_gradient)

// Inputs and outputs of a block, and the distance of staged lanes.
#define SIDE 32
#define SIDE_STRIDE 36

// gradient[input][output] = sum of x[input][lane] * dy[output][lane] over the lanes where x is not 0.
// Order: from +0, one fused multiply-add a lane, lanes ascending, tile after tile: one sum over all of them.
// A thread has four inputs by four outputs; grid: (inputs / 32) x (outputs / 32), in one row.
KERNEL(64, dense_weight_gradient)(
    const float* x, const float* dy, float* gradient, int inputs, int outputs, int lanes, int tiles, int xLength, int yLength)
{
    SHARED(float, memory);
    float *stagedX = memory, *stagedDy = memory + 64 * SIDE_STRIDE;
    const int wide = (outputs + SIDE - 1) / SIDE, input = BX / wide * SIDE, output = BX % wide * SIDE, down = (TID >> 3) * 4, right = (TID & 7) * 4;
    float sums[4][4];
    UNROLL for (int i = 0; i < 4; i++)
        UNROLL for (int o = 0; o < 4; o++) sums[i][o] = 0;
    for (int tile = 0; tile < tiles; tile++, x += xLength, dy += yLength)
    {
        if (tile > 0) SYNC();
        for (int i = TID; i < SIDE * lanes; i += NTHREADS)
        {
            const int row = i / lanes, lane = i - row * lanes;
            stagedX[lane * SIDE_STRIDE + row] = input + row < inputs ? x[(input + row) * lanes + lane] : 0;
            stagedDy[lane * SIDE_STRIDE + row] = output + row < outputs ? dy[(output + row) * lanes + lane] : 0;
        }
        SYNC();
        for (int lane = 0; lane < lanes; lane++)
        {
            const Quad a = *(const Quad*)(stagedX + lane * SIDE_STRIDE + down), b = *(const Quad*)(stagedDy + lane * SIDE_STRIDE + right);
            const float v[4] = { a.a, a.b, a.c, a.d }, d[4] = { b.a, b.b, b.c, b.d };
            UNROLL for (int i = 0; i < 4; i++)
                UNROLL for (int o = 0; o < 4; o++) sums[i][o] = v[i] != 0 ? FMA(v[i], d[o], sums[i][o]) : sums[i][o];
        }
    }
    if (output + right >= outputs) return;
    UNROLL for (int i = 0; i < 4; i++)
        if (input + down + i < inputs)
        {
            const Quad row = { sums[i][0], sums[i][1], sums[i][2], sums[i][3] };
            *(Quad*)(gradient + (int64)(input + down + i) * outputs + output + right) = row;
        }
}
EMULATE(dense_weight_gradient)
