using Lottery.Kernels;

namespace Lottery.UnitTests.Kernels;

internal abstract unsafe partial class BrokenKernels
{
    protected override void ClearBorder(in ImageLayout layout, float* target) =>
        Lottery.Kernels.ClearBorder.Reference(layout, target);

    protected override void Flatten(int* offsets, int units, float* x, float* y, int lanes) =>
        Lottery.Kernels.Flatten.Reference(offsets, units, x, y, lanes);

    protected override void FlattenGradient(
        in ImageLayout layout, int* offsets, int units, float* dy, int lanes, float* gate, float* dx) =>
        Lottery.Kernels.FlattenGradient.Reference(layout, offsets, units, dy, lanes, gate, dx);

    protected override void Add(float* a, float* b, float* y, int count, bool relu) =>
        Lottery.Kernels.Add.Reference(a, b, y, count, relu);

    protected override void AddGated(float* a, float* b, float* gate, float* dx, int count) =>
        Lottery.Kernels.AddGated.Reference(a, b, gate, dx, count);

    protected override void Shortcut(in ShortcutShape shape, int* targets, float* x, float* y) =>
        Lottery.Kernels.Shortcut.Reference(shape, targets, x, y);

    protected override void ShortcutGradient(in ShortcutShape shape, int* targets, float* dy, float* gate, float* dx) =>
        Lottery.Kernels.ShortcutGradient.Reference(shape, targets, dy, gate, dx);
}
