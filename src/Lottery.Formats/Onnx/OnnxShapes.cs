namespace Lottery.Formats.Onnx;

/// <summary>
/// Integers that a model computes from shapes and constants, as in <c>x.view(x.size(0), -1)</c> or in padding: evaluated where
/// the shapes are known. The number of examples is unknown, and stands as <see cref="Batch"/>.
/// </summary>
internal sealed class OnnxShapes(OnnxConstants constants, OnnxSteps steps)
{
    /// <summary>Stands for the number of examples.</summary>
    public const long Batch = long.MinValue;

    private const int Deepest = 32, Longest = 64, MostEvaluated = 10_000;
    private readonly Dictionary<string, long[]> _dims = [];
    private int _evaluated;

    /// <summary>States the lengths of a value, without the batch.</summary>
    public void Set(string value, long[] dims) => _dims[value] = dims;

    /// <summary>The integers of a constant or of a vector computed from shapes.</summary>
    /// <exception cref="InvalidDataException">They cannot be computed.</exception>
    public long[] Of(OnnxNode user, string name) => Of(user, name, 0).Values;

    private Matrix Of(OnnxNode user, string name, int depth)
    {
        if (constants.Contains(name)) return new(constants.Integers(name), 1);
        if (depth > Deepest || ++_evaluated > MostEvaluated || steps.SideOf(name) is not { } node) throw user.Wrong($"takes '{OnnxNode.Short(name)}', which is no constant");
        Matrix Value(int input) => Of(user, node.Input(input), depth + 1);
        Matrix matrix = node.Type switch
        {
            "Shape" => new(ShapeOf(node, node.Input(0)), 1),
            "Gather" => new([.. Value(1).Values.Select(index => At(node, Value(0).Values, index))], 1),
            "Cast" or "Unsqueeze" or "Squeeze" or "Identity" => Value(0),
            "Concat" => new([.. Enumerable.Range(0, Math.Min(node.Inputs.Count, Longest)).SelectMany(input => Value(input).Values)], 1),
            "Slice" => Sliced(node, Value(0), node.Ints("starts") ?? Value(1).Values, node.Ints("ends") ?? Value(2).Values, node.Input(4).Length > 0 ? Value(4).Values : [1]),
            "Mul" => Combined(node, Value(0).Values, Value(1).Values, (a, b) => checked(a * b)),
            "Sub" => Combined(node, Value(0).Values, Value(1).Values, (a, b) => checked(a - b)),
            "Add" => Combined(node, Value(0).Values, Value(1).Values, (a, b) => checked(a + b)),
            "ConstantOfShape" => Filled(node, Value(0).Values),
            "Reshape" => Value(0) with { Columns = Value(1).Values switch { [_] => 1, [_, > 0 and <= Longest and var columns] => (int)columns, _ => throw Unread(node) } },
            "Transpose" => Value(0).Transposed(),
            _ => throw Unread(node),
        };
        if (matrix.Values.Length % matrix.Columns != 0) throw node.Wrong("makes a shape that does not fit");
        return matrix.Values.Length <= Longest ? matrix : throw node.Wrong("gives a shape that is too long");
    }

    private long[] ShapeOf(OnnxNode node, string name) => constants.Contains(name) ? [.. constants[name].Shape.Select(size => (long)size)]
        : _dims.TryGetValue(name, out long[]? dims) ? [Batch, .. dims] : throw node.Wrong("takes a shape that is not known here");

    private static InvalidDataException Unread(OnnxNode node) => node.Wrong("computes a shape in a way that is not read here; export the model with constant shapes");

    private static long At(OnnxNode node, long[] values, long index)
    {
        if (index < 0) index += values.Length;
        return index >= 0 && index < values.Length ? values[index] : throw node.Wrong("takes a length that its shape does not have");
    }

    private Matrix Filled(OnnxNode node, long[] lengths) => lengths is [>= 0 and <= Longest and var count]
        ? new([.. Enumerable.Repeat(node["value"]?.T is { Int64Data: [var listed] } ? listed : node["value"]?.T is { RawData.Length: 8 } raw ? BitConverter.ToInt64(raw.RawData.Span) : 0, (int)count)], 1)
        : throw Unread(node);

    private static Matrix Combined(OnnxNode node, long[] a, long[] b, Func<long, long, long> combine) =>
        a.Contains(Batch) || b.Contains(Batch) ? throw node.Wrong("computes with the number of examples")
        : new([.. a.Zip(b, combine)], 1);

    private static Matrix Sliced(OnnxNode node, Matrix matrix, long[] starts, long[] ends, long[] strides)
    {
        if (starts.Length != 1 || ends.Length != 1 || strides is not [1 or -1]) throw node.Wrong("cuts a shape in more than one direction");
        long[][] rows = [.. matrix.Values.Chunk(matrix.Columns)];
        if (strides[0] < 0)
        {
            // All rows, last to first: starts at -1 and ends before the first.
            if (starts[0] != -1 && starts[0] < rows.Length - 1 || ends[0] >= -rows.Length) throw Unread(node);
            return matrix with { Values = [.. rows.Reverse().SelectMany(row => row)] };
        }
        long start = Clamp(starts[0]), end = Clamp(ends[0]);
        return matrix with { Values = start < end ? [.. rows[(int)start..(int)end].SelectMany(row => row)] : [] };

        long Clamp(long index) => Math.Clamp(index < 0 ? Math.Max(index, -rows.Length) + rows.Length : index, 0, rows.Length);
    }

    /// <summary>Integers in rows of as many columns; a vector has one.</summary>
    private sealed record Matrix(long[] Values, int Columns)
    {
        public Matrix Transposed()
        {
            int rows = Values.Length / Columns;
            return new([.. Enumerable.Range(0, Values.Length).Select(i => Values[i % rows * Columns + i / rows])], Math.Max(1, rows));
        }
    }
}
