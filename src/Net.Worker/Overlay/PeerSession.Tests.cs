using System.Buffers.Binary;
using Net.Workers.Overlay;

namespace Net.Worker.Overlay;

/// <content>Tests of the session by echoes inside it. An echo is carried like a packet: kind, number of the test, place, and as many bytes as asked for.
/// <list type="table"><item><term>0x10</term><description>echo request</description></item><item><term>0x11</term><description>its reply, without the filling</description></item>
/// <item><term>0x12</term><description>filling of a throughput test</description></item><item><term>0x13</term><description>asks how much filling came</description></item>
/// <item><term>0x14</term><description>tells it: bytes (8), nanoseconds between first and last (8)</description></item></list></content>
internal sealed partial class PeerSession
{
    private const byte EchoRequest = 0x10;
    private const byte EchoReply = 0x11;
    private const byte Filling = 0x12;
    private const byte FillingAsked = 0x13;
    private const byte FillingTold = 0x14;
    private const int EchoBytes = 13;
    private const int ToldBytes = EchoBytes + 16;

    private PeerTest? _test;
    private bool _isTestDue;
    private ulong _fillingTest;
    private long _fillingBytes;
    private long _fillingFirst;
    private long _fillingLast;

    /// <summary>Begins a test. One at a time for each peer.</summary>
    public void BeginTest(TestPeer request, long now)
    {
        string? problem = _test is not null ? "another test of this peer runs" : IsUp ? null : $"there is no session: {_lifecycle.Reason}";
        if (problem is not null)
        {
            _shard.Tell(new PeerTested(request.RequestId, 0, [], null, null, problem));
            return;
        }

        _test = new PeerTest(request);
        SendEcho(_test, now);
    }

    /// <summary>Part of a test came.</summary>
    public void ReceiveEcho(ReadOnlySpan<byte> data, long now)
    {
        if (data.Length < EchoBytes)
        {
            return;
        }

        ulong id = BinaryPrimitives.ReadUInt64BigEndian(data[1..]);
        switch (data[0])
        {
            case EchoRequest:
                Span<byte> reply = stackalloc byte[EchoBytes];
                data[..EchoBytes].CopyTo(reply);
                reply[0] = EchoReply;
                SendLater(reply, now);
                break;
            case Filling:
                CountFilling(id, data.Length, now);
                break;
            case FillingAsked:
                Span<byte> told = stackalloc byte[ToldBytes];
                data[..EchoBytes].CopyTo(told);
                told[0] = FillingTold;
                BinaryPrimitives.WriteInt64BigEndian(told[EchoBytes..], id == _fillingTest ? _fillingBytes : 0);
                BinaryPrimitives.WriteInt64BigEndian(told[(EchoBytes + 8)..], id == _fillingTest ? _fillingLast - _fillingFirst : 0);
                SendLater(told, now);
                break;
            case EchoReply when _test is { } test && test.IsOwn(id):
                if (test.Answered(BinaryPrimitives.ReadInt32BigEndian(data[9..]), now))
                {
                    _isTestDue = true;
                }

                break;
            case FillingTold when _test is { Stage: PeerTestStage.Asking } asking && asking.IsOwn(id) && data.Length >= ToldBytes:
                asking.Told(BinaryPrimitives.ReadInt64BigEndian(data[EchoBytes..]), BinaryPrimitives.ReadInt64BigEndian(data[(EchoBytes + 8)..]));
                EndTest(asking, null);
                break;
            default:
                break;
        }
    }

    // Goes on with a test when the library is done with what it does.
    private void ContinueTest(long now)
    {
        if (_test is not { } test)
        {
            return;
        }

        if (_isTestDue)
        {
            _isTestDue = false;
            Advance(test, now);
        }
        else if (test.Stage == PeerTestStage.Filling)
        {
            Fill(test, now);
        }
    }

    private void CountFilling(ulong id, int bytes, long now)
    {
        if (id != _fillingTest)
        {
            _fillingTest = id;
            _fillingBytes = 0;
            _fillingFirst = now;
        }

        _fillingBytes += bytes;
        _fillingLast = now;
    }

    private void TickTest(long now)
    {
        if (_test is not { } test)
        {
            return;
        }

        if (!IsUp)
        {
            EndTest(test, $"the session ended: {_lifecycle.Reason}");
            return;
        }

        switch (test.Stage)
        {
            case PeerTestStage.Echoing or PeerTestStage.Sizing when now >= test.Deadline:
                test.Missed();
                Advance(test, now);
                break;
            case PeerTestStage.Filling:
                Fill(test, now);
                break;
            case PeerTestStage.Asking when now >= test.Deadline:
                if (test.AskedTimes >= 3)
                {
                    EndTest(test, "the peer did not tell how much test data it received");
                }
                else
                {
                    Ask(test, now);
                }

                break;
            default:
                break;
        }
    }

    private void Advance(PeerTest test, long now)
    {
        switch (test.Next(now))
        {
            case PeerTestStage.Echoing:
                SendEcho(test, now);
                break;
            case PeerTestStage.Sizing:
                SendEcho(test, now);
                break;
            case PeerTestStage.Filling:
                Fill(test, now);
                break;
            default:
                EndTest(test, null);
                break;
        }
    }

    private void SendEcho(PeerTest test, long now)
    {
        int size = test.Stage == PeerTestStage.Sizing ? Math.Max(EchoBytes, Math.Min(_largestDatagram == 0 ? _shard.Settings.MtuBytes : _largestDatagram, _shard.Settings.MtuBytes)) : EchoBytes;
        Span<byte> echo = _shard.EchoSpace[..size];
        echo.Clear();
        test.WriteHead(echo, EchoRequest);
        test.Sent(size, now);
        Carry(_current!, echo, now);
    }

    // Called whenever the window may have opened: test data goes out as long as the window lets it, behind all real packets.
    private void Fill(PeerTest test, long now)
    {
        if (_current is not { IsEstablished: true } connection)
        {
            return;
        }

        if (now >= test.FillUntil)
        {
            Ask(test, now);
            return;
        }

        Span<byte> filling = _shard.EchoSpace[..Math.Max(EchoBytes, Math.Min(_largestDatagram == 0 ? 1_200 : _largestDatagram, _shard.Settings.MtuBytes))];
        test.WriteHead(filling, Filling);
        for (int count = 0; count < FillingPerRound && _queue.IsEmpty; count++)
        {
            if (!TrySend(connection, filling, default, now))
            {
                return;
            }
        }

        _shard.MarkDirty(connection);
    }

    private const int FillingPerRound = 64;

    private void Ask(PeerTest test, long now)
    {
        Span<byte> question = stackalloc byte[EchoBytes];
        test.Ask(now);
        test.WriteHead(question, FillingAsked);
        Carry(_current!, question, now);
    }

    private void EndTest(PeerTest test, string? problem)
    {
        _test = null;
        _shard.Tell(test.ToResult(problem));
    }

    private void Carry(PeerConnection connection, ReadOnlySpan<byte> data, long now)
    {
        if (!TrySend(connection, data, default, now))
        {
            _queue.Enqueue(data, 0, now);
        }
    }
}
