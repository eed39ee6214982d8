// Optimizers. A value a thread, each as the processor's kernel does it (Kernels/Optimizers): in single precision, every operation
// rounded once, in the order of the formulas there.
#include "port.h"

const float Least = 1e-30f;

// Frozen: bit i mod 16 of trained[i / 16] is not set; trained may be null: all are trained.
INLINE bool IsTrained(const uint16* trained, int i) { return !trained || (trained[i >> 4] >> (i & 15) & 1); }

// Adam and AdamW: w, m and v of count values, with gradient g, by the constants of the step's row.
KERNEL(256, adam)(float* w, float* m, float* v, const float* g, const uint16* trained, int count, const StepRow* const* cursor)
{
    const StepRow* row = *cursor;
    for (int64 at = (int64)BX * NTHREADS + TID; at < count; at += (int64)NBX * NTHREADS)
    {
        int i = (int)at;
        if (!IsTrained(trained, i)) continue;
        float gradient = g[i];
        float first = FMA(m[i], row->beta1, MUL(gradient, row->rest1));
        float second = FMA(v[i], row->beta2, MUL(MUL(gradient, gradient), row->rest2));
        first = first > Least || first < -Least ? first : 0.0f;
        second = second > Least ? second : 0.0f;
        m[i] = first;
        v[i] = second;
        w[i] = FMA(DIV(first, ADD(SQRT(second), row->epsilon)), -row->rate, MUL(w[i], row->shrink));
    }
}
EMULATE(adam)

// SGD with momentum: w and velocities v of count values, with gradient g, by the constants of the step's row.
KERNEL(256, sgd)(float* w, float* v, const float* g, const uint16* trained, int count, const StepRow* const* cursor)
{
    const StepRow* row = *cursor;
    for (int64 at = (int64)BX * NTHREADS + TID; at < count; at += (int64)NBX * NTHREADS)
    {
        int i = (int)at;
        if (!IsTrained(trained, i)) continue;
        float gradient = FMA(w[i], row->decay, g[i]);
        float velocity = FMA(v[i], row->momentum, gradient);
        velocity = velocity > Least || velocity < -Least ? velocity : 0.0f;
        v[i] = velocity;
        float move = row->nesterov ? FMA(velocity, row->momentum, gradient) : velocity;
        w[i] = FMA(move, -row->rate, w[i]);
    }
}
EMULATE(sgd)

// The last of a step: the cursor moves to the next row, stride bytes on.
KERNEL(32, advance)(const StepRow** cursor, int stride)
{
    if (TID == 0) *cursor = (const StepRow*)((const char*)*cursor + stride);
}
EMULATE(advance)
