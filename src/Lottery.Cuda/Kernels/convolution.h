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

// The same where they are only moved: always by one instruction.
typedef float Vector4 __attribute__((vector_size(16)));
