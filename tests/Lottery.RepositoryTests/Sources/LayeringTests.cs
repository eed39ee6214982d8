using System.Runtime.InteropServices;
using ArchUnitNET.Domain;
using ArchUnitNET.Loader;
using Architecture = ArchUnitNET.Domain.Architecture;
using Assembly = System.Reflection.Assembly;

namespace Lottery.RepositoryTests.Sources;

/// <summary>The one way in which the house depends: nothing imports upwards (docs/architecture.md).</summary>
public class LayeringTests
{
    /// <summary>The rooms, lowest first; rooms on one line know nothing of each other. A prefix stands for what is below it.</summary>
    private static readonly string[][] Floors =
    [
        ["Lottery"],
        ["Lottery.Numerics"],
        ["Lottery.Networks"],
        ["Lottery.Actions"],
        ["Lottery.Kernels"],
        ["Lottery.Plans"],
        ["Lottery.Tickets"],
        ["Lottery.Prediction"],
        ["Lottery.Specifications"],
        ["Lottery.Data"],
        ["Lottery.Masks", "Lottery.Training"],
        ["Lottery.Search"],
        ["Lottery.Formats.Yaml", "Lottery.Formats.Safetensors"],
        ["Lottery.Formats"],
        ["Lottery.Studies.Identity"],
        ["Lottery.Studies.Store"],
        ["Lottery.Studies.Execution", "Lottery.Studies.Queries"],
        ["Lottery.Studies.Files"],
        ["Lottery.Studies"],
        ["Lottery.Report.Statistics"],
        ["Lottery.Report.Tables"],
        ["Lottery.Report.Charts"],
        ["Lottery.Report.Sections"],
        ["Lottery.Report.Charts", "Lottery.Report.Charts"],
        ["Lottery.Report.Pages"],
        ["Lottery.Report.Dashboard"],
        ["Lottery.Report"],
        ["Lottery.Cli"],
    ];

    private static readonly string[] Assemblies =
        ["Lottery.Engine", "Lottery", "Lottery.Formats", "Lottery.Studies", "Lottery.Report", "Lottery.Cli"];

    private static readonly Architecture Built =
        new ArchLoader().LoadAssemblies([.. Assemblies.Select(Assembly.Load)]).Build();

    [Fact]
    public void Every_namespace_has_its_floor() =>
        Assert.Empty(OwnTypes().Where(type => FloorOf(type.Namespace.FullName, Floors) < 0).Select(type => type.FullName));

    [Fact]
    public void Nothing_imports_upwards() => Assert.Empty(UpwardImports(Floors));

    [Fact]
    public void The_reversed_house_would_be_noticed() => Assert.NotEmpty(UpwardImports([.. Floors.Reverse()]));

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
    public void Unsafe_code_is_in_numerics_and_kernels_alone()
    {
        string[] homes = ["src/Lottery.Engine/Numerics/", "src/Lottery.Engine/Kernels/"];
        Assert.Empty(Repository.Files("src", ".cs")
            .Where(file => !homes.Any(home => file.StartsWith(home, StringComparison.Ordinal)))
            .Where(file => File.ReadLines(Repository.At(file)).Any(IsUnsafe)));
        Assert.All(Repository.Files("src", ".csproj").Where(file => !file.Contains("Lottery.Engine", StringComparison.Ordinal)),
            file => Assert.DoesNotContain("AllowUnsafeBlocks", Repository.Read(file), StringComparison.Ordinal));
    }

    private static bool IsUnsafe(string line) =>
        line.Split("//")[0].Split(' ', '(', ')', '{').Contains("unsafe");

    private static IEnumerable<IType> OwnTypes() =>
        Built.Types.Where(type => type.Namespace is { FullName: "Lottery" } || IsBelow(type.Namespace?.FullName, "Lottery"));

    private static IEnumerable<string> UpwardImports(string[][] floors) =>
        from type in OwnTypes()
        let room = RoomOf(type.Namespace.FullName, floors)
        from target in type.Dependencies.Select(dependency => dependency.Target).Distinct()
        where target.Namespace is not null
        let other = RoomOf(target.Namespace.FullName, floors)
        where room is not null && other is not null && room != other
        where FloorOf(other, floors) >= FloorOf(room, floors)
        select $"{type.FullName} → {target.FullName}";

    private static int FloorOf(string name, string[][] floors) =>
        Array.FindIndex(floors, rooms => rooms.Contains(RoomOf(name, floors)));

    /// <summary>The longest room that <paramref name="name"/> is in; the root namespace is a room for itself alone.</summary>
    private static string? RoomOf(string name, string[][] floors) =>
        floors.SelectMany(rooms => rooms)
            .Where(room => name == room || (room != "Lottery" && IsBelow(name, room)))
            .MaxBy(room => room.Length);

    private static bool IsBelow(string? name, string room) =>
        name is not null && name.StartsWith(room + ".", StringComparison.Ordinal);
}
