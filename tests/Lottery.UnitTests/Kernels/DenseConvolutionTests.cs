using Lottery.Kernels;
using Lottery.Kernels.Convolution;

namespace Lottery.UnitTests.Kernels;

/// <summary>Dense convolutions beyond their bits: what they multiply, that gradients are gradients, how exact the transforms are.</summary>
public sealed class DenseConvolutionTests
{
    private static readonly ConvolutionShape s_points = new(10, 20, 3, 1, 1, 6, 6, 1, 1);
    private static readonly ConvolutionShape s_patches = new(3, 20, 3, 2, 1, 7, 9, 1, 0);

    /// <summary>Versions that count; the plain loops do not.</summary>
    public static TheoryData<string> Versions { get; } = [.. KernelRegistry.Available.Where(version => version != "reference")];

    [Theory]
    [MemberData(nameof(Versions))]
    public void Sixteen_products_do_the_work_of_thirty_six(string version)
    {
        long tiles = s_points.OutputPixels / 4, each = 16L * 10 * 20 * tiles * 16, plain = 9L * 10 * 20 * 4 * tiles * 16;
        Assert.Equal((each, each, each / 20 * 32), Counts(version, s_points));
        Assert.Equal(16 * plain, 36 * each);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void By_patches_a_weight_is_multiplied_once_a_pixel_and_lane(string version)
    {
        long each = 9L * 3 * 20 * s_patches.OutputPixels * 16;
        Assert.Equal((each, each, each / 20 * 32), Counts(version, s_patches));
    }

    [Fact]
    public void The_gradients_are_those_of_the_plain_convolution_by_transforms() => HasGradients(s_points);

    [Fact]
    public void The_gradients_are_those_of_the_plain_convolution_by_patches() => HasGradients(s_patches);

    [Fact]
    public void The_transforms_round_little_more_than_plain_sums()
    {
        ConvolutionShape byPoints = new(64, 16, 3, 1, 1, 8, 8, 1, 1), byPatches = byPoints with { OutputBorder = 0 };
        Assert.True(DenseConvolution.UsesWinograd(byPoints) && !DenseConvolution.UsesWinograd(byPatches));
        double points = RootMeanSquareError(byPoints), patches = RootMeanSquareError(byPatches);
        Assert.InRange(points / patches, 0.3, 3);
    }

    private static (long Forward, long InputGradient, long WeightGradient) Counts(string version, ConvolutionShape shape)
    {
        var layer = new Layer(shape, CountingKernels.Get(version), seed: 5);
        return (CountingKernels.Count(() => layer.Forward()), CountingKernels.Count(() => layer.InputGradient()),
            CountingKernels.Count(() => layer.WeightGradient()));
    }

    /// <summary>The loss is Σ y × dy; a difference of it is exact but for the rounding of its two sides.</summary>
    private static void HasGradients(ConvolutionShape shape)
    {
        const double step = 1e-3;
        var layer = new Layer(shape, KernelRegistry.Get(null), seed: 7);
        (float[] weightGradient, float[] inputGradient) = (layer.WeightGradient(), layer.InputGradient());
        (int X, int Y, int W)[] products = [.. ConvolutionData.Products(shape)];
        foreach ((int x, _, int w) in products.Where((_, i) => i % (products.Length / 8) == 0))
        {
            Assert.Equal((layer.Loss(w, step) - layer.Loss(w, -step)) / (2 * step), weightGradient[w], 1e-3);
            Assert.Equal((layer.Loss(x, step, ofInput: true) - layer.Loss(x, -step, ofInput: true)) / (2 * step), inputGradient[x], 1e-3);
        }
    }

    private static double RootMeanSquareError(ConvolutionShape shape)
    {
        var layer = new Layer(shape, KernelRegistry.Get(null), seed: 3);
        float[] y = layer.Forward();
        var exact = new double[y.Length];
        foreach ((int from, int to, int weight) in ConvolutionData.Products(shape))
            for (int lane = 0; lane < 16; lane++) exact[to + lane] += (double)layer.X[from + lane] * layer.Weights[weight];
        return Math.Sqrt(y.Select((value, i) => (value - exact[i]) * (value - exact[i])).Sum());
    }

    /// <summary>One layer with uniform values, one tile.</summary>
    private sealed class Layer
    {
        private readonly ConvolutionShape _shape;
        private readonly KernelSet _kernels;
        private readonly float[] _work;

        public Layer(ConvolutionShape shape, KernelSet kernels, int seed)
        {
            (_shape, _kernels) = (shape, kernels);
            var random = new Random(seed);
            (X, Weights, Dy) = (new float[shape.InputLength], new float[shape.DenseWeights], new float[shape.OutputLength]);
            foreach ((int x, int y, int w) in ConvolutionData.Products(shape))
            {
                Weights[w] = Uniform(random);
                for (int lane = 0; lane < 16; lane++) (X[x + lane], Dy[y + lane]) = (Uniform(random), Uniform(random));
            }
            _work = new float[Math.Max(DenseConvolution.WorkspaceLength(shape), DenseConvolution.GradientWorkspaceLength(shape, shape.PaddedOutputs))];
        }

        public float[] X { get; }

        public float[] Weights { get; }

        public float[] Dy { get; }

        public float[] Forward()
        {
            var y = new float[_shape.OutputLength];
            _kernels.Run(new ConvolutionForward { Shape = _shape, Packed = Packed(false), Bias = [], X = X, Y = y, Workspace = _work, Relu = false });
            return y;
        }

        public float[] InputGradient()
        {
            var dx = new float[_shape.InputLength];
            _kernels.Run(new ConvolutionInputGradient { Shape = _shape, Packed = Packed(true), Dy = Dy, ReluMask = [], Dx = dx, Workspace = _work });
            return dx;
        }

        public float[] WeightGradient()
        {
            var gradient = new float[_shape.DenseWeights];
            _kernels.Run(new ConvolutionWeightGradient
            {
                Shape = _shape, X = X, Dy = Dy, LaneGroups = 1, Outputs = .., Gradient = gradient, Workspace = _work,
            });
            return gradient;
        }

        /// <summary>Σ y × dy with one value moved, in double precision.</summary>
        public double Loss(int index, double by, bool ofInput = false)
        {
            double loss = 0;
            foreach ((int x, int y, int w) in ConvolutionData.Products(_shape))
                for (int lane = 0; lane < 16; lane++)
                    loss += (X[x + lane] + (ofInput && x + lane == index ? by : 0)) * (Weights[w] + (!ofInput && w == index ? by : 0)) * Dy[y + lane];
            return loss;
        }

        private float[] Packed(bool transposed)
        {
            var packed = new float[DenseConvolution.PackedLength(_shape, transposed)];
            _kernels.Run(new ConvolutionPacking { Shape = _shape, Weights = Weights, Packed = packed, Transposed = transposed });
            return packed;
        }

        private static float Uniform(Random random) => (float)(2 * random.NextDouble() - 1);
    }
}
