// Linear layers. Features lie as [tile][row][lanes]: at most 64 lanes, a multiple of 16, rows rounded up to a multiple of 16.
#include "port.h"

struct __attribute__((aligned(16))) Quad
{
    float a, b, c, d;
};

struct __attribute__((aligned(8))) Ends
{
    int row, input;
};

struct __attribute__((aligned(16))) Places
{
    int a, b, c, d;
};

// Weights and the places of what they multiply, of a warp.
struct __attribute__((aligned(16))) Staged
{
    int at[32];
    float weights[32];
};

template <int N> INLINE void Fetch(const Staged& of, const float* from, float (&values)[N])
{
    UNROLL for (int i = 0; i < N; i += 4)
    {
        const Places at = *(const Places*)(of.at + i);
        values[i] = from[at.a], values[i + 1] = from[at.b], values[i + 2] = from[at.c], values[i + 3] = from[at.d];
    }
}

// sum + weights[places[e]] * from[sources[e] * lanes], one fused multiply-add an entry e, ascending, up to "end". It is one chain, but nothing in
// it waits: the values of the next N entries are loaded while these are multiplied, their weights before, and before these their places. A warp
// has one chain in 32 lanes. Shared: two Staged a warp.
template <int N>
INLINE float Chain(const int* sources, const int* places, const float* weights, int e, int end, const float* from, int lanes, float sum)
{
    SHARED(Staged, memory);
    Staged* staged = memory + 2 * (TID >> 5);
    const int t = TID & 31;
    if (e >= end) return sum;
    // An entry beyond the end is the first one.
#define SOURCE(K) sources[(K) + t < end ? (K) + t : e]
#define PLACE(K) places[(K) + t < end ? (K) + t : e]
    float now[N], next[N];
    staged->at[t] = SOURCE(e) * lanes;
    staged->weights[t] = weights[PLACE(e)];
    int source = SOURCE(e + N), after = SOURCE(e + 2 * N), place = PLACE(e + 2 * N);
    float weight = weights[PLACE(e + N)];
    WARPSYNC();
    Fetch<N>(*staged, from, now);
    for (int buffer = 0;; buffer ^= 1)
    {
        const Staged& mine = staged[buffer];
        const int count = end - e;
        if (count > N)
        {
            Staged& other = staged[buffer ^ 1];
            WARPSYNC();
            other.at[t] = source * lanes;
            other.weights[t] = weight;
            WARPSYNC();
            Fetch<N>(other, from, next);
            weight = weights[place];
            source = after;
            after = SOURCE(e + 3 * N);
            place = PLACE(e + 3 * N);
        }
        if (count >= N)
            UNROLL for (int i = 0; i < N; i += 4)
            {
                const Quad w = *(const Quad*)(mine.weights + i);
                sum = FMA(w.a, now[i], sum);
                sum = FMA(w.b, now[i + 1], sum);
                sum = FMA(w.c, now[i + 2], sum);
                sum = FMA(w.d, now[i + 3], sum);
            }
        else
            UNROLL for (int i = 0; i < N; i++)
                if (i < count) sum = FMA(mine.weights[i], now[i], sum);
        if (count <= N) return sum;
        e += N;
        UNROLL for (int i = 0; i < N; i++) now[i] = next[i];
    }
#undef PLACE
#undef SOURCE
}

// y[row][lane] = bias[row] + sum of weight * x[input][lane] over the row's kept weights, then max(0, .) if a ReLU follows: the engine's SparseForward.
// Order: bias first, then one fused multiply-add a kept input, inputs ascending. A warp has 32 lanes of one row; grid: (rows * lanes / 32, tiles).
KERNEL(512, sparse_forward)(
    const int* starts, const int* inputs, const int* places, const float* weights, const float* bias, const float* x, float* y, int rows, int lanes,
    int xLength, int yLength, int relu)
{
    const int groups = (lanes + 31) / 32, number = BX * (NTHREADS >> 5) + UNI(TID >> 5), row = number / groups, lane = number % groups * 32 + (TID & 31);
    if (row >= rows) return;
    x += (int64)BY * xLength + (lane < lanes ? lane : 0);
    const float sum = Chain<32>(inputs, places, weights, UNI(starts[row]), UNI(starts[row + 1]), x, lanes, bias[row]);
    if (lane < lanes) y[(int64)BY * yLength + row * lanes + lane] = !relu || sum > 0 ? sum : 0;
}
EMULATE(sparse_forward)

