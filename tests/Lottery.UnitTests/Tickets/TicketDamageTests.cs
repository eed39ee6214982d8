using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Lottery.Networks;
using Lottery.Tickets;

namespace Lottery.UnitTests.Tickets;

/// <summary>A file may come from anyone: it is read as it was written, or refused in a sentence.</summary>
public sealed class TicketDamageTests : IDisposable
{
    private const int HeaderAt = 24;

    private static readonly Network Net = NetworkCatalogue.Get("mlp:6-4-3");

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Kinds => ["recipe", "f32", "f16", "i8", "signed"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Kinds))]
    public void WhereverItIsCutItIsRefused(string kind)
    {
        byte[] whole = Of(kind).Write();
        for (int length = 0; length < whole.Length; length++) Refused(whole[..length]);
        Refused([.. whole, 0]);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void WhicheverBitIsChangedItIsRefused(string kind)
    {
        byte[] bytes = Of(kind).Write();
        for (int bit = 0; bit < 8 * bytes.Length; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Refused(bytes);
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void WhateverItSaysWithARightChecksumItIsRefusedOrIsATicket(string kind)
    {
        byte[] whole = Of(kind).Write();
        for (int bit = 0; bit < 8 * (whole.Length - 32); bit++)
        {
            byte[] bytes = [.. whole];
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Seal(bytes);
            try
            {
                Ticket ticket = Ticket.Read(bytes);
                Assert.Equal(ticket.Mask, Ticket.Read(ticket.Write()).Mask);
            }
            catch (InvalidDataException wrong)
            {
                Assert.EndsWith(".", wrong.Message, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData("\"kind\":\"recipe\"", "\"kind\":\"recipes\"", "not recipe, trained or signed")]
    [InlineData("\"kind\":\"recipe\"", "\"kind\":\"trained\"", "'seed', which belongs to another kind")]
    [InlineData("\"kind\":\"recipe\",", "", "lacks 'kind'")]
    [InlineData("\"seed\":7,", "", "lacks 'seed'")]
    [InlineData("\"seed\":7,", "\"seed\":7,\"values\":\"f32\",", "'values', which belongs to another kind")]
    [InlineData("\"seed\":7,", "\"seed\":7,\"seed\":7,", "has 'seed' twice")]
    [InlineData("\"seed\":7,", "\"seed\":7,\"se\\u0065d\":8,", "has 'seed' twice")]
    [InlineData("\"seed\":7,", "\"seed\":7,\"sede\":8,", "'sede' that this version does not know")]
    [InlineData("\"seed\":7,", "\"seed\":-7,", "not an integer")]
    [InlineData("\"seed\":7,", "\"seed\":18446744073709551616,", "not an integer")]
    [InlineData("\"seed\":7,", "\"seed\":[[[[[[[[7]]]]]]]],", "not an integer")]
    [InlineData("\"seed\":7,", "\"seed\":8,", "do not match their hash")]
    [InlineData("\"seed\":7,", "\"seed\":7,\"level\":2147483648,", "not an integer from 0 to 2147483647")]
    [InlineData("\"rewind\"", "\"zero\"", "not both known")]
    [InlineData("\"rewind\"", "\"constant(5e-2)\"", "need more")]
    [InlineData("\"seed\":7,", "\"seed\":7,\"mask0\":\"zero-if-decreased\",", "need more than a seed")]
    [InlineData("\"seed\":7,", "\"seed\":7,\"fresh\":false,", "not true (it is omitted")]
    [InlineData("\"seed\":7,", "\"seed\":7,\"scale\":\"3b80808\",", "eight hexadecimal digits")]
    [InlineData("\"seed\":7,", "\"seed\":7,\"scale\":\"7f8000000000000000000000\",", "three finite numbers")]
    [InlineData("\"seed\":7,", "\"seed\":7,\"classes\":[\"a\",\"b\"],", "names 2 classes, but its network has 3")]
    [InlineData("\"seed\":7,", "\"seed\":7,\"classes\":[\"a\",\"b\",\"\\u001b[31m\"],", "without control characters")]
    [InlineData("[8,10,", "[9,10,", "interval that these give")]
    [InlineData("[8,10,", "[8,10,8,", "four numbers")]
    [InlineData("[8,10,", "[8.5,10,", "four numbers")]
    [InlineData("[8,10,", "[8,0,", "four numbers")]
    [InlineData("[8,10,", "[8,10e30,", "four numbers")]
    [InlineData("\"run\":\"01234567\"", "\"run\":\"0123456\"", "8 to 16 hexadecimal digits")]
    [InlineData("linear(4)", "linear(10000000)", "more than 33554432 weights")]
    [InlineData("linear(4)", "linear(40000000)", "more than the 268435456 weights")]
    [InlineData("linear(4)", "linear(5)", "")]
    [InlineData("{", "[", "not a JSON object")]
    [InlineData("}", "", "JSON")]
    public void AWrongHeaderIsRefused(string part, string other, string why) =>
        Assert.Contains(why, Refused(WithHeader(Of("recipe"), header => Once(header, part, other))), StringComparison.Ordinal);

    [Fact]
    public void AnotherVersionIsRefusedByItsNumber()
    {
        byte[] bytes = Of("recipe").Write();
        bytes[7] = 2;
        Seal(bytes);
        Assert.Contains("version 2 of the format, and this program reads version 1", Refused(bytes), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(8, ulong.MaxValue)]
    [InlineData(8, 1ul << 41)]
    [InlineData(16, uint.MaxValue)]
    [InlineData(16, 0x7FFFFFFFul)]
    [InlineData(20, 0xFFFFFFF0ul)]
    public void LengthsThatAskForTerabytesAreRefused(int at, ulong length)
    {
        byte[] bytes = Of("recipe").Write();
        if (at == 8) BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(at), length);
        else BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at), (uint)length);
        Seal(bytes);
        Refused(bytes);
        string path = _folder["large.ticket"];
        File.WriteAllBytes(path, bytes);
        Assert.StartsWith(path, Assert.Throws<UserException>(() => Ticket.Load(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ValuesThatAreNoNumbersAreRefused()
    {
        byte[] bytes = Of("f32").Write();
        BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(bytes.Length - 36), float.NaN);
        Seal(bytes);
        Assert.Contains("output.bias is not a finite number", Refused(bytes), StringComparison.Ordinal);
        Weights weights = SomeTickets.Trained(Mask.Full(Net), "zero");
        weights[0][0] = 1e6f;
        Assert.Throws<ArgumentException>(() => Ticket.FromTrained(Mask.Full(Net), weights, ValueFormat.F16));
    }

    [Fact]
    public void WhatNoReaderAcceptsIsNotWritten()
    {
        Ticket ticket = Of("recipe");
        foreach (Ticket wrong in (Ticket[])
            [ticket with { Classes = ["one"] }, ticket with { Provenance = new() { Run = "ABC" } }, ticket with { Scale = PixelScale.Standardized((0, 1), (0, 1), (0, 1), (0, 1)) }])
            Assert.Contains("cannot be written", Assert.Throws<UserException>(() => wrong.Write()).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Ticket.FromSigns(SomeTickets.Mask(Net, 0), SomeTickets.Trained(Mask.Full(Net), "zero")));
    }

    [Fact]
    public void AFileThatIsNoTicketIsNamed()
    {
        string text = _folder["notes.ticket"];
        File.WriteAllText(text, "not a ticket");
        foreach (string path in (string[])[text, _folder["missing.ticket"], _folder.Path])
            Assert.Contains(path, Assert.Throws<UserException>(() => Ticket.Load(path)).Message, StringComparison.Ordinal);
        Assert.SkipUnless(File.Exists("/dev/zero"), "There is no endless file here.");
        Assert.Throws<UserException>(() => Ticket.Load("/dev/zero"));
    }

    [Fact]
    public void AFileIsReplacedWhole()
    {
        string path = _folder["some.ticket"];
        Of("recipe").Save(path);
        Of("signed").Save(path);
        Assert.Equal(TicketKind.Signed, Ticket.Load(path).Kind);
        Assert.Equal([path], Directory.GetFiles(_folder.Path));
        Assert.Throws<WorkFailedException>(() => Of("recipe").Save(_folder["no/folder.ticket"]));
    }

    private static Ticket Of(string kind)
    {
        Mask mask = SomeTickets.Mask(Net, 1);
        Weights trained = SomeTickets.Trained(mask, "zero");
        Ticket ticket = kind switch
        {
            "recipe" => Ticket.FromRecipe(mask, new() { Seed = 7 }),
            "signed" => Ticket.FromSigns(mask, trained),
            _ => Ticket.FromTrained(mask, trained, kind == "f32" ? ValueFormat.F32 : kind == "f16" ? ValueFormat.F16 : ValueFormat.I8),
        };
        return ticket with { Provenance = new() { Run = "01234567", Accuracy = new(8, 10) } };
    }

    private static string Refused(ReadOnlySpan<byte> bytes)
    {
        try
        {
            Ticket.Read(bytes);
        }
        catch (InvalidDataException wrong)
        {
            Assert.DoesNotContain('\n', wrong.Message);
            return wrong.Message;
        }
        throw new InvalidOperationException("It was read.");
    }

    private static string Once(string text, string part, string other)
    {
        int at = text.IndexOf(part, StringComparison.Ordinal);
        Assert.NotEqual(-1, at);
        return text[..at] + other + text[(at + part.Length)..];
    }

    private static byte[] WithHeader(Ticket ticket, Func<string, string> change)
    {
        byte[] bytes = ticket.Write();
        int length = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(16));
        byte[] header = Encoding.UTF8.GetBytes(change(Encoding.UTF8.GetString(bytes, HeaderAt, length)));
        byte[] changed = [.. bytes[..HeaderAt], .. header, .. bytes[(HeaderAt + length)..]];
        BinaryPrimitives.WriteInt64LittleEndian(changed.AsSpan(8), changed.Length);
        BinaryPrimitives.WriteInt32LittleEndian(changed.AsSpan(16), header.Length);
        Seal(changed);
        return changed;
    }

    private static void Seal(Span<byte> bytes) => SHA256.HashData(bytes[..^32], bytes[^32..]);
}
