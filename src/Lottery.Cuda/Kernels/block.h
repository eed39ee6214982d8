// The layers of a network that is trained in one block (block.cu).
#pragma once
#include "exact.h"

struct __attribute__((aligned(16))) Lanes { float a, b, c, d; };
struct __attribute__((aligned(16))) Four { uint32 x, y, z, w; };

// One layer. All positions are counted from the operation's first parameter. Of a dense layer only the biases have entries.
struct Layer
{
    const int* segments;      // [rows][parts][2]: where a row's weights begin and end
    const uint32* entries;    // [length]: row and, above, input of each parameter; an input of 0xffff is a bias, a row of 0xffff has no gradient
    const int* order;         // by input: the inputs, where the weights of each begin, and their rows and positions
    const int* starts;
    const uint16* columnRows;
    const int* places;
    int rows, inputs, parts, offset, length, bias, relu;
    int dense;                // of a layer that stores every weight, [inputs][rows], both rounded up to 16: its inputs; otherwise 0
};

// Values between layers have rows rounded up to 16, as dense layers read them.
INLINE int Stored(const Layer& l) { return l.rows + 15 & ~15; }

struct Network
{
    const Layer* layers;
    int count, inputs, parameters, classes;
};

// What an optimizer moves, and how; trained: a bit a value, or null where all are.
struct Moved
{
    float *w, *m, *v;
    const uint16* trained;
    bool adam;
};

struct Examples
{
    const uint8* values;
    const uint8* labels;
    const int* order;
    const int* rows;          // [features]: the row of each feature, or -1
    const float* scale;       // a byte v becomes v * scale[0] + (v * scale[1] + scale[2])
    int features;
};

#define THREADS 512
#define HALVES (THREADS / 16)

// Byte q of a word as a number: the lowest bits of 2^23, from which 2^23 is taken.
INLINE float Byte(uint32 word, int q) { return SUB(BITS_FLOAT(PRMT(word, 0x4b000000u, 0x7440u | q)), 8388608.0f); }

// Four lanes of the input. Lanes without an example have bytes of 0 and no shift.
struct Scale { float high, low, a, b, c, d; };

INLINE Lanes Values(uint32 word, const Scale& s)
{
    const float a = Byte(word, 0), b = Byte(word, 1), c = Byte(word, 2), d = Byte(word, 3);
    return {FMA(a, s.high, FMA(a, s.low, s.a)), FMA(b, s.high, FMA(b, s.low, s.b)), FMA(c, s.high, FMA(c, s.low, s.c)), FMA(d, s.high, FMA(d, s.low, s.d))};
}

INLINE void Accumulate(Lanes& sum, float k, const Lanes& v)
{
    sum.a = FMA(k, v.a, sum.a);
    sum.b = FMA(k, v.b, sum.b);
    sum.c = FMA(k, v.c, sum.c);
    sum.d = FMA(k, v.d, sum.d);
}

INLINE float Gated(float gate, float v) { return gate > 0.0f ? v : 0.0f; }

// The bytes of the batch: bytes[row][t] has those of thread t's four lanes, lowest first.
INLINE void Assemble(const Examples& e, const StepRow* row, uint32* bytes)
{
    const int count = (int)row->count, t = TID & 15, step = e.features % 4 == 0 ? 4 : 1;
    const uint8* from[4];
    UNROLL for (int q = 0; q < 4; q++) from[q] = q * 16 + t < count ? e.values + (int64)e.order[row->first + q * 16 + t] * e.features : nullptr;
    for (int feature = (TID >> 4) * step; feature < e.features; feature += HALVES * step)
    {
        uint32 words[4];
        UNROLL for (int q = 0; q < 4; q++) words[q] = !from[q] ? 0 : step == 4 ? *(const uint32*)(from[q] + feature) : from[q][feature];
        UNROLL for (int j = 0; j < 4; j++)
        {
            const int to = j < step ? e.rows[feature + j] : -1;
            if (to >= 0)
                bytes[to * 16 + t] = (words[0] >> 8 * j & 255) | (words[1] >> 8 * j & 255) << 8 | (words[2] >> 8 * j & 255) << 16 | (words[3] >> 8 * j & 255) << 24;
        }
    }
}

template <int STRIDE, bool FIRST>
INLINE void SparseForward(const Layer& l, const float* w, const uint16* in, const uint32* bytes, const Scale& scale, const float* x, float* y)
{
    const int t = TID & 15;
    for (int row = TID >> 4; row < l.rows; row += HALVES)
    {
        const float bias = w[l.bias + row];
        Lanes sum = {bias, bias, bias, bias};
        for (int part = 0; part < l.parts; part++)
        {
            const int* segment = l.segments + 2 * (row * l.parts + part);
            const int end = segment[1];
            _Pragma("unroll 4") for (int k = segment[0]; k < end; k++)
                Accumulate(sum, w[k], FIRST ? Values(bytes[in[k] * 16 + t], scale) : *(const Lanes*)(x + in[k] * STRIDE + t * 4));
        }
        if (l.relu) sum = {Gated(sum.a, sum.a), Gated(sum.b, sum.b), Gated(sum.c, sum.c), Gated(sum.d, sum.d)};
        *(Lanes*)(y + row * STRIDE + t * 4) = sum;
    }
}

