namespace Lottery.Data.Downloads;

/// <summary>Limits the length of another stream, so that input that inflates to more is an error and does not fill the disk.</summary>
/// <param name="inner">The stream, disposed with this one.</param>
/// <param name="limit">The maximum number of bytes.</param>
internal sealed class BoundedStream(Stream inner, long limit) : Stream
{
    private long _read;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => _read; set => throw new NotSupportedException(); }

    public override int Read(Span<byte> buffer)
    {
        int got = inner.Read(buffer);
        _read += got;
        return _read <= limit ? got : throw new InvalidDataException($"expected at most {limit:N0} bytes, found more");
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }
}
