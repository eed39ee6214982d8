using System.Diagnostics;
using System.Text.Json.Nodes;
using Lottery.TestSupport.Cuda;

namespace Lottery.SystemTests.Gpu;

/// <summary><c>lottery-gpu</c> as a process, on the emulator: what it would do on a card, in small.</summary>
public sealed class GpuProgramTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Golden_runs_studies_and_steps_are_in_one_document()
    {
        if (KernelCompiler.Path is null) Assert.Skip("needs a C++ compiler for the emulator of kernels");
        (int code, string output) = Run("--emulate", "--golden", "--studies", "--timings", "--only", "lenet-300-100 3.6 % × 132", "--json", _folder["timings.json"]);
        Assert.True(code == 0, output);
        JsonNode timing = Assert.Single(Json("timings.json", "timings"))!;
        Assert.Equal(("lenet-300-100", 4, null), ((string?)timing["network"], (int)timing["trainings"]!, (string?)timing["problem"]));
        Assert.Empty(Json("timings.json", "golden"));

        (code, output) = Run("--emulate", "--only", "small", "--golden", "--studies", "--json", _folder["all.json"]);
        Assert.True(code == 0, output);
        Assert.Contains("all bits are the same", output, StringComparison.Ordinal);
        Assert.Contains("extrapolated: ", output, StringComparison.Ordinal);
        Assert.All(Json("all.json", "golden"), one => Assert.Null(one!["difference"]));
        Assert.Equal(["small Figure 3 of Zhou et al.", "small Conv-6 search"], Json("all.json", "studies").Select(one => (string?)one!["name"]));
        Assert.All(Json("all.json", "studies"), one => Assert.True((int)one!["measured_runs"]! == (int)one["runs"]! && (double)one["extrapolated_seconds"]! > 0 && one["problem"] is null));
    }

    [Fact]
    public void Each_kernel_of_a_step_is_timed_in_the_order_of_the_step()
    {
        if (KernelCompiler.Path is null) Assert.Skip("needs a C++ compiler for the emulator of kernels");
        (int code, string output) = Run("--emulate", "--kernels", "--only", "conv-2 20 %", "--json", _folder["kernels.json"]);
        Assert.True(code == 0, output);
        string[] kernels = [.. Json("kernels.json", "kernels").Select(one => (string)one!["kernel"]!)];
        Assert.Equal(("elementwise/assemble_bytes", "update/advance"), (kernels[0], kernels[^1]));
        Assert.Equal((1, 3), (kernels.Count(name => name == "update/adam"), kernels.Count(name => name == "linear/sparse_forward")));
        Assert.All(Json("kernels.json", "kernels"), one => Assert.True((double)one!["microseconds"]! > 0 && (string?)one["network"] == "conv-2"));
        Assert.Contains($"{kernels.Length} kernels, ", output, StringComparison.Ordinal);
        Assert.Empty(Json("kernels.json", "golden"));
    }

    [Fact]
    public void What_does_not_begin_in_time_is_counted()
    {
        if (KernelCompiler.Path is null) Assert.Skip("needs a C++ compiler for the emulator of kernels");
        (int code, string output) = Run("--emulate", "--studies", "--minutes", "0");
        Assert.True(code == 0, output);
        Assert.Contains("2 were left out after 0 minutes", output, StringComparison.Ordinal);
    }

    private JsonArray Json(string file, string kind) => JsonNode.Parse(File.ReadAllText(_folder[file]))![kind]!.AsArray();

    /// <summary>The program that was built beside this one.</summary>
    private static (int Code, string Output) Run(params string[] arguments)
    {
        string kind = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        using Process process = Process.Start(new ProcessStartInfo("dotnet", [Repository.At($"artifacts/bin/Lottery.Gpu/{kind}/Lottery.Gpu.dll"), .. arguments])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.Result);
    }
}
