namespace Lottery.Kernels;

/// <summary>The same weights by input: for each input its rows, ascending, and where their weights lie.</summary>
internal unsafe struct KeptColumns
{
    /// <summary>The number of inputs.</summary>
    public int Inputs;

    /// <summary><c>[inputs]</c>: inputs by falling number of weights, so that loop lengths are predictable.</summary>
    public int* Order;

    /// <summary><c>[inputs + 1]</c>: the first entry of each place in <see cref="Order"/>.</summary>
    public int* Starts;

    /// <summary><c>[kept]</c>: the row of each entry.</summary>
    public int* Rows;

    /// <summary><c>[kept]</c>: the place of each entry's weight in the layout.</summary>
    public int* Places;
}
