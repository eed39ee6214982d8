using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Lottery.Cuda.Driver;
using Lottery.Cuda.Operations;
using Lottery.Plans;

namespace Lottery.Cuda.Training;

/// <summary>
/// Scores on frozen weights (<see cref="Lottery.Training.SupermaskParametrization"/>): masks that are sampled or thresholded, and the
/// gradient of the scores. All is laid out like the plan's values.
/// </summary>
internal sealed class SupermaskLaunches : IDisposable
{
    private readonly ImmutableArray<ParameterRow> _layers;
    private readonly DeviceMemory _rows, _ones, _sums;
    private readonly bool _rescale;
    private readonly int _firstKey;

    /// <summary>The launches for a plan's layers with scores.</summary>
    /// <param name="device">Where.</param>
    /// <param name="commands">The queue that writes tables.</param>
    /// <param name="layout">Where the parameters lie.</param>
    /// <param name="rescale">Whether a layer's kept weights are multiplied by its weights ÷ the kept ones.</param>
    /// <param name="firstKey">The index of the first layer's key in a row.</param>
    public SupermaskLaunches(IDevice device, ICommands commands, ParameterLayout layout, bool rescale, int firstKey)
    {
        (_rescale, _firstKey) = (rescale, firstKey);
        _layers = [.. layout.Rows.Where(row => row.Parameter.Prunable)];
        _rows = device.Allocate<Scored>(commands, [.. _layers.Select(row => new Scored(row.Offset, row.Extent, row.Parameter.Count))]);
        _ones = device.Allocate(sizeof(int) * Math.Max(_layers.Length, 1));
        _sums = device.Allocate(sizeof(float) * Math.Max(_layers.Length, 1));
    }

    /// <summary>Sets the plan's values to the sample of the cursor's row.</summary>
    public void Sample(ICommands commands, ulong scores, ulong weights, ulong values, ulong cursor)
    {
        commands.Fill(_ones.Address, 0, _layers.Length);
        foreach ((int i, ParameterRow row) in _layers.Index())
        {
            ulong at = 4 * (ulong)row.Offset;
            commands.Run(new("supermask/sample", ElementwiseLaunches.Blocks((row.Extent + 3) / 4), 256,
                scores + at, weights + at, values + at, Launch.Argument(row.Extent), Launch.Argument(_firstKey + i), Ones(i), cursor));
        }
        Rescale(commands, values);
    }

    /// <summary>Sets the plan's values to the weights whose score is above 0.</summary>
    public void Threshold(ICommands commands, ulong scores, ulong weights, ulong values)
    {
        commands.Fill(_ones.Address, 0, _layers.Length);
        foreach ((int i, ParameterRow row) in _layers.Index())
        {
            ulong at = 4 * (ulong)row.Offset;
            commands.Run(new("supermask/threshold", ElementwiseLaunches.Blocks(row.Extent), 256,
                scores + at, weights + at, values + at, Launch.Argument(row.Extent), Ones(i)));
        }
        Rescale(commands, values);
    }

    /// <summary>The gradient of the values becomes that of the scores, which are moved.</summary>
    public void Move(ICommands commands, UpdateLaunches update, ulong gradient, ulong scores, ulong weights, ulong values)
    {
        if (_rescale && _layers.Length > 0)
            commands.Run(new("supermask/dot", _layers.Length, 1, 1, 256, 32 << 10, [gradient, values, _rows.Address, _sums.Address]));
        foreach ((int i, ParameterRow row) in _layers.Index())
        {
            ulong at = 4 * (ulong)row.Offset;
            commands.Run(new("supermask/score_gradient", ElementwiseLaunches.Blocks(row.Extent), 256,
                gradient + at, weights + at, scores + at, Launch.Argument(row.Extent), Launch.Argument(row.Parameter.Count), Ones(i),
                _rescale ? _sums.Address + 4 * (ulong)i : 0));
            commands.Run(update.Move(row.Offset, row.Extent));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _rows.Dispose();
        _ones.Dispose();
        _sums.Dispose();
    }

    private ulong Ones(int layer) => _ones.Address + 4 * (ulong)layer;

    private void Rescale(ICommands commands, ulong values)
    {
        if (!_rescale) return;
        foreach ((int i, ParameterRow row) in _layers.Index())
            commands.Run(new("supermask/rescale", ElementwiseLaunches.Blocks(row.Extent), 256,
                values + 4 * (ulong)row.Offset, Launch.Argument(row.Extent), Launch.Argument(row.Parameter.Count), Ones(i)));
    }

    /// <summary>The kernels' ScoredRow.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Scored(long Start, int Count, int Weights);
}
