using System.Buffers.Binary;

namespace Net.Packets.Tests;

/// <summary>Builds whole packets the plain way: the reference the fast code is compared with.</summary>
internal sealed record PacketBuilder
{
    public bool IsIPv6 { get; init; }

    public byte Protocol { get; init; } = 6;

    public byte Host { get; init; } = 1;

    public ushort SourcePort { get; init; } = 5001;

    public ushort DestinationPort { get; init; } = 80;

    public byte TrafficClass { get; init; }

    public byte Ttl { get; init; } = 64;

    public ushort Identification { get; init; }

    public ushort Fragment { get; init; } = 0x4000;

    public uint Sequence { get; init; }

    public uint Acknowledgement { get; init; } = 7;

    public byte Flags { get; init; } = 0x10;

    public ushort Window { get; init; } = 501;

    public byte[] Options { get; init; } = [];

    public byte[] Payload { get; init; } = [];

    /// <summary>Made instead of TCP or UDP.</summary>
    public byte[]? Transport { get; init; }

    public int HeadBytes => (IsIPv6 ? 40 : 20) + (Protocol == 6 ? 20 + Options.Length : 8);

    public byte[] Build()
    {
        byte[] transport = Transport ?? (Protocol == 6 ? BuildTcp() : BuildUdp());
        int network = IsIPv6 ? 40 : 20;
        byte[] packet = new byte[network + transport.Length];
        Span<byte> head = packet;
        byte[] addresses;
        if (IsIPv6)
        {
            BinaryPrimitives.WriteUInt32BigEndian(head, 0x60000000u | ((uint)TrafficClass << 20) | 0x12345);
            BinaryPrimitives.WriteUInt16BigEndian(head[4..], (ushort)transport.Length);
            head[6] = Protocol;
            head[7] = Ttl;
            addresses = [0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, Host, 0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 99];
            addresses.CopyTo(packet, 8);
        }
        else
        {
            head[0] = 0x45;
            head[1] = TrafficClass;
            BinaryPrimitives.WriteUInt16BigEndian(head[2..], (ushort)packet.Length);
            BinaryPrimitives.WriteUInt16BigEndian(head[4..], Identification);
            BinaryPrimitives.WriteUInt16BigEndian(head[6..], Fragment);
            head[8] = Ttl;
            head[9] = Protocol;
            addresses = [100, 64, 0, Host, 100, 64, 0, 99];
            addresses.CopyTo(packet, 12);
            BinaryPrimitives.WriteUInt16BigEndian(head[10..], InternetChecksum.Compute(head[..20]));
        }

        if (Transport is null)
        {
            byte[] pseudo = [.. addresses, 0, Protocol, (byte)(transport.Length >> 8), (byte)transport.Length];
            ushort checksum = InternetChecksum.Compute([.. pseudo, .. transport]);
            checksum = Protocol == 17 && checksum == 0 ? (ushort)0xffff : checksum;
            BinaryPrimitives.WriteUInt16BigEndian(transport.AsSpan(Protocol == 6 ? 16 : 6), checksum);
        }

        transport.CopyTo(packet, network);
        return packet;
    }

    private byte[] BuildTcp()
    {
        byte[] tcp = [.. new byte[20], .. Options, .. Payload];
        BinaryPrimitives.WriteUInt16BigEndian(tcp, SourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(tcp.AsSpan(2), DestinationPort);
        BinaryPrimitives.WriteUInt32BigEndian(tcp.AsSpan(4), Sequence);
        BinaryPrimitives.WriteUInt32BigEndian(tcp.AsSpan(8), Acknowledgement);
        tcp[12] = (byte)((20 + Options.Length) << 2);
        tcp[13] = Flags;
        BinaryPrimitives.WriteUInt16BigEndian(tcp.AsSpan(14), Window);
        return tcp;
    }

    private byte[] BuildUdp()
    {
        byte[] udp = [.. new byte[8], .. Payload];
        BinaryPrimitives.WriteUInt16BigEndian(udp, SourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(udp.AsSpan(2), DestinationPort);
        BinaryPrimitives.WriteUInt16BigEndian(udp.AsSpan(4), (ushort)udp.Length);
        return udp;
    }
}
