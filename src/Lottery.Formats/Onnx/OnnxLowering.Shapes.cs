using Lottery.Networks;

namespace Lottery.Formats.Onnx;

/// <content>Layers without weights: pooling, padding, and changes of shape.</content>
internal sealed partial class OnnxLowering
{
    private OnnxFlow Pool(OnnxNode node, OnnxFlow flow)
    {
        Shape image = ImageOf(node, flow);
        int size = Equal(node, node.Ints("kernel_shape"), 0, "a window");
        RequireNoDilation(node);
        bool isWhole = size == image.Height && size == image.Width;
        int stride = Equal(node, node.Ints("strides"), 1, "strides");
        if (Padding(node, image, size, stride) != 0 || !isWhole && stride != size)
            throw node.Wrong($"has windows of {size}×{size} every {stride} pixels{(Padding(node, image, size, stride) != 0 ? ", with padding" : "")}; windows here lie side by side, and layers with overlapping ones would be needed");
        if (node.Int("ceil_mode", 0) != 0 && (image.Height % size != 0 || image.Width % size != 0))
            throw node.Wrong($"rounds up the number of windows in {image}; windows here are whole");
        return new(Added(node, flow, () => node.Type == "MaxPool" ? _builder.MaxPool(size) : _builder.AveragePool(size)));
    }

    private OnnxFlow GlobalPool(ReadOnlySpan<OnnxStep> steps, ref int i, OnnxFlow flow)
    {
        OnnxNode node = steps[0].Node;
        Shape image = ImageOf(node, flow);
        // Features where features are wanted; an image of one pixel where a convolution follows.
        bool isFollowedByImage = steps.Length > 1 && steps[1].Node.Type is not ("Flatten" or "Reshape" or "Squeeze");
        if (isFollowedByImage)
            return image.Height == image.Width ? new(Added(node, flow, () => _builder.AveragePool(image.Height)))
                : throw node.Wrong($"takes the mean of images of {image}, of which {steps[1].Node} takes images again; windows here are square");
        if (steps.Length > 1) i++;
        return new(Added(node, flow, () => _builder.GlobalAveragePool()));
    }

    private OnnxFlow Mean(ReadOnlySpan<OnnxStep> steps, ref int i, OnnxFlow flow)
    {
        OnnxNode node = steps[0].Node;
        if (flow.Shape.IsFlat) throw node.Wrong("takes the mean of features; means here are of images");
        long[] axes = [.. (node.Ints("axes") ?? (node.Input(1).Length > 0 ? _shapes.Of(node, node.Input(1)) : [])).Select(axis => axis < 0 ? axis + 4 : axis).Order()];
        if (!axes.SequenceEqual(flow.IsLast ? [1, 2] : [2, 3])) throw node.Wrong("takes a mean over other axes than rows and columns");
        flow = new(flow.Shape);
        if (node.Int("keepdims", 1) != 0) return GlobalPool(steps, ref i, flow);
        return new(Added(node, flow, () => _builder.GlobalAveragePool()));
    }

    /// <summary>Zeros around the images of a convolution, or the shortcut without weights: every so many rows and columns, and channels of zeros.</summary>
    private OnnxFlow Padded(ReadOnlySpan<OnnxStep> steps, ref int i, OnnxFlow flow)
    {
        OnnxNode first = steps[0].Node;
        Shape image = ImageOf(first, flow);
        (long rows, long columns, int at) = (1, 1, 0);
        for (; at < steps.Length && steps[at].Node.Type == "Slice"; at++) Subsample(steps[at].Node, image, ref rows, ref columns);
        if (rows != columns || rows > 1 << 16) throw first.Wrong($"takes every {rows}th row and every {columns}th column; strides here are equal");
        int channels = image.Channels, zeros = 0;
        if (at < steps.Length && steps[at].Node.Type == "Pad")
        {
            OnnxNode pad = steps[at++].Node;
            long[] pads = Pads(pad);
            bool isEven = pads[4] - pads[0] is 0 && pads[2..4].Concat(pads[6..]).Distinct().Count() == 1 && pads[2] is >= 0 and <= 1 << 16;
            if (pads[0] != 0 || !isEven || pads[1] < 0 || pads[5] != pads[1] && pads[5] != pads[1] + 1 || pads[5] > 1 << 20)
                throw pad.Wrong($"pads by {string.Join(", ", pads)}; padding here is the same on each side");
            channels = checked(channels + (int)(pads[1] + pads[5]));
            zeros = (int)pads[2];
        }
        i += at - 1;
        if (zeros > 0)
        {
            if (rows > 1 || channels > image.Channels || at >= steps.Length || steps[at].Node.Type != "Conv")
                throw first.Wrong("surrounds images with zeros before a layer that is no convolution; padding here is a convolution's");
            i++;
            return Convolution(steps[at..], ref i, flow, zeros);
        }
        return rows == 1 && channels == image.Channels ? flow : new(Added(first, flow, () => _builder.ZeroPad(channels, (int)rows)));
    }

