// What is not a product, on images [tile of 32][channel][row + border][column + border][32 lanes] and features [tile][row][lanes].
// A warp has the 32 lanes of one pixel (or feature), unless the comment says otherwise; grid: (pixels * 32, tiles of 32). Of an odd number
// of the engine's tiles of sixteen lanes the last half is padding, which no one reads. All images of a plan have one border, which stays zero.
#include "port.h"

#define UNROLL8 _Pragma("unroll 8")

struct Image
{
    int channels, rows, columns, border;
};

INLINE int Stride(const Image& i) { return (i.columns + 2 * i.border) * 32; }

INLINE int Length(const Image& i) { return i.channels * (i.rows + 2 * i.border) * Stride(i); }

INLINE int Offset(const Image& i, int channel, int row, int column)
{
    return ((channel * (i.rows + 2 * i.border) + row + i.border) * (i.columns + 2 * i.border) + column + i.border) * 32;
}

// A warp's pixel among the inner pixels of an image.
struct Pixel
{
    int channel, row, column, lane;
    bool valid;
};

INLINE Pixel PixelOf(const Image& i)
{
    const int at = (BX * NTHREADS + TID) >> 5, line = at / i.columns, channel = line / i.rows;
    const Pixel pixel = { channel, line - channel * i.rows, at - line * i.columns, (int)(TID & 31), channel < i.channels };
    return pixel;
}

// Where a lane of an image tile lies among the features: the feature tile, and the lane in it. Tiles of sixteen lanes: groups to a feature tile.
struct FeatureLane
{
    int tile, lane;
    bool valid;
};

INLINE FeatureLane LaneOf(int lane, int groups, int imageTiles)
{
    const int t = 2 * BY + (lane >> 4), tile = t / groups;
    const FeatureLane to = { tile, (t - tile * groups) * 16 + (lane & 15), t < imageTiles };
    return to;
}

// The largest value of a window and its pixel: a value replaces the largest so far where it is greater, row by row, so the first of equals stays.
INLINE float Largest(const float* x, int stride, int size, int& index)
{
    float max = x[0];
    index = 0;
    for (int i = 0, pixel = 0; i < size; i++)
        for (int j = 0; j < size; j++, pixel++)
        {
            const float value = x[i * stride + j * 32];
            index = value > max ? pixel : index;
            max = value > max ? value : max;
        }
    return max;
}

// y = the largest value under each window: MaxPoolForward. Windows lie side by side. A warp has a window.
KERNEL(256, max_pool_forward)(
    const float* x, float* y, int channels, int rows, int columns, int border, int toRows, int toColumns, int size)
{
    const Image from = { channels, rows, columns, border }, to = { channels, toRows, toColumns, border };
    const Pixel p = PixelOf(to);
    if (!p.valid) return;
    int index;
    y[(int64)BY * Length(to) + Offset(to, p.channel, p.row, p.column) + p.lane] =
        Largest(x + (int64)BY * Length(from) + Offset(from, p.channel, p.row * size, p.column * size) + p.lane, Stride(from), size, index);
}
EMULATE(max_pool_forward)

// dx = 0 + dy at the first of each window's largest values, +0 elsewhere and, if a ReLU computed x, where the largest value is not above 0:
// MaxPoolBackward. The largest value is looked for again, which costs less than keeping its index. A warp has a window; that of the last one
// of a row or column also clears the pixels beyond, which no window covers.
KERNEL(256, max_pool_backward)(
    const float* x, const float* dy, float* dx, int channels, int rows, int columns, int border, int toRows, int toColumns, int size, int relu)
{
    const Image from = { channels, rows, columns, border }, to = { channels, toRows, toColumns, border };
    const Pixel p = PixelOf(to);
    if (!p.valid) return;
    const int64 window = (int64)BY * Length(from) + Offset(from, p.channel, p.row * size, p.column * size) + p.lane;
    int index;
    const float max = Largest(x + window, Stride(from), size, index);
    const float gradient = dy[(int64)BY * Length(to) + Offset(to, p.channel, p.row, p.column) + p.lane];
    const int height = p.row + 1 == toRows ? rows - p.row * size : size, width = p.column + 1 == toColumns ? columns - p.column * size : size;
    for (int i = 0; i < height; i++)
        for (int j = 0; j < width; j++)
        {
            const bool here = i < size && j < size && i * size + j == index && (!relu || max > 0);
            dx[window + i * Stride(from) + j * 32] = here ? ADD(0.0f, gradient) : 0;
        }
}
EMULATE(max_pool_backward)

