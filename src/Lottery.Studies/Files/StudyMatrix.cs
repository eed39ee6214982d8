using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using Lottery.Formats.Yaml;
using Lottery.Studies.Settings;

namespace Lottery.Studies.Files;

/// <summary>The axes of a study and the cells that are their product.</summary>
/// <param name="Axes">What varies, in the order of the file.</param>
/// <param name="Fixed">What does not.</param>
/// <param name="Cells">The product, without what is excluded.</param>
/// <param name="Reference">One of the cells.</param>
internal sealed record StudyMatrix(
    ImmutableArray<Axis> Axes, YamlMap Fixed, ImmutableArray<StudyCell> Cells, StudyCell Reference)
{
    /// <summary>The most cells that a matrix may have unless more are asked for.</summary>
    public const int MostCells = 10_000;

    /// <summary>The matrix of a study.</summary>
    /// <param name="given">What file and overrides state.</param>
    /// <param name="defaults">What they leave open.</param>
    /// <param name="large">Whether any number of cells is meant.</param>
    public static StudyMatrix Of(YamlMap given, CellDefaults defaults, bool large)
    {
        YamlMap matrix = (YamlMap?)given["matrix"] ?? new([], given.Location);
        Axis[] axes = [.. matrix.Entries.Select(entry => StudyAxes.All.First(axis => axis.Name == entry.Key.Value))];
        ImmutableArray<YamlNode>[] values = [.. matrix.Entries.Select(entry => ((YamlList)entry.Value).Items)];
        RequireSize(matrix, values, large);
        RequireOneSource(given, matrix, axes);
        YamlMap settings = given.Without("matrix", "exclude", "reference");
        YamlMap[] excluded = [.. ((YamlList?)given["exclude"])?.Items.Cast<YamlMap>() ?? []];
        foreach (YamlMap cell in excluded) RequirePart(cell, "exclude", axes, values);
        ImmutableArray<YamlNode>[] chosen = [.. Product(values).Where(value => !excluded.Any(cell => Has(value, cell, axes)))];
        if (chosen.Length == 0)
            throw new UserException($"{given["exclude"]!.Location}: exclude leaves none of {Product(values).Count()} cells; exclude fewer.");
        var cells = chosen.Select((value, index) => StudyCell.Of(index, settings, axes, value, defaults)).ToImmutableArray();
        YamlMap common = cells.Skip(1).Aggregate(cells[0].Settings, (all, cell) => StudyTree.Common(all, cell.Settings));
        YamlMap rest = axes.Aggregate(common, (tree, axis) => Remove(tree, axis.Path.AsSpan()));
        if (given["matrix"] is not null) rest = rest.With("matrix", matrix);
        return new([.. axes], rest, cells, ReferenceOf(given, axes, values, cells));
    }

    private static void RequireSize(YamlMap matrix, ImmutableArray<YamlNode>[] values, bool large)
    {
        BigInteger count = values.Aggregate(BigInteger.One, (product, axis) => product * axis.Length);
        if (count > MostCells && !large)
            throw new UserException(string.Create(CultureInfo.InvariantCulture,
                $"{matrix.Location}: the matrix has {count:N0} cells, more than {MostCells:N0}; make it smaller, or confirm with --large."));
    }

    /// <summary>A setting that varies must not be stated elsewhere.</summary>
    private static void RequireOneSource(YamlMap given, YamlMap matrix, Axis[] axes)
    {
        foreach ((Axis axis, YamlEntry entry) in axes.Zip(matrix.Entries))
        {
            if (given.At(axis.Path.AsSpan()) is { } twice)
                throw new UserException($"{twice.Location}: {string.Join('.', axis.Path)} is stated here, "
                    + "but it is also an axis of the matrix; keep one.");
            if (axes.FirstOrDefault(other => other != axis && other.Path.AsSpan().StartsWith(axis.Path.AsSpan())) is { } overlap)
                throw new UserException($"{entry.Key.Location}: the axes {axis.Name} and {overlap.Name} vary the same setting; keep one.");
        }
    }

    /// <summary>Checks that an exclusion or the reference names axes and values of the matrix.</summary>
    private static void RequirePart(YamlMap cell, string what, Axis[] axes, ImmutableArray<YamlNode>[] values)
    {
        foreach ((YamlScalar key, YamlNode value) in cell.Entries)
        {
            int axis = Array.FindIndex(axes, axis => axis.Name == key.Value);
            if (axis < 0)
                throw new UserException($"{key.Location}: {what} names {key.Value}, which is not an axis of the matrix; "
                    + "add the axis, or leave this out.");
            if (!values[axis].Any(other => other.Text == value.Text))
                throw new UserException($"{value.Location}: {what} names {key.Value} {value.Text}, which is not a value of that axis; "
                    + $"use one of {string.Join(", ", values[axis].Select(one => one.Text))}.");
        }
    }

    private static StudyCell ReferenceOf(
        YamlMap given, Axis[] axes, ImmutableArray<YamlNode>[] values, ImmutableArray<StudyCell> cells)
    {
        if (given["reference"] is not YamlMap reference) return cells[0];
        RequirePart(reference, "reference", axes, values);
        return cells.FirstOrDefault(cell => Has(cell.Values, reference, axes))
            ?? throw new UserException($"{reference.Location}: reference names a cell that exclude leaves out; name another.");
    }

    private static bool Has(ImmutableArray<YamlNode> values, YamlMap part, Axis[] axes) => part.Entries.All(entry =>
        values[Array.FindIndex(axes, axis => axis.Name == entry.Key.Value)].Text == entry.Value.Text);

    private static IEnumerable<ImmutableArray<YamlNode>> Product(ReadOnlySpan<ImmutableArray<YamlNode>> axes)
    {
        IEnumerable<ImmutableArray<YamlNode>> product = [[]];
        foreach (ImmutableArray<YamlNode> axis in axes)
            product = product.SelectMany(_ => axis, (cell, value) => cell.Add(value));
        return product;
    }

    private static YamlMap Remove(YamlMap tree, ReadOnlySpan<string> path)
    {
        if (path.Length == 1 || tree[path[0]] is not YamlMap inner) return tree.Without(path[0]);
        YamlMap rest = Remove(inner, path[1..]);
        return rest.Entries.IsEmpty ? tree.Without(path[0]) : tree.With(path[0], rest);
    }
}
