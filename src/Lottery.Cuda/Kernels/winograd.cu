// Dense 3 x 3 convolutions by Winograd's F(2 x 2, 3 x 3) (Lavin & Gray, arXiv 1509.09308): stride 1, 'same', even sides. Images lie as
// x[tile of 32][channel][row + border][column + border][32]: thread = lane.
#include "convolution.h"

// A convolution from sources to targets; distances in values.
struct Squares
{
    int sources, targets, across, count;                    // squares of 2 x 2 target pixels: in a row, and of a channel
    int sourceTile, sourceChannel, sourceRow, sourceStart;  // sourceStart: from a channel to the first of 4 x 4 values under its first square
    int targetTile, targetChannel, targetRow, targetStart;
};


// The transforms, each along columns and then along rows, by the same line of four values.
struct Line4 { float a, b, c, d; };
INLINE Line4 InputLine(float a, float b, float c, float d) { return {SUB(a, c), ADD(b, c), SUB(c, b), SUB(d, b)}; }
INLINE Line4 FilterLine(float a, float b, float c)
{
    const float ends = ADD(a, c);
    return {a, MUL(0.5f, ADD(ends, b)), MUL(0.5f, SUB(ends, b)), c};
}
INLINE Line4 GradientLine(float a, float b) { return {a, ADD(a, b), SUB(a, b), b}; }

// 4 x 4 values to 16 points.
INLINE void Input(const float (&d)[16], float (&v)[16])
{
    UNROLL for (int c = 0; c < 4; c++)
    {
        const Line4 line = InputLine(d[c], d[4 + c], d[8 + c], d[12 + c]);
        v[c] = line.a; v[4 + c] = line.b; v[8 + c] = line.c; v[12 + c] = line.d;
    }
    UNROLL for (int r = 0; r < 16; r += 4)
    {
        const Line4 line = InputLine(v[r], v[r + 1], v[r + 2], v[r + 3]);
        v[r] = line.a; v[r + 1] = line.b; v[r + 2] = line.c; v[r + 3] = line.d;
    }
}

// 16 points to 2 x 2 values.
INLINE void Output(const float (&m)[16], float (&y)[4])
{
    float z[8];
    UNROLL for (int c = 0; c < 4; c++)
    {
        z[c] = ADD(ADD(m[c], m[4 + c]), m[8 + c]);
        z[4 + c] = ADD(SUB(m[4 + c], m[8 + c]), m[12 + c]);
    }
    UNROLL for (int r = 0; r < 2; r++)
    {
        y[r * 2] = ADD(ADD(z[r * 4], z[r * 4 + 1]), z[r * 4 + 2]);
        y[r * 2 + 1] = ADD(SUB(z[r * 4 + 1], z[r * 4 + 2]), z[r * 4 + 3]);
    }
}

// 2 x 2 gradients to 16 points.
INLINE void OutputGradient(const float (&d)[4], float (&m)[16])
{
    float z[8];
    UNROLL for (int c = 0; c < 2; c++)
    {
        const Line4 line = GradientLine(d[c], d[2 + c]);
        z[c] = line.a; z[2 + c] = line.b; z[4 + c] = line.c; z[6 + c] = line.d;
    }
    UNROLL for (int r = 0; r < 4; r++)
    {
        const Line4 line = GradientLine(z[r * 2], z[r * 2 + 1]);
        m[r * 4] = line.a; m[r * 4 + 1] = line.b; m[r * 4 + 2] = line.c; m[r * 4 + 3] = line.d;
    }
}

// The weights at 16 points, for 16 or 32 targets ("width") at a time: u[group of targets][source][16][width], +0 for targets that fill the
// last group. weights[input][9][padded outputs]; turned: the kernel rotated by 180 degrees, from outputs to inputs. A thread a source
// and target, a warp four sources and eight targets, so that inputs and outputs are next to each other whichever are the sources.
KERNEL(128, filter)(const float* weights, float* u, int sources, int targets, int padded, int turned, int width)
{
    const int i = BX * NTHREADS + TID, part = i / 32 % (width / 8) * 8 + i % 8, fours = (sources + 3) / 4, number = i / 32 / (width / 8);
    const int source = number % fours * 4 + i / 8 % 4, group = number / fours, target = group * width + part;
    if (source >= sources || group >= (targets + width - 1) / width) return;
    float g[9], v[16];
    const int input = turned ? target : source, output = turned ? source : target;
    UNROLL for (int j = 0; j < 9; j++) g[j] = target < targets ? weights[((int64)input * 9 + (turned ? 8 - j : j)) * padded + output] : 0.0f;
    UNROLL for (int c = 0; c < 3; c++)
    {
        const Line4 line = FilterLine(g[c], g[3 + c], g[6 + c]);
        v[c] = line.a; v[4 + c] = line.b; v[8 + c] = line.c; v[12 + c] = line.d;
    }
    u += ((int64)group * sources + source) * 16 * width + part;
    UNROLL for (int r = 0; r < 16; r += 4)
    {
        const Line4 line = FilterLine(v[r], v[r + 1], v[r + 2]);
        u[r * width] = line.a;
        u[(r + 1) * width] = line.b;
        u[(r + 2) * width] = line.c;
        u[(r + 3) * width] = line.d;
    }
}
EMULATE(filter)

