using System.Text.RegularExpressions;
using Lottery.Cuda.Driver;
using Lottery.TestSupport.Cuda;

namespace Lottery.UnitTests.Cuda;

/// <summary>The kernels that are committed for cards are those of the sources, and round as the processor does.</summary>
public partial class PtxTests
{
    private static readonly string[] s_instructions =
        ("abs activemask add addc alloca and applypriority atom bar barrier bfe bfi bfind bmsk bra brev brkpt brx call clz cnot copysign cos cp "
            + "createpolicy cvt cvta discard div dp2a dp4a elect ex2 exit fence fma fns getctarank griddepcontrol isspacep istypep ld ldmatrix ldu lg2 "
            + "lop3 mad mad24 madc mapa match max mbarrier membar min mma mov movmatrix mul mul24 multimem nanosleep neg not or pmevent popc prefetch "
            + "prefetchu prmt rcp red redux rem ret rsqrt sad selp set setmaxnreg setp shf shfl shl shr sin slct sqrt st stackrestore stacksave "
            + "stmatrix sub subc suld suq sured sust szext tanh testp tex tld4 trap txq vabsdiff vadd vmad vmax vmin vote vset vshl vshr vsub wgmma "
            + "wmma xor").Split(' ');

    public static TheoryData<string> Families => [.. PtxModule.Families];