struct Quad { float w[4]; } __attribute__((aligned(16)));

// A zero is not multiplied.
INLINE void AccumulateNonzero(Lanes& sum, const Lanes& v, float k)
{
    sum.a = v.a != 0 ? FMA(v.a, k, sum.a) : sum.a;
    sum.b = v.b != 0 ? FMA(v.b, k, sum.b) : sum.b;
    sum.c = v.c != 0 ? FMA(v.c, k, sum.c) : sum.c;
    sum.d = v.d != 0 ? FMA(v.d, k, sum.d) : sum.d;
}

// Sixteen threads have WIDTH outputs, a multiple of 4.
template <int STRIDE, bool FIRST, int WIDTH>
INLINE void DenseForward(const Layer& l, const float* w, const uint32* bytes, const Scale& scale, const float* x, float* y)
{
    const int t = TID & 15;
    for (int column = (TID >> 4) * WIDTH; column < l.rows; column += HALVES * WIDTH)
    {
        Lanes sums[WIDTH];
        UNROLL for (int j = 0; j < WIDTH; j++)
        {
            const float bias = column + j < l.rows ? w[l.bias + column + j] : 0.0f;
            sums[j] = {bias, bias, bias, bias};
        }
        _Pragma("unroll 2") for (int i = 0; i < l.dense; i++)
        {
            const Lanes v = FIRST ? Values(bytes[i * 16 + t], scale) : *(const Lanes*)(x + i * STRIDE + t * 4);
            const float* from = w + (int64)i * l.rows + column;
            UNROLL for (int q = 0; q < WIDTH / 4; q++)
            {
                Quad k = {0, 0, 0, 0};
                if (column + 4 * q < l.rows) k = *(const Quad*)(from + 4 * q);
                UNROLL for (int j = 0; j < 4; j++) AccumulateNonzero(sums[4 * q + j], v, k.w[j]);
            }
        }
        UNROLL for (int j = 0; j < WIDTH; j++)
        {
            Lanes sum = sums[j];
            if (l.relu) sum = {Gated(sum.a, sum.a), Gated(sum.b, sum.b), Gated(sum.c, sum.c), Gated(sum.d, sum.d)};
            if (column + j < l.rows) *(Lanes*)(y + (column + j) * STRIDE + t * 4) = sum;
        }
    }
}

template <int STRIDE, bool FIRST>
INLINE void Forward(const Layer& l, const float* w, const uint16* in, const uint32* bytes, const Scale& scale, const float* x, float* y)
{
    if (STRIDE == 64 || !l.dense) SparseForward<STRIDE, FIRST>(l, w, in, bytes, scale, x, y);
    else if (l.rows > 4 * HALVES) DenseForward<STRIDE, FIRST, 12>(l, w, bytes, scale, x, y);
    else DenseForward<STRIDE, FIRST, 4>(l, w, bytes, scale, x, y);
}

// Softmax, and what the loss is made of: of each lane the maximum, the label's score and the sum of the exponentials.
template <int STRIDE> INLINE void Softmax(const Examples& e, const StepRow* row, float* y, int classes, float* ends)
{
    if (TID >= 64) return;
    const int lane = (TID & 3) * 16 + (TID >> 2), count = (int)row->count;
    float* at = y + TID;
    if (lane >= count)
    {
        for (int c = 0; c < classes; c++) at[c * STRIDE] = 0.0f;
        return;
    }
    const int label = e.labels[e.order[row->first + lane]];
    float max = at[0], total = 0.0f;
    for (int c = 1; c < classes; c++) max = at[c * STRIDE] > max ? at[c * STRIDE] : max;
    ends[lane] = max;
    ends[64 + lane] = at[label * STRIDE];
    for (int c = 0; c < classes; c++)
    {
        const float v = EXP(SUB(at[c * STRIDE], max));
        at[c * STRIDE] = v;
        total = ADD(total, v);
    }
    ends[128 + lane] = total;
    const float scale = DIV(1.0f, (float)count), factor = DIV(scale, total);
    for (int c = 0; c < classes; c++)
    {
        const float g = MUL(at[c * STRIDE], factor);
        at[c * STRIDE] = c == label ? SUB(g, scale) : g;
    }
}

