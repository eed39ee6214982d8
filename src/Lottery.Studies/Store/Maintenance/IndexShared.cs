using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Lottery.Specifications;
using Lottery.Studies.Identity;
using Lottery.Studies.Store.Files;

namespace Lottery.Studies.Store.Maintenance;

/// <summary>
/// What the runs of one condition and level have in common, once in the index: names, where they were trained, and the specification
/// without its seed and its parent.
/// </summary>
/// <param name="Key">The beginning of the SHA-256 of its text.</param>
/// <param name="Run">The specification, with seed 0 and without a parent.</param>
internal sealed record IndexShared(UInt128 Key, RunSpecification Run)
{
    private const string Seed = "seed", Parent = "parent", Specification = "specification";

    /// <summary>The name of the data set.</summary>
    public required string Data { get; init; }

    /// <inheritdoc cref="RunSummary.Kernels"/>
    public required ImmutableSortedDictionary<string, int> Kernels { get; init; }

    /// <summary>The versions of Lottery and of .NET, and the processor.</summary>
    public required (string Lottery, string Dotnet, string Processor) Origin { get; init; }

    /// <summary>Its text.</summary>
    public required ReadOnlyMemory<byte> Text { get; init; }

    /// <summary>What a run has in common with others.</summary>
    /// <param name="run">The run.</param>
    /// <param name="specification">Its specification in JSON, which is left as it is.</param>
    public static IndexShared Of(RunSummary run, JsonObject specification)
    {
        JsonObject shared = specification.DeepClone().AsObject();
        shared.Remove(Seed);
        shared.Remove(Parent);
        byte[] text = Encoding.UTF8.GetBytes(new JsonObject
        {
            ["network"] = run.Network, ["data"] = run.Data, ["lottery"] = run.Version, ["dotnet"] = run.Dotnet, ["processor"] = run.Processor,
            [Specification] = shared,
        }.ToJsonString());
        return new(KeyOf(text), run.Specification with { Seed = 0, Parent = null })
        {
            Data = run.Data, Kernels = run.Kernels, Origin = (run.Version, run.Dotnet, run.Processor), Text = text,
        };
    }

    /// <summary>Reads a text; null where it is none.</summary>
    public static IndexShared? Read(ReadOnlyMemory<byte> text)
    {
        try
        {
            JsonObject json = JsonNode.Parse(text.Span)!.AsObject(), specification = json[Specification]!.AsObject();
            specification[Seed] = 0UL;
            return new(KeyOf(text.Span), SpecificationJson.Read(specification, Name("network"), _ => null!))
            {
                Data = Name("data"), Kernels = RunSummary.KernelsOf(specification), Origin = (Name("lottery"), Name("dotnet"), Name("processor")), Text = text,
            };

            string Name(string member) => json[member]!.GetValue<string>();
        }
        catch (Exception wrong) when (RunFile.IsMalformed(wrong))
        {
            return null;
        }
    }

    /// <summary>The beginning of a text's SHA-256.</summary>
    public static UInt128 KeyOf(ReadOnlySpan<byte> text) => System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(SHA256.HashData(text));
}