    private void Subsample(OnnxNode node, Shape image, ref long rows, ref long columns)
    {
        long[] Vector(string name, int input, long[]? fallback) =>
            node.Ints(name) ?? (node.Input(input).Length > 0 ? _shapes.Of(node, node.Input(input)) : fallback ?? throw node.Wrong($"has no {name}"));
        long[] starts = Vector("starts", 1, null), ends = Vector("ends", 2, null);
        long[] axes = Vector("axes", 3, [.. Enumerable.Range(0, starts.Length)]), steps = Vector("steps", 4, [.. starts.Select(_ => 1L)]);
        if (ends.Length != starts.Length || axes.Length != starts.Length || steps.Length != starts.Length) throw node.Wrong("has starts, ends and steps of different lengths");
        for (int a = 0; a < axes.Length; a++)
        {
            long axis = axes[a] < 0 ? axes[a] + 4 : axes[a], size = axis switch
            {
                // What slices before it have left.
                1 => image.Channels, 2 => (image.Height + rows - 1) / rows, 3 => (image.Width + columns - 1) / columns, _ => 1,
            };
            bool isWhole = starts[a] == 0 && ends[a] >= size && steps[a] is > 0 and <= 1 << 16;
            if (!isWhole || axis is < 1 or > 3 || axis == 1 && steps[a] != 1) throw node.Wrong("cuts a part out of images; only every so many rows and columns can be taken");
            if (axis == 2) rows = checked(rows * steps[a]);
            if (axis == 3) columns = checked(columns * steps[a]);
        }
    }

    /// <summary>Eight numbers: before and after each of [N, channels, rows, columns].</summary>
    private long[] Pads(OnnxNode node)
    {
        if (node.Text("mode", "constant") != "constant") throw node.Wrong("pads with other values than zeros");
        if (_constants.Contains(node.Input(2)) ? _constants[node.Input(2)].Floats().Any(value => value != 0) : node.Float("value", 0) != 0) throw node.Wrong("pads with other values than zeros");
        long[] pads = node.Ints("pads") ?? node.Ints("paddings") ?? _shapes.Of(node, node.Input(1));
        if (node.Input(3).Length == 0) return pads.Length == 8 ? pads : throw node.Wrong($"has {pads.Length} numbers of padding, and images have 8");
        long[] axes = _shapes.Of(node, node.Input(3)), all = new long[8];
        if (pads.Length != 2 * axes.Length) throw node.Wrong("has padding for other axes than it names");
        for (int a = 0; a < axes.Length; a++)
        {
            long axis = axes[a] < 0 ? axes[a] + 4 : axes[a];
            if (axis is < 0 or > 3) throw node.Wrong("pads an axis that images do not have");
            (all[axis], all[axis + 4]) = (pads[a], pads[a + axes.Length]);
        }
        return all;
    }

    private OnnxFlow Reshaped(OnnxNode node, OnnxFlow flow, bool isTop)
    {
        long[] dims = TargetOf(node, flow);
        if (dims.SequenceEqual(flow.Dims)) return flow;
        if (dims is [_]) return Flattened(node, flow, isTop);
        bool isFirst = isTop && _builder.Layers.IsEmpty;
        if (dims is [var channels, var height, var width] && isFirst && dims.All(size => size is > 0 and <= 1 << 20))
        {
            // [N, rows, columns] or [N, values] made an image; with one channel it does not matter where the channel stands.
            if (channels != 1 && width == 1) (channels, height, width) = (1, channels, height);
            if (channels != 1 && !flow.Shape.IsFlat && flow.Shape.Channels != channels) throw node.Wrong("puts the values of images into other places");
            return Restart(new((int)channels, (int)height, (int)width));
        }
        if (dims is [1, 1, var units] && flow.Shape.IsFlat && units == flow.Shape.Channels) return flow;
        // One channel first is one channel last.
        if (dims is [1, _, _] or [_, _, 1] && flow.Shape.Channels == 1 && !flow.Shape.IsFlat) return flow with { IsLast = dims[0] != 1, Dims = dims };
        throw node.Wrong($"makes [{string.Join(", ", dims)}] of [{string.Join(", ", flow.Dims)}]; images here are only flattened");
    }

