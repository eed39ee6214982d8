namespace Lottery.Formats.Onnx;

/// <summary>The attributes of a node, and the errors that name it.</summary>
internal sealed class OnnxNode(NodeProto proto)
{
    /// <summary>The operator: <c>Conv</c>.</summary>
    public string Type => proto.OpType;

    /// <summary>True for an operator of ONNX itself, not of an extension.</summary>
    public bool IsStandard => proto.Domain is "" or "ai.onnx";

    /// <summary>The names of the inputs; an input that is left out is empty.</summary>
    public IReadOnlyList<string> Inputs => proto.Input;

    /// <summary>The names of the outputs.</summary>
    public IReadOnlyList<string> Outputs => proto.Output;

    /// <summary><c>node 'conv1' (Conv)</c>.</summary>
    public override string ToString() => $"node '{Short(proto.Name.Length > 0 ? proto.Name : proto.Output.FirstOrDefault() ?? "")}' ({Short(Type)})";

    /// <summary>The name of an input; empty if it is left out.</summary>
    public string Input(int index) => index < proto.Input.Count ? proto.Input[index] : "";

    /// <summary>The attribute of that name, or null.</summary>
    public AttributeProto? this[string name] => proto.Attribute.FirstOrDefault(attribute => attribute.Name == name);

    /// <summary>An integer.</summary>
    public long Int(string name, long fallback) => this[name]?.I ?? fallback;

    /// <summary>A number.</summary>
    public float Float(string name, float fallback) => this[name]?.F ?? fallback;

    /// <summary>Integers; null if the attribute is left out.</summary>
    public long[]? Ints(string name) => this[name] is { } attribute ? [.. attribute.Ints] : null;

    /// <summary>A text.</summary>
    public string Text(string name, string fallback) => this[name]?.S.ToStringUtf8() ?? fallback;

    /// <summary>The error about the node.</summary>
    /// <param name="what">A clause: what it has, and what would be needed.</param>
    public InvalidDataException Wrong(string what) => new($"{this} {what}");

    /// <summary>The start of a text from an untrusted file.</summary>
    public static string Short(string text) => text.Length > 60 ? text[..60] + "…" : text;
}