// The mean of a window: its values added from +0, row by row, then divided by their number.
INLINE float Mean(const float* x, int stride, int rows, int columns)
{
    float sum = 0;
    for (int i = 0; i < rows; i++)
        UNROLL8 for (int j = 0; j < columns; j++) sum = ADD(sum, x[i * stride + j * 32]);
    return DIV(sum, (float)(rows * columns));
}

// y = the mean of each window: AveragePoolForward. A warp has a window.
KERNEL(256, average_pool_forward)(
    const float* x, float* y, int channels, int rows, int columns, int border, int toRows, int toColumns, int size)
{
    const Image from = { channels, rows, columns, border }, to = { channels, toRows, toColumns, border };
    const Pixel p = PixelOf(to);
    if (!p.valid) return;
    y[(int64)BY * Length(to) + Offset(to, p.channel, p.row, p.column) + p.lane] =
        Mean(x + (int64)BY * Length(from) + Offset(from, p.channel, p.row * size, p.column * size) + p.lane, Stride(from), size, size);
}
EMULATE(average_pool_forward)

// dx = dy / the number of a window's pixels, 0 at pixels under no window and where the mask is not above 0: AveragePoolBackward. A warp has a
// pixel of dx.
KERNEL(256, average_pool_backward)(
    const float* dy, const float* mask, float* dx, int channels, int rows, int columns, int border, int toRows, int toColumns, int size)
{
    const Image from = { channels, rows, columns, border }, to = { channels, toRows, toColumns, border };
    const Pixel p = PixelOf(from);
    if (!p.valid) return;
    const int64 at = (int64)BY * Length(from) + Offset(from, p.channel, p.row, p.column) + p.lane;
    const int row = p.row / size, column = p.column / size;
    float gradient = 0;
    if (row < toRows && column < toColumns && (!mask || mask[at] > 0))
        gradient = DIV(dy[(int64)BY * Length(to) + Offset(to, p.channel, row, column) + p.lane], (float)(size * size));
    dx[at] = gradient;
}
EMULATE(average_pool_backward)

// y[channel] = the mean of a channel: GlobalAverageForward, in the order of average_pool_forward. A warp has a channel.
KERNEL(256, global_average_forward)(
    const float* x, float* y, int channels, int rows, int columns, int border, int lanes, int groups, int imageTiles, int yLength)
{
    const Image from = { channels, rows, columns, border };
    const int channel = (BX * NTHREADS + TID) >> 5, lane = TID & 31;
    const FeatureLane to = LaneOf(lane, groups, imageTiles);
    if (channel >= channels || !to.valid) return;
    y[(int64)to.tile * yLength + channel * lanes + to.lane] =
        Mean(x + (int64)BY * Length(from) + Offset(from, channel, 0, 0) + lane, Stride(from), rows, columns);
}
EMULATE(global_average_forward)

// dx = dy[channel] / the number of a channel's pixels, 0 where the mask is not above 0: GlobalAverageBackward. A warp has a pixel of dx.
KERNEL(256, global_average_backward)(
    const float* dy, const float* mask, float* dx, int channels, int rows, int columns, int border, int lanes, int groups, int imageTiles, int yLength)
{
    const Image image = { channels, rows, columns, border };
    const Pixel p = PixelOf(image);
    const FeatureLane from = LaneOf(p.lane, groups, imageTiles);
    if (!p.valid || !from.valid) return;
    const int64 at = (int64)BY * Length(image) + Offset(image, p.channel, p.row, p.column) + p.lane;
    dx[at] = !mask || mask[at] > 0 ? DIV(dy[(int64)from.tile * yLength + p.channel * lanes + from.lane], (float)(rows * columns)) : 0;
}
EMULATE(global_average_backward)

