namespace Net.PowerShell.Connection;

/// <summary>Which engine to connect to.</summary>
/// <param name="SocketPath">The engine's socket.</param>
/// <param name="Timeout">How long connecting may take.</param>
internal sealed record EngineTarget(string SocketPath, TimeSpan Timeout)
{
    /// <summary>A local socket answers in a millisecond; five seconds outlast an engine that is just starting.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(5);
}