// dx[input][lane] = sum of weight * dy[row][lane] over the input's kept weights, 0 where the mask is not above 0: SparseInputGradient.
// Order: from +0, one fused multiply-add a row, rows ascending. A warp has 32 lanes of one input; grid: (inputs * lanes / 32, tiles).
KERNEL(512, sparse_input_gradient)(
    const int* order, const int* starts, const int* rows, const int* places, const float* weights, const float* dy, const float* mask, float* dx,
    int inputs, int lanes, int xLength, int yLength)
{
    const int groups = (lanes + 31) / 32, number = BX * (NTHREADS >> 5) + UNI(TID >> 5), position = number / groups;
    const int lane = number % groups * 32 + (TID & 31);
    if (position >= inputs) return;
    const int64 to = (int64)BY * xLength + order[position] * lanes + lane;
    dy += (int64)BY * yLength + (lane < lanes ? lane : 0);
    const float sum = Chain<16>(rows, places, weights, UNI(starts[position]), UNI(starts[position + 1]), dy, lanes, 0.0f);
    if (lane < lanes) dx[to] = !mask || mask[to] > 0 ? sum : 0;
}
EMULATE(sparse_input_gradient)

// Four threads have the sixteen partial sums of four parameters, thread q those of lanes 4 q to 4 q + 3: s[parameter]. Thread q returns the sum of
// parameter q: lane j + lane j + 8, then + 4, + 2, + 1.
INLINE float Folded(const Quad (&s)[4], int q)
{
    // Not chosen by address, which would put them in local memory.
#define FOLD(LOW, HIGH, N) ADD(q & N ? HIGH : LOW, SHFLX(q & N ? LOW : HIGH, N))
#define FOLDS(LOW, HIGH, N) { FOLD(LOW.a, HIGH.a, N), FOLD(LOW.b, HIGH.b, N), FOLD(LOW.c, HIGH.c, N), FOLD(LOW.d, HIGH.d, N) }
    const Quad first = FOLDS(s[0], s[2], 2), second = FOLDS(s[1], s[3], 2), eight = FOLDS(first, second, 1);
#undef FOLDS
#undef FOLD
    return ADD(ADD(eight.a, eight.c), ADD(eight.b, eight.d));
}

// The lanes of a tile are SIXTEENS times sixteen.
template <int SIXTEENS>
INLINE void LaneSums(const Ends* entries, const float* x, const float* dy, float* gradient, int length, int tiles, int xLength, int yLength)
{
    const int q = TID & 3, at = BX * NTHREADS + TID, first = at - q;
    int rows[4], inputs[4];
    UNROLL for (int k = 0; k < 4; k++)
    {
        const int p = first + k;
        Ends ends = { p < length ? p : -1, -1 };
        if (entries && p < length) ends = entries[p];
        rows[k] = ends.row, inputs[k] = ends.input;
    }
    float total = 0;
    for (int tile = 0; tile < tiles; tile++, x += xLength, dy += yLength)
    {
        Quad s[4];
        UNROLL for (int k = 0; k < 4; k++)
        {
            // What has no row or no input reads the first one's.
            const Quad* d = (const Quad*)(dy + MAX(rows[k], 0) * 16 * SIXTEENS) + q;
            const Quad* v = (const Quad*)(x + MAX(inputs[k], 0) * 16 * SIXTEENS) + q;
            s[k] = { 0, 0, 0, 0 };
            UNROLL for (int i = 0; i < SIXTEENS; i++)
            {
                const Quad from = d[4 * i];
                Quad by = { 1, 1, 1, 1 };
                if (entries)
                {
                    const Quad read = v[4 * i];
                    const bool has = inputs[k] >= 0;
                    by = { has ? read.a : 1.0f, has ? read.b : 1.0f, has ? read.c : 1.0f, has ? read.d : 1.0f };
                }
                s[k] = { FMA(from.a, by.a, s[k].a), FMA(from.b, by.b, s[k].b), FMA(from.c, by.c, s[k].c), FMA(from.d, by.d, s[k].d) };
            }
        }
        const float sum = Folded(s, q);
        total = tile == 0 ? sum : ADD(total, sum);
    }
    if (at >= length) return;
    const int row = entries ? entries[at].row : at;
    gradient[at] = row < 0 ? 0.0f : total;
}

// gradient[p] = sum of dy[row(p)][lane] * x[input(p)][lane] over lanes; 1 instead of x for a bias, whose input is -1: SparseWeightGradient and
// BiasGradient. Without entries parameter p is the bias of row p; a row of -1 is padding or dead and has gradient 0.
// Order: in each tile sixteen partial sums (lane mod 16) from +0, one fused multiply-add each sixteen lanes, lanes ascending, then the tree;
// the tiles' sums are added in order. Four threads have four parameters; grid: parameters.
KERNEL(512, lane_sums)(
    const Ends* entries, const float* x, const float* dy, float* gradient, int length, int lanes, int tiles, int xLength, int yLength)
{
    switch (lanes >> 4)
    {
        case 1: LaneSums<1>(entries, x, dy, gradient, length, tiles, xLength, yLength); break;
        case 2: LaneSums<2>(entries, x, dy, gradient, length, tiles, xLength, yLength); break;
        case 3: LaneSums<3>(entries, x, dy, gradient, length, tiles, xLength, yLength); break;
        default: LaneSums<4>(entries, x, dy, gradient, length, tiles, xLength, yLength); break;
    }
}
EMULATE(lane_sums)

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
