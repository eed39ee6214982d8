// Many steps of one fully connected network in one block: assemble, forward, loss, backward, update. Blocks of other trainings run beside
// it, a multiprocessor each; between steps nothing is waited for.
//
// Sixteen threads hold the 64 lanes of a tile: thread t has lanes t, t + 16, t + 32 and t + 48, side by side in shared memory, so that every
// sum over lanes begins as the engine's sixteen partial sums do. Orders are those of linear.cu, elementwise.cu and update.cu. Values lie in
// shared memory: of the input its bytes, of each layer its output, on which its gradient is written; rows are STRIDE values apart.
// There are always 64 lanes. Where the engine has fewer, a product with a gradient of 0 may make +0 of a sum of -0: no gradient's sign of zero
// outlives the optimizer's moments, which become +0.
#include "block.h"

// A network in training, or in evaluation: what Training/BlockTraining.cs writes.
struct Training
{
    const Layer* layers;
    int count, inputs, parameters, classes;
    const uint8 *values, *labels;
    const int *order, *rows;
    const float* scale;
    float *w, *m, *v;
    const uint16* trained;
    float* gradient;
    const uint16* in;
    double* losses;
    int* correct;
    const StepRow** cursor;
    int features, adam, stride;
};

// What a block does: count steps, or of count batches every so many from index on.
struct Block
{
    const Training* training;
    int count, index, blocks;
};

INLINE Network NetworkOf(const Training& t) { return {t.layers, t.count, t.inputs, t.parameters, t.classes}; }
INLINE Examples ExamplesOf(const Training& t) { return {t.values, t.labels, t.order, t.rows, t.scale, t.features}; }

// Where a block keeps what it works on: of the loss three numbers a lane, the input's bytes, each layer's output, the weights and their inputs.
struct Memory
{
    float* ends;
    uint32* bytes;
    float *values, *scores, *w;
    const uint16* in;
};

// With SHARED_WEIGHTS the weights and their inputs lie in shared memory, too, from the first step to the last, and no layer is dense. Dense
// layers read rows of values at once, which lie so far apart that none of the memory's banks is asked twice.
#define DISTANCE(sharedWeights) (sharedWeights ? 64 : 68)

template <bool SHARED_WEIGHTS> INLINE Memory Begin(const Network& n, float* parameters, const uint16* inputs)
{
    const int STRIDE = DISTANCE(SHARED_WEIGHTS);
    SHARED(float, shared);
    uint32* bytes = (uint32*)(shared + 192);
    float* values = (float*)(bytes + n.inputs * 16);
    int outputs = 0, last = 0;
    for (int i = 0; i < n.count; i++) outputs += last = Stored(n.layers[i]);
    float *end = values + outputs * STRIDE, *scores = end - last * STRIDE;
    for (int i = TID; i < outputs * STRIDE; i += THREADS) values[i] = 0.0f;
    if (!SHARED_WEIGHTS)
    {
        SYNC();
        return {shared, bytes, values, scores, parameters, inputs};
    }
    uint16* in = (uint16*)(end + n.parameters);
    for (int i = TID; i < n.parameters; i += THREADS)
    {
        end[i] = parameters[i];
        in[i] = inputs[i];
    }
    SYNC();
    return {shared, bytes, values, scores, end, in};
}

INLINE Scale ScaleOf(const Examples& e, int count)
{
    const int t = TID & 15;
    const float shift = e.scale[2];
    return {
        e.scale[0], e.scale[1], t < count ? shift : 0.0f, t + 16 < count ? shift : 0.0f, t + 32 < count ? shift : 0.0f, t + 48 < count ? shift : 0.0f};
}

// The scores of a row's batch.
template <int STRIDE> INLINE void AllForward(const Network& n, const Examples& e, const StepRow* row, const Scale& scale, const Memory& memory)
{
    Assemble(e, row, memory.bytes);
    SYNC();
    float *x = memory.values, *y = memory.values;
    for (int i = 0; i < n.count; i++)
    {
        const Layer l = n.layers[i];
        if (i == 0) Forward<STRIDE, true>(l, memory.w + l.offset, memory.in + l.offset, memory.bytes, scale, nullptr, y);
        else Forward<STRIDE, false>(l, memory.w + l.offset, memory.in + l.offset, memory.bytes, scale, x, y);
        x = y;
        y += Stored(l) * STRIDE;
        SYNC();
    }
}

