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

// Those of the steps from K to END, STEP_A and STEP_B values apart: without a branch in between, so that one's fours are loaded while
// those before are multiplied.
template <int K, int END, int STEP_A, int FAR_A, int STEP_B, int FAR_B> INLINE void ProductsOf(Place a, Place b, float (&sums)[8][8])
{
    Products<K * STEP_A, FAR_A, K * STEP_B, FAR_B>(a, b, sums);
    if constexpr (K + 1 < END) ProductsOf<K + 1, END, STEP_A, FAR_A, STEP_B, FAR_B>(a, b, sums);
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
    const int column = TID % Columns, brought = UNI(TID / Columns), slot = BX * SLOTS + UNI(column >> 5), inside = MIN(slot, slots - 1);
    source += inside / s.count * (int64)s.sourceTile + s.sourceStart + inside % s.count / s.across * 2 * s.sourceRow
        + inside % s.count % s.across * 64 + (column & 31) + (int64)brought * s.sourceChannel;
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
        {
            const float* pixels = source;
            UNROLL for (int i = 0; i < 16; i++)
            {
                if (i > 0 && i % 4 == 0) pixels += s.sourceRow;
                d[i] = pixels[i % 4 * 32];
            }
        }
        UNROLL for (int i = 0; i * Threads < Fours; i++)
        {
            const int at = TID + i * Threads;
            if (at >= MIN(Fours, (count - Sources) * 4 * TARGETS)) continue;
            const Four four = ((const Four*)(u + (int64)next * 16 * TARGETS))[at];
            w[i][0] = four.a; w[i][1] = four.b; w[i][2] = four.c; w[i][3] = four.d;
        }
        if (from >= 0)
        {
            if (count > 1) ProductsOf<0, 2, 16 * TARGETS, TARGETS / 2, 16 * Columns, Columns / 2>(fromA, fromB, sums);
            else ProductsOf<0, 1, 16 * TARGETS, TARGETS / 2, 16 * Columns, Columns / 2>(fromA, fromB, sums);
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
            if (count > 3) ProductsOf<2, 4, 16 * TARGETS, TARGETS / 2, 16 * Columns, Columns / 2>(fromA, fromB, sums);
            else if (count > 2) ProductsOf<2, 3, 16 * TARGETS, TARGETS / 2, 16 * Columns, Columns / 2>(fromA, fromB, sums);
        }
        SYNC();
    }

    // Read again, so that no registers hold places while sums are made.
    const Squares to = *squares;
    const int64 at = inside / to.count * (int64)to.targetTile + to.targetStart + inside % to.count / to.across * 2 * to.targetRow
        + inside % to.count % to.across * 64 + (column & 31);
    UNROLL for (int quarter = 0; quarter < 4; quarter++)
    {
        if (quarter > 0) SYNC();
        // Odd rows of threads write sixteen columns further on, into other banks.
        UNROLL for (int i = 0; i < 2; i++)
            UNROLL for (int half = 0; half < 2; half++)
            {
                const float* four = sums[quarter * 2 + i] + half * 4;
                float* place = memory + (point * (TARGETS / 4) + down * 2 + i) * Columns + ((half * (Columns / 2) + right * 4) ^ (down & 1) * 16);
                *(Four*)place = Four{four[0], four[1], four[2], four[3]};
            }
        const int channel = BY * TARGETS + quarter / 2 * (TARGETS / 2) + brought / 2 * 4 + quarter % 2 * 2 + brought % 2;
        const int64 first = at + (int64)channel * to.targetChannel;
        const bool writes = slot < slots && channel < to.targets;
        float gates[4] = {1, 1, 1, 1}, m[16], y[4];
        if (gate && writes)
            UNROLL for (int i = 0; i < 4; i++) gates[i] = gate[first + i / 2 * to.targetRow + i % 2 * 32];
        SYNC();
        const float* from = memory + brought * Columns + (column ^ (brought / 2 & 1) * 16);
        UNROLL for (int p = 0; p < 16; p++) m[p] = from[p * (TARGETS / 4) * Columns];
        Output(m, y);
        if (writes)
            UNROLL for (int i = 0; i < 4; i++)
            {
                const float value = bias ? ADD(y[i], bias[channel]) : y[i];
                const bool passes = gate ? gates[i] > 0 : !relu || value > 0;
                target[first + i / 2 * to.targetRow + i % 2 * 32] = passes ? value : 0.0f;
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
// Each four, a panel, has a sum from +0, one fused multiply-add a square and lane, ascending. A block makes SIDE sources x SIDE targets of a
// panel, panels from "first" on: parts[panel][point][sources][targets], both padded to a multiple of SIDE. Where it "adds", it makes
// all "panels" instead and adds them in order to parts[point][sources][targets], which begin with +0. Eight lanes at a time are
// brought into shared memory, transformed; those that follow are loaded while these are multiplied. A thread has 8 x 8 sums of one point.
template <int SIDE>
INLINE void PointParts(const Squares* squares, const float* x, const float* dy, float* parts, int first, int panels, int adds)
{
    SHARED(float, memory);
    // Four more values a line, and eight more a point, so that neither lanes nor points lie in the same banks.
    const int Lanes = 8, Threads = SIDE * SIDE / 4, Line = SIDE + 4, Point = Lanes * Line + (SIDE == 16 ? 8 : 0), Lines = Threads / Lanes;
    const int Each = SIDE / Lines, Across = SIDE / 8;
    float* const factors = memory + 16 * Point;
    const Squares s = *squares;
    const int rows = (s.sources + SIDE - 1) / SIDE * SIDE, columns = (s.targets + SIDE - 1) / SIDE * SIDE, panelsOfTile = (s.count + 3) / 4;
    const int source0 = BX % (rows / SIDE) * SIDE, target0 = BX / (rows / SIDE) * SIDE, lane = TID % Lanes, line = TID / Lanes;
    const int part = TID % (Across * Across), point = TID / (Across * Across), down = (part & 1) | (part / (2 * Across) << 1), right = part / 2 % Across;
    const Place a = PLACE(memory + point * Point + down * 4), b = PLACE(factors + point * Point + right * 4);
    // Lines beyond the last channel are that again: nothing reads their sums.
    int ofSource[Each], ofTarget[Each];
    UNROLL for (int i = 0; i < Each; i++)
    {
        ofSource[i] = MIN(source0 + line + i * Lines, s.sources - 1) * s.sourceChannel;
        ofTarget[i] = MIN(target0 + line + i * Lines, s.targets - 1) * s.targetChannel;
    }
    x += s.sourceStart + lane;
    dy += s.targetStart + lane;
    parts += ((int64)point * rows + source0 + down * 4) * columns + target0 + right * 4;
    if (!adds) parts += (int64)BY * 16 * rows * columns;

    for (int panel = first + (adds ? 0 : BY); panel < first + panels; panel += adds ? 1 : NBY)
    {
        const int half = panel / panelsOfTile, square0 = panel % panelsOfTile * 4, count = MIN(4, s.count - square0) * 2;
        const float* fromX = x + (int64)(half >> 1) * s.sourceTile + (half & 1) * 16 + square0 / s.across * 2 * s.sourceRow + square0 % s.across * 64;
        const float* fromDy = dy + (int64)(half >> 1) * s.targetTile + (half & 1) * 16 + square0 / s.across * 2 * s.targetRow + square0 % s.across * 64;
        int across = square0 % s.across;
        float sums[8][8], d[Each][16], e[Each][4];
        UNROLL for (int i = 0; i < 8; i++)
            UNROLL for (int j = 0; j < 8; j++) sums[i][j] = 0;
        for (int chunk = -1; chunk < count; chunk++)
        {
            if (chunk >= 0)
            {
                SYNC();
                UNROLL for (int i = 0; i < Each; i++)
                {
                    float v[16];
                    float* to = memory + lane * Line + line + i * Lines;
                    Input(d[i], v);
                    UNROLL for (int p = 0; p < 16; p++) to[p * Point] = v[p];
                    to += 16 * Point;
                    OutputGradient(e[i], v);
                    UNROLL for (int p = 0; p < 16; p++) to[p * Point] = v[p];
                }
                SYNC();
            }
            if (chunk + 1 < count)
            {
                UNROLL for (int i = 0; i < Each; i++)
                {
                    const float *pixels = fromX + ofSource[i], *gradients = fromDy + ofTarget[i];
                    UNROLL for (int k = 0; k < 16; k++) d[i][k] = pixels[k / 4 * s.sourceRow + k % 4 * 32];
                    UNROLL for (int k = 0; k < 4; k++) e[i][k] = gradients[k / 2 * s.targetRow + k % 2 * 32];
                }
                // To the other eight lanes, or to the next square.
                int ofX = Lanes, ofDy = Lanes;
                if (!(chunk & 1))
                {
                    const bool turns = ++across == s.across;
                    ofX = (turns ? 2 * s.sourceRow - s.across * 64 : 0) + 64 - Lanes;
                    ofDy = (turns ? 2 * s.targetRow - s.across * 64 : 0) + 64 - Lanes;
                    if (turns) across = 0;
                }
                fromX += ofX;
                fromDy += ofDy;
            }
            if (chunk >= 0) ProductsOf<0, Lanes, Line, SIDE / 2, Line, SIDE / 2>(a, b, sums);
        }
        // Read again, so that no registers hold places while sums are made.
        const int width = (squares->targets + SIDE - 1) / SIDE * SIDE;
        if (adds)
            UNROLL for (int from = 0; from < 8; from += 4)
            {
                Vector4 before[8];
                UNROLL for (int i = 0; i < 8; i++) before[i] = Vector4{0, 0, 0, 0};
                if (panel > 0)
                    UNROLL for (int i = 0; i < 8; i++)
                        before[i] = *(const Vector4*)(parts + (from / 4 * (SIDE / 2) + i / 2) * width + i % 2 * (SIDE / 2));
                UNROLL for (int i = 0; i < 8; i++)
                    UNROLL for (int j = 0; j < 4; j++) sums[from + i / 2][i % 2 * 4 + j] = ADD(before[i][j], sums[from + i / 2][i % 2 * 4 + j]);
            }
        UNROLL for (int i = 0; i < 8; i++)
            UNROLL for (int j = 0; j < 8; j += 4)
                *(Vector4*)(parts + (i / 4 * (SIDE / 2) + i % 4) * width + j / 4 * (SIDE / 2)) =
                    Vector4{sums[i][j], sums[i][j + 1], sums[i][j + 2], sums[i][j + 3]};
    }
}

KERNEL_OF(256, 2, point_parts_32)(const Squares* squares, const float* x, const float* dy, float* parts, int first, int panels, int adds)
{
    PointParts<32>(squares, x, dy, parts, first, panels, adds);
}
EMULATE(point_parts_32)

KERNEL(64, point_parts_16)(const Squares* squares, const float* x, const float* dy, float* parts, int first, int panels, int adds)
{
    PointParts<16>(squares, x, dy, parts, first, panels, adds);
}
EMULATE(point_parts_16)

// 16 points, sums[point][rows][columns], to the gradients of 3 x 3 weights: gradient[source][9][padded targets]. A thread a source and target.
KERNEL(128, filter_gradient)(const float* sums, float* gradient, int sources, int targets, int rows, int columns)
{
    const int padded = (targets + 15) / 16 * 16, i = BX * NTHREADS + TID, source = i / padded, target = i % padded;
    if (source >= sources || target >= targets) return;
    const int64 point = (int64)rows * columns;
    float u[16], z[12];
    UNROLL for (int p = 0; p < 16; p++) u[p] = sums[p * point + (int64)source * columns + target];
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
