using System.Text.Json.Nodes;
using Lottery.Formats.Yaml;

namespace Lottery.Studies.Settings;

/// <summary>What a value may be. Files and options are checked by it, and the JSON schema is written from it.</summary>
internal abstract record ValueShape
{
    /// <summary>What the help calls a value of this shape.</summary>
    public abstract string ValueName { get; }

    /// <summary>Checks that a value has this shape.</summary>
    /// <param name="node">The value.</param>
    /// <param name="path">Its key, for errors: <c>train.batch</c>; empty for a whole file.</param>
    /// <exception cref="UserException">It does not; the sentence names the location.</exception>
    public abstract void Check(YamlNode node, string path);

    /// <summary>The shape as JSON schema.</summary>
    public abstract JsonObject Schema();

    /// <summary>The value that the text of an option stands for, not yet checked.</summary>
    /// <exception cref="UserException">The text is not written as such a value.</exception>
    public virtual YamlNode Parse(string text, SourceLocation location) => new YamlScalar(text, false, location);

    /// <summary>The text of an option that stands for a value; what <see cref="Parse"/> reads.</summary>
    public virtual string Format(YamlNode node) => node.Text;

    /// <summary>An error about a value: its location, its key, what it is, and what it must be.</summary>
    protected static UserException Wrong(YamlNode node, string path, string expected) =>
        new($"{node.Location.Subject(path.Length == 0 ? "the file" : path)} is {Describe(node)}, but must be {expected}.");

    private static string Describe(YamlNode node) => node switch
    {
        YamlList => "a list",
        YamlMap => "a map",
        YamlScalar { IsQuoted: true } text => $"the text '{text.Value}'",
        YamlScalar { Value: "" } => "empty",
        _ => $"'{node.Text}'",
    };
}
