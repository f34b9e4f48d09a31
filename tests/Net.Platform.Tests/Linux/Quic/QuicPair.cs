using Net.Platform.Linux;

namespace Net.Platform.Tests.Linux.Quic;

/// <summary>A client and a server over a link in memory, with a clock that only moves when nothing is left to do.</summary>
internal sealed class QuicPair : IDisposable
{
    public const long Millisecond = 1_000_000;
    public const long Second = 1_000_000_000;

    private readonly byte[] _buffer = new byte[65535];
    private readonly PriorityQueue<(byte[] Packet, bool ToServer), (long Due, long Order)> _link = new();
    private readonly QuicOptions _serverOptions;
    private long _order;

    public QuicPair(QuicOptions? clientOptions = null, QuicOptions? serverOptions = null, QuicOptions? both = null)
    {
        ClientKey = new QuicCredentials(Seed(1));
        ServerKey = new QuicCredentials(Seed(2));
        _serverOptions = serverOptions ?? both ?? new QuicOptions();
        ClientEvents.ExpectedKey = ServerKey.PublicKey;
        ServerEvents.ExpectedKey = ClientKey.PublicKey;
        Client = QuicConnection.Connect(ClientKey, clientOptions ?? both ?? new QuicOptions(), ClientEvents, default, Now);
        ClientEvents.Connection = Client;
    }

    public long Now { get; set; } = 1000 * Second;

    public long Delay { get; set; } = Millisecond;

    /// <summary>Whether a packet arrives; it may be changed on the way.</summary>
    public Func<byte[], bool, bool> Passes { get; set; } = (_, _) => true;

    public QuicCredentials ClientKey { get; }

    public QuicCredentials ServerKey { get; }

    public QuicEnd ClientEvents { get; } = new(1);

    public QuicEnd ServerEvents { get; } = new(2);

    public QuicConnection Client { get; }

    public QuicConnection? Server { get; set; }

    public QuicResult ClientResult { get; private set; }

    public QuicResult ServerResult { get; private set; }

    public int Delivered { get; private set; }

    public bool IsUp => Client.IsHandshakeConfirmed && Server is { IsHandshakeConfirmed: true };

    public static byte[] Seed(byte value) => [.. Enumerable.Repeat(value, 32)];

    public static QuicPair Connected(QuicOptions? client = null, QuicOptions? server = null, QuicOptions? both = null)
    {
        var pair = new QuicPair(client, server, both);
        pair.Run(() => pair.IsUp);
        return pair;
    }

    /// <summary>Runs until the condition holds, and fails when it does not within so much time of the pair.</summary>
    public void Run(Func<bool> until, long limit = 60 * Second)
    {
        long end = Now + limit;
        while (!until())
        {
            Assert.True(Step(end), $"not reached at {Now}; client: {ClientResult} {Client.LastErrorText}; server: {ServerResult} {Server?.LastErrorText}");
        }
    }

    /// <summary>Runs for so much time.</summary>
    public void RunFor(long time)
    {
        long end = Now + time;
        while (Step(end))
        {
        }

        Now = end;
    }

    public void Send(byte[] packet, bool toServer)
    {
        if (Passes(packet, toServer))
        {
            _link.Enqueue((packet, toServer), (Now + Delay, _order++));
        }
    }

    /// <summary>Sends a datagram from one side, with whatever packets go before it.</summary>
    public QuicResult SendDatagram(bool fromClient, byte[] data)
    {
        while (true)
        {
            QuicResult result = Of(fromClient).WriteDatagram(_buffer, data, default, Now, out int written, out bool accepted);
            if (written > 0)
            {
                Send(_buffer[..written], fromClient);
            }

            if (accepted || result != QuicResult.Ok)
            {
                return result;
            }
        }
    }

    /// <summary>Sends what may be sent now of a stream's bytes.</summary>
    public QuicResult SendStream(bool fromClient, long streamId, ReadOnlySpan<byte> data, bool isFinal, out int consumed)
    {
        consumed = 0;
        while (true)
        {
            QuicResult result = Of(fromClient).WriteStream(_buffer, streamId, data[consumed..], isFinal, Now, out int written, out int taken);
            consumed += taken;
            if (written > 0)
            {
                Send(_buffer[..written], fromClient);
            }

            if (result != QuicResult.Ok || (consumed == data.Length && (taken > 0 || data.IsEmpty)))
            {
                return result;
            }
        }
    }

    public void Close(bool fromClient, ulong error, ReadOnlySpan<byte> reason)
    {
        int written = Of(fromClient).WriteClose(_buffer, error, reason, Now);
        if (written > 0)
        {
            Send(_buffer[..written], fromClient);
        }
    }

    public void Dispose()
    {
        Client.Dispose();
        Server?.Dispose();
        ClientKey.Dispose();
        ServerKey.Dispose();
    }

    private QuicConnection Of(bool client) => client ? Client : Server!;

    private bool Step(long end)
    {
        Flush(Client, toServer: true);
        if (Server is not null)
        {
            Flush(Server, toServer: false);
        }

        long due = _link.TryPeek(out _, out (long Due, long Order) first) ? first.Due : long.MaxValue;
        long next = Math.Min(due, Math.Min(Client.Expiry, Server?.Expiry ?? long.MaxValue));
        if (next > end)
        {
            return false;
        }

        Now = Math.Max(Now, next);
        if (due <= Now)
        {
            (byte[] packet, bool toServer) = _link.Dequeue();
            Delivered++;
            Deliver(packet, toServer);
        }

        if (Client.Expiry <= Now)
        {
            Keep(Client.HandleExpiry(Now), client: true);
        }

        if (Server?.Expiry <= Now)
        {
            Keep(Server.HandleExpiry(Now), client: false);
        }

        return true;
    }

    private void Flush(QuicConnection connection, bool toServer)
    {
        QuicResult result;
        while ((result = connection.Write(_buffer, Now, out int written)) == QuicResult.Ok && written > 0)
        {
            Send(_buffer[..written], toServer);
        }

        connection.UpdateSendTime(Now);
        Keep(result, toServer);
    }

    private void Deliver(byte[] packet, bool toServer)
    {
        if (!toServer)
        {
            Keep(Client.Read(packet, Now), client: true);
            return;
        }

        if (Server is null)
        {
            if (!QuicInitial.TryRead(packet, out QuicInitial initial))
            {
                return;
            }

            Server = QuicConnection.Accept(ServerKey, _serverOptions, ServerEvents, initial, Now);
            ServerEvents.Connection = Server;
        }

        Keep(Server.Read(packet, Now), client: false);
    }

    // A failed side says so to the other, as every owner does.
    private void Keep(QuicResult result, bool client)
    {
        if (result is QuicResult.Ok or QuicResult.Blocked)
        {
            return;
        }

        if (client)
        {
            ClientResult = ClientResult is QuicResult.Ok ? result : ClientResult;
        }
        else
        {
            ServerResult = ServerResult is QuicResult.Ok ? result : ServerResult;
        }

        if (result == QuicResult.Failed)
        {
            Close(client, 0, "not a member"u8);
        }
    }
}
