using System.IO.Pipelines;

namespace Net.Rpc.Tests;

/// <summary>Two connected streams in memory. Each direction holds a limited number of bytes, like a socket.</summary>
internal sealed class DuplexStream(PipeReader input, PipeWriter output) : Stream
{
    private readonly Stream _input = input.AsStream();
    private readonly Stream _output = output.AsStream();

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public static (DuplexStream Near, DuplexStream Far) CreatePair(int bytesHeld = 64 * 1024)
    {
        var options = new PipeOptions(pauseWriterThreshold: bytesHeld, resumeWriterThreshold: bytesHeld / 2, useSynchronizationContext: false);
        var one = new Pipe(options);
        var other = new Pipe(options);
        return (new DuplexStream(one.Reader, other.Writer), new DuplexStream(other.Reader, one.Writer));
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _input.ReadAsync(buffer, cancellationToken);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        _output.WriteAsync(buffer, cancellationToken);

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            output.Complete();
            input.CancelPendingRead();
            input.Complete();
        }

        base.Dispose(disposing);
    }
}
