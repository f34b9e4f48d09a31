using System.Net;
using Net.Overlay.Control;
using Net.Overlay.Identity;
using Net.Platform.Linux;
using Net.Workers.Overlay;

namespace Net.Worker.Overlay;

/// <content>Who the peers are: handshakes, hellos, and what else the control stream brings.</content>
internal sealed partial class Shard
{
    // From the handshake to the hello it is one round trip; this is for the slowest of paths.
    private const long HelloTimeout = 10 * Second;

    // A node nobody knows yet waits this long at most for the engine's word; a join waits for a person.
    private const long JoinTimeout = 3_600 * Second;

    /// <summary>Round trips to the addresses of peers.</summary>
    public KnownRoundTrips Paths { get; } = new();

    /// <summary>This node's id.</summary>
    public NodeId LocalId => _group.LocalId;

    /// <summary>Room for an echo of any size.</summary>
    public Span<byte> EchoSpace => _scratch.AsSpan(32 << 10, 10_000);

    /// <summary>Dials an endpoint.</summary>
    /// <returns>The connection, whose first packet is on its way; null with the problem when it could not be made.</returns>
    public PeerConnection? Connect(PeerSession session, in SocketEndpoint endpoint, out string? problem)
    {
        problem = null;
        IPAddress address = endpoint.ToIPEndPoint().Address;
        var connection = new PeerConnection(this, in endpoint, session.Peer.PublicKey) { CreatedAt = _now, Session = session, IsForShortPath = Paths.IsShort(address) };
        try
        {
            connection.Quic = QuicConnection.Connect(_credentials, OptionsFor(address) with { FirstIdByte = LocalId.FirstByte }, connection, default, _now);
        }
        catch (InvalidOperationException exception)
        {
            problem = exception.Message;
            connection.Dispose();
            return null;
        }

        MarkDirty(connection);
        _nextExpiry = _now;
        return connection;
    }

    /// <summary>Judges a key during the handshake, before its owner has proven it.</summary>
    /// <returns>Why it is refused; null lets the handshake go on.</returns>
    public string? JudgeKey(PeerConnection connection, ReadOnlySpan<byte> publicKey)
    {
        if (publicKey.SequenceEqual(_credentials.PublicKey))
        {
            return "it is this node's own key";
        }

        if (connection.ExpectedKey is { } expected)
        {
            // Keys are public: nothing is learned from how long the comparison takes.
            return publicKey.SequenceEqual(expected) ? null : $"the node there has another key than '{connection.Session!.Peer.Name}' ({NodeId.FromPublicKey(publicKey).ToShortString()})";
        }

        return _model.Source.AcceptsUnknown || _model.ByKey.ContainsKey(Convert.ToHexString(publicKey)) ? null : $"node {NodeId.FromPublicKey(publicKey).ToShortString()} is not among the peers here";
    }

    // What came while the library was at work, in its order.
    private void TakeNews(PeerConnection connection)
    {
        connection.HasNews = false;
        if (connection.IsConfirmed && !connection.IsConfirmationSeen)
        {
            connection.IsConfirmationSeen = true;
            OnConfirmed(connection);
        }

        while (connection.ClosesAt == 0 && connection.Inbox.TryDequeue(out ControlMessage? message))
        {
            OnControl(connection, message);
        }
    }

    private void OnConfirmed(PeerConnection connection)
    {
        _handshakes++;
        Forget(connection);
        if (!connection.Quic.IsServer)
        {
            connection.Session?.Confirmed(connection, _now);
            return;
        }

        // Packets go to the shard a connection began at; its peer's packets, and what the engine says of it, to the shard of its key.
        int owner = _group.ShardOfKey(connection.PeerKey);
        if (owner != Number)
        {
            EndLater(connection, ControlErrorCode.ProtocolViolation, "its first destination id did not begin with the first byte of its node id, so that it came to a shard that does not have it");
            return;
        }

        if (_model.ByKey.TryGetValue(Convert.ToHexString(connection.PeerKey), out int index) && Session(index) is { } session && !session.Accept(connection, _now))
        {
            EndLater(connection, ControlErrorCode.Disabled, "the peer is switched off here");
        }
    }

