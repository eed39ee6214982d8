using System.Collections.Immutable;
using Lottery.Kernels;

namespace Lottery.UnitTests.Kernels;

/// <summary>Every kernel, found by reflection: one without cases or without a fault makes a test fail.</summary>
internal static class KernelTypes
{
    public static ImmutableArray<Type> All { get; } =
        [.. typeof(IKernel).Assembly.GetTypes().Where(type => type.IsValueType && type.GetInterfaces().Contains(typeof(IKernel)))];
}
