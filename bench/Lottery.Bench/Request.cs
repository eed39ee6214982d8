using System.Collections.Immutable;

namespace Lottery.Bench;

/// <summary>What to measure.</summary>
/// <param name="Parts">Names from <see cref="Known"/>.</param>
/// <param name="Quick">Fewer rounds, shorter searches.</param>
internal sealed record Request(ImmutableArray<string> Parts, bool Quick)
{
    public const string Help = """
        ./dev bench [--quick] [PART…]   measure Lottery, beside plain PyTorch where it is installed; one thread each

        Parts:
          steps         a training step against PyTorch's; share of the multiply-add peak; allocation
          replicates    two replicates at once against one
          kernels       each kernel at each vector width: ns per kept weight and example
          convolutions  the products of dense convolutions at each vector width: GFLOP/s
          prediction    scores of LeNet-300-100, Conv-4 and ResNet-20 tickets against ONNX Runtime on the dense networks; making a predictor
          tickets       sizes of tickets beside xz and zstd, on masks of a search; speed of packing and unpacking Conv-6
          search        a whole iterated search against PyTorch's (some minutes, most of them PyTorch's)
          images      steps of Conv-2/4/6 and ResNet-20 against PyTorch's, on one thread and on two; memory (some minutes)
          studies       planning a study of 5,000 runs; what scheduling, store and metrics add to a run (prints alone)

        Without a part all but the last are measured, and bench/results/PROCESSOR.md and .json are written. With --quick, fewer
        rounds of the first six are measured in about a minute, and nothing is written. MNIST must be here:
        ./lottery data get mnist.

        ./dev bench supermasks          steps that learn a supermask, against PyTorch's; what sampling takes of them
        ./dev bench memory              the most memory of steps of dense Conv-6, ours and PyTorch's (also among the images)
        ./dev bench estimates [NETWORK…]  what `study plan` expects runs to take of memory, and what a process takes (MNIST, CIFAR-10)
        ./dev bench times [NETWORK…]    what `study plan` expects steps and evaluations to take, and what they take, at ten densities
        ./dev bench sample              samples/Classify as a native program: size, start to answer, a prediction
        ./dev bench compact FILE…       tickets as ONNX models, whole and compact: size, and ONNX Runtime's time at batch 1 and 256
        ./dev bench densities [NETWORK…]  a step of LeNet-300-100, Conv-2 and Conv-6 at many densities, and what the machine bounds it with;
                                        writes bench/results/densities.svg
        ./dev bench predictors          from the bytes of a ticket to a first prediction (also part of prediction)
        ./dev bench dashboard           the live dashboard of 10,000 runs: time to its pages, memory
        ./dev bench report              the report of 505 runs in one file: time and size

        Example:
          ./dev bench --quick steps
        """;

    public static ImmutableArray<string> Known { get; } = ["steps", "replicates", "kernels", "convolutions", "prediction", "tickets", "search", "images"];

    /// <summary>What is printed and not kept beside the others.</summary>
    public const string Studies = "studies";

    /// <summary>True for a measurement that is worth keeping.</summary>
    public bool IsComplete => !Quick && Known.All(Measures);

    public bool Measures(string part) => Parts.Contains(part);

    /// <exception cref="UserException">An argument is neither a part nor an option.</exception>
    public static Request Of(string[] arguments)
    {
        bool quick = arguments.Contains("--quick");
        ImmutableArray<string> parts = [.. arguments.Where(argument => argument != "--quick").Distinct()];
        if (parts.FirstOrDefault(part => part != Studies && !Known.Contains(part)) is { } unknown)
            throw new UserException($"There is no part or option '{unknown}'{Suggestion.Ending(unknown, [.. Known, Studies, "--quick", "--help"])}");
        return new(parts.Length > 0 ? parts : quick ? Known.Remove("search").Remove("images") : Known, quick);
    }
}
