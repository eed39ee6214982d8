// What kernels of convolutions are told.
#pragma once
#include "port.h"

// A convolution; distances in values.
struct Shape
{
    int inputs, outputs, kernel, stride, padding, rows, columns, outputRows, outputColumns, paddedOutputs;
    int inputTile, inputChannel, inputRow, inputStart;      // inputStart: from a channel to the first value under the kernel
    int outputTile, outputChannel, outputRow, outputStart;  // outputStart: from a channel to its first pixel
    int inputPixel;                                         // from a channel of x to its first pixel
};

// Sums over a grid of target pixels, each of which lies over a source pixel.
struct Grid
{
    int rows, columns, targets;
    int sourceTile, sourceStart, sourceRow, sourceColumn;
    int targetTile, targetStart, targetChannel, targetRow, targetColumn;
};

struct __attribute__((aligned(16))) Four { float a, b, c, d; };

// The sum of one output's pixels of dy in each lane, from +0, ascending: of "count" pixels one after the other, those of a tile of 32 images
// (LANES 32), or those of tiles of sixteen images in order (LANES 16). The result is in the first warp of a block of 256 threads: it adds
// what the other warps have brought into shared memory, two chunks of 16 KB, so that no sum waits for memory.
template <int LANES>
INLINE float SumOfPixels(const Shape& s, const float* dy, int count)
{
    SHARED(float, values);
    const int Chunk = 4096 / LANES, Fours = LANES / 4, pixels = s.outputRows * s.outputColumns, chunks = (count + Chunk - 1) / Chunk;
    float sum = 0;
    for (int chunk = 0; chunk <= chunks; chunk++)
    {
        if (TID >= 32)
            for (int i = TID - 32; i < 4096 / 4; i += NTHREADS - 32)
            {
                const int number = chunk * Chunk + i / Fours;
                if (number >= count) break;
                const int half = LANES == 16 ? number / pixels : 0, pixel = LANES == 16 ? number % pixels : number;
                COPY16(values + (chunk & 1) * 4096 + i * 4, dy + (int64)(half >> 1) * s.outputTile + (half & 1) * 16
                    + pixel / s.outputColumns * s.outputRow + pixel % s.outputColumns * 32 + i % Fours * 4);
            }
        else if (chunk > 0)
        {
            const float* v = values + (chunk - 1 & 1) * 4096 + (TID & LANES - 1);
            const int ready = MIN(Chunk, count - (chunk - 1) * Chunk);
            int i = 0;
            for (; i + 8 <= ready; i += 8)
                UNROLL for (int k = 0; k < 8; k++) sum = ADD(sum, v[(i + k) * LANES]);
            for (; i < ready; i++) sum = ADD(sum, v[i * LANES]);
        }
        COMMIT();
        WAIT<0>();
        SYNC();
    }
    return sum;
}
