namespace Lottery.Data.Pickle;

/// <summary>A tuple, a list or a set of a pickle.</summary>
internal sealed class PickleList
{
    /// <summary>The items: null, Booleans, integers (<see cref="long"/>), doubles, strings, bytes, and the types of this namespace.</summary>
    public List<object?> Items { get; init; } = [];
}

/// <summary>A dictionary of a pickle. Entries whose keys are neither text nor bytes are dropped: no format that is read here uses them.</summary>
internal sealed class PickleDictionary
{
    /// <summary>The entries in the order in which they were added.</summary>
    public OrderedDictionary<string, object?> Entries { get; } = [];

    /// <summary>The value of a key, or null.</summary>
    public object? this[string key] => Entries.GetValueOrDefault(key);
}

/// <summary>A name that a pickle refers to. It is compared with a list of names and never looked up, imported or called.</summary>
/// <param name="Module">For example <c>torch</c>.</param>
/// <param name="Name">For example <c>FloatStorage</c>.</param>
internal sealed record PickleGlobal(string Module, string Name)
{
    public override string ToString() => $"{Module}.{Name}";
}

/// <summary>What a pickle would have Python create by a call: the name, the arguments and the state, of which nothing was executed.</summary>
internal sealed class PickleCall(PickleGlobal function, PickleList arguments)
{
    public PickleGlobal Function => function;

    public List<object?> Arguments => arguments.Items;

    /// <summary>What <c>__setstate__</c> would be given; null for nothing.</summary>
    public object? State { get; set; }
}

/// <summary>A reference to something outside the pickle, such as a tensor's storage.</summary>
internal sealed record PickleReference(object? Id);