    [Fact]
    public void Every_source_has_its_compiled_kernels() => Assert.Equal(
        Directory.GetFiles(KernelCompiler.Sources, "*.cu").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal),
        PtxModule.Families);

    [Theory]
    [MemberData(nameof(Families))]
    public void The_committed_kernels_are_what_clang_makes_of_the_sources(string family)
    {
        Match compiler = FirstLine().Match(PtxModule.Get(family).Text);
        Assert.True(compiler.Success, $"{family}.ptx does not say what compiled it: run './dev ptx'.");
        Assert.Equal(family, compiler.Groups["family"].Value);
        if (KernelCompiler.Find(compiler.Groups["clang"].Value) is not { } clang)
        {
            Assert.Skip("needs clang 14");
            return;
        }
        using var folder = new TemporaryFolder();
        string made = Path.Combine(folder.Path, "made.ptx");
        KernelCompiler.Run(clang, [$"@{KernelCompiler.Sources}/ptx.options", $"{KernelCompiler.Sources}/{family}.cu", "-o", made]);
        string committed = Repository.Read($"src/Lottery.Cuda/Kernels/{family}.ptx");
        Assert.True(committed[(committed.IndexOf('\n', StringComparison.Ordinal) + 1)..] == File.ReadAllText(made),
            $"{family}.cu, or a header, has changed since {family}.ptx was compiled: run './dev ptx'.");
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void The_oldest_card_and_driver_are_as_stated(string family)
    {
        string text = PtxModule.Get(family).Text;
        Assert.Contains("\n.version 6.3\n.target sm_70\n.address_size 64\n", text, StringComparison.Ordinal);
        Assert.Equal("7.0", DriverErrors.OldestCard);
    }

    /// <summary>Names of instructions are reserved: the driver's compiler would refuse the whole family.</summary>
    [Theory]
    [MemberData(nameof(Families))]
    public void No_kernel_is_called_like_an_instruction(string family)
    {
        PtxModule module = PtxModule.Get(family);
        IEnumerable<string> names = module.Kernels.Keys.Concat(SharedName().Matches(module.Text).Select(match => match.Groups["name"].Value));
        Assert.Empty(names.Intersect(s_instructions));
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Every_operation_is_rounded_once_to_nearest(string family) =>
        Assert.Empty(Instruction().Matches(PtxModule.Get(family).Text).Select(match => match.Groups["name"].Value).Distinct().Where(IsInexact));

    [Theory]
    [InlineData("mul.f32", true)]
    [InlineData("mul.rn.f32", false)]
    [InlineData("add.f64", true)]
    [InlineData("sub.rn.f64", false)]
    [InlineData("fma.rn.f32", false)]
    [InlineData("fma.rn.ftz.f32", true)]
    [InlineData("mad.f32", true)]
    [InlineData("mad.lo.s32", false)]
    [InlineData("div.full.f32", true)]
    [InlineData("div.approx.f32", true)]
    [InlineData("div.rn.f32", false)]
    [InlineData("rcp.rn.f32", false)]
    [InlineData("sqrt.approx.f32", true)]
    [InlineData("sqrt.rz.f32", true)]
    [InlineData("rsqrt.approx.f32", true)]
    [InlineData("ex2.approx.f32", true)]
    [InlineData("tanh.approx.f32", true)]
    [InlineData("atom.global.add.f32", true)]
    [InlineData("red.global.add.f64", true)]
    [InlineData("atom.global.add.u32", false)]
    [InlineData("cvt.rn.f32.f64", false)]
    [InlineData("cvt.rz.f32.f64", true)]
    [InlineData("cvt.rni.f32.f32", false)]
    [InlineData("cvt.rzi.s32.f32", false)]
    [InlineData("cvt.f64.f32", false)]
    [InlineData("cvt.rn.f32.s32", false)]
    [InlineData("mul.rn.f16", true)]
    [InlineData("mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32", true)]
    [InlineData("max.f32", false)]
    public void What_is_inexact_is_refused(string instruction, bool refused) => Assert.Equal(refused, IsInexact(instruction));

    [Fact]
    public void Contraction_is_off() =>
        Assert.Contains("-ffp-contract=off", Repository.Read("src/Lottery.Cuda/Kernels/ptx.options"), StringComparison.Ordinal);

    /// <summary>"family/name" of a launch in the sources names a kernel that there is.</summary>
    [Fact]
    public void Every_kernel_that_is_launched_exists()
    {
        var kernels = PtxModule.Families.ToDictionary(family => family, family => PtxModule.Get(family).Kernels);
        string[] launched =
        [
            .. Repository.Files("src/Lottery.Cuda", ".cs").SelectMany(file => KernelName().Matches(Repository.Read(file)))
                .Where(match => kernels.ContainsKey(match.Groups["family"].Value)).Select(match => match.Groups["kernel"].Value).Distinct(),
        ];
        Assert.Empty(launched.Where(name => !kernels[name.Split('/')[0]].ContainsKey(name.Split('/')[1])));
    }

    [Fact]
    public void The_table_of_kernels_has_parameters_and_threads()
    {
        PtxModule update = PtxModule.Get("update");
        Assert.Equal(new(7, 256), update.Kernels["adam"]);
        Assert.Equal(new(2, 32), update.Kernels["advance"]);
        Assert.Contains("takes 2 arguments, and was given 1", Assert.Throws<DeviceException>(
            () => update.Check(new("update/advance", 1, 32, 0ul))).Message, StringComparison.Ordinal);
        Assert.Contains("at most 32 threads", Assert.Throws<DeviceException>(
            () => update.Check(new("update/advance", 1, 64, 0ul, 0ul))).Message, StringComparison.Ordinal);
        Assert.Contains("no kernel 'update/none'", Assert.Throws<DeviceException>(
            () => update.Check(new("update/none", 1, 64, 0ul, 0ul))).Message, StringComparison.Ordinal);
    }

    private static bool IsInexact(string instruction)
    {
        string[] parts = instruction.Split('.');
        if (parts[0] is "mma" or "wmma" or "wgmma" || parts.Any(part => part is "approx" or "full" or "ftz" or "sat" or "f16" or "f16x2" or "bf16" or "tf32"))
            return true;
        if (!parts.Any(part => part is "f32" or "f64")) return false;
        return parts[0] switch
        {
            "mul" or "add" or "sub" or "fma" or "div" or "sqrt" or "rcp" => !parts.Contains("rn"),
            "mad" or "atom" or "red" or "ex2" or "lg2" or "sin" or "cos" or "tanh" or "rsqrt" => !parts.Any(part => part is "exch" or "cas"),
            "cvt" => parts.Any(part => part is "rz" or "rm" or "rp" or "rna"),
            _ => false,
        };
    }

    [GeneratedRegex(@"^// (?<family>\w+)\.cu, compiled by (?<clang>clang-\d+) ")]
    private static partial Regex FirstLine();

    [GeneratedRegex(@"^\s+(@!?%p\d+\s+)?(?<name>[a-z][a-z0-9]*(\.[a-z0-9_]+)+)", RegexOptions.Multiline)]
    private static partial Regex Instruction();

    [GeneratedRegex(@"\.shared .*\.b8 (?<name>\w+)\[")]
    private static partial Regex SharedName();

    [GeneratedRegex(@"""(?<kernel>(?<family>[a-z]+)/[a-z0-9_]+)""")]
    private static partial Regex KernelName();
}