    /// <summary>The lengths after a change of shape, without the batch.</summary>
    private long[] TargetOf(OnnxNode node, OnnxFlow flow)
    {
        long[] dims = flow.Dims;
        long count = dims.Aggregate(1L, (product, size) => product * size);
        switch (node.Type)
        {
            case "Flatten":
                return node.Int("axis", 1) is 1 || node.Int("axis", 1) == -dims.Length ? [count] : throw node.Wrong("flattens examples into one another; the axis is 1 here");
            case "Squeeze":
                long[]? gone = node.Ints("axes") ?? (node.Input(1).Length > 0 ? _shapes.Of(node, node.Input(1)) : null);
                long[] places = [.. gone?.Select(axis => axis < 0 ? axis + dims.Length + 1 : axis) ?? Enumerable.Range(1, dims.Length).Where(d => dims[d - 1] == 1).Select(d => (long)d)];
                if (places.Any(d => d < 1 || d > dims.Length || dims[d - 1] != 1)) throw node.Wrong("removes a dimension that is not 1");
                return [.. dims.Where((_, d) => !places.Contains(d + 1))];
            case "Unsqueeze":
                long[] added = node.Ints("axes") ?? _shapes.Of(node, node.Input(1));
                if (added.Length > 2 || dims.Length + added.Length > 3) throw node.Wrong("adds dimensions that images do not have");
                var list = dims.ToList();
                foreach (long axis in added.Select(axis => axis < 0 ? axis + dims.Length + 1 + added.Length : axis).Order())
                    list.Insert(axis >= 1 && axis - 1 <= list.Count ? (int)axis - 1 : throw node.Wrong("adds a dimension before the examples"), 1);
                return [.. list];
            default:
                return Filled(node, _shapes.Of(node, node.Input(1)), dims, count);
        }
    }

    private static long[] Filled(OnnxNode node, long[] target, long[] dims, long count)
    {
        if (target.Length is < 2 or > 4) throw node.Wrong($"makes a shape of {target.Length} dimensions");
        // The first dimension is the examples: their number, what is inferred, or 1 where the model was exported for one.
        long[] sizes = [.. target.Skip(1).Select((size, d) => size == 0 && d < dims.Length ? dims[d] : size)];
        if (sizes.Count(size => size == -1) > 1 || sizes.Any(size => size < -1 || size == 0 || size > 1 << 26)) throw node.Wrong("makes a shape that cannot be inferred");
        long known = 1;
        foreach (long size in sizes.Where(size => size > 0)) known = checked(known * size);
        if (sizes.Contains(-1) && count % known == 0) sizes = [.. sizes.Select(size => size == -1 ? count / known : size)];
        return sizes.Aggregate(1L, (product, size) => product * Math.Abs(size)) == count && !sizes.Contains(-1) ? sizes
            : throw node.Wrong($"makes [{string.Join(", ", sizes)}] of {count} values, which are not as many");
    }

    private OnnxFlow Flattened(OnnxNode node, OnnxFlow flow, bool isTop)
    {
        Shape image = flow.Shape;
        if (image.IsFlat) return flow;
        if (isTop && _builder.Layers.IsEmpty)
        {
            _notes.Add($"The input of {image} is flattened first: the network takes {image.Count} values.");
            return Restart(Shape.Flat(image.Count));
        }
        return new(Added(node, new(image), () => _builder.Flatten())) { Flattened = flow.IsLast && image.Channels > 1 ? image : null };
    }

    private OnnxFlow Moved(OnnxNode node, OnnxFlow flow, bool isTop)
    {
        long[]? order = node.Ints("perm");
        if (flow.Shape.IsFlat || order is not { Length: 4 }) throw node.Wrong("transposes what is no image");
        if (order.SequenceEqual([0, 2, 3, 1]) && !flow.IsLast)
            return flow with { IsLast = true, Dims = [flow.Shape.Height, flow.Shape.Width, flow.Shape.Channels] };
        if (!order.SequenceEqual([0, 3, 1, 2])) throw node.Wrong($"transposes images by {string.Join(", ", order)}; only channels first and channels last are known");
        if (flow.IsLast) return new(flow.Shape);
        if (!isTop || !_builder.Layers.IsEmpty) throw node.Wrong("exchanges rows and channels");
        var image = new Shape(flow.Shape.Width, flow.Shape.Channels, flow.Shape.Height);
        _notes.Add($"The model takes images with channels last; the network takes {image}, channels first.");
        return Restart(image);
    }

    /// <summary>Begins with another input: nothing has been added yet.</summary>
    private OnnxFlow Restart(Shape input)
    {
        (_input, _builder) = (input, new(input));
        return new(input);
    }
}