// 8 x 8 products of one step of 64 sums: "a" has two fours, FAR_A values apart, for rows, from AT_A on, and "b" likewise for columns.
template <int AT_A, int FAR_A, int AT_B, int FAR_B> INLINE void Products(Place a, Place b, float (&sums)[8][8])
{
    float rows[8], columns[8];
    LOAD4<AT_A>(a, rows[0], rows[1], rows[2], rows[3]);
    LOAD4<AT_B>(b, columns[0], columns[1], columns[2], columns[3]);
    LOAD4<AT_A + FAR_A>(a, rows[4], rows[5], rows[6], rows[7]);
    LOAD4<AT_B + FAR_B>(b, columns[4], columns[5], columns[6], columns[7]);
    UNROLL for (int i = 0; i < 8; i++)
        UNROLL for (int j = 0; j < 8; j++) sums[i][j] = FMA(rows[i], columns[j], sums[i][j]);
}

// Those of source K and of the next: without a branch in between, so that the second's are loaded while the first's are multiplied.
template <int K, int TARGETS, int COLUMNS> INLINE void ProductsOfTwo(Place a, Place b, float (&sums)[8][8])
{
    Products<K * 16 * TARGETS, TARGETS / 2, K * 16 * COLUMNS, COLUMNS / 2>(a, b, sums);
    Products<(K + 1) * 16 * TARGETS, TARGETS / 2, (K + 1) * 16 * COLUMNS, COLUMNS / 2>(a, b, sums);
}

