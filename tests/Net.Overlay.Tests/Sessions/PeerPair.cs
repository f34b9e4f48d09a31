using Net.Overlay.Control;
using Net.Overlay.Identity;
using Net.Overlay.Sessions;

namespace Net.Overlay.Tests.Sessions;

/// <summary>Two nodes and the network between them, in virtual time: handshakes take one and a half round trips, hellos the way and back.</summary>
internal sealed class PeerPair
{
    public const long Millisecond = 1_000_000;
    public const long Second = 1000 * Millisecond;

    private readonly PriorityQueue<Action, (long Time, int Order)> _events = new();
    private readonly Dictionary<(Side Side, int Connection), Link> _links = [];
    private readonly PeerLifecycleOptions[] _options;
    private int _order;

    public PeerPair(PeerLifecycleOptions? options = null, int lowerEndpoints = 1, int higherEndpoints = 1, PeerLifecycleOptions? higherOptions = null)
    {
        _options = [options ?? new PeerLifecycleOptions(), higherOptions ?? options ?? new PeerLifecycleOptions()];
        byte[] low = new byte[32];
        byte[] high = new byte[32];
        low[0] = 1;
        high[0] = 2;
        Lower = new Side(0, new NodeId(low), lowerEndpoints);
        Higher = new Side(1, new NodeId(high), higherEndpoints);
        Lower.Other = Higher;
        Higher.Other = Lower;
        Lower.Life = Create(Lower);
        Higher.Life = Create(Higher);
    }

    public long Now { get; private set; } = 5000 * Second;

    public Side Lower { get; }

    public Side Higher { get; }

    /// <summary>How long a packet takes from a side; null when it is lost.</summary>
    public Func<Side, long?> Delay { get; set; } = _ => 10 * Millisecond;

    /// <summary>Which endpoints answer.</summary>
    public Func<Side, int, bool> Answers { get; set; } = (_, _) => true;

    public void Run(long duration, Func<bool>? until = null)
    {
        long end = Now + duration;
        while (until?.Invoke() != true)
        {
            Act(Lower);
            Act(Higher);
            long next = Math.Min(Lower.Life.Deadline, Higher.Life.Deadline);
            next = _events.TryPeek(out _, out (long Time, int Order) first) ? Math.Min(next, first.Time) : next;
            if (next > end)
            {
                Now = end;
                return;
            }

            Now = Math.Max(next, Now);
            while (_events.TryPeek(out _, out first) && first.Time <= Now)
            {
                _events.Dequeue()();
                Act(Lower);
                Act(Higher);
            }

            Lower.Life.Tick(Now);
            Act(Lower);
            Higher.Life.Tick(Now);
            Act(Higher);
        }
    }

    /// <summary>The connection both use, or null when they do not agree.</summary>
    public Link? Agreed() => Lower.Used is not null && Lower.Used == Higher.Used ? Lower.Used : null;

    /// <summary>The node starts anew: it forgets everything, and its connections are not closed.</summary>
    public void Restart(Side side)
    {
        foreach ((Side Side, int Connection) key in _links.Keys.Where(key => key.Side == side).ToArray())
        {
            _links[key].Dead = true;
            _links.Remove(key);
        }

        side.Instance++;
        side.Used = null;
        side.Life = Create(side);
    }

    /// <summary>A side's connection ends without a word to it.</summary>
    public void Drop(Side side, ControlErrorCode code, string reason)
    {
        Link link = side.Used!;
        link.Dead = true;
        side.Used = null;
        side.Life.ConnectionClosed(link.Ids[side.Index], code, reason, Now);
        Act(side);
    }

    private PeerLifecycle Create(Side side) => new(_options[side.Index], side.Id, side.Other.Id, side.Endpoints, new Random(side.Index), Now);

