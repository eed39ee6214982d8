using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Lottery.Formats.Onnx;
using Lottery.Fuzz.Mutations;
using Lottery.Networks;
using Lottery.Networks.Descriptions;
using Lottery.Prediction;
using Lottery.Tickets;

namespace Lottery.Fuzz.Targets;

/// <summary>Tickets: one in six damaged as they are, which no reader may take; the others with lengths and checksum made right.</summary>
internal sealed class TicketTarget : Target
{
    private const int LengthAt = 8, HeaderLengthAt = 16, MaskLengthAt = 20, Start = 24, MostUsed = 1 << 16;

    private byte[][]? _whole;

    public override string Name => "ticket";

    public override int Share => 12;

    public override Case Draw(Dice dice)
    {
        _whole ??= [.. TicketCorpus.All().Select(ticket => ticket.Write())];
        byte[] file = Some(dice), other = Some(dice);
        if (dice.OneIn(6))
        {
            byte[] damaged = Bytes.Mutate(file, other, dice);
            return new("some.ticket", damaged) { MustBeRefused = !_whole.Any(whole => whole.AsSpan().SequenceEqual(damaged)) };
        }
        return new("some.ticket", Repaired(file, other, dice)) { ChecksumIsRight = true };
    }

    public override void Read(Case file, string folder)
    {
        var ticket = Ticket.Load(Path.Combine(folder, file.File));
        byte[] written = ticket.Write();
        Ticket again = Ticket.Read(written);
        Require(again.Write().AsSpan().SequenceEqual(written), "what was read is written as something else");
        Require(again.Mask.Equals(ticket.Mask) && again.Network.Equals(ticket.Network), "network or mask are others when written and read again");
        Require(HasSame(again.Weights, ticket.Weights), "the weights are others when written and read again");
        if (ticket.Recipe is { } recipe)
            Require(again.Recipe == recipe && HasSame(recipe.Weights(ticket.Mask), ticket.Weights), "the weights are not those that the recipe gives");
        if (Size(ticket.Network) <= MostUsed) Use(ticket);
    }

    // Weights, what the seed's are drawn with, and their second copy when read again; bits of masks on top.
    public override long MostAllocated(Case file) => (8 << 20) + 256L * file.Content.Length + 32 * WeightsNamed(file.Content);

    // A recipe of that many weights draws and hashes them all; here it is read three times.
    public override TimeSpan Longest(Case file) => base.Longest(file) + TimeSpan.FromMicroseconds(0.5 * WeightsNamed(file.Content));

    /// <summary>A whole ticket; the last is of a network as people train it, and comes seldom.</summary>
    private byte[] Some(Dice dice) => dice.OneIn(50) ? _whole![^1] : dice.Of(_whole.AsSpan(..^1));

    private static byte[] Repaired(byte[] file, byte[] other, Dice dice)
    {
        Parts parts = Parts.Of(file), others = Parts.Of(other);
        return dice.Below(8) switch
        {
            0 or 1 or 2 => (parts with { Header = Text(parts.Header, others.Header, dice) }).Whole(),
            3 => (parts with { Masks = Bytes.Mutate(parts.Masks, others.Masks, dice) }).Whole(),
            4 => (parts with { Values = Bytes.Mutate(parts.Values, others.Values, dice) }).Whole(),
            5 => (parts with { Masks = dice.OneIn(2) ? others.Masks : parts.Masks, Values = others.Values }).Whole(),
            6 => (parts with { Header = others.Header }).Whole(),
            _ => Checked(Bytes.Mutate(file, other, dice), dice.OneIn(2)),
        };
    }

    private static byte[] Text(byte[] header, byte[] other, Dice dice)
    {
        string text = Encoding.UTF8.GetString(header), network = NetworkOf(header);
        if (network.Length > 0 && dice.OneIn(3))
        {
            string damaged = Words.Mutate(network, NetworkOf(other), dice, " [ relu | ] ", " relu ", " flatten ", " max-pool(2) ", " average-pool(2) ", " d=dropout(0.5) ", "stride=0", "padding=9999999");
            return Encoding.UTF8.GetBytes(text.Replace(JsonSerializer.Serialize(network), JsonSerializer.Serialize(damaged), StringComparison.Ordinal));
        }
        return Encoding.UTF8.GetBytes(Words.Mutate(text, Encoding.UTF8.GetString(other), dice,
            "\"recipe\"", "\"trained\"", "\"signed\"", "\"f16\"", "\"i8\"", "\"mask1\"", "\"constant(0.1)\"", "\"initial\"", "\"rescale\":true,", "\"dense\":true,",
            "\"level\":3,", "\"network\":\"\",",
            "\"constant(0.10)\"", "\"scale\":\"3f80000000000000000000003f8000000000000000000000\","));
    }