template <bool SHARED_WEIGHTS> INLINE void Train(const Block& block)
{
    const Training of = *block.training;
    const Network n = NetworkOf(of);
    const Examples e = ExamplesOf(of);
    float* gradient = of.gradient;
    double* losses = of.losses;
    const int STRIDE = DISTANCE(SHARED_WEIGHTS);
    const Memory memory = Begin<SHARED_WEIGHTS>(n, of.w, of.in);
    const Moved moved = {memory.w, of.m, of.v, of.trained, of.adam != 0};
    uint32* bytes = memory.bytes;
    const float shift = e.scale[2];
    const StepRow* row = *of.cursor;
    for (int step = 0; step < block.count; step++, row = (const StepRow*)((const char*)row + of.stride))
    {
        const StepRow now = *row;   // in registers: what is written between might be it
        const int count = (int)now.count;
        const Scale scale = ScaleOf(e, count);
        AllForward<STRIDE>(n, e, row, scale, memory);
        Softmax<STRIDE>(e, row, memory.scores, n.classes, memory.ends);
        SYNC();
        if (TID == THREADS - 32) losses[now.slot] = Loss(memory.ends, count);
        float *x, *y = memory.scores;
        for (int i = n.count - 1; i >= 0; i--)
        {
            const Layer l = n.layers[i];
            if (i + 1 < n.count) UpdateAll(n.layers[i + 1].offset, n.layers[i + 1].length, gradient, moved, now);
            if (i == 0)
            {
                Gradient<STRIDE, true>(l, bytes, scale, shift, count, nullptr, y, gradient, moved, now);
                SYNC();
                if (STRIDE != 64 && l.dense) UpdateAll(l.offset, l.bias, gradient, moved, now);
                SYNC();
                break;
            }
            x = y - Stored(n.layers[i - 1]) * STRIDE;
            Gradient<STRIDE, false>(l, bytes, scale, shift, count, x, y, gradient, moved, now);
            SYNC();
            InputGradient<STRIDE>(l, memory.w + l.offset, y, x, n.layers[i - 1].relu != 0);
            SYNC();
            y = x;
        }
    }
    if (SHARED_WEIGHTS)
        for (int i = TID; i < n.parameters; i += THREADS) of.w[i] = memory.w[i];
    if (TID == 0) *of.cursor = row;
}

// Of a batch the loss to losses[slot], and how many examples' largest score, the first of equals, is their label's to correct[slot].
template <bool SHARED_WEIGHTS> INLINE void Evaluate(const Block& block)
{
    const Training of = *block.training;
    const Network n = NetworkOf(of);
    const Examples e = ExamplesOf(of);
    const int STRIDE = DISTANCE(SHARED_WEIGHTS);
    const Memory memory = Begin<SHARED_WEIGHTS>(n, of.w, of.in);
    for (int batch = block.index; batch < block.count; batch += block.blocks)
    {
        const StepRow* row = (const StepRow*)((const char*)*of.cursor + (int64)batch * of.stride);
        const int count = (int)row->count;
        AllForward<STRIDE>(n, e, row, ScaleOf(e, count), memory);
        float* ends = memory.ends;
        if (TID < 64)
        {
            const int lane = (TID & 3) * 16 + (TID >> 2);
            const float* at = memory.scores + TID;
            bool right = false;
            if (lane < count)
            {
                const int label = e.labels[e.order[row->first + lane]];
                int best = 0;
                float max = at[0], total = 0.0f;
                for (int c = 1; c < n.classes; c++)
                    if (at[c * STRIDE] > max)
                    {
                        max = at[c * STRIDE];
                        best = c;
                    }
                for (int c = 0; c < n.classes; c++) total = ADD(total, EXP(SUB(at[c * STRIDE], max)));
                ends[lane] = max;
                ends[64 + lane] = at[label * STRIDE];
                ends[128 + lane] = total;
                right = best == label;
            }
            const int found = __builtin_popcount(BALLOT(right));
            if ((TID & 31) == 0) memory.bytes[TID >> 5] = (uint32)found;
        }
        SYNC();
        if (TID == 0)
        {
            of.losses[row->slot] = Loss(ends, count);
            of.correct[row->slot] = (int)(memory.bytes[0] + memory.bytes[1]);
        }
        SYNC();
    }
}

KERNEL(THREADS, train_shared)(const Block* blocks) { Train<true>(blocks[BX]); }
EMULATE(train_shared)
KERNEL(THREADS, train_global)(const Block* blocks) { Train<false>(blocks[BX]); }
EMULATE(train_global)
KERNEL(THREADS, evaluate_shared)(const Block* blocks) { Evaluate<true>(blocks[BX]); }
EMULATE(evaluate_shared)
KERNEL(THREADS, evaluate_global)(const Block* blocks) { Evaluate<false>(blocks[BX]); }
EMULATE(evaluate_global)
