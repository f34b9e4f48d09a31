using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Net.Lab;
using Net.Platform.Linux;

namespace Net.Benchmarks.Overlay;

/// <summary>Both ends of a QUIC connection on one thread, their packets handed over in memory. The time is the pair's own and moves with the packets.</summary>
internal sealed class SessionPair : IDisposable
{
    /// <summary>Room for the largest packet of the default options.</summary>
    public const int PacketBytes = 1472;

    private const int Batch = 64;
    private const long Step = 20_000;
    private const int MostTurns = 1_000;

    private readonly byte[] _packets = new byte[Batch * PacketBytes];
    private readonly int[] _lengths = new int[Batch];
    private readonly QuicCredentials _serverKey;
    private readonly QuicOptions _options;
    private readonly SessionEnd _serverEnd;

    /// <summary>Makes a pair that has not spoken yet.</summary>
    public SessionPair(QuicCredentials clientKey, QuicCredentials serverKey, QuicOptions options, SessionEnd clientEnd, SessionEnd serverEnd)
    {
        _serverKey = serverKey;
        _options = options;
        _serverEnd = serverEnd;
        Client = QuicConnection.Connect(clientKey, options, clientEnd, default, Now);
    }

    /// <summary>Nanoseconds of the pair's clock.</summary>
    public long Now { get; private set; } = 1_000_000_000_000;

    /// <summary>Who dialled.</summary>
    public QuicConnection Client { get; }

    /// <summary>Who answered; null until the first packet.</summary>
    public QuicConnection? Server { get; private set; }

    /// <summary>Is shown each packet that is handed over; null for nobody.</summary>
    public PacketSeen? Seen { get; set; }

    /// <summary>Credentials of a key made up.</summary>
    public static QuicCredentials NewKey() => new(RandomNumberGenerator.GetBytes(32));

    /// <summary>Hands packets over until both ends have the other's proof.</summary>
    [MemberNotNull(nameof(Server))]
    public void Connect()
    {
        for (int turn = 0; !Client.IsHandshakeConfirmed || Server is not { IsHandshakeConfirmed: true }; turn++)
        {
            if (turn == MostTurns)
            {
                throw new LabException($"the handshake did not end: {Client.LastErrorText} {Server?.LastErrorText}");
            }

            Move();
        }
    }

    /// <summary>Hands over what either end has to send of itself.</summary>
    public void Move()
    {
        Now += Step;
        int count = Write(Client);
        for (int index = 0; index < count; index++)
        {
            ReadOnlySpan<byte> packet = Packet(index);
            Seen?.Invoke(packet);
            if (Server is null && QuicInitial.TryRead(packet, out QuicInitial initial))
            {
                Server = QuicConnection.Accept(_serverKey, _options, _serverEnd, initial, Now);
            }

            Server?.Read(packet, Now);
        }

        if (Server is null)
        {
            return;
        }

        Now += Step;
        count = Write(Server);
        for (int index = 0; index < count; index++)
        {
            Seen?.Invoke(Packet(index));
            Client.Read(Packet(index), Now);
        }
    }

    /// <summary>Lets the timers run that are due, or the next one when nothing else moves.</summary>
    public void Wait()
    {
        Now = Math.Max(Now, Math.Min(Client.Expiry, Server!.Expiry));
        if (Server.Expiry <= Now)
        {
            Server.HandleExpiry(Now);
        }

        if (Client.Expiry <= Now)
        {
            Client.HandleExpiry(Now);
        }
    }

    /// <summary>Sends one DATAGRAM frame from the client to the server, or nothing while the window is full.</summary>
    /// <returns>Whether it was taken.</returns>
    public bool Send(ReadOnlySpan<byte> head, ReadOnlySpan<byte> body)
    {
        bool accepted;
        do
        {
            Client.WriteDatagram(_packets.AsSpan(0, PacketBytes), head, body, Now, out int written, out accepted);
            if (written == 0)
            {
                break;
            }

            Seen?.Invoke(_packets.AsSpan(0, written));
            Server!.Read(_packets.AsSpan(0, written), Now);
        }
        while (!accepted);

        return accepted;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        Client.Dispose();
        Server?.Dispose();
    }

    private ReadOnlySpan<byte> Packet(int index) => _packets.AsSpan(index * PacketBytes, _lengths[index]);

    private int Write(QuicConnection connection)
    {
        int count = 0;
        while (count < Batch && connection.Write(_packets.AsSpan(count * PacketBytes, PacketBytes), Now, out int written) == QuicResult.Ok && written > 0)
        {
            _lengths[count++] = written;
        }

        connection.UpdateSendTime(Now);
        return count;
    }
}
