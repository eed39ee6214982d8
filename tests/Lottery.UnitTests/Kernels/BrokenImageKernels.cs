using Lottery.Kernels;

namespace Lottery.UnitTests.Kernels;

/// <summary>Ways in which the kernels that move and add images could be slightly wrong.</summary>
internal static unsafe class BrokenImageKernels
{
    public static IEnumerable<(string Kernel, KernelSet Broken)> All =>
    [
        (nameof(KernelSet.ClearBorder), new ClearBorderForgetsTheEnd()),
        (nameof(KernelSet.ClearBorder), new ClearBorderGoesTooFar()),
        (nameof(KernelSet.Flatten), new FlattenForgetsTheLast()),
        (nameof(KernelSet.Flatten), new FlattenTakesTheNeighbour()),
        (nameof(KernelSet.FlattenGradient), new FlattenGradientKeepsWhatIsAbsent()),
        (nameof(KernelSet.FlattenGradient), new FlattenGradientOpensAtZero()),
        (nameof(KernelSet.Add), new AddKeepsNegativeZero()),
        (nameof(KernelSet.Add), new AddForgetsTail()),
        (nameof(KernelSet.AddGated), new AddGatedOpensAtZero()),
        (nameof(KernelSet.AddGated), new AddGatedForgetsTail()),
        (nameof(KernelSet.Shortcut), new ShortcutKeepsOtherChannels()),
        (nameof(KernelSet.Shortcut), new ShortcutTakesTheNeighbour()),
        (nameof(KernelSet.ShortcutGradient), new ShortcutGradientKeepsPixelsBetween()),
        (nameof(KernelSet.ShortcutGradient), new ShortcutGradientForgetsGate()),
    ];

    private sealed class ClearBorderForgetsTheEnd : BrokenKernels
    {
        protected override void ClearBorder(in ImageLayout layout, float* target)
        {
            float last = target[layout.Length - 1];
            base.ClearBorder(layout, target);
            target[layout.Length - 1] = last;
        }
    }

    private sealed class ClearBorderGoesTooFar : BrokenKernels
    {
        protected override void ClearBorder(in ImageLayout layout, float* target)
        {
            base.ClearBorder(layout, target);
            if (layout.Border > 1) target[layout.Offset(0, layout.Rows - 1, layout.Columns - 1) + 15] = 0;
        }
    }

    private sealed class FlattenForgetsTheLast : BrokenKernels
    {
        protected override void Flatten(int* offsets, int units, float* x, float* y, int lanes) =>
            base.Flatten(offsets, units - 1, x, y, lanes);
    }

    private sealed class FlattenTakesTheNeighbour : BrokenKernels
    {
        protected override void Flatten(int* offsets, int units, float* x, float* y, int lanes)
        {
            base.Flatten(offsets, units, x, y, lanes);
            if (units > 1) Swap(y + 15, y + lanes + 15);
        }
    }

    private sealed class FlattenGradientKeepsWhatIsAbsent : BrokenKernels
    {
        protected override void FlattenGradient(
            in ImageLayout layout, int* offsets, int units, float* dy, int lanes, float* gate, float* dx)
        {
            base.FlattenGradient(layout, offsets, units, dy, lanes, gate, dx);
            var present = new Span<int>(offsets, units);
            foreach (int place in ImageData.Places(layout))
                if (!present.Contains(place / 16 * 16)) dx[place] = -54321.125f;
        }
    }

    private sealed class FlattenGradientOpensAtZero : BrokenKernels
    {
        protected override void FlattenGradient(
            in ImageLayout layout, int* offsets, int units, float* dy, int lanes, float* gate, float* dx)
        {
            base.FlattenGradient(layout, offsets, units, dy, lanes, null, dx);
            for (int i = 0; i < 16 * units && gate is not null; i++)
                if (gate[offsets[i / 16] + i % 16] < 0) dx[offsets[i / 16] + i % 16] = 0;
        }
    }

    private sealed class AddKeepsNegativeZero : BrokenKernels
    {
        protected override void Add(float* a, float* b, float* y, int count, bool relu)
        {
            for (int i = 0; i < count; i++)
            {
                float sum = a[i] + b[i];
                y[i] = !relu || sum >= 0 ? sum : 0;
            }
        }
    }

    private sealed class AddForgetsTail : BrokenKernels
    {
        protected override void Add(float* a, float* b, float* y, int count, bool relu) => base.Add(a, b, y, count - 1, relu);
    }

    private sealed class AddGatedOpensAtZero : BrokenKernels
    {
        protected override void AddGated(float* a, float* b, float* gate, float* dx, int count)
        {
            for (int i = 0; i < count; i++) dx[i] = gate[i] >= 0 ? a[i] + b[i] : 0;
        }
    }

    private sealed class AddGatedForgetsTail : BrokenKernels
    {
        protected override void AddGated(float* a, float* b, float* gate, float* dx, int count) =>
            base.AddGated(a, b, gate, dx, count - 1);
    }

    private sealed class ShortcutKeepsOtherChannels : BrokenKernels
    {
        protected override void Shortcut(in ShortcutShape shape, int* targets, float* x, float* y)
        {
            base.Shortcut(shape, targets, x, y);
            int last = shape.Output.Channels - 1;
            if (!new Span<int>(targets, shape.Input.Channels).Contains(last)) y[shape.Output.Offset(last, 0, 0)] = -54321.125f;
        }
    }

    private sealed class ShortcutTakesTheNeighbour : BrokenKernels
    {
        protected override void Shortcut(in ShortcutShape shape, int* targets, float* x, float* y)
        {
            base.Shortcut(shape, targets, x, y);
            if (targets[0] >= 0 && shape is { Stride: > 1, Input.Columns: > 1 })
                y[shape.Output.Offset(targets[0], 0, 0)] = x[shape.Input.Offset(0, 0, 1)];
        }
    }

    private sealed class ShortcutGradientKeepsPixelsBetween : BrokenKernels
    {
        protected override void ShortcutGradient(in ShortcutShape shape, int* targets, float* dy, float* gate, float* dx)
        {
            base.ShortcutGradient(shape, targets, dy, gate, dx);
            if (shape is { Stride: > 1, Input.Columns: > 1 }) dx[shape.Input.Offset(0, 0, 1)] = -54321.125f;
        }
    }

    private sealed class ShortcutGradientForgetsGate : BrokenKernels
    {
        protected override void ShortcutGradient(in ShortcutShape shape, int* targets, float* dy, float* gate, float* dx) =>
            base.ShortcutGradient(shape, targets, dy, null, dx);
    }
}
