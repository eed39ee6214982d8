using System.Security.Cryptography;

namespace Lottery.Studies.Store.Files;

/// <summary>Writes a file piece by piece and ends it with the SHA-256 of all before: a file of any length takes one piece of memory.</summary>
/// <param name="file">A file of <see cref="StoreDisk"/>.</param>
internal sealed class ChecksummedStream(FileStream file) : Stream
{
    private const int PieceLength = 1 << 20;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly MemoryStream _piece = new();

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Writes the checksum and what has not been written yet.</summary>
    public void End()
    {
        _hash.AppendData(Piece);
        _piece.Write(_hash.GetHashAndReset());
        StoreDisk.Write(file, Piece);
        _piece.SetLength(0);
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (buffer.Length > 0)
        {
            int length = Math.Min(buffer.Length, PieceLength - (int)_piece.Length);
            _piece.Write(buffer[..length]);
            buffer = buffer[length..];
            if (_piece.Length < PieceLength) continue;
            _hash.AppendData(Piece);
            StoreDisk.Write(file, Piece);
            _piece.SetLength(0);
        }
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <summary>Nothing: a piece is written when it is full, or at the end.</summary>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _hash.Dispose();
            _piece.Dispose();
        }
        base.Dispose(disposing);
    }

    private ReadOnlySpan<byte> Piece => _piece.GetBuffer().AsSpan(0, (int)_piece.Length);
}
