using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;
using Lottery.Formats.Logs;

namespace Lottery.UnitTests.Formats;

public sealed class MetricsLogTests : IDisposable
{
    private static readonly LoggedRun s_run = new("0123abcd", "tiny-seed0-level1-0123abcd", [("network", "tiny"), ("seed", 18446744073709551615UL), ("level", 1)]);
    private static readonly DateTimeOffset s_time = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_250);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // RFC 3720, B.4, and TFRecord's mask of them.
    [Theory]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000", 0x8A9136AAu)]
    [InlineData("FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF", 0x62A8AB43u)]
    [InlineData("000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F", 0x46DD794Eu)]
    public void Checksums_are_masked_CRC_32C(string bytes, uint checksum) =>
        Assert.Equal(((checksum >> 15) | (checksum << 17)) + 0xA282EAD8u, EventRecord.MaskedChecksum(Convert.FromHexString(bytes)));

    [Fact]
    public void TensorBoard_s_event_files_hold_the_scalars_of_each_step()
    {
        using (MetricsLog log = MetricsLog.Create($"tensorboard:{_folder["board"]}"))
        {
            log.Write(s_run, 0, s_time, "evaluation", [("validation_loss", 2.5), ("training_loss", double.NaN)]);
            log.Write(s_run, 300, s_time, "evaluation", [("validation_loss", 0.125), ("validation_accuracy", 0.75)]);
            log.Write(s_run, 300, s_time, "result", [("density", 0.8)]);
        }
        string file = Assert.Single(Directory.GetFiles(_folder["board/tiny-seed0-level1-0123abcd"]));
        Assert.StartsWith("events.out.tfevents.1700000000.", Path.GetFileName(file), StringComparison.Ordinal);
        List<Event> events = Read(File.ReadAllBytes(file));
        Assert.Equal("brain.Event:2", events[0].Version);
        Assert.All(events, one => Assert.Equal(1_700_000_000.25, one.Time));
        Assert.Equal([0, 300, 300], events.Skip(1).Select(one => one.Step));
        Assert.Equal([("evaluation/validation_loss", 2.5f)], events[1].Scalars);
        Assert.Equal([("evaluation/validation_loss", 0.125f), ("evaluation/validation_accuracy", 0.75f)], events[2].Scalars);
        Assert.Equal([("result/density", 0.8f)], events[3].Scalars);
    }

    [Fact]
    public void Lines_of_JSON_have_the_run_the_step_and_finite_numbers()
    {
        for (int i = 0; i < 2; i++)
        {
            using MetricsLog log = MetricsLog.Create($"jsonl:{_folder["deep/log.jsonl"]}");
            log.Write(s_run, 7, s_time, "evaluation", [("validation_loss", 0.1), ("training_loss", double.NaN)]);
        }
        string[] lines = File.ReadAllLines(_folder["deep/log.jsonl"]);
        Assert.Equal(2, lines.Length);
        Assert.All(lines, line => Assert.True(JsonNode.DeepEquals(JsonNode.Parse(line), JsonNode.Parse("""
            {"kind":"evaluation","time":"2023-11-14T22:13:20.25+00:00","run":"0123abcd","name":"tiny-seed0-level1-0123abcd","network":"tiny",
             "seed":18446744073709551615,"level":1,"step":7,"validation_loss":0.1}
            """)), line));
    }

    [Theory]
    [InlineData("wandb:x")]
    [InlineData("tensorboard:")]
    [InlineData("jsonl")]
    public void Other_targets_are_told_the_forms(string target) => Assert.Equal($"--log is '{target}'; give tensorboard:DIR or jsonl:FILE.",
        Assert.Throws<UserException>(() => MetricsLog.Create(target)).Message);

    [Fact]
    public void What_cannot_be_written_is_told()
    {
        File.WriteAllText(_folder["file"], "");
        Assert.StartsWith($"--log tensorboard:{_folder["file"]} cannot be written (",
            Assert.Throws<UserException>(() => MetricsLog.Create($"tensorboard:{_folder["file"]}")).Message, StringComparison.Ordinal);
        Assert.Equal($"--log jsonl:{_folder.Path} cannot be written (it is a folder, not a file); name another folder or file.",
            Assert.Throws<UserException>(() => MetricsLog.Create($"jsonl:{_folder.Path}")).Message);
    }

    /// <summary>A reader of event files by the specifications of TFRecord and of protocol buffers; it shares nothing with the writer.</summary>
    private static List<Event> Read(ReadOnlySpan<byte> file)
    {
        var events = new List<Event>();
        while (!file.IsEmpty)
        {
            int length = (int)BinaryPrimitives.ReadUInt64LittleEndian(file);
            Assert.Equal(Masked(file[..8]), BinaryPrimitives.ReadUInt32LittleEndian(file[8..]));
            ReadOnlySpan<byte> message = file.Slice(12, length);
            Assert.Equal(Masked(message), BinaryPrimitives.ReadUInt32LittleEndian(file[(12 + length)..]));
            events.Add(ReadEvent(message));
            file = file[(16 + length)..];
        }
        return events;
    }

    private static Event ReadEvent(ReadOnlySpan<byte> message)
    {
        var read = new Event();
        foreach ((int field, byte[] bytes, ulong number) in Fields(message))
            switch (field)
            {
                case 1: read.Time = BitConverter.UInt64BitsToDouble(number); break;
                case 2: read.Step = (long)number; break;
                case 3: read.Version = Encoding.UTF8.GetString(bytes); break;
                case 5:
                    foreach ((int _, byte[] value, ulong _) in Fields(bytes))
                    {
                        List<(int Field, byte[] Bytes, ulong Number)> parts = Fields(value);
                        read.Scalars.Add((Encoding.UTF8.GetString(parts.Single(part => part.Field == 1).Bytes), BitConverter.UInt32BitsToSingle((uint)parts.Single(part => part.Field == 2).Number)));
                    }
                    break;
            }
        return read;
    }

    private static List<(int Field, byte[] Bytes, ulong Number)> Fields(ReadOnlySpan<byte> message)
    {
        var fields = new List<(int, byte[], ulong)>();
        while (!message.IsEmpty)
        {
            ulong key = Integer(ref message), number = 0;
            byte[] bytes = [];
            switch (key & 7)
            {
                case 0: number = Integer(ref message); break;
                case 1: number = BinaryPrimitives.ReadUInt64LittleEndian(message); message = message[8..]; break;
                case 2: int length = (int)Integer(ref message); bytes = message[..length].ToArray(); message = message[length..]; break;
                default: number = BinaryPrimitives.ReadUInt32LittleEndian(message); message = message[4..]; break;
            }
            fields.Add(((int)(key >> 3), bytes, number));
        }
        return fields;
    }

    private static ulong Integer(ref ReadOnlySpan<byte> message)
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte one = message[0];
            message = message[1..];
            value |= (ulong)(one & 0x7F) << shift;
            if (one < 0x80) return value;
        }
    }

    /// <summary>CRC-32C bit by bit: the reflected polynomial 0x82F63B78.</summary>
    private static uint Masked(ReadOnlySpan<byte> bytes)
    {
        uint checksum = uint.MaxValue;
        foreach (byte one in bytes)
        {
            checksum ^= one;
            for (int bit = 0; bit < 8; bit++) checksum = (checksum >> 1) ^ ((checksum & 1) * 0x82F63B78);
        }
        checksum = ~checksum;
        return ((checksum >> 15) | (checksum << 17)) + 0xA282EAD8;
    }

    private sealed class Event
    {
        public double Time { get; set; }

        public long Step { get; set; }

        public string? Version { get; set; }

        public List<(string Tag, float Value)> Scalars { get; } = [];
    }
}
