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

// The weights at 16 points, for eight targets at a time: u[group of 8 targets][source][8][16], +0 for targets that fill the last group.
// weights[input][9][padded outputs]; turned: the kernel rotated by 180 degrees, from outputs to inputs. A thread a source and target.
KERNEL(128, filter)(const float* weights, float* u, int sources, int targets, int padded, int turned)
{
    const int i = BX * NTHREADS + TID, groups = (targets + 7) / 8, target = i / (8 * sources) * 8 + i % 8, source = i / 8 % sources;
    if (i >= groups * 8 * sources) return;
    float g[9], v[16];
    const int input = turned ? target : source, output = turned ? source : target;
    UNROLL for (int j = 0; j < 9; j++) g[j] = target < targets ? weights[((int64)input * 9 + (turned ? 8 - j : j)) * padded + output] : 0.0f;
    UNROLL for (int c = 0; c < 3; c++)
    {
        const Line4 line = FilterLine(g[c], g[3 + c], g[6 + c]);
        v[c] = line.a; v[4 + c] = line.b; v[8 + c] = line.c; v[12 + c] = line.d;
    }
    UNROLL for (int r = 0; r < 16; r += 4)
    {
        const Line4 line = FilterLine(v[r], v[r + 1], v[r + 2]);
        *(Four*)(u + (int64)i * 16 + r) = Four{line.a, line.b, line.c, line.d};
    }
}
EMULATE(filter)

// Each target in each lane: at 16 points a sum from +0, one fused multiply-add a source, ascending; Output; then the bias is added. A
// warp makes a square of eight targets, a block four squares; weights pass through shared memory, sixteen sources at a time.
KERNEL(128, points)(
    const Squares* squares, const float* u, const float* bias, const float* source, const float* gate, float* target, int relu)
{
    SHARED(float, chunk);
    const int Sources = 16;
    const Squares s = *squares;
    const int lane = TID & 31, number = BX * (NTHREADS >> 5) + UNI(TID >> 5), square = MIN(number, s.count - 1);
    const int row = square / s.across * 2, column = square % s.across * 2;
    source += (int64)BZ * s.sourceTile + s.sourceStart + row * s.sourceRow + column * 32 + lane;
    u += (int64)BY * s.sources * 128;
    float sums[8][16];
    UNROLL for (int o = 0; o < 8; o++)
        UNROLL for (int p = 0; p < 16; p++) sums[o][p] = 0;
    for (int from = 0; from < s.sources; from += Sources)
    {
        const int count = MIN(Sources, s.sources - from);
        SYNC();
        for (int i = TID; i < count * 32; i += NTHREADS) COPY16(chunk + i * 4, u + (int64)from * 128 + i * 4);
        COMMIT();
        WAIT<0>();
        SYNC();
        for (int k = 0; k < count; k++, source += s.sourceChannel)
        {
            float d[16], v[16];
            UNROLL for (int i = 0; i < 16; i++) d[i] = source[i / 4 * s.sourceRow + i % 4 * 32];
            Input(d, v);
            const Four* w = (const Four*)(chunk + k * 128);
            UNROLL for (int o = 0; o < 8; o++)
                UNROLL for (int p = 0; p < 4; p++)
                {
                    const Four four = w[o * 4 + p];
                    sums[o][p * 4] = FMA(four.a, v[p * 4], sums[o][p * 4]);
                    sums[o][p * 4 + 1] = FMA(four.b, v[p * 4 + 1], sums[o][p * 4 + 1]);
                    sums[o][p * 4 + 2] = FMA(four.c, v[p * 4 + 2], sums[o][p * 4 + 2]);
                    sums[o][p * 4 + 3] = FMA(four.d, v[p * 4 + 3], sums[o][p * 4 + 3]);
                }
        }
    }
    if (number >= s.count) return;
    const int64 at = (int64)BZ * s.targetTile + s.targetStart + (int64)BY * 8 * s.targetChannel + row * s.targetRow + column * 32 + lane;
    UNROLL for (int o = 0; o < 8; o++)
    {
        const int channel = BY * 8 + o;
        if (channel >= s.targets) break;
        float y[4];
        Output(sums[o], y);
        UNROLL for (int i = 0; i < 4; i++)
        {
            const int64 to = at + (int64)o * s.targetChannel + i / 2 * s.targetRow + i % 2 * 32;
            const float value = bias ? ADD(y[i], bias[channel]) : y[i];
            const bool passes = gate ? gate[to] > 0 : !relu || value > 0;
            target[to] = passes ? value : 0.0f;
        }
    }
}
EMULATE(points)

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