// Each target in each lane: at 16 points a sum from +0, one fused multiply-add a source, ascending; Output; then the bias is added. A
// block makes TARGETS targets of SLOTS slots, a slot being the 32 lanes of one square, squares of a tile after each other. Four
// sources at a time are brought into shared memory, transformed, while those before are multiplied; a thread has 8 x 8 sums of one point. Sums
// of all points meet in shared memory at the end, a quarter of the targets at a time.
template <int TARGETS, int SLOTS>
INLINE void Points(const Squares* squares, int slots, const float* u, const float* bias, const float* source, const float* gate, float* target, int relu)
{
    SHARED(float, memory);
    const int Columns = 32 * SLOTS, Threads = 8 * TARGETS * SLOTS, Sources = 4, Fours = Sources * 4 * TARGETS, Across = 4 * SLOTS;
    const int V = Sources * 16 * Columns, U = Sources * 16 * TARGETS;     // values of a buffer; there are two of each
    float* const weights = memory + 2 * V;
    const Squares s = *squares;

    // The column that this thread brings and writes, and the source that it brings.
    const int column = TID % Columns, lane = column & 31, brought = UNI(TID / Columns), slot = BX * SLOTS + UNI(column >> 5);
    const int inside = MIN(slot, slots - 1), tile = inside / s.count, square = inside % s.count;
    const int row = square / s.across * 2, left = square % s.across * 2;
    source += (int64)tile * s.sourceTile + s.sourceStart + row * s.sourceRow + left * 32 + lane + (int64)brought * s.sourceChannel;
    u += (int64)BY * s.sources * 16 * TARGETS;

    // What it multiplies. Lanes are so ordered that pairs of neighbours, or of every other one, read the same sixteen bytes.
    const int part = TID % (TARGETS / 8 * Across), point = TID / (TARGETS / 8 * Across), down = (part & 1) | (part / (2 * Across) << 1);
    const int right = part / 2 % Across;
    const Place a = PLACE(weights + point * TARGETS + down * 4), b = PLACE(memory + point * Columns + right * 4);
    float sums[8][8];
    UNROLL for (int i = 0; i < 8; i++)
        UNROLL for (int j = 0; j < 8; j++) sums[i][j] = 0;

    for (int from = -Sources, buffer = 1; from < s.sources; from += Sources, buffer ^= 1, source += (int64)Sources * s.sourceChannel)
    {
        const int next = from + Sources, count = s.sources - from;
        const Place fromA = BEHIND(a, buffer * U), fromB = BEHIND(b, buffer * V);
        const bool brings = brought < Sources && next + brought < s.sources;
        float d[16];
        float w[(Fours + Threads - 1) / Threads][4];
        if (brings)
            UNROLL for (int i = 0; i < 16; i++) d[i] = source[i / 4 * s.sourceRow + i % 4 * 32];
        UNROLL for (int i = 0; i * Threads < Fours; i++)
        {
            const int at = TID + i * Threads;
            if (at >= MIN(Fours, (count - Sources) * 4 * TARGETS)) continue;
            const Four four = ((const Four*)(u + (int64)next * 16 * TARGETS))[at];
            w[i][0] = four.a; w[i][1] = four.b; w[i][2] = four.c; w[i][3] = four.d;
        }
        if (from >= 0)
        {
            if (count > 1) ProductsOfTwo<0, TARGETS, Columns>(fromA, fromB, sums);
            else Products<0, TARGETS / 2, 0, Columns / 2>(fromA, fromB, sums);
        }
        if (brings)
        {
            float v[16];
            Input(d, v);
            float* to = memory + (buffer ^ 1) * V + brought * 16 * Columns + column;
            UNROLL for (int p = 0; p < 16; p++) to[p * Columns] = v[p];
        }
        UNROLL for (int i = 0; i * Threads < Fours; i++)
        {
            const int at = TID + i * Threads;
            if (at < MIN(Fours, (count - Sources) * 4 * TARGETS)) ((Four*)(weights + (buffer ^ 1) * U))[at] = Four{w[i][0], w[i][1], w[i][2], w[i][3]};
        }
        if (from >= 0)
        {
            if (count > 3) ProductsOfTwo<2, TARGETS, Columns>(fromA, fromB, sums);
            else if (count > 2) Products<32 * TARGETS, TARGETS / 2, 32 * Columns, Columns / 2>(fromA, fromB, sums);
        }
        SYNC();
    }

    const int64 at = (int64)tile * s.targetTile + s.targetStart + row * s.targetRow + left * 32 + lane;
    UNROLL for (int quarter = 0; quarter < 4; quarter++)
    {
        if (quarter > 0) SYNC();
        // Odd rows of threads write sixteen columns further on, into other banks.
        UNROLL for (int i = 0; i < 2; i++)
            UNROLL for (int half = 0; half < 2; half++)
            {
                const float* four = sums[quarter * 2 + i] + half * 4;
                float* to = memory + (point * (TARGETS / 4) + down * 2 + i) * Columns + ((half * (Columns / 2) + right * 4) ^ (down & 1) * 16);
                *(Four*)to = Four{four[0], four[1], four[2], four[3]};
            }
        const int channel = BY * TARGETS + quarter / 2 * (TARGETS / 2) + brought / 2 * 4 + quarter % 2 * 2 + brought % 2;
        const int64 to = at + (int64)channel * s.targetChannel;
        const bool writes = slot < slots && channel < s.targets;
        float gates[4] = {1, 1, 1, 1}, m[16], y[4];
        if (gate && writes)
            UNROLL for (int i = 0; i < 4; i++) gates[i] = gate[to + i / 2 * s.targetRow + i % 2 * 32];
        SYNC();
        const float* from = memory + brought * Columns + (column ^ (brought / 2 & 1) * 16);
        UNROLL for (int p = 0; p < 16; p++) m[p] = from[p * (TARGETS / 4) * Columns];
        Output(m, y);
        if (writes)
            UNROLL for (int i = 0; i < 4; i++)
            {
                const float value = bias ? ADD(y[i], bias[channel]) : y[i];
                const bool passes = gate ? gates[i] > 0 : !relu || value > 0;
                target[to + i / 2 * s.targetRow + i % 2 * 32] = passes ? value : 0.0f;
            }
    }
}

