using System.Collections.Immutable;
using Lottery.Files;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Lottery.Formats.Yaml;

/// <summary>
/// Reads a YAML document strictly: one document, no key twice, no anchors, aliases or tags, bounded size and depth. Values
/// keep their locations, so that errors can name them.
/// </summary>
internal sealed class YamlReader
{
    /// <summary>The most bytes that a file may have.</summary>
    public const int MostBytes = 1 << 20;

    private const int MostDepth = 32;
    private readonly string _source;
    private readonly bool _isFile;
    private readonly Parser _parser;
    private Mark _last;

    private YamlReader(string source, string text, bool isFile)
    {
        (_source, _isFile) = (source, isFile);
        _parser = new(new StringReader(text));
    }

    /// <summary>The document in a file.</summary>
    /// <exception cref="UserException">It cannot be read, is too large, or is not such a document.</exception>
    public static YamlNode ReadFile(string path)
    {
        try
        {
            if (!File.Exists(path)) throw new UserException($"{path} does not exist: name a YAML file.");
            return new YamlReader(path, Text(path), isFile: true).Document();
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            throw new UserException(
                $"{path} cannot be read ({refusal.Message.TrimEnd('.')}): name a YAML file that can.", refusal);
        }
    }

    /// <summary>The value in a text that was given as an option, which <paramref name="source"/> names.</summary>
    /// <exception cref="UserException">It is no such value.</exception>
    public static YamlNode ReadText(string source, string text) => new YamlReader(source, text, isFile: false).Document();

    // What has no length, such as a device, is not read without end.
    private static string Text(string path)
    {
        using FileStream file = InputFile.Open(path);
        var bytes = new byte[MostBytes + 1];
        int count = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if (count > MostBytes)
            throw new UserException($"{path} has more than {MostBytes} bytes, which is more than is read: make it shorter.");
        using var text = new StreamReader(new MemoryStream(bytes, 0, count));
        return text.ReadToEnd();
    }

    private YamlNode Document()
    {
        try
        {
            _parser.Consume<StreamStart>();
            if (_parser.Accept<StreamEnd>(out StreamEnd? end)) throw Wrong(end, "there is nothing in it; write a value");
            _parser.Consume<DocumentStart>();
            YamlNode node = Node(0);
            _parser.Consume<DocumentEnd>();
            return _parser.Accept<DocumentStart>(out DocumentStart? second)
                ? throw Wrong(second, "a second document begins here; keep one")
                : node;
        }
        catch (YamlException wrong)
        {
            string why = wrong.Message.TrimEnd('.').ReplaceLineEndings(" ");
            throw new UserException($"{LocationOf(wrong.Start)}: this is not YAML ({why}); correct it.", wrong);
        }
        catch (InvalidOperationException ended)
        {
            throw new UserException(
                $"{LocationOf(_last)}: this is not YAML (it ends inside of a list or map); close it.", ended);
        }
    }

    private YamlNode Node(int depth)
    {
        ParsingEvent at = _parser.Current!;
        _last = at.Start;
        if (depth > MostDepth) throw Wrong(at, $"values are nested more than {MostDepth} deep; make it flatter");
        if (at is AnchorAlias) throw Wrong(at, "there is an alias (*), which is not read; write the value out");
        if (at is NodeEvent { Anchor.IsEmpty: false })
            throw Wrong(at, "there is an anchor (&), which is not read; leave it out");
        if (at is NodeEvent { Tag: { IsEmpty: false, IsNonSpecific: false } })
            throw Wrong(at, "there is a tag (!), which is not read; leave it out");
        return at switch
        {
            Scalar => ScalarHere(),
            SequenceStart => List(depth),
            _ => Map(depth),
        };
    }

    private YamlScalar ScalarHere()
    {
        Scalar scalar = _parser.Consume<Scalar>();
        return new(scalar.Value, scalar.Style != ScalarStyle.Plain, LocationOf(scalar.Start));
    }

    private YamlList List(int depth)
    {
        SequenceStart start = _parser.Consume<SequenceStart>();
        var items = ImmutableArray.CreateBuilder<YamlNode>();
        while (!_parser.TryConsume<SequenceEnd>(out _)) items.Add(Node(depth + 1));
        return new(items.ToImmutable(), LocationOf(start.Start));
    }

    private YamlMap Map(int depth)
    {
        MappingStart start = _parser.Consume<MappingStart>();
        var entries = ImmutableArray.CreateBuilder<YamlEntry>();
        var keys = new HashSet<string>();
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            ParsingEvent at = _parser.Current!;
            if (Node(depth + 1) is not YamlScalar key) throw Wrong(at, "a key is a list or a map; write a name");
            if (!keys.Add(key.Value)) throw Wrong(at, $"the key '{key.Value}' is here a second time; keep one");
            entries.Add(new(key, Node(depth + 1)));
        }
        return new(entries.ToImmutable(), LocationOf(start.Start));
    }

    private UserException Wrong(ParsingEvent at, string what) => new($"{LocationOf(at.Start)}: {what}.");

    private SourceLocation LocationOf(Mark mark) => _isFile ? new(_source, (int)mark.Line, (int)mark.Column) : new(_source);
}