INLINE double Loss(const float* ends, int count)
{
    double product = 1.0, sum = 0.0;
    for (int lane = 0; lane < count; lane++)
    {
        product = DMUL(product, (double)ends[128 + lane]);
        sum = DADD(sum, DSUB((double)ends[lane], (double)ends[64 + lane]));
    }
    return DADD(LOG(product), sum);
}

// A value and its moments.
struct Value { float w, m, v; };

// One value by its gradient (update.cu).
INLINE Value Next(const Value& of, float g, bool adam, const StepRow& row)
{
    const float least = 1e-30f;
    if (adam)
    {
        float first = FMA(of.m, row.beta1, MUL(g, row.rest1)), second = FMA(of.v, row.beta2, MUL(MUL(g, g), row.rest2));
        first = first > least || first < -least ? first : 0.0f;
        second = second > least ? second : 0.0f;
        return {FMA(DIV(first, ADD(SQRT(second), row.epsilon)), -row.rate, MUL(of.w, row.shrink)), first, second};
    }
    const float gradient = FMA(of.w, row.decay, g);
    float velocity = FMA(of.m, row.momentum, gradient);
    velocity = velocity > least || velocity < -least ? velocity : 0.0f;
    return {FMA(row.nesterov ? FMA(velocity, row.momentum, gradient) : velocity, -row.rate, of.w), velocity, of.v};
}

INLINE bool IsTrained(const Moved& moved, int p) { return !moved.trained || (moved.trained[p >> 4] >> (p & 15) & 1); }

INLINE void Update(const Moved& moved, int p, float g, const StepRow& row)
{
    if (!IsTrained(moved, p)) return;
    const Value value = Next({moved.w[p], moved.m[p], moved.adam ? moved.v[p] : 0.0f}, g, moved.adam, row);
    moved.w[p] = value.w;
    moved.m[p] = value.m;
    if (moved.adam) moved.v[p] = value.v;
}

// Four values at a time, whose 64 bytes are on their way at once.
INLINE void UpdateAll(int offset, int length, const float* gradient, const Moved& moved, const StepRow& row)
{
    for (int p = offset + TID * 4; p < offset + length; p += THREADS * 4)
    {
        const Quad g = *(const Quad*)(gradient + p);
        Quad w = *(const Quad*)(moved.w + p), m = *(const Quad*)(moved.m + p), v = {0, 0, 0, 0};
        if (moved.adam) v = *(const Quad*)(moved.v + p);
        UNROLL for (int j = 0; j < 4; j++)
        {
            if (!IsTrained(moved, p + j)) continue;
            const Value value = Next({w.w[j], m.w[j], v.w[j]}, g.w[j], moved.adam, row);
            w.w[j] = value.w, m.w[j] = value.m, v.w[j] = value.v;
        }
        *(Quad*)(moved.w + p) = w;
        *(Quad*)(moved.m + p) = m;
        if (moved.adam) *(Quad*)(moved.v + p) = v;
    }
}

template <int N> INLINE void Fold(float (&v)[16], int t)
{
    UNROLL for (int k = 0; k < N; k++)
    {
        const float low = v[k], high = v[k + N];   // not chosen by address, which would put v in local memory
        v[k] = ADD(t & N ? high : low, SHFLX(t & N ? low : high, N));
    }
}

// The gradient of sixteen parameters at a time, of a dense layer that of the biases. In the first layer, whose weights nothing reads any
// more, they are updated at once; but those of a dense one later, in the order in which they lie.
template <int STRIDE, bool FIRST>
INLINE void LaneSums(
    const Layer& l, const uint32* bytes, const Scale& scale, const float* x, const float* dy, float* gradient, const Moved& moved, const StepRow& row)
{
    const int t = TID & 15, first = l.dense ? l.bias : 0, chunks = (l.length - first) >> 4;
    for (int chunk = TID >> 4; chunk < (chunks + 1 & ~1); chunk += HALVES)   // both halves of a warp stay together
    {
        const bool real = chunk < chunks;
        const Four* entries = (const Four*)(l.entries + chunk * 16);
        float s[16];
        int last = -1;
        Lanes d = {0, 0, 0, 0};
        UNROLL for (int four = 0; four < 4; four++)
        {
            const Four some = real ? entries[four] : Four{0xffffu, 0xffffu, 0xffffu, 0xffffu};
            const uint32 e[4] = {some.x, some.y, some.z, some.w};
            UNROLL for (int k = 0; k < 4; k++)
            {
                const int of = (int)(e[k] & 0xffffu), input = (int)(e[k] >> 16);
                float sum = 0.0f;
                if (of != 0xffff)
                {
                    if (of != last) d = *(const Lanes*)(dy + of * STRIDE + t * 4);
                    last = of;
                    Lanes a = {1.0f, 1.0f, 1.0f, 1.0f};
                    if (input != 0xffff) a = FIRST ? Values(bytes[input * 16 + t], scale) : *(const Lanes*)(x + input * STRIDE + t * 4);
                    sum = FMA(d.d, a.d, FMA(d.c, a.c, FMA(d.b, a.b, FMA(d.a, a.a, 0.0f))));
                }
                s[four * 4 + k] = sum;
            }
        }
        Fold<8>(s, t);
        Fold<4>(s, t);
        Fold<2>(s, t);
        Fold<1>(s, t);
        const int p = l.offset + first + chunk * 16 + t;
        if (!real) continue;
        if (FIRST) Update(moved, p, s[0], row);
        else gradient[p] = s[0];
    }
}