#define POINTS(TARGETS, SLOTS) \
    KERNEL_OF(8 * TARGETS * SLOTS, TARGETS * SLOTS > 16 ? 512 / (8 * TARGETS * SLOTS) : 1, points_##TARGETS##x##SLOTS)(const Squares* squares, int slots, \
        const float* u, const float* bias, const float* source, const float* gate, float* target, int relu) \
    { Points<TARGETS, SLOTS>(squares, slots, u, bias, source, gate, target, relu); } \
    EMULATE(points_##TARGETS##x##SLOTS)
POINTS(32, 2) POINTS(32, 1) POINTS(16, 2) POINTS(16, 1)

// The weights' gradient at 16 points. The squares of each tile of sixteen images are taken four at a time, rows, then columns ascending.
// Each four has a sum from +0, one fused multiply-add a square and lane, ascending: parts[panel][point][sources][targets], both
// padded to a multiple of 16, a panel being four squares of a tile. A block of 256 threads makes 16 sources x 16 targets of
// one panel; panels from "first" on.
KERNEL(256, point_parts)(const Squares* squares, const float* x, const float* dy, float* parts, int first)
{
    SHARED(float, values);
    const int Line = 20, Point = 16 * Line;     // 16 lanes and four more, so that eight rows lie in different banks
    float* factors = values + 16 * Point;
    const Squares s = *squares;
    const int sources = (s.sources + 15) / 16, targets = (s.targets + 15) / 16, panels = (s.count + 3) / 4;
    const int source0 = BX % sources * 16, target0 = BX / sources * 16;
    const int panel = first + BY, half = panel / panels, square0 = panel % panels * 4, end = MIN(square0 + 4, s.count);
    const int line = TID >> 4, lane = TID & 15;
    x += (int64)(half >> 1) * s.sourceTile + s.sourceStart + (int64)(source0 + line) * s.sourceChannel + (half & 1) * 16 + lane;
    dy += (int64)(half >> 1) * s.targetTile + s.targetStart + (int64)(target0 + line) * s.targetChannel + (half & 1) * 16 + lane;
    const int point = TID >> 4, mine = TID & 3, own = TID >> 2 & 3;
    float sums[16];
    UNROLL for (int i = 0; i < 16; i++) sums[i] = 0;
    for (int square = square0; square < end; square++)
    {
        const int row = square / s.across * 2, column = square % s.across * 2;
        float d[16], e[4], v[16];
        UNROLL for (int i = 0; i < 16; i++) d[i] = source0 + line < s.sources ? x[(row + i / 4) * s.sourceRow + (column + i % 4) * 32] : 0.0f;
        UNROLL for (int i = 0; i < 4; i++) e[i] = target0 + line < s.targets ? dy[(row + i / 2) * s.targetRow + (column + i % 2) * 32] : 0.0f;
        SYNC();
        Input(d, v);
        UNROLL for (int p = 0; p < 16; p++) values[p * Point + line * Line + lane] = v[p];
        OutputGradient(e, v);
        UNROLL for (int p = 0; p < 16; p++) factors[p * Point + line * Line + lane] = v[p];
        SYNC();
        UNROLL for (int k = 0; k < 16; k += 4)
        {
            Four a[4], b[4];
            UNROLL for (int i = 0; i < 4; i++)
            {
                a[i] = *(const Four*)(values + point * Point + (mine + 4 * i) * Line + k);
                b[i] = *(const Four*)(factors + point * Point + (own + 4 * i) * Line + k);
            }
            UNROLL for (int i = 0; i < 16; i++)
            {
                sums[i] = FMA(a[i / 4].a, b[i % 4].a, sums[i]);
                sums[i] = FMA(a[i / 4].b, b[i % 4].b, sums[i]);
                sums[i] = FMA(a[i / 4].c, b[i % 4].c, sums[i]);
                sums[i] = FMA(a[i / 4].d, b[i % 4].d, sums[i]);
            }
        }
    }
    parts += ((int64)BY * 16 + point) * sources * 16 * targets * 16;
    UNROLL for (int i = 0; i < 16; i++)
        parts[(int64)(source0 + mine + 4 * (i / 4)) * targets * 16 + target0 + own + 4 * (i % 4)] = sums[i];
}
EMULATE(point_parts)

// 16 points to the gradients of 3 x 3 weights: gradient[source][9][padded targets]. A thread a source and target.
KERNEL(128, filter_gradient)(const float* sums, float* gradient, int sources, int targets)
{
    const int padded = (targets + 15) / 16 * 16, i = BX * NTHREADS + TID, source = i / padded, target = i % padded;
    if (source >= sources || target >= targets) return;
    const int64 point = (int64)((sources + 15) / 16 * 16) * padded;
    float u[16], z[12];
    UNROLL for (int p = 0; p < 16; p++) u[p] = sums[p * point + (int64)source * padded + target];
    UNROLL for (int c = 0; c < 4; c++)
    {
        const float middle = MUL(0.5f, ADD(u[4 + c], u[8 + c]));
        z[c] = ADD(u[c], middle);
        z[4 + c] = MUL(0.5f, SUB(u[4 + c], u[8 + c]));
        z[8 + c] = ADD(middle, u[12 + c]);
    }
    gradient += (int64)source * 9 * padded + target;
    UNROLL for (int r = 0; r < 3; r++)
    {
        const float middle = MUL(0.5f, ADD(z[r * 4 + 1], z[r * 4 + 2]));
        gradient[(int64)(r * 3) * padded] = ADD(z[r * 4], middle);
        gradient[(int64)(r * 3 + 1) * padded] = MUL(0.5f, SUB(z[r * 4 + 1], z[r * 4 + 2]));
        gradient[(int64)(r * 3 + 2) * padded] = ADD(middle, z[r * 4 + 3]);
    }
}
EMULATE(filter_gradient)