    private void Act(Side side)
    {
        while (side.Life.TryTakeAction(out PeerAction action))
        {
            side.Actions.Add(action);
            switch (action.Kind)
            {
                case PeerActionKind.Dial:
                    var dialled = new Link(side, action.Ordinal, action.EndpointIndex);
                    dialled.Ids[side.Index] = action.Connection;
                    _links[(side, action.Connection)] = dialled;
                    if (Answers(side, action.EndpointIndex))
                    {
                        Handshake(dialled);
                    }

                    break;
                case PeerActionKind.SendHello:
                    SendHello(side, _links[(side, action.Connection)]);
                    break;
                case PeerActionKind.Use:
                    side.Used = _links[(side, action.Connection)];
                    break;
                case PeerActionKind.SendKeepAlive:
                    Link alive = _links[(side, action.Connection)];
                    Send(side, alive, () => Send(side.Other, alive, () => side.Life.Heard(Now)));
                    Send(side, alive, () => side.Other.Life.Heard(Now));
                    break;
                default:
                    Close(side, _links[(side, action.Connection)], action);
                    break;
            }
        }
    }

    private void Handshake(Link link)
    {
        Side client = link.Client;
        Side server = client.Other;
        Send(client, link, () => Send(server, link, () => Send(client, link, () =>
        {
            // The server's handshake is confirmed by the client's last flight; its confirmation goes back.
            int id = server.Life.Accept(Now);
            if (id < 0)
            {
                Send(server, link, () => Closed(client, link, ControlErrorCode.Disabled, "the peer does not take connections"), evenIfClosed: true);
                return;
            }

            link.Ids[server.Index] = id;
            _links[(server, id)] = link;
            Send(server, link, () => client.Life.HandshakeConfirmed(link.Ids[client.Index], Now));
        })));
    }

    private void SendHello(Side side, Link link)
    {
        ulong instance = side.Instance;
        Send(side, link, () =>
        {
            if (side.Other.Refuses is { } code && link.Client == side)
            {
                Send(side.Other, link, () => Closed(side, link, code, "we do not want you"), evenIfClosed: true);
                Closed(side.Other, link, code, "we refused it");
                return;
            }

            side.Other.Life.HelloAccepted(link.Ids[side.Other.Index], instance, link.Ordinal, Now);
        });
    }

    private void Close(Side side, Link link, PeerAction action)
    {
        link.Closed[side.Index] = true;
        if (side.Used == link)
        {
            side.Used = null;
        }

        Side other = side.Other;
        Send(side, link, () => Closed(other, link, action.Code, action.Reason!), evenIfClosed: true);
    }

    private void Closed(Side side, Link link, ControlErrorCode code, string reason)
    {
        if (link.Closed[side.Index])
        {
            return;
        }

        link.Closed[side.Index] = true;
        if (side.Used == link)
        {
            side.Used = null;
        }

        side.Life.ConnectionClosed(link.Ids[side.Index], code, reason, Now);
    }

    private void Send(Side from, Link link, Action arrive, bool evenIfClosed = false)
    {
        if (Delay(from) is not { } delay)
        {
            return;
        }

        _events.Enqueue(
            () =>
            {
                if (!link.Dead && !link.Closed[from.Other.Index] && (evenIfClosed || !link.Closed[from.Index]))
                {
                    arrive();
                }
            },
            (Now + delay, _order++));
    }

    internal sealed class Side(int index, NodeId id, int endpoints)
    {
        public int Index { get; } = index;

        public NodeId Id { get; } = id;

        public int Endpoints { get; } = endpoints;

        public Side Other { get; set; } = null!;

        public PeerLifecycle Life { get; set; } = null!;

        public ulong Instance { get; set; } = 100;

        public Link? Used { get; set; }

        public ControlErrorCode? Refuses { get; set; }

        public List<PeerAction> Actions { get; } = [];
    }

    internal sealed class Link(Side client, ulong ordinal, int endpoint)
    {
        public Side Client { get; } = client;

        public ulong Ordinal { get; } = ordinal;

        public int Endpoint { get; } = endpoint;

        public int[] Ids { get; } = new int[2];

        public bool[] Closed { get; } = new bool[2];

        public bool Dead { get; set; }
    }
}