// The gradient of a dense layer's weights: from +0, one fused multiply-add a lane, lanes ascending, where x is not 0. A warp has 32 inputs by
// 64 outputs, a thread eight by eight, so far apart that none of the memory's banks is asked twice.
template <int STRIDE, bool FIRST>
INLINE void DenseGradient(
    const Layer& l, const uint32* bytes, const Scale& scale, float shift, int count, const float* x, const float* dy, float* gradient)
{
    const int across = (TID & 31) & 7, down = (TID & 31) >> 3, wide = (l.rows + 63) >> 6, high = (l.inputs + 31) >> 5;
    for (int tile = TID >> 5; tile < wide * high; tile += THREADS >> 5)
    {
        const int input = tile / wide * 32 + down, output = tile % wide * 64 + across;
        const float* from[8];
        float sums[8][8];
        UNROLL for (int o = 0; o < 8; o++) from[o] = dy + (output + 8 * o < l.rows ? output + 8 * o : 0) * STRIDE;
        UNROLL for (int i = 0; i < 8; i++)
            UNROLL for (int o = 0; o < 8; o++) sums[i][o] = 0.0f;
        for (int q = 0; q < 4; q++)
            for (int t = 0; t < 16; t++)
            {
                const float s = q * 16 + t < count ? shift : 0.0f;
                float d[8];
                UNROLL for (int o = 0; o < 8; o++) d[o] = from[o][t * 4 + q];
                UNROLL for (int i = 0; i < 8; i++)
                {
                    const int at = input + 4 * i;
                    float v = 0.0f;
                    if (at < l.dense)
                    {
                        if (FIRST)
                        {
                            const float b = Byte(bytes[at * 16 + t], q);
                            v = FMA(b, scale.high, FMA(b, scale.low, s));
                        }
                        else v = x[at * STRIDE + t * 4 + q];
                    }
                    UNROLL for (int o = 0; o < 8; o++) sums[i][o] = v != 0 ? FMA(v, d[o], sums[i][o]) : sums[i][o];
                }
            }
        UNROLL for (int i = 0; i < 8; i++)
            UNROLL for (int o = 0; o < 8; o++)
            {
                if (input + 4 * i >= l.inputs || output + 8 * o >= l.rows) continue;
                gradient[l.offset + (input + 4 * i) * l.rows + output + 8 * o] = sums[i][o];
            }
    }
}

template <int STRIDE, bool FIRST>
INLINE void Gradient(
    const Layer& l, const uint32* bytes, const Scale& scale, float shift, int count, const float* x, const float* dy, float* gradient, const Moved& moved,
    const StepRow& row)
{
    if (STRIDE != 64 && l.dense) DenseGradient<STRIDE, FIRST>(l, bytes, scale, shift, count, x, dy, gradient);
    LaneSums<STRIDE, FIRST>(l, bytes, scale, x, dy, gradient, moved, row);
}

// dx on x, gated by x where a ReLU made it.
template <int STRIDE> INLINE void InputGradient(const Layer& l, const float* w, const float* dy, float* x, bool relu)
{
    const int t = TID & 15;
    const bool dense = STRIDE != 64 && l.dense;
    for (int position = TID >> 4; position < l.inputs; position += HALVES)
    {
        Lanes sum = {0, 0, 0, 0};
        if (dense)
            for (int o = 0; o < l.rows; o += 4)
            {
                const Quad k = *(const Quad*)(w + (int64)position * l.rows + o);
                UNROLL for (int j = 0; j < 4; j++) AccumulateNonzero(sum, *(const Lanes*)(dy + (o + j) * STRIDE + t * 4), k.w[j]);
            }
        else
        {
            const int end = l.starts[position + 1];
            _Pragma("unroll 4") for (int e = l.starts[position]; e < end; e++)
                Accumulate(sum, w[l.places[e]], *(const Lanes*)(dy + l.columnRows[e] * STRIDE + t * 4));
        }
        Lanes* at = (Lanes*)(x + (dense ? position : l.order[position]) * STRIDE + t * 4);
        const Lanes gate = *at;
        if (relu) sum = {Gated(gate.a, sum.a), Gated(gate.b, sum.b), Gated(gate.c, sum.c), Gated(gate.d, sum.d)};
        *at = sum;
    }
}
