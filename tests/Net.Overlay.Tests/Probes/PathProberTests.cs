using System.Net;
using Net.Overlay.Probes;
using Net.Testing;

namespace Net.Overlay.Tests.Probes;

/// <summary>Two probers and the links between them, in virtual time.</summary>
public sealed class PathProberTests
{
    private const long Millisecond = 1_000_000;
    private const long Second = 1000 * Millisecond;
    private static readonly PathEndpoint Lan = PathEndpoint.From(IPEndPoint.Parse("192.168.1.2:4242"));
    private static readonly PathEndpoint Wan = PathEndpoint.From(IPEndPoint.Parse("203.0.113.2:4242"));
    private static readonly PathEndpoint Our = PathEndpoint.From(IPEndPoint.Parse("192.168.1.1:4242"));

    private readonly PlatformCipher _cipher = new();
    private readonly PathProber _prober;
    private readonly PathProber _peer;
    private readonly PriorityQueue<Action, (long Time, int Order)> _flying = new();
    private readonly Dictionary<PathEndpoint, long> _delays = new() { [Lan] = Millisecond, [Wan] = 40 * Millisecond };
    private readonly List<PathEndpoint> _probed = [];
    private readonly List<PathChange> _changes = [];
    private PathEndpoint _peerSendsFrom = Lan;
    private long _now = 1000 * Second;
    private int _order;

    public PathProberTests()
    {
        byte[] exported = new byte[64];
        new Random(11).NextBytes(exported);
        _prober = new PathProber(new PathProberOptions(), new ProbeCodec(_cipher, exported, isClient: true), 1);
        _peer = new PathProber(new PathProberOptions(), new ProbeCodec(_cipher, exported, isClient: false), 2);
        _peer.SetHandshakeEndpoint(Our, _now);
    }

    [Fact]
    public void The_endpoint_of_the_handshake_is_used_from_the_start()
    {
        _prober.SetHandshakeEndpoint(Lan, _now);

        Run(Second);

        Assert.Equal(Lan, _prober.Selected);
        Assert.Equal("the handshake came through it", Assert.Single(_changes).Reason);
        Assert.Empty(_probed);
    }

    [Fact]
    public void An_idle_path_is_probed_seldom_and_its_round_trip_is_known()
    {
        _prober.SetHandshakeEndpoint(Lan, _now);

        Run(61 * Second);

        Assert.Equal(4, _probed.Count);
        Assert.Equal(2 * Millisecond, _prober.SelectedPath!.SmoothedRtt);
        Assert.Equal(Our, _prober.Observed);
        Assert.Equal(ProbedPathState.Validated, _prober.SelectedPath.State);
    }

    [Fact]
    public void A_path_that_carries_packets_both_ways_needs_no_probes()
    {
        _prober.SetHandshakeEndpoint(Lan, _now);

        for (int step = 0; step < 600; step++)
        {
            _prober.DatagramSent(_now);
            _prober.DatagramReceived(Lan, 1000, _now);
            Run(100 * Millisecond);
        }

        Assert.Empty(_probed);
    }

    [Fact]
    public void A_candidate_with_a_shorter_round_trip_takes_over_after_a_few_answers()
    {
        _prober.SetHandshakeEndpoint(Wan, _now);
        Run(50 * Second);
        _prober.AddCandidate(Lan, _now);

        Run(60 * Second);

        Assert.Equal(Lan, _prober.Selected);
        Assert.Equal("its round trip is shorter, 2.0 ms against 80.0 ms", _changes[^1].Reason);
        Assert.Equal(2, _changes.Count);
    }

    [Fact]
    public void Two_paths_alike_do_not_take_turns()
    {
        _delays[Wan] = Millisecond + (Millisecond / 10);
        _prober.SetHandshakeEndpoint(Wan, _now);
        _prober.AddCandidate(Lan, _now);

        Run(600 * Second);

        Assert.Equal(Wan, Assert.Single(_changes).To);
    }

    [Fact]
    public void When_the_selected_path_dies_under_traffic_another_takes_over_within_two_seconds()
    {
        _prober.SetHandshakeEndpoint(Lan, _now);
        _prober.AddCandidate(Wan, _now);
        Run(5 * Second);
        _delays.Remove(Lan);
        long died = _now;

        while (_prober.Selected == Lan && _now < died + (10 * Second))
        {
            _prober.DatagramSent(_now);
            Run(10 * Millisecond);
        }

        Assert.Equal(Wan, _prober.Selected);
        Assert.InRange(_now - died, 0, 2 * Second);
        Assert.Contains("unanswered", _changes[^1].Reason, StringComparison.Ordinal);
        Assert.Equal(ProbedPathState.Failed, _prober.Paths[0].State);
    }