    /// <summary>A whole ticket whose header names another network.</summary>
    public static byte[] WithNetwork(string network)
    {
        Parts parts = Parts.Of(TicketCorpus.All()[0].Write());
        string header = Encoding.UTF8.GetString(parts.Header).Replace(NetworkOf(parts.Header), network, StringComparison.Ordinal);
        return (parts with { Header = Encoding.UTF8.GetBytes(header) }).Whole();
    }

    /// <summary>The file with its checksum, and perhaps its length, made right.</summary>
    public static byte[] Checked(byte[] file, bool length)
    {
        if (file.Length < Start + SHA256.HashSizeInBytes) return file;
        byte[] right = [.. file];
        if (length) BinaryPrimitives.WriteInt64LittleEndian(right.AsSpan(LengthAt), right.Length);
        SHA256.HashData(right.AsSpan(..^SHA256.HashSizeInBytes), right.AsSpan(^SHA256.HashSizeInBytes..));
        return right;
    }

    /// <summary>What is read must serve whoever predicts with it or exports it.</summary>
    private static void Use(Ticket ticket)
    {
        Require(OnnxWriter.Write(ticket.Weights, ticket.Scale, ticket.Classes).Length > 0, "its model is empty");
        using var predictor = new Predictor(ticket.Mask, ticket.Weights, ticket.Scale);
        byte[] images = [.. Enumerable.Range(0, 2 * predictor.Inputs).Select(i => (byte)(i * 37))];
        float[] together = new float[2 * predictor.Classes], alone = new float[2 * predictor.Classes];
        predictor.Scores(images, together);
        for (int i = 0; i < 2; i++)
            predictor.Scores(images.AsSpan(i * predictor.Inputs, predictor.Inputs), alone.AsSpan(i * predictor.Classes, predictor.Classes));
        Require(alone.Zip(together).All(pair => pair.First.Equals(pair.Second)), "an image's scores alone are not those that it has beside another");
    }

    private static bool HasSame(Weights a, Weights b) => Enumerable.Range(0, a.Network.Parameters.Length)
        .All(p => MemoryMarshal.AsBytes(a[p]).SequenceEqual(MemoryMarshal.AsBytes(b[p])));

    private static long WeightsNamed(byte[] file)
    {
        try
        {
            return Size(NetworkReader.Read(NetworkOf(Parts.Of(file).Header), "named"));
        }
        catch (Exception wrong) when (wrong is FormatException or ArgumentException or OverflowException)
        {
            return 0;
        }
    }

    private static long Size(Network network) => network.Parameters.Sum(parameter => (long)parameter.Count);

    /// <summary>What a header says of the network, or nothing.</summary>
    private static string NetworkOf(byte[] header)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(header);
            return json.RootElement.GetProperty("network").GetString() ?? "";
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return "";
        }
    }

    /// <summary>What lies between the lengths and the checksum.</summary>
    private sealed record Parts(byte[] Front, byte[] Header, byte[] Masks, byte[] Values)
    {
        public static Parts Of(byte[] file)
        {
            int header = BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(HeaderLengthAt)), masks = BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(MaskLengthAt));
            return new(file[..Start], file[Start..(Start + header)], file[(Start + header)..(Start + header + masks)], file[(Start + header + masks)..^SHA256.HashSizeInBytes]);
        }

        public byte[] Whole()
        {
            byte[] file = [.. Front, .. Header, .. Masks, .. Values, .. new byte[SHA256.HashSizeInBytes]];
            BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(HeaderLengthAt), Header.Length);
            BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(MaskLengthAt), Masks.Length);
            return Checked(file, length: true);
        }
    }
}
