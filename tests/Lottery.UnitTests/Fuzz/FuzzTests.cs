using Lottery.Formats.Images;
using Lottery.Fuzz;
using Lottery.Fuzz.Targets;
using Lottery.Networks;
using Lottery.Networks.Descriptions;
using Lottery.Prediction;
using Lottery.Tickets;

namespace Lottery.UnitTests.Fuzz;

/// <summary>A slice of what <c>./dev fuzz</c> does, with a seed of its own, and readers that it must notice.</summary>
public sealed class FuzzTests : IDisposable
{
    private const ulong Seed = 20_190_325;

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Names => [.. AllTargets.List.Select(target => target.Name)];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void Damaged_files_are_refused_in_a_sentence(string name)
    {
        FuzzReport report = Run(AllTargets.List.Single(target => target.Name == name), cases: name switch { "ticket" => 1_500, "store" => 3, _ => 250 });
        Assert.Empty(report.Findings.Select(finding => $"{finding.Case}: {finding.What}"));
        // Of a few stores, none need be refused as a whole.
        Assert.InRange(report.Accepted, 1, name == "store" ? report.Cases : report.Cases - 1);
    }

    /// <summary>Cut off at every byte and with every bit changed, as it is and with the checksum made right.</summary>
    [Fact]
    public void A_ticket_bears_every_cut_and_every_changed_bit()
    {
        int bits = 8 * new EveryDamage(repaired: false).Length;
        Assert.Empty(Run(new EveryDamage(repaired: false), bits + bits / 8).Findings.Select(finding => $"{finding.Case}: {finding.What}"));
        Assert.Empty(Run(new EveryDamage(repaired: true), bits + bits / 8).Findings.Select(finding => $"{finding.Case}: {finding.What}"));
    }

    [Fact]
    public void A_few_bytes_cannot_ask_for_an_enormous_network()
    {
        byte[] file = TicketTarget.WithNetwork("8000 fc1=linear(8000) output=linear(2) glorot-normal");
        Assert.InRange(file.Length, 100, 1_000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<InvalidDataException>(() => Ticket.Read(file));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16_000_000);
    }

    /// <summary>Found: a ticket that was read, but that no predictor took.</summary>
    [Fact]
    public void Channels_of_plain_units_are_scaled_one_after_the_other()
    {
        var network = NetworkReader.Read("6 output=linear(2) glorot-normal", "flat");
        var scale = PixelScale.Standardized((100, 50), (90, 40), (7, 3));
        byte[] image = [1, 20, 50, 100, 200, 255];
        float[] scaled = [.. image.Select((value, offset) => scale.Of(offset / 2, value))], expected = new float[2], actual = new float[2];
        using var predictor = new Predictor(Mask.Full(network), InitialWeights.Sample(network, 1), scale);
        predictor.Scores(scaled, expected);
        predictor.Scores(image, actual);
        Assert.Equal(expected, actual);
        var twice = new float[4];
        predictor.Scores((byte[])[.. image, .. image], twice);
        Assert.Equal([.. expected, .. expected], twice);
        Assert.Throws<ArgumentException>(() => new Predictor(Mask.Full(network), InitialWeights.Sample(network, 1), new([1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0])));
    }

    /// <summary>Found: an accuracy over more images than four times fit into an integer had no interval, and the header's reader fell over it.</summary>
    [Fact]
    public void An_accuracy_over_very_many_images_has_an_interval()
    {
        (double low, double high) = new MeasuredAccuracy(int.MaxValue / 2, int.MaxValue).Interval;
        Assert.InRange(low, 0.4999, 0.5);
        Assert.InRange(high, 0.5, 0.5001);
    }

    /// <summary>Found: the decoder's own words, for programmers, in the sentence about a damaged image.</summary>
    [Fact]
    public void A_image_without_pixels_is_refused_in_words_for_people()
    {
        string path = Path.Combine(_folder.Path, "empty.png");
        File.WriteAllBytes(path, ImageSample.Png(8, 8, type: 0, data: []));
        string message = Assert.Throws<UserException>(() => ImageInput.Read(path, new(1, 8, 8))).Message;
        Assert.Contains("its content is damaged and cannot be decoded", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("NullReferenceException", "NullReference")]
    [InlineData("stack trace", "no sentence")]
    [InlineData("no end", "no sentence")]
    [InlineData("memory", "it allocated")]
    [InlineData("time", "it took")]
    [InlineData("damage", "was accepted")]
    [InlineData("wrong", "two are one")]
    public void A_reader_that_does_not_keep_the_rules_is_noticed(string fault, string complaint) =>
        Assert.Contains(complaint, Assert.Single(Run(new FaultyReader(fault), 1, patience: 1).Findings).What, StringComparison.Ordinal);

    [Fact]
    public void A_case_is_the_same_again()
    {
        foreach (Target target in AllTargets.List)
            Assert.Equal(target.Draw(new(7, "fuzz/x/3")).Content, target.Draw(new(7, "fuzz/x/3")).Content);
    }

    [Fact]
    public void The_command_divides_its_cases_and_says_what_it_does_not_know()
    {
        var request = Request.Of(["--cases", "200", "--seed", "3"]);
        Assert.Equal((85, 7, 3ul), (request.CasesOf(request.Targets[0]), request.CasesOf(request.Targets[^1]), request.Seed));
        Assert.Equal(["idx"], Request.Of(["idx", "--case", "7"]).Targets.Select(target => target.Name));
        Assert.Contains("did you mean 'ticket'", Wrong("tickte"), StringComparison.Ordinal);
        Assert.Contains("--cases needs an integer", Wrong("--cases"), StringComparison.Ordinal);
        Assert.Contains("one format", Wrong("--case", "7"), StringComparison.Ordinal);
    }

    private static string Wrong(params string[] arguments) => Assert.Throws<UserException>(() => Request.Of(arguments)).Message;

    private FuzzReport Run(Target target, int cases, double patience = 60) =>
        new Runner(Seed, _folder.Path) { Patience = patience }.Run(target, Enumerable.Range(0, cases));
}
