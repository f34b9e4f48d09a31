namespace Net.Platform;

/// <summary>A range of ports.</summary>
/// <param name="First">First port of it.</param>
/// <param name="Last">Last port of it.</param>
public readonly record struct ConnectionPorts(ushort First, ushort Last)
{
    /// <summary>A range of one port.</summary>
    /// <param name="port">The port.</param>
    public ConnectionPorts(ushort port)
        : this(port, port)
    {
    }

    /// <summary>Whether a port is in it.</summary>
    /// <param name="port">The port.</param>
    /// <returns>True when it is.</returns>
    public bool Contains(ushort port) => port >= First && port <= Last;
}
