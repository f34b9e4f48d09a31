using System.ComponentModel;
using Net.Overlay.Sharding;
using Net.Platform.Linux;
using Net.Workers.Overlay;

namespace Net.Worker.Overlay;

/// <content>What belongs to another shard, and what others hand over; and where this one runs.</content>
internal sealed partial class Shard
{
    // Records of one ring before the others and the device have their turn: about as much as is read of the device.
    private const int HandoversPerRound = 64;
    private const int HandoverBytesPerRound = 128 << 10;

    private PeerOwners _owners = PeerOwners.Of(new OverlayModel(), 1);
    private ShardPlacement _placement;
    private ulong _toWake;
    private long _handedOver;

    /// <summary>Keeps the calling thread, which is to be this shard's, to the core it was given. Where that cannot be, it runs anywhere and says so.</summary>
    public void KeepToCore()
    {
        if (_placement.Core is not { } core)
        {
            return;
        }

        try
        {
            ThreadAffinity.PinCurrentThread(core);
        }
        catch (Win32Exception exception)
        {
            _placement = new ShardPlacement(null, null, $"the scheduler places it: {exception.Message}");
        }
    }

    private ShardReport DescribeShard() => new()
    {
        Index = Number,
        Core = _placement.Core,
        NumaNode = _placement.NumaNode,
        Reason = _placement.Reason,
        Peers = _sessions.Count,
        SentDatagrams = Batch.Sent,
        ReceivedDatagrams = _receivedDatagrams,
        HandedOver = _handedOver,
    };

    private void HandOver(int shard, in Handover header, ReadOnlySpan<byte> packet)
    {
        if (!_group.RingTo(Number, shard).TryWrite(in header, packet))
        {
            Drop(DropReason.Handover);
            return;
        }

        _handedOver++;
        _toWake |= 1UL << shard;
    }

    // Once a round, however much was handed over.
    private void WakeOthers()
    {
        for (; _toWake != 0; _toWake &= _toWake - 1)
        {
            _group.Mailbox(System.Numerics.BitOperations.TrailingZeroCount(_toWake)).WakeIfAsleep();
        }
    }

    // Whether there is nothing to do before something comes: from now on others wake this shard.
    private bool FallAsleep()
    {
        if (_group.Count == 1)
        {
            return true;
        }

        _mailbox.FallAsleep();
        for (int shard = 0; shard < _group.Count; shard++)
        {
            if (_group.RingFrom(shard, Number) is { IsEmpty: false })
            {
                _mailbox.StayAwake();
                return false;
            }
        }

        return true;
    }

    // The kernel spreads datagrams by the same rule, but joins those of one sender before: one behind a relay may have several connections.
    private bool IsOwn(ReadOnlySpan<byte> datagram, in SocketEndpoint from)
    {
        int shard = ShardSteering.ShardOf(datagram, _group.Count);
        if (shard == Number)
        {
            return true;
        }

        HandOver(shard, new Handover(HandoverKind.Datagram, -1, -1, 0, from), datagram);
        return false;
    }

    private void OfferReset(ReadOnlySpan<byte> datagram, in SocketEndpoint from)
    {
        for (int shard = 0; shard < _group.Count; shard++)
        {
            if (shard != Number)
            {
                HandOver(shard, new Handover(HandoverKind.Reset, -1, -1, 0, from), datagram);
            }
        }
    }

    // Gives whether more waits.
    private bool TakeHandovers()
    {
        bool any = false;
        bool isMore = false;
        for (int shard = 0; shard < _group.Count; shard++)
        {
            if (_group.RingFrom(shard, Number) is not { IsEmpty: false } ring)
            {
                continue;
            }

            any = true;
            int bytes = 0;
            for (int count = 0; count < HandoversPerRound && bytes < HandoverBytesPerRound && ring.TryRead(out Handover header, out Span<byte> packet); count++)
            {
                bytes += packet.Length;
                Take(in header, packet);
                ring.Release();
            }

            isMore |= !ring.IsEmpty;
        }

        if (any)
        {
            AfterReceiving();
            SettleTouched();
        }

        return isMore;
    }

    private void Take(in Handover header, Span<byte> packet)
    {
        SocketEndpoint from = header.Endpoint;
        switch (header.Kind)
        {
            case HandoverKind.FromDevice:
                SendFromDevice(packet, header.To);
                break;
            case HandoverKind.Forward:
                SendForwarded(packet, header.To, header.Flow);
                break;
            case HandoverKind.ForwardUnjudged when IsAllowed(packet, header.From, header.To):
                Forward(header.From, packet, header.To, Number);
                break;
            case HandoverKind.Own when _sessions.TryGetValue(header.To, out PeerSession? session):
                session.SendLater(packet, _now);
                break;
            case HandoverKind.Datagram:
                Receive(packet, in from, last: null);
                break;
            case HandoverKind.Reset:
                TakeReset(packet, in from);
                break;
            default:
                break;
        }
    }
}
