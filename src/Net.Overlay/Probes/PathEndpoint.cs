using System.Buffers.Binary;
using System.Net;

namespace Net.Overlay.Probes;

/// <summary>An endpoint as a value: address, port and family without an object. IPv4-mapped IPv6 addresses are IPv4, because a dual-stack socket shows either.</summary>
public readonly record struct PathEndpoint
{
    private readonly UInt128 _address;

    /// <summary>An endpoint of an address of 4 or 16 bytes.</summary>
    /// <param name="address">The address, most significant byte first.</param>
    /// <param name="port">The port.</param>
    public PathEndpoint(ReadOnlySpan<byte> address, ushort port)
    {
        Port = port;
        switch (address.Length)
        {
            case 4:
                _address = BinaryPrimitives.ReadUInt32BigEndian(address);
                IsIPv4 = true;
                break;
            case 16:
                UInt128 value = BinaryPrimitives.ReadUInt128BigEndian(address);
                IsIPv4 = value >> 32 == 0xffff;
                _address = IsIPv4 ? (uint)value : value;
                break;
            default:
                throw new ArgumentException("an address has 4 or 16 bytes", nameof(address));
        }
    }

    /// <summary>The port.</summary>
    public ushort Port { get; }

    /// <summary>Whether the address is IPv4.</summary>
    public bool IsIPv4 { get; }

    /// <summary>Whether this is no endpoint.</summary>
    public bool IsNone => Port == 0 && _address == 0;

    /// <summary>The endpoint of an object.</summary>
    public static PathEndpoint From(IPEndPoint endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        Span<byte> bytes = stackalloc byte[16];
        return endpoint.Address.TryWriteBytes(bytes, out int written) ? new PathEndpoint(bytes[..written], (ushort)endpoint.Port) : default;
    }

    /// <summary>An object of the endpoint.</summary>
    public IPEndPoint ToIPEndPoint()
    {
        Span<byte> bytes = stackalloc byte[16];
        return new IPEndPoint(new IPAddress(bytes[..WriteAddress(bytes)]), Port);
    }

    /// <summary>Writes the address.</summary>
    /// <param name="destination">Receives 4 or 16 bytes.</param>
    /// <returns>How many.</returns>
    public int WriteAddress(Span<byte> destination)
    {
        if (IsIPv4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(destination, (uint)_address);
            return 4;
        }

        BinaryPrimitives.WriteUInt128BigEndian(destination, _address);
        return 16;
    }

    /// <inheritdoc/>
    public override string ToString() => ToIPEndPoint().ToString();
}
