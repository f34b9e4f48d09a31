using System.IO.Pipes;

namespace Net.Rpc.Transport;

/// <summary>Streams over named pipes. The access rules of the pipe and the identity of peers are the caller's business.</summary>
public static class NamedPipeTransport
{
    /// <summary>Connects to a pipe of this machine.</summary>
    /// <param name="name">The name of the pipe, without the prefix.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<Stream> ConnectAsync(string name, CancellationToken cancellationToken = default)
    {
        var pipe = new NamedPipeClientStream(".", name, PipeDirection.InOut, PipeOptions.Asynchronous);
        try
        {
            await pipe.ConnectAsync(cancellationToken).ConfigureAwait(false);
            return pipe;
        }
        catch
        {
            await pipe.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Waits for the next peer of a pipe.</summary>
    /// <param name="create">Creates the server end, asynchronous and with the access rules wanted.</param>
    /// <param name="identify">What is to be known about a peer, or null; runs before the peer is read.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public static async ValueTask<(Stream Stream, object? State)> AcceptAsync(
        Func<NamedPipeServerStream> create, Func<NamedPipeServerStream, object?>? identify = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(create);
        NamedPipeServerStream pipe = create();
        try
        {
            await pipe.WaitForConnectionAsync(cancellationToken).ConfigureAwait(false);
            return (pipe, identify?.Invoke(pipe));
        }
        catch
        {
            await pipe.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