// y[feature] = x at the feature's pixel: FlattenForward. pixels: for each feature the offset of its pixel. A warp has a feature.
KERNEL(256, flatten_forward)(
    const int* pixels, const float* x, float* y, int features, int xLength, int lanes, int groups, int imageTiles, int yLength)
{
    const int feature = (BX * NTHREADS + TID) >> 5, lane = TID & 31;
    const FeatureLane to = LaneOf(lane, groups, imageTiles);
    if (feature >= features || !to.valid) return;
    y[(int64)to.tile * yLength + feature * lanes + to.lane] = x[(int64)BY * xLength + pixels[feature] + lane];
}
EMULATE(flatten_forward)

// dx = dy[feature] at the feature's pixel, 0 at pixels without one and where the mask is not above 0: FlattenBackward. features: for each inner
// pixel its feature or -1. A warp has a pixel of dx.
KERNEL(256, flatten_backward)(
    const int* features, const float* dy, const float* mask, float* dx, int channels, int rows, int columns, int border, int lanes, int groups,
    int imageTiles, int yLength)
{
    const Image image = { channels, rows, columns, border };
    const Pixel p = PixelOf(image);
    const FeatureLane from = LaneOf(p.lane, groups, imageTiles);
    if (!p.valid || !from.valid) return;
    const int64 at = (int64)BY * Length(image) + Offset(image, p.channel, p.row, p.column) + p.lane;
    const int feature = features[(p.channel * rows + p.row) * columns + p.column];
    dx[at] = feature >= 0 && (!mask || mask[at] > 0) ? dy[(int64)from.tile * yLength + feature * lanes + from.lane] : 0;
}
EMULATE(flatten_backward)

// y[before + channel] = every stride-th pixel of x[channel], other channels 0: ShortcutForward. A warp has a pixel of y.
KERNEL(256, shortcut_forward)(
    const float* x, float* y, int channels, int rows, int columns, int border, int toChannels, int toRows, int toColumns, int stride, int before)
{
    const Image from = { channels, rows, columns, border }, to = { toChannels, toRows, toColumns, border };
    const Pixel p = PixelOf(to);
    if (!p.valid) return;
    const int channel = p.channel - before;
    y[(int64)BY * Length(to) + Offset(to, p.channel, p.row, p.column) + p.lane] = channel >= 0 && channel < channels
        ? x[(int64)BY * Length(from) + Offset(from, channel, p.row * stride, p.column * stride) + p.lane]
        : 0;
}
EMULATE(shortcut_forward)

// dx[channel] = dy[before + channel] at every stride-th pixel, 0 elsewhere and where the mask is not above 0: ShortcutBackward. A warp has a
// pixel of dx.
KERNEL(256, shortcut_backward)(
    const float* dy, const float* mask, float* dx, int channels, int rows, int columns, int border, int toChannels, int toRows, int toColumns,
    int stride, int before)
{
    const Image from = { channels, rows, columns, border }, to = { toChannels, toRows, toColumns, border };
    const Pixel p = PixelOf(from);
    if (!p.valid) return;
    const int64 at = (int64)BY * Length(from) + Offset(from, p.channel, p.row, p.column) + p.lane;
    const bool taken = p.row % stride == 0 && p.column % stride == 0 && (!mask || mask[at] > 0);
    dx[at] = taken ? dy[(int64)BY * Length(to) + Offset(to, p.channel + before, p.row / stride, p.column / stride) + p.lane] : 0;
}
EMULATE(shortcut_backward)

// y = a + b; +0 where the mask, or with a ReLU the sum, is not above 0: AddForward and AddMasked. A thread has a value.
KERNEL(256, add_tensors)(const float* a, const float* b, const float* mask, float* y, int64 count, int relu)
{
    const int64 i = (int64)BX * NTHREADS + TID;
    if (i >= count) return;
    const float sum = ADD(a[i], b[i]), gate = mask ? mask[i] : relu ? sum : 1.0f;
    y[i] = gate > 0 ? sum : 0;
}
EMULATE(add_tensors)