    private void OnControl(PeerConnection connection, ControlMessage message)
    {
        if (!connection.HasHello && message is not (Hello or HelloRefused or JoinReply))
        {
            EndLater(connection, ControlErrorCode.ProtocolViolation, "something came before its hello");
            return;
        }

        switch (message)
        {
            case Hello hello:
                OnHello(connection, hello);
                break;
            case HelloRefused refused:
                EndLater(connection, refused.Code, $"the peer refused: {refused.Reason}", isTold: true);
                break;
            case KeepAlive { IsReply: false } alive:
                connection.Streams.SendControl(alive with { IsReply = true });
                break;
            case Routes routes when connection.IsEstablished:
                connection.Session?.Advertised(routes);
                break;
            case RevocationUpdate update when connection.Session is { } session:
                Tell(new RevocationsReceived(session.Index, update.List));
                break;
            case PathChanged changed:
                Log(1, $"{connection.Session?.Peer.Name} sees this node at {changed.Observed}", connection.Session?.Index);
                break;
            case RenewConnection renew:
                connection.Session?.RenewWanted(renew.Reason, _now);
                break;
            case JoinRequestMessage when connection.IsWaitingForEngine && _asking.ContainsValue(connection):
                long id = connection.EngineQuestion;
                Tell(new JoinRequested(id, connection.PeerKey.ToArray(), ControlWriter.ToArray(message), connection.Endpoint.ToIPEndPoint().ToString()));
                break;
            case JoinReply when connection.Session is { } joined:
                Tell(new JoinAnswered(joined.Index, ControlWriter.ToArray(message)));
                break;
            case Goodbye goodbye:
                EndLater(connection, goodbye.Code, $"the peer said goodbye: {goodbye.Reason}", isTold: true);
                break;
            case ErrorMessage error:
                Log(3, $"{connection.Session?.Peer.Name ?? "a peer"} reports an error: {error.Text}", connection.Session?.Index);
                break;
            default:
                break;
        }
    }

    /// <summary>Ends a connection as soon as the library can be called again: this is called from inside of it.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="code">Why.</param>
    /// <param name="reason">Why, as a sentence.</param>
    /// <param name="isTold">Whether the peer said so itself, in words that need no repeating.</param>
    public void EndLater(PeerConnection connection, ControlErrorCode code, string reason, bool isTold = false)
    {
        if (connection.PendingEnd is null)
        {
            connection.PendingEnd = (code, reason, isTold);
            MarkDirty(connection);
        }
    }

    /// <summary>A write failed for good.</summary>
    public void EndBecause(PeerConnection connection, QuicResult result) => End(connection, result, "it failed");

    /// <summary>Closes a connection for a reason the peer is told. Its session has forgotten it already.</summary>
    public void CloseWith(PeerConnection connection, ControlErrorCode code, string reason)
    {
        if (connection.ClosesAt == 0)
        {
            WriteClose(connection, (ulong)code, reason);
            Finish(connection, code, reason);
        }
    }

    /// <summary>Takes a datagram that was written for a connection.</summary>
    public void CommitFor(PeerConnection connection, int written) => Commit(connection, written);

    /// <summary>Counts packets that were dropped.</summary>
    public void CountDrops(DropReason reason, int packets) => Drop(reason, packets);

    /// <summary>Head and body as one, until the next call.</summary>
    public Span<byte> Joined(ReadOnlySpan<byte> head, ReadOnlySpan<byte> body)
    {
        Span<byte> whole = _scratch.AsSpan(16 << 10, head.Length + body.Length);
        head.CopyTo(whole);
        body.CopyTo(whole[head.Length..]);
        return whole;
    }

    /// <summary>This node's hello.</summary>
    public Hello Greeting(ulong ordinal, bool isJoining) => new()
    {
        Capabilities = OverlayCapabilities.Fragments | OverlayCapabilities.Routes | OverlayCapabilities.ApplicationStreams | OverlayCapabilities.Probes
            | OverlayCapabilities.PacketStreams | (_start.Datagrams ? OverlayCapabilities.Datagrams : 0) | (isJoining ? OverlayCapabilities.Joins : 0),
        NodeName = _start.NodeName,
        Addresses = [.. _model.Source.Addresses.Select(IPAddress.Parse)],
        Certificate = isJoining ? [] : _start.Certificate ?? [],
        Succession = _start.Rotation ?? [],
        PolicyHash = _model.Policy.Hash,
        RevocationSequence = (ulong)_model.Source.RevocationSequence,
        InnerMtuBytes = _start.MtuBytes,
        Instance = _group.Instance,
        Ordinal = ordinal,
        Software = "netmod",
    };

