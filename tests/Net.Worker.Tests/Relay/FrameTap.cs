using System.Runtime.InteropServices;
using Net.Platform.Linux;
using Net.Platform.Linux.Relay;
using Net.Platform.Tests;
using Net.Relay;
using Net.Worker.Tests.Support;

namespace Net.Worker.Tests.Relay;

/// <summary>A frame as a tap saw it.</summary>
internal sealed record TappedFrame(byte[] Data, int SegmentBytes, bool IsChecksumPartial)
{
    public PacketView View
    {
        get
        {
            Assert.Equal(ParseResult.Packet, RelayParser.Parse(Data, out PacketView view));
            return view;
        }
    }

    public byte[] Payload => Data[View.PayloadOffset..View.EndOffset];

    public ushort UdpChecksum => System.Buffers.Binary.BinaryPrimitives.ReadUInt16BigEndian(Data.AsSpan(View.TransportOffset + 6));
}

/// <summary>Sees the frames of UDP and ESP that arrive at an interface.</summary>
internal sealed class FrameTap : IDisposable
{
    private readonly PacketRing _ring;
    private readonly Poller _poller = new(1);
    private readonly NativeBuffer _buffer = new(66_048);

    public FrameTap(TestNamespace where, string link)
    {
        int index = RelayRig.IndexOf(where, link);
        PacketRingLayout layout = default;
        SafeHandle handle = where.In(() => PacketRing.Open(new PacketRingOptions { InterfaceIndex = index, AcceptUnicast = true }, out layout));
        _ring = new PacketRing(handle, layout);
        _poller.Set(0, _ring.Handle, wantRead: true);
    }

    public TappedFrame Next()
    {
        TappedFrame? frame = TryNext(Bounds.Wait);
        Assert.True(frame is not null, "no frame came");
        return frame!;
    }

    /// <summary>The next frame; null when none comes in time.</summary>
    public TappedFrame? TryNext(TimeSpan patience)
    {
        long deadline = MonotonicClock.Now + (long)patience.TotalNanoseconds;
        PacketFrame frame;
        while (!_ring.TryPeek(out frame))
        {
            long left = deadline - MonotonicClock.Now;
            if (left <= 0)
            {
                return null;
            }

            _poller.Wait(left);
        }

        if (frame.IsOversize)
        {
            Assert.True(_ring.ReadOversize(PacketMemory.Of(_buffer), out frame));
        }

        var result = new TappedFrame([.. frame.Memory.Span], frame.SegmentBytes, frame.IsChecksumPartial);
        _ring.Release();
        return result;
    }

    public void Dispose()
    {
        _ring.Dispose();
        _buffer.Dispose();
    }
}
