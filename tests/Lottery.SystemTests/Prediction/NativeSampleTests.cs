using System.Diagnostics;
using System.Globalization;
using Lottery.Kernels;
using Lottery.Networks;
using Lottery.Prediction;
using Lottery.Tickets;

namespace Lottery.SystemTests.Prediction;

/// <summary>The sample, published as a native program by <c>./dev sample</c>, answers as the library does here.</summary>
public sealed class NativeSampleTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_native_program_classifies_images_with_vector_kernels()
    {
        (int code, string output, string error) = OperatingSystem.IsWindows()
            ? await Run("cmd", "/c", Repository.At("dev.cmd"), "sample")
            : await Run("/bin/sh", Repository.At("dev"), "sample");
        Assert.SkipWhen(code != 0 && Missing(error) is not null, $"The sample was not published: {Missing(error)}");
        Assert.True(code == 0, error);
        string program = "artifacts/sample/native/Classify" + (OperatingSystem.IsWindows() ? ".exe" : "");
        Assert.Matches(@$"^{program}: \d+ bytes\n$", output.ReplaceLineEndings("\n"));
        program = Repository.At(program);
        Assert.InRange(new FileInfo(program).Length, 500_000, 8_000_000);

        SomeTicket some = SomeTicket.Of(NetworkCatalogue.Get("mlp:784-300-100-10"), 0.05, examples: 3);
        string file = _folder["some.ticket"];
        (Ticket.FromTrained(some.Mask, some.Weights) with { Classes = [.. Enumerable.Range(0, 10).Select(i => $"class {i}")] }).Save(file);
        using Predictor predictor = some.Predictor();
        foreach (byte[] pixels in some.Images.Chunk(784))
        {
            string image = _folder["image.pgm"];
            File.WriteAllBytes(image, [.. "P5\n28 28\n255\n"u8, .. pixels]);
            (code, output, error) = await Run(program, file, image, "--time");
            Assert.Equal((0, ""), (code, error));
            string[] lines = output.Split('\n');
            Assert.Equal("class " + predictor.Predict(pixels).ToString(CultureInfo.InvariantCulture), lines[0]);
            string expected = KernelRegistry.Available.Contains("vector256") ? "kernels vector256" : "kernels vector128";
            Assert.Contains(expected, lines[1], StringComparison.Ordinal);
        }

        File.WriteAllText(_folder["wrong.pgm"], "P5\n28 29\n255\n");
        (code, _, error) = await Run(program, file, _folder["wrong.pgm"]);
        (int none, _, string said) = await Run(program, _folder["none.ticket"], _folder["wrong.pgm"]);
        Assert.Equal((2, $"classify: {_folder["none.ticket"]} cannot be read: there is no such file.\n"), (none, said));
        (none, _, said) = await Run(program, file, _folder["none.pgm"]);
        Assert.Equal((2, $"classify: {_folder["none.pgm"]} cannot be read; name an existing PGM or PPM file.\n"), (none, said));
        Assert.Equal((2, $"classify: {_folder["wrong.pgm"]} is 1x29x28, but the network takes 784.\n"), (code, error));
    }

    /// <summary>The line that names what a machine lacks; null where the failure is our own.</summary>
    private static string? Missing(string error) => error.Split('\n').FirstOrDefault(line =>
        line.Contains("NU1101", StringComparison.Ordinal) || line.Contains("NU1301", StringComparison.Ordinal)
        || line.Contains("Platform linker", StringComparison.Ordinal) || line.Contains("cannot find -lz", StringComparison.Ordinal));

    private static async Task<(int Code, string Output, string Error)> Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Repository.At("."),
        })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await error);
    }
}
