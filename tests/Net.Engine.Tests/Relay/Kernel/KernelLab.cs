using System.Buffers.Binary;
using System.Net;
using Net.Engine.Relay.Kernel;
using Net.Relay;
using Net.Testing;

namespace Net.Engine.Tests.Relay.Kernel;

/// <summary>A namespace with a pair g0 to i0 for what comes in, and pairs o0 to s0 and so on for what goes out. Receivers' ends have GRO on, or XDP could not send to them.</summary>
internal sealed class KernelLab : IDisposable
{
    private static readonly byte[] OutputMac = [2, 0, 0, 0, 1, 1];
    private readonly KernelNamespace _space;
    private readonly List<int> _outputs = [];
    private readonly List<PacketTap> _taps = [];
    private PacketTap _sender = null!;
    private PacketTap _gsoSender = null!;

    public KernelLab(int outputs)
    {
        KernelNamespace.SkipUnlessPossible();
        _space = new KernelNamespace();
        (int generator, Input) = _space.AddPair("g0", "i0");
        for (int i = 0; i < outputs; i++)
        {
            (int output, int sink) = _space.AddPair($"o{i}", $"s{i}");
            _outputs.Add(output);
            _space.Exec("ethtool", $"-K s{i} gro on");

            // So that a receiver sees what is on a wire: segments cut, checksums made.
            _space.Exec("ethtool", $"-K o{i} tx-udp-segmentation off tx off");
            PacketTap tap = _space.Namespace.Run(() => new PacketTap(sink));
            _taps.Add(tap);
        }

        _space.Namespace.Run(() =>
        {
            _sender = new PacketTap(generator);
            _gsoSender = new PacketTap(generator, hasVirtioHeader: true);
        });
    }

    public int Input { get; }

    public PacketTap Sender => _sender;

    public static KernelRelay NewRelay(int entries = 256, int targets = 1024) =>
        new(new KernelRelayOptions { PinFolder = null, InitialEntries = entries, InitialTargets = targets }, TimeProvider.System);

    public void Run(Action work) => _space.Namespace.Run(work);

    public RelayFlow Flow(int rule, string group, int port, params RelayTarget[] targets) => new()
    {
        RuleId = rule,
        Input = new RelayInput { InterfaceIndex = Input, Destination = AddressPrefix.Parse(group), PortFrom = (ushort)port, PortTo = (ushort)port },
        Targets = targets,
    };

    public RelayTarget Target(int output, string? destination, int port) => new()
    {
        InterfaceIndex = _outputs[output],
        MtuBytes = 1500,
        SourceMac = OutputMac,
        Destination = destination is null ? null : IPAddress.Parse(destination),
        Port = (ushort)port,
    };

    /// <summary>Sends a frame whose UDP checksum is still to be made, and that is cut into segments unless their size is 0 (struct virtio_net_hdr of linux/virtio_net.h).</summary>
    public void SendGso(byte[] frame, int segment)
    {
        bool isIPv6 = frame[12] == 0x86;
        int udp = 14 + (isIPv6 ? 40 : 20);
        byte[] header = new byte[10];
        header[0] = 1;
        header[1] = (byte)(segment == 0 ? 0 : 5);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(2), (ushort)(segment == 0 ? 0 : udp + 8));
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(4), (ushort)segment);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(6), (ushort)udp);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(8), 6);
        ReadOnlySpan<byte> addresses = isIPv6 ? frame.AsSpan(22, 32) : frame.AsSpan(26, 8);
        byte[] pseudo = [.. addresses, 0, 17, frame[udp + 4], frame[udp + 5]];
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(udp + 6), (ushort)~KernelFrames.Checksum(pseudo));
        _gsoSender.Send([.. header, .. frame]);
    }

    /// <summary>Frames of IP that came to a receiver: so many, or fewer when two seconds pass.</summary>
    public List<byte[]> Receive(int output, int count)
    {
        var frames = new List<byte[]>();
        while (frames.Count < count && _taps[output].Receive(frame => frame[12] is 8 or 0x86) is byte[] raw)
        {
            frames.Add(raw);
        }

        return frames;
    }

    /// <summary>Asserts that every target's packet came, and is what the packet engine would have made.</summary>
    public void AssertReceived(RelayFlow flow, byte[] frame)
    {
        foreach (IGrouping<int, RelayTarget> group in flow.Targets.GroupBy(target => target.InterfaceIndex))
        {
            List<byte[]> received = Receive(_outputs.IndexOf(group.Key), group.Count());
            List<string> expected = [.. group.Select(target => Convert.ToHexString(Rewrite(frame, target)))];

            Assert.Equal(expected, received.Select(Convert.ToHexString));
        }
    }

    public void Dispose()
    {
        _sender.Dispose();
        _gsoSender.Dispose();
        _taps.ForEach(tap => tap.Dispose());
        _space.Dispose();
    }

    private static byte[] Rewrite(byte[] frame, RelayTarget target)
    {
        byte[] buffer = [.. frame];
        Assert.Equal(ParseResult.Packet, RelayParser.Parse(buffer, out PacketView packet));
        Assert.True(RelayRewriter.TryRewrite(buffer, packet, new TargetRewrite(target), out RelayFrame made, out _));
        return buffer.AsSpan(made.Offset, made.Length).ToArray();
    }
}
