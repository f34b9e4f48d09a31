namespace Net.Platform;

/// <summary>Reads the TCP connections of this host's own sockets. Calls may come from any thread.</summary>
public interface ISocketSessions : IDisposable
{
    /// <summary>All established TCP connections of both address families.</summary>
    /// <returns>The connections in no order.</returns>
    IReadOnlyList<SocketSession> GetEstablished();
}
