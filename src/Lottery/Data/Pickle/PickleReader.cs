using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Globalization;
using System.Numerics;
using System.Text;

namespace Lottery.Data.Pickle;

/// <summary>
/// Reads Python pickles (protocols 0 to 5) as data. Nothing is imported or called: a name must be on a list, and becomes a
/// value like any other. Every length is checked against the bytes that are left, and an instruction adds at most one value, so
/// memory is linear in the length of the pickle.
/// </summary>
/// <param name="bytes">A file in which pickles stand one after another.</param>
/// <param name="allowed">The names that may occur, as in <c>collections.OrderedDict</c>.</param>
/// <param name="remedy">What to do about a file with other names: a clause.</param>
internal sealed class PickleReader(ReadOnlyMemory<byte> bytes, FrozenSet<string> allowed, string remedy)
{
    private const string OrderedDictionary = "collections.OrderedDict";
    private readonly List<object?> _stack = [];
    private readonly List<int> _marks = [];
    private readonly Dictionary<long, object?> _memo = [];
    private long _copied;

    /// <summary>Where the next pickle begins.</summary>
    public int Position { get; private set; }

    /// <summary>What the pickles so far refer to outside of them.</summary>
    public List<PickleReference> References { get; } = [];

    /// <summary>The value of one pickle that is all of the bytes.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or asks for a name that is not allowed; the message is a clause.</exception>
    public static object? Read(ReadOnlyMemory<byte> bytes, FrozenSet<string> allowed, string remedy) => new PickleReader(bytes, allowed, remedy).Next();

    /// <summary>The value of the next pickle.</summary>
    /// <inheritdoc cref="Read" path="/exception"/>
    public object? Next()
    {
        _stack.Clear();
        _marks.Clear();
        _memo.Clear();
        while (true)
        {
            byte code = Take(1)[0];
            if (code == '.') return Pop();
            Execute(code);
        }
    }

    private void Execute(byte code)
    {
        switch ((char)code)
        {
            case '\x80': Take(1); break;
            case '\x95': Take(8); break;
            case '(': _marks.Add(_stack.Count); break;
            case '0': Discard(); break;
            case '1': TakeMarked(); break;
            case '2': Push(Peek()); break;
            case 'N': Push(null); break;
            case '\x88': Push(true); break;
            case '\x89': Push(false); break;
            case 'c': Push(Global(Line(), Line())); break;
            case '\x93': PushNamed(); break;
            case 'R' or '\x81': Call(); break;
            case '\x92': Pop(); Call(); break;
            case 'b': Build(Pop()); break;
            case 'P': Refer(Line()); break;
            case 'Q': Refer(Pop()); break;
            default:
                if (!PushNumber(code) && !PushText(code) && !Collect(code) && !Remember(code))
                    throw new InvalidDataException($"it has the instruction 0x{code:X2} at byte {Position - 1}, which pickles of this kind do not have");
                break;
        }
    }