    private void OnHello(PeerConnection connection, Hello hello)
    {
        if (connection.HasHello)
        {
            EndLater(connection, ControlErrorCode.ProtocolViolation, "it said hello twice");
            return;
        }

        connection.HasHello = true;
        HelloAgreement agreement = HelloAgreement.Of(Greeting(0, isJoining: false), hello);
        if (agreement.Refusal is { } refusal)
        {
            RefuseHello(connection, refusal.Code, refusal.Reason);
            return;
        }

        connection.Capabilities = agreement.Capabilities;
        if (connection.Session is { } session)
        {
            Greet(session, connection, hello);
            return;
        }

        connection.Greeting = hello;
        connection.IsWaitingForEngine = true;
        connection.EngineQuestion = ++_nextQuestion;
        _asking[connection.EngineQuestion] = connection;
        if ((hello.Capabilities & OverlayCapabilities.Joins) == 0)
        {
            Tell(new AuthorizePeer(
                connection.EngineQuestion, connection.PeerKey.ToArray(), hello.NodeName, hello.Certificate.Length > 0 ? hello.Certificate : null,
                hello.Succession.Length > 0 ? hello.Succession : null, connection.Endpoint.ToIPEndPoint().ToString()));
        }
    }

    private void Greet(PeerSession session, PeerConnection connection, Hello hello)
    {
        if (session.Peer.Expires is { } expires && Wall > expires)
        {
            RefuseHello(connection, ControlErrorCode.CertificateExpired, "its membership has ended");
        }
        else
        {
            session.Greeted(connection, hello, _now);
        }
    }

    // The refusal must arrive before the connection ends, so the peer ends it; if it does not, the hello's time runs out.
    private void RefuseHello(PeerConnection connection, ControlErrorCode code, string reason)
    {
        connection.Streams.SendControl(new HelloRefused(code, reason));
        Log(2, $"{connection.Session?.Peer.Name ?? NodeId.FromPublicKey(connection.PeerKey).ToShortString()} was refused: {reason}", connection.Session?.Index);
        EndLater(connection, code, reason);
    }

    private void Authorized(PeerAuthorized answer)
    {
        if (!_asking.Remove(answer.RequestId, out PeerConnection? connection) || connection.ClosesAt != 0)
        {
            return;
        }

        connection.IsWaitingForEngine = false;
        if (answer.PeerIndex is { } index && Session(index) is { } session && connection.Greeting is { } hello)
        {
            if (session.Accept(connection, _now))
            {
                Greet(session, connection, hello);
            }
            else
            {
                EndLater(connection, ControlErrorCode.Disabled, "the peer is switched off here");
            }
        }
        else
        {
            RefuseHello(connection, ControlErrorCode.NotTrusted, answer.Reason);
        }
    }

    private void AnswerJoin(AnswerJoin answer)
    {
        if (!_asking.TryGetValue(answer.RequestId, out PeerConnection? connection) || connection.ClosesAt != 0)
        {
            return;
        }

        connection.Streams.SendFrame(answer.Reply);
        if (answer.IsLast)
        {
            _asking.Remove(answer.RequestId);
            connection.IsWaitingForEngine = false;
            EndLater(connection, ControlErrorCode.None, "the join is answered");
        }
    }

    // Ends that were asked for from inside the library.
    private bool EndPending(PeerConnection connection)
    {
        if (connection.PendingEnd is not var (code, reason, isTold))
        {
            return false;
        }

        // What was written last, such as a refusal, goes out before the end.
        connection.Streams.Pump(_now);
        WriteClose(connection, (ulong)code, isTold ? string.Empty : reason);
        Finish(connection, code, reason);
        return true;
    }
}