    [Fact]
    public void A_peer_that_moved_is_followed_within_a_second()
    {
        _prober.SetHandshakeEndpoint(Lan, _now);
        Run(2 * Second);
        _delays.Remove(Lan);
        _peerSendsFrom = Wan;
        long moved = _now;

        while (_prober.Selected == Lan && _now < moved + (10 * Second))
        {
            _prober.DatagramSent(_now);
            _prober.DatagramReceived(Wan, 1000, _now);
            Run(10 * Millisecond);
        }

        Assert.Equal(Wan, _prober.Selected);
        Assert.InRange(_now - moved, 0, Second);
        Assert.Contains("the peer sends from it", _changes[^1].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_forged_source_gets_little_and_is_never_selected()
    {
        PathEndpoint victim = PathEndpoint.From(IPEndPoint.Parse("198.51.100.9:53"));
        _prober.SetHandshakeEndpoint(Lan, _now);
        Run(Second);

        _prober.DatagramReceived(victim, 40, _now);
        Run(120 * Second);

        Assert.Equal(Lan, _prober.Selected);
        Assert.InRange(_probed.Count(endpoint => endpoint == victim) * ProbeCodec.PacketBytes, 0, 3 * 40);
        Assert.DoesNotContain(_prober.Paths, path => path.Endpoint == victim);
    }

    [Fact]
    public void A_path_without_any_other_is_kept_and_comes_back()
    {
        _prober.SetHandshakeEndpoint(Lan, _now);
        Run(Second);
        _delays.Remove(Lan);
        _prober.DatagramSent(_now);
        Run(20 * Second);
        Assert.Equal((Lan, ProbedPathState.Failed), (_prober.Selected, _prober.SelectedPath!.State == ProbedPathState.Validated ? ProbedPathState.Validated : ProbedPathState.Failed));

        _delays[Lan] = Millisecond;
        Run(5 * Second);

        Assert.Equal(ProbedPathState.Validated, _prober.SelectedPath.State);
        Assert.Single(_changes);
    }

    [Fact]
    public void Only_so_many_endpoints_are_kept_and_candidates_are_not_pushed_out()
    {
        _prober.SetHandshakeEndpoint(Lan, _now);
        Assert.True(_prober.AddCandidate(Wan, _now));
        for (ushort port = 1; port < 1000; port++)
        {
            _prober.DatagramReceived(new PathEndpoint([198, 51, 100, 7], port), 100, _now + port);
        }

        Assert.Equal(16, _prober.Paths.Count);
        Assert.Contains(_prober.Paths, path => path.Endpoint == Wan);
        Assert.Contains(_prober.Paths, path => path.Endpoint == Lan);
    }

    [Fact]
    public void Another_connection_forgets_probes_on_their_way_and_keeps_what_is_known()
    {
        _prober.SetHandshakeEndpoint(Lan, _now);
        Run(16 * Second);
        byte[] exported = new byte[64];
        new Random(12).NextBytes(exported);

        _prober.SetConnection(new ProbeCodec(_cipher, exported, isClient: true), 3);
        _peer.SetConnection(new ProbeCodec(_cipher, exported, isClient: false), 4);
        Run(30 * Second);

        Assert.Equal(2 * Millisecond, _prober.SelectedPath!.SmoothedRtt);
        Assert.Equal((Lan, ProbedPathState.Validated), (_prober.Selected, _prober.SelectedPath.State));
    }

    [Fact]
    public void A_change_of_our_own_network_is_probed_at_once()
    {
        _prober.SetHandshakeEndpoint(Lan, _now);
        Run(Second);

        _prober.LocalNetworkChanged(_now);
        Run(Millisecond);

        Assert.Equal([Lan], _probed);
    }

    [Fact]
    public void Packets_and_probes_allocate_nothing()
    {
        byte[] exported = new byte[64];
        var still = new PathProber(new PathProberOptions { IdleInterval = Millisecond }, new ProbeCodec(new NoCipher(), exported, isClient: true), 1);
        still.SetHandshakeEndpoint(Lan, _now);
        byte[] packet = new byte[ProbeCodec.PacketBytes];
        Work(100);

        Assert.Equal(0, Allocations.Least(() => Work(10_000)));

        void Work(int rounds)
        {
            for (int round = 0; round < rounds; round++)
            {
                _now += 2 * Millisecond;
                still.DatagramSent(_now);
                still.WriteProbe(packet, _now, out _);
                still.DatagramReceived(Lan, 1400, _now);
            }
        }
    }

    private void Run(long duration)
    {
        long end = _now + duration;
        byte[] packet = new byte[ProbeCodec.PacketBytes];
        while (true)
        {
            while (_prober.WriteProbe(packet, _now, out PathEndpoint to) > 0)
            {
                if (_cipher.LastSealed == ProbeKind.Ping)
                {
                    _probed.Add(to);
                }

                if (_delays.TryGetValue(to, out long delay))
                {
                    Fly([.. packet], delay, data => _peer.ProbeReceived(data, Our, _now));
                }
            }

            while (_peer.WriteProbe(packet, _now, out _) > 0)
            {
                // The peer's answer leaves from where it is, and comes from the endpoint that was asked if that still works.
                PathEndpoint from = _delays.ContainsKey(_peerSendsFrom) && !_delays.ContainsKey(_prober.Selected) ? _peerSendsFrom : _probed.Count > 0 ? _probed[^1] : _peerSendsFrom;
                if (_delays.TryGetValue(from, out long delay))
                {
                    Fly([.. packet], delay, data => _prober.ProbeReceived(data, from, _now));
                }
            }

            while (_prober.TryTakeChange(out PathChange change))
            {
                _changes.Add(change);
            }

            long next = Math.Min(Math.Min(_prober.Deadline, _peer.Deadline), _flying.TryPeek(out _, out (long Time, int Order) first) ? first.Time : long.MaxValue);
            if (next > end)
            {
                _now = end;
                return;
            }

            _now = Math.Max(next, _now);
            while (_flying.TryPeek(out _, out first) && first.Time <= _now)
            {
                _flying.Dequeue()();
            }
        }
    }

    private void Fly(byte[] data, long delay, Action<byte[]> arrive) => _flying.Enqueue(() => arrive(data), (_now + delay, _order++));

    private sealed class NoCipher : IProbeCipher
    {
        public int Seal(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> aad, ReadOnlySpan<byte> plaintext, Span<byte> destination) => plaintext.Length + 16;

        public bool TryOpen(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> aad, ReadOnlySpan<byte> ciphertext, Span<byte> destination) => false;
    }
}