    private bool PushNumber(byte code)
    {
        switch ((char)code)
        {
            case 'K': Push((long)Take(1)[0]); return true;
            case 'M': Push((long)BinaryPrimitives.ReadUInt16LittleEndian(Take(2))); return true;
            case 'J': Push((long)BinaryPrimitives.ReadInt32LittleEndian(Take(4))); return true;
            case 'G': Push(BinaryPrimitives.ReadDoubleBigEndian(Take(8))); return true;
            case '\x8a': Push(Integer(Take(Take(1)[0]))); return true;
            case '\x8b': Push(Integer(Take(Length(4)))); return true;
            case 'I':
                string text = Line();
                Push(text switch { "00" => false, "01" => true, _ => Integer(text) });
                return true;
            case 'L': Push(Integer(Line().TrimEnd('L'))); return true;
            case 'F':
                Push(double.TryParse(Line(), NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : throw Damaged("a number is none"));
                return true;
            default: return false;
        }
    }

    private bool PushText(byte code)
    {
        switch ((char)code)
        {
            case 'X': Push(Text(Take(Length(4)))); return true;
            case '\x8c': Push(Text(Take(Take(1)[0]))); return true;
            case '\x8d': Push(Text(Take(Length(8)))); return true;
            case 'V': Push(Line()); return true;
            // What Python 2 calls a string is bytes; it is text here, since keys and names are.
            case 'U': Push(Encoding.Latin1.GetString(Take(Take(1)[0]))); return true;
            case 'T': Push(Encoding.Latin1.GetString(Take(Length(4)))); return true;
            case 'S': Push(Line().Trim('\'', '"')); return true;
            case 'C': Push(TakeMemory(Take(1)[0])); return true;
            case 'B': Push(TakeMemory(Length(4))); return true;
            case '\x8e' or '\x96': Push(TakeMemory(Length(8))); return true;
            default: return false;
        }
    }

    private bool Collect(byte code)
    {
        switch ((char)code)
        {
            case ')' or ']' or '\x8f': Push(new PickleList()); return true;
            case '}': Push(new PickleDictionary()); return true;
            case 't' or 'l' or '\x91': Push(new PickleList { Items = TakeMarked() }); return true;
            case 'd':
                var dictionary = new PickleDictionary();
                Add(dictionary, TakeMarked());
                Push(dictionary);
                return true;
            case '\x85': Push(new PickleList { Items = TakeLast(1) }); return true;
            case '\x86': Push(new PickleList { Items = TakeLast(2) }); return true;
            case '\x87': Push(new PickleList { Items = TakeLast(3) }); return true;
            case 'a': Append(TakeLast(1)); return true;
            case 'e' or '\x90': Append(TakeMarked()); return true;
            case 's': AddBelow(TakeLast(2)); return true;
            case 'u': AddBelow(TakeMarked()); return true;
            default: return false;
        }
    }

    private bool Remember(byte code)
    {
        switch ((char)code)
        {
            case 'q': _memo[Take(1)[0]] = Peek(); return true;
            case 'r': _memo[BinaryPrimitives.ReadUInt32LittleEndian(Take(4))] = Peek(); return true;
            case 'p': _memo[Index(Line())] = Peek(); return true;
            case '\x94': _memo[_memo.Count] = Peek(); return true;
            case 'h': Recall(Take(1)[0]); return true;
            case 'j': Recall(BinaryPrimitives.ReadUInt32LittleEndian(Take(4))); return true;
            case 'g': Recall(Index(Line())); return true;
            default: return false;
        }
    }

    private void Refer(object? id)
    {
        References.Add(new(id));
        Push(References[^1]);
    }

    private void Recall(long index) => Push(_memo.TryGetValue(index, out object? known) ? known : throw Damaged("it refers to a value that it does not have"));

    private void PushNamed()
    {
        object? name = Pop(), module = Pop();
        Push(Global(module as string ?? throw Damaged("a module has no name"), name as string ?? throw Damaged("a global has no name")));
    }

    private PickleGlobal Global(string module, string name)
    {
        var global = new PickleGlobal(module, name);
        return allowed.Contains(global.ToString()) ? global : throw new InvalidDataException(
            $"it asks for {Shown(global.ToString())}, which is refused, and nothing of it was executed; {remedy}");
    }

    private void Call()
    {
        object? arguments = Pop(), function = Pop();
        if (function is not PickleGlobal global || arguments is not PickleList list) throw Damaged("it calls what is no function");
        if (global.ToString() != OrderedDictionary)
        {
            Push(new PickleCall(global, list));
            return;
        }
        var dictionary = new PickleDictionary();
        // OrderedDict([(key, value), …]), as Python 2 writes it.
        if (list.Items is [PickleList pairs])
        {
            // One list may be given to many calls: copies together are bounded by the file.
            if ((_copied += pairs.Items.Count) > bytes.Length) throw Damaged("it repeats itself");
            foreach (object? pair in pairs.Items)
                if (pair is PickleList { Items: [string key, var value] }) dictionary.Entries[key] = value;
        }
        Push(dictionary);
    }

    /// <summary>Attributes of a dictionary, such as PyTorch's <c>_metadata</c>, say nothing that is needed.</summary>
    private void Build(object? state)
    {
        if (Peek() is PickleCall call) call.State = state;
    }

    private void Append(List<object?> items)
    {
        if (Peek() is not PickleList list) throw Damaged("it appends to what is no list");
        list.Items.AddRange(items);
    }

    private void AddBelow(List<object?> items) =>
        Add(Peek() as PickleDictionary ?? throw Damaged("it adds a key to what is no dictionary"), items);

    private void Add(PickleDictionary dictionary, List<object?> items)
    {
        if (items.Count % 2 != 0) throw Damaged("a key has no value");
        for (int i = 0; i < items.Count; i += 2)
            if (Key(items[i]) is { } key) dictionary.Entries[key] = items[i + 1];
    }

    /// <summary>A key as text: what Python 2 wrote as text, Python 3 may have written again as bytes.</summary>
    private static string? Key(object? key) => key as string ?? (key is ReadOnlyMemory<byte> text ? Encoding.Latin1.GetString(text.Span) : null);

    private void Push(object? value) => _stack.Add(value);

    private object? Peek() => _stack.Count > Floor ? _stack[^1] : throw Damaged("a value is missing");

    private object? Pop()
    {
        object? value = Peek();
        _stack.RemoveAt(_stack.Count - 1);
        return value;
    }

    private void Discard()
    {
        if (_stack.Count > Floor) Pop();
        else TakeMarked();
    }

    private int Floor => _marks.Count == 0 ? 0 : _marks[^1];

    private List<object?> TakeLast(int count)
    {
        if (_stack.Count - Floor < count) throw Damaged("a value is missing");
        List<object?> items = _stack.GetRange(_stack.Count - count, count);
        _stack.RemoveRange(_stack.Count - count, count);
        return items;
    }

    private List<object?> TakeMarked()
    {
        if (_marks.Count == 0) throw Damaged("a mark is missing");
        List<object?> items = TakeLast(_stack.Count - _marks[^1]);
        _marks.RemoveAt(_marks.Count - 1);
        return items;
    }

    private ReadOnlySpan<byte> Take(int count) => TakeMemory(count).Span;

    private ReadOnlyMemory<byte> TakeMemory(int count)
    {
        if (count > bytes.Length - Position) throw Damaged("it ends too early");
        Position += count;
        return bytes.Slice(Position - count, count);
    }

    /// <summary>A length, which no value has that is longer than the file.</summary>
    private int Length(int size)
    {
        ReadOnlySpan<byte> digits = Take(size);
        ulong length = size == 4 ? BinaryPrimitives.ReadUInt32LittleEndian(digits) : BinaryPrimitives.ReadUInt64LittleEndian(digits);
        return length <= (ulong)(bytes.Length - Position) ? (int)length : throw Damaged("it ends too early");
    }

    private string Line()
    {
        int length = bytes.Span[Position..].IndexOf((byte)'\n');
        if (length < 0) throw Damaged("it ends too early");
        string line = Text(Take(length));
        Position++;
        return line.TrimEnd('\r');
    }

    private static string Text(ReadOnlySpan<byte> utf8) => Encoding.UTF8.GetString(utf8);

    private static object Integer(ReadOnlySpan<byte> littleEndian) => Small(new(littleEndian));

    private object Integer(string text) => text.Length <= 64 && BigInteger.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out BigInteger value)
        ? Small(value) : throw Damaged("an integer is none");

    private static object Small(BigInteger value) => value >= long.MinValue && value <= long.MaxValue ? (long)value : value;

    private long Index(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long index) ? index : throw Damaged("an index is none");

    private static string Shown(string name) => name.Length > 80 ? name[..80] + "…" : name;

    private InvalidDataException Damaged(string what) => new($"{what} at byte {Position}");
}
