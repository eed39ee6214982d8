using System.Text.Json.Nodes;
using Lottery.Formats.Yaml;

namespace Lottery.Studies.Files;

/// <summary>What a value may be. The reader checks by it and the JSON schema is written from it, so the two agree.</summary>
internal abstract record Shape
{
    /// <summary>Makes sure that a value has this shape.</summary>
    /// <param name="node">The value.</param>
    /// <param name="path">What it is called, for errors: <c>train.batch</c>; empty for the whole file.</param>
    /// <exception cref="UserException">It has not; the sentence opens with the place.</exception>
    public abstract void Check(YamlNode node, string path);

    /// <summary>The shape as JSON schema.</summary>
    public abstract JsonObject Schema();

    /// <summary>The same with nothing required, for what is laid over a file.</summary>
    public virtual Shape Partial() => this;

    /// <summary>FILE:LINE:COLUMN, what it is, and what it must be.</summary>
    protected static UserException Wrong(YamlNode node, string path, string expected) =>
        new($"{node.Place}: {(path.Length == 0 ? "the file" : path)} is {Told(node)}, but must be {expected}.");

    private static string Told(YamlNode node) => node switch
    {
        YamlList => "a list",
        YamlMap => "a map",
        YamlScalar { IsQuoted: true } text => $"the text '{text.Value}'",
        YamlScalar { Value: "" } => "empty",
        _ => $"'{node.Text}'",
    };
}
