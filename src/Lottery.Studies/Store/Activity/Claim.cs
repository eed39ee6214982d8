using Lottery.Studies.Store.Files;

namespace Lottery.Studies.Store.Activity;

/// <summary>A claim that this process has taken. Disposing of it gives it back.</summary>
internal sealed class Claim : IDisposable
{
    private readonly Claims _claims;
    private ClaimText _text;
    private bool _isTaken, _isLost;

    internal Claim(Claims claims, string path, ClaimText text) => (_claims, Path, _text) = (claims, path, text);

    /// <summary>Its file.</summary>
    public string Path { get; }

    /// <summary>A part of file names that no other claim has.</summary>
    public string Mark => FormattableString.Invariant($"{_text.Owner[..12]}{_text.Number:x}");

    /// <summary>What its file says.</summary>
    internal byte[] Content => _text.Write();

    /// <summary>True if the file is this claim.</summary>
    internal bool IsFile => ClaimText.ReadFile(Path) is { } content && Is(ClaimText.Parse(content));

    /// <summary>True for a text of this claim.</summary>
    internal bool Is(ClaimText? text) => _text.IsSameClaim(text);

    /// <summary>Looks whether the claim is still this process's own: one that did not say for a minute that it is alive may have lost it.</summary>
    public bool IsOwn()
    {
        if (!_isLost) _isLost = !IsFile;
        return !_isLost;
    }

    /// <summary>The sentence about a claim that is not this process's own any more.</summary>
    /// <param name="what">What was claimed.</param>
    public string LostText(string what) => $"{what} is not this process's any more, because it did not respond for a minute: {Claims.Holder(Path)} "
        + "has it now, and this process writes nothing more of it.";

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_isTaken) return;
        _isTaken = false;
        ClaimBeats.Remove(this);
        _claims.GiveBack(this);
    }

    internal void Taken()
    {
        _isTaken = true;
        if (_claims.HasBeats) ClaimBeats.Add(this);
    }

    /// <summary>Says that the owner is alive.</summary>
    internal void Beat()
    {
        if (!_isTaken || _isLost) return;
        using FileStream file = StoreDisk.Update(Path, create: false);
        var content = new byte[Content.Length];
        int length = file.ReadAtLeast(content, content.Length, throwOnEndOfStream: false);
        // What is open here is the file that was read, whatever the name belongs to by now.
        if (!Is(ClaimText.Parse(content.AsSpan(0, length)))) return;
        _text = _text with { Beat = _text.Beat + 1 };
        file.Seek(0, SeekOrigin.Begin);
        StoreDisk.Write(file, Content);
    }
}
