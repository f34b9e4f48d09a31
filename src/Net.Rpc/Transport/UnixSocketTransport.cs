using System.Net.Sockets;

namespace Net.Rpc.Transport;

/// <summary>Streams over Unix domain sockets. Permissions of the path and the identity of peers are the caller's business.</summary>
public static class UnixSocketTransport
{
    /// <summary>Connects to a listening socket.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<Stream> ConnectAsync(string path, CancellationToken cancellationToken = default)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Listens on a path that must not exist. The caller disposes the socket, which removes the path.</summary>
    /// <param name="path">The path.</param>
    /// <param name="backlog">How many peers may wait to be accepted.</param>
    public static Socket Listen(string path, int backlog = 512)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Bind(new UnixDomainSocketEndPoint(path));
            socket.Listen(backlog);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Accepts the next peer.</summary>
    /// <param name="listener">A socket of <see cref="Listen"/>.</param>
    /// <param name="identify">What is to be known about a peer, or null; runs before the peer is read.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public static async ValueTask<(Stream Stream, object? State)> AcceptAsync(
        Socket listener, Func<Socket, object?>? identify = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(listener);
        Socket socket = await listener.AcceptAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            object? state = identify?.Invoke(socket);
            return (new NetworkStream(socket, ownsSocket: true), state);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
