using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Net.Platform.Linux;

/// <summary>One received netlink message.</summary>
public readonly ref struct NetlinkMessage
{
    internal NetlinkMessage(ushort type, ushort flags, uint sequence, ReadOnlySpan<byte> payload)
    {
        Type = type;
        Flags = flags;
        Sequence = sequence;
        Payload = payload;
    }

    /// <summary>Message type.</summary>
    public ushort Type { get; }

    /// <summary>NLM_F_ flags.</summary>
    public ushort Flags { get; }

    /// <summary>Sequence number of the request; 0 for events.</summary>
    public uint Sequence { get; }

    /// <summary>Everything after the netlink header.</summary>
    public ReadOnlySpan<byte> Payload { get; }

    /// <summary>Reads the family's fixed header.</summary>
    /// <typeparam name="T">Its structure.</typeparam>
    /// <returns>Its content.</returns>
    /// <exception cref="NetlinkException">The message is too short for it.</exception>
    public T Header<T>()
        where T : unmanaged
    {
        if (Payload.Length < Unsafe.SizeOf<T>())
        {
            throw new NetlinkException($"message {Type} is shorter than its {typeof(T).Name}");
        }

        return MemoryMarshal.Read<T>(Payload);
    }

    /// <summary>The attributes behind the family's fixed header.</summary>
    /// <typeparam name="T">Structure of that header.</typeparam>
    /// <returns>A reader; without attributes when the message is too short.</returns>
    public NetlinkReader Attributes<T>()
        where T : unmanaged
    {
        int start = NetlinkWriter.Align(Unsafe.SizeOf<T>());
        return new NetlinkReader(Payload.Length > start ? Payload[start..] : default);
    }
}
