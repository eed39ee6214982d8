using System.Reflection;
using System.Runtime.InteropServices;

namespace Lottery.Cli;

/// <summary>What runs here.</summary>
internal static class Versions
{
    /// <summary>The version of Lottery, without the build's commit.</summary>
    public static string Lottery { get; } =
        typeof(Versions).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    public static string Runtime => RuntimeInformation.FrameworkDescription;

    public static string System => RuntimeInformation.OSDescription.Trim();
}
