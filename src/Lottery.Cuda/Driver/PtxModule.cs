using System.Collections.Immutable;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;

namespace Lottery.Cuda.Driver;

/// <summary>The kernels of one family, as they are embedded.</summary>
/// <param name="Family">The family, as in "update".</param>
/// <param name="Text">PTX: what the driver compiles for its card.</param>
internal sealed partial record PtxModule(string Family, string Text)
{
    private readonly Lazy<ImmutableDictionary<string, PtxKernel>> _kernels = new(() => Parse(Text));

    /// <summary>The families that are embedded, ascending.</summary>
    public static ImmutableArray<string> Families { get; } =
    [
        .. Own.GetManifestResourceNames().Where(name => name.EndsWith(Extension, StringComparison.Ordinal))
            .Select(name => name[..^Extension.Length]).Order(StringComparer.Ordinal),
    ];

    /// <summary>The kernels by name.</summary>
    public ImmutableDictionary<string, PtxKernel> Kernels => _kernels.Value;

    /// <summary>The text as the driver wants it: with a zero at its end.</summary>
    public byte[] Image => [.. Encoding.ASCII.GetBytes(Text), 0];

    private const string Extension = ".ptx";

    private static Assembly Own => typeof(PtxModule).Assembly;

    /// <summary>The module of a family.</summary>
    /// <exception cref="DeviceException">It is not embedded.</exception>
    public static PtxModule Get(string family)
    {
        using Stream stream = Own.GetManifestResourceStream(family + Extension)
            ?? throw new DeviceException(DeviceFault.Wrong, $"There are no compiled kernels '{family}' in this program; './dev ptx' compiles them.");
        using var reader = new StreamReader(stream);
        return new(family, reader.ReadToEnd());
    }

    /// <summary>Refuses a launch that the kernel was not made for.</summary>
    /// <exception cref="DeviceException">There is no such kernel, or it takes other arguments or fewer threads.</exception>
    public void Check(in Launch launch)
    {
        if (!Kernels.TryGetValue(launch.Name, out PtxKernel kernel)) throw new DeviceException(DeviceFault.Wrong, $"There is no kernel '{launch.Kernel}'.");
        kernel.Check(launch);
    }

    private static ImmutableDictionary<string, PtxKernel> Parse(string text) => Entry().Matches(text).ToImmutableDictionary(
        match => match.Groups["name"].Value,
        match => new PtxKernel(
            Parameter().Count(match.Groups["parameters"].Value), int.TryParse(match.Groups["threads"].Value, out int threads) ? threads : 1024));

    [GeneratedRegex(@"\.entry\s+(?<name>\w+)\s*\((?<parameters>[^)]*)\)\s*(\.maxntid\s+(?<threads>\d+))?")]
    private static partial Regex Entry();

    [GeneratedRegex(@"\.param\b")]
    private static partial Regex Parameter();
}

/// <summary>What a kernel takes.</summary>
/// <param name="Parameters">The number of its parameters.</param>
/// <param name="Threads">The most threads of a block.</param>
internal readonly record struct PtxKernel(int Parameters, int Threads)
{
    /// <summary>Refuses a launch that the kernel was not made for.</summary>
    public void Check(in Launch launch)
    {
        if (launch.Arguments.Length != Parameters)
            throw new DeviceException(DeviceFault.Wrong, $"The kernel '{launch.Kernel}' takes {Parameters} arguments, and was given {launch.Arguments.Length}.");
        if (launch.Threads > Threads || launch.Threads < 32 || launch.Threads % 32 != 0)
            throw new DeviceException(DeviceFault.Wrong, $"The kernel '{launch.Kernel}' runs at most {Threads} threads a block, in 32s, and was to run {launch.Threads}.");
        if (launch.GridX < 1 || launch.GridY is < 1 or > 65535 || launch.GridZ is < 1 or > 65535)
            throw new DeviceException(DeviceFault.Wrong, $"The kernel '{launch.Kernel}' cannot run in {launch.GridX} × {launch.GridY} × {launch.GridZ} blocks.");
    }
}
