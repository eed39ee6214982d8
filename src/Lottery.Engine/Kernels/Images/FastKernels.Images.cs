namespace Lottery.Kernels;

internal sealed unsafe partial class FastKernels<TWide, TCounter>
{
    protected override void ClearBorder(in ImageLayout layout, float* target) =>
        Kernels.ClearBorder.Reference(layout, target);

    protected override void Flatten(int* offsets, int units, float* x, float* y, int lanes) =>
        Kernels.Flatten.Fast<TWide>(offsets, units, x, y, lanes);

    protected override void FlattenGradient(
        in ImageLayout layout, int* offsets, int units, float* dy, int lanes, float* gate, float* dx) =>
        Kernels.FlattenGradient.Fast<TWide>(layout, offsets, units, dy, lanes, gate, dx);

    protected override void Add(float* a, float* b, float* y, int count, bool relu) =>
        Kernels.Add.Fast<TWide>(a, b, y, count, relu);

    protected override void AddGated(float* a, float* b, float* gate, float* dx, int count) =>
        Kernels.AddGated.Fast<TWide>(a, b, gate, dx, count);

    protected override void Shortcut(in ShortcutShape shape, int* targets, float* x, float* y) =>
        Kernels.Shortcut.Fast<TWide>(shape, targets, x, y);

    protected override void ShortcutGradient(in ShortcutShape shape, int* targets, float* dy, float* gate, float* dx) =>
        Kernels.ShortcutGradient.Fast<TWide>(shape, targets, dy, gate, dx);
}
