// Exponential, logarithm and sigmoid with the engine's bits.
#pragma once
#include "port.h"

// e^x for x <= 0; below -87, e^-87 (Kernels/Elementwise/SoftmaxCrossEntropy.cs).
INLINE float EXP(float x)
{
    x = x > -87.0f ? x : -87.0f;
    float n = RINT(MUL(x, 1.44269504f));
    float r = FMA(n, 2.12194440e-4f, FMA(n, -0.693359375f, x));
    float p = 1.9875691500e-4f;
    p = FMA(p, r, 1.3981999507e-3f);
    p = FMA(p, r, 8.3334519073e-3f);
    p = FMA(p, r, 4.1665795894e-2f);
    p = FMA(p, r, 1.6666665459e-1f);
    p = FMA(p, r, 5.0000001201e-1f);
    p = FMA(FMA(p, r, 1.0f), r, 1.0f);
    return MUL(p, BITS_FLOAT((uint32)((int)n + 127) << 23));
}

// The natural logarithm of a positive, finite, normal number (Numerics/ExactMath.cs): no operation is fused.
INLINE double LOG(double x)
{
    uint64 bits = DOUBLE_BITS(x);
    int exponent = (int)(bits >> 52) - 1023;
    double m = BITS_DOUBLE((bits & 0x000FFFFFFFFFFFFFull) | 0x3FF0000000000000ull);
    if (m > 1.4142135623730951)
    {
        m = DMUL(m, 0.5);
        exponent++;
    }
    double s = DDIV(DSUB(m, 1.0), DADD(m, 1.0)), square = DMUL(s, s), series = 0.0;
    UNROLL for (int odd = 23; odd >= 3; odd -= 2) series = DMUL(DADD(series, DDIV(1.0, (double)odd)), square);
    double e = (double)exponent;
    double low = DADD(DADD(DMUL(DMUL(2.0, s), series), DMUL(e, 1.90821492927058770002e-10)), DMUL(2.0, s));
    return DADD(DMUL(e, 6.93147180369123816490e-01), low);
}

// Of a score s, 1 / (1 + exp(-s)) and its slope (Kernels/Supermasks/Sigmoid.cs).
INLINE float FALLING(float s)
{
    float size = s < 0.0f ? -s : s;
    return EXP(-(size < 69.0f ? size : 69.0f));
}
INLINE float SIGMOID(float s)
{
    float e = FALLING(s), r = DIV(1.0f, ADD(1.0f, e));
    return s > 0.0f ? r : MUL(e, r);
}
INLINE float SLOPE(float s)
{
    float e = FALLING(s), r = DIV(1.0f, ADD(1.0f, e));
    return MUL(MUL(e, r), r);
}
