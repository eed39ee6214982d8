using System.Runtime.InteropServices;
using ArchUnitNET.Domain;
using ArchUnitNET.Loader;
using Architecture = ArchUnitNET.Domain.Architecture;
using Assembly = System.Reflection.Assembly;

namespace Lottery.RepositoryTests.Sources;

/// <summary>Dependencies point one way: no namespace uses one above it (docs/architecture.md).</summary>
public class LayeringTests
{
    /// <summary>The layers, lowest first; namespaces of one layer do not use each other. A name includes the namespaces below it.</summary>
    private static readonly string[][] Layers =
    [
        ["Lottery"],
        ["Lottery.Files", "Lottery.Numerics"],
        ["Lottery.Networks"],
        ["Lottery.Actions"],
        ["Lottery.Kernels"],
        ["Lottery.Operations"],
        ["Lottery.Plans"],
        ["Lottery.Tickets"],
        ["Lottery.Prediction"],
        ["Lottery.Specifications"],
        ["Lottery.Data"],
        ["Lottery.Data.Downloads"],
        ["Lottery.Masks", "Lottery.Training"],
        ["Lottery.Search"],
        ["Lottery.Cuda.Driver"],
        ["Lottery.Cuda.Operations"],
        ["Lottery.Cuda.Plans"],
        ["Lottery.Cuda.Training"],
        ["Lottery.Cuda.Estimates"],
        ["Lottery.Formats.Yaml", "Lottery.Formats.Safetensors"],
        ["Lottery.Formats"],
        ["Lottery.Studies.Identity"],
        ["Lottery.Studies.Store"],
        ["Lottery.Studies.Execution", "Lottery.Studies.Queries"],
        ["Lottery.Studies.Settings"],
        ["Lottery.Studies.Files"],
        ["Lottery.Studies.Slurm"],
        ["Lottery.Studies"],
        ["Lottery.Report.Statistics"],
        ["Lottery.Report.Tables"],
        ["Lottery.Report.Sections"],
        ["Lottery.Report.Comparisons"],
        ["Lottery.Report.Charts"],
        ["Lottery.Report.Drawing"],
        ["Lottery.Report.Pages"],
        ["Lottery.Report.Dashboard"],
        ["Lottery.Report"],
        ["Lottery.Cli"],
    ];

    private static readonly string[] Assemblies =
        ["Lottery.Engine", "Lottery", "Lottery.Cuda", "Lottery.Formats", "Lottery.Studies", "Lottery.Report", "Lottery.Cli"];

    private static readonly Architecture Built =
        new ArchLoader().LoadAssemblies([.. Assemblies.Select(Assembly.Load)]).Build();

    [Fact]
    public void Every_namespace_has_a_layer() =>
        Assert.Empty(OwnTypes().Where(type => LayerOf(type.Namespace.FullName, Layers) < 0).Select(type => type.FullName));

    [Fact]
    public void Nothing_imports_upwards() => Assert.Empty(UpwardImports(Layers));

    [Fact]
    public void The_reversed_order_is_noticed() => Assert.NotEmpty(UpwardImports([.. Layers.Reverse()]));

    [Theory]
    [InlineData("Lottery.Engine")]
    [InlineData("Lottery", "Lottery.Engine")]
    public void The_core_needs_nothing_outside_dotnet(string assembly, params string[] allowed)
    {
        string framework = RuntimeEnvironment.GetRuntimeDirectory();
        Assert.All(
            Assembly.Load(assembly).GetReferencedAssemblies().Select(reference => reference.Name!).Except(allowed),
            name => Assert.True(File.Exists(Path.Combine(framework, name + ".dll")), $"{assembly} needs {name}."));
    }

    [Fact]
    public void Assemblies_reference_only_lower_ones()
    {
        for (int i = 0; i < Assemblies.Length; i++)
        {
            IEnumerable<string> own = Assembly.Load(Assemblies[i]).GetReferencedAssemblies().Select(reference => reference.Name!);
            Assert.Empty(own.Intersect(Assemblies[i..]));
        }
    }

    [Fact]
    public void Unsafe_code_is_only_in_numerics_and_kernels()
    {
        string[] allowed = ["src/Lottery.Engine/Numerics/", "src/Lottery.Engine/Kernels/"];
        Assert.Empty(Repository.Files("src", ".cs")
            .Where(file => !allowed.Any(folder => file.StartsWith(folder, StringComparison.Ordinal)))
            .Where(file => File.ReadLines(Repository.At(file)).Any(IsUnsafe)));
        Assert.All(Repository.Files("src", ".csproj").Where(file => !file.Contains("Lottery.Engine", StringComparison.Ordinal)),
            file => Assert.DoesNotContain("AllowUnsafeBlocks", Repository.Read(file), StringComparison.Ordinal));
    }

    private static bool IsUnsafe(string line) =>
        line.Split("//")[0].Split(' ', '(', ')', '{').Contains("unsafe");

    private static IEnumerable<IType> OwnTypes() =>
        Built.Types.Where(type => type.Namespace is { FullName: "Lottery" } || IsBelow(type.Namespace?.FullName, "Lottery"));

    private static IEnumerable<string> UpwardImports(string[][] layers) =>
        from type in OwnTypes()
        let own = ListedNamespace(type.Namespace.FullName, layers)
        from target in type.Dependencies.Select(dependency => dependency.Target).Distinct()
        where target.Namespace is not null && target is not GenericParameter
        let other = ListedNamespace(target.Namespace.FullName, layers)
        where own is not null && other is not null && own != other
        where LayerOf(other, layers) >= LayerOf(own, layers)
        select $"{type.FullName} → {target.FullName}";

    private static int LayerOf(string name, string[][] layers) =>
        Array.FindIndex(layers, names => names.Contains(ListedNamespace(name, layers)));

    /// <summary>The longest listed namespace that contains <paramref name="name"/>; the root namespace contains only its own types.</summary>
    private static string? ListedNamespace(string name, string[][] layers) =>
        layers.SelectMany(names => names)
            .Where(own => name == own || (own != "Lottery" && IsBelow(name, own)))
            .MaxBy(own => own.Length);

    private static bool IsBelow(string? name, string own) =>
        name is not null && name.StartsWith(own + ".", StringComparison.Ordinal);
}
