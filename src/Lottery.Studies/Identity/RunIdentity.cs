using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Lottery.Specifications;

namespace Lottery.Studies.Identity;

/// <summary>
/// The id of a run: the SHA-256 of its specification in canonical JSON, with every field and default, a format
/// version, the versions of the kernels, and the parent by its id. Golden tests pin it.
/// </summary>
public static class RunIdentity
{
    /// <summary>Characters of an id in tables and messages; any prefix that is unique in a store names a run.</summary>
    public const int ShortLength = 10;

    private static readonly ConditionalWeakTable<RunSpecification, string> Known = [];

    /// <summary>The run's id: 64 lower-case hexadecimal digits.</summary>
    public static string Of(RunSpecification run) =>
        Known.GetValue(run, static run => CanonicalJson.Hash(Describe(run)));

    /// <summary>The text that the id is the hash of.</summary>
    public static string Canonical(RunSpecification run) => CanonicalJson.Write(Describe(run));

    /// <summary>The first characters of <paramref name="id"/>, as tables show it.</summary>
    public static string Short(string id) => id[..Math.Min(id.Length, ShortLength)];

    /// <summary>True for what can be an id: 64 lower-case hexadecimal digits.</summary>
    internal static bool IsId(string text) => text.Length == 64 && !text.AsSpan().ContainsAnyExcept("0123456789abcdef");

    /// <summary>The specification as JSON, as the id hashes it: a new object for each call.</summary>
    public static JsonObject Describe(RunSpecification run) =>
        SpecificationJson.Write(run, run.Parent is { } parent ? Of(parent) : null);
}
