using System.Collections.Immutable;
using Lottery.Networks;

namespace Lottery.Tickets;

/// <summary>The image grid of a linear layer's inputs. Neighbouring pixels tend to be kept together, which the mask codec exploits.</summary>
/// <param name="Channels">The number of channels.</param>
/// <param name="Height">Rows of each.</param>
/// <param name="Width">Columns of each.</param>
internal readonly record struct ImageGrid(int Channels, int Height, int Width)
{
    /// <summary>The grid of every parameter of a network; null for convolutions and for linear layers on other features.</summary>
    /// <remarks>
    /// A linear layer after a flatten (ReLU or dropout may come between) has the grid of the flattened images. One whose input
    /// is an example of s² or 3 s² features, s above 1, has a grid of 1 or 3 square channels.
    /// </remarks>
    public static ImmutableArray<ImageGrid?> Of(Network network)
    {
        var grids = ImmutableArray.CreateBuilder<ImageGrid?>();
        Add(network.Layers, network.Input, network.Input.IsFlat ? Square(network.Input.Channels) : null, grids);
        return grids.ToImmutable();
    }

    private static void Add(
        ImmutableArray<Layer> layers, Shape shape, ImageGrid? grid, ImmutableArray<ImageGrid?>.Builder grids)
    {
        foreach (Layer layer in layers)
        {
            if (layer is Residual block)
            {
                Add(block.Body, shape, grid: null, grids);
                Add(block.Shortcut, shape, grid: null, grids);
            }
            else
            {
                for (int i = 0; i < layer.Parameters.Length; i++)
                    grids.Add(i == 0 && layer is Linear ? grid : null);
            }
            grid = layer switch
            {
                Flatten => new(shape.Channels, shape.Height, shape.Width),
                Relu or Dropout => grid,
                _ => null,
            };
            shape = layer.Output(shape);
        }
    }

    private static ImageGrid? Square(int values)
    {
        foreach (int channels in (ReadOnlySpan<int>)[1, 3])
        {
            var side = (int)Math.Sqrt(values / channels);
            if (side > 1 && channels * side * side == values) return new(channels, side, side);
        }
        return null;
    }
}
