using System.Net;
using Net.Overlay.Control;
using Net.Overlay.Sessions;
using Net.Platform.Linux;
using Net.Workers.Overlay;

namespace Net.Worker.Overlay;

/// <content>What is told to the peer over the control stream, and what the engine is told of the session.</content>
internal sealed partial class PeerSession
{
    private ModelPrefix[] _sentRoutes = [];

    /// <summary>The peer tells a change of the prefixes it has.</summary>
    public void Advertised(Routes routes)
    {
        if (routes.ReplacesAll)
        {
            _advertised.Clear();
        }

        foreach (IPNetwork gone in routes.Withdrawn)
        {
            string text = gone.ToString();
            _advertised.RemoveAll(one => one.Prefix == text);
        }

        foreach (AdvertisedRoute route in routes.Advertised)
        {
            string text = route.Prefix.ToString();
            _advertised.RemoveAll(one => one.Prefix == text);
            _advertised.Add(new ModelPrefix(text, route.Preference));
        }

        if (!routes.HasMore)
        {
            _shard.Tell(new RoutesAdvertised(Index, [.. _advertised]));
        }
    }

    /// <summary>A report of the session; null when nothing about it changed.</summary>
    public PeerReport? TakeReport(long now, DateTimeOffset wall)
    {
        string key = $"{_lifecycle.State} {_lifecycle.Reason}";
        bool hasMoved = _lastTraffic > _lastReport || key != _reported || (IsUp && now - _lastFull > FullReportInterval);
        if (!hasMoved)
        {
            return null;
        }

        _reported = key;
        _lastReport = now;
        _lastFull = now;
        var report = new PeerReport
        {
            Index = Index,
            State = StateText(_lifecycle.State),
            Reason = _lifecycle.Reason,
            Since = wall - TimeSpan.FromTicks((now - _lifecycle.Since) / TimeSpan.NanosecondsPerTick),
            SentBytes = SentBytes,
            ReceivedBytes = ReceivedBytes,
            Connections = _connectionCount,
            ConnectedAt = _connectedAt,
        };
        if (_current is not { IsEstablished: true } connection)
        {
            return report;
        }

        connection.Quic.GetInfo(out QuicConnectionInfo info);
        report.RemoteEndpoint = connection.Endpoint.ToIPEndPoint().ToString();
        report.RoundTripTime = TimeSpan.FromTicks(info.SmoothedRtt / TimeSpan.NanosecondsPerTick);
        report.CongestionWindowBytes = info.CongestionWindow;
        report.PathMtuBytes = Math.Min(_largestDatagram == 0 ? _shard.Settings.MtuBytes : _largestDatagram, _shard.Settings.MtuBytes);
        report.Carriage = _largestDatagram == 0 ? "stream" : "datagram";
        return report;
    }

    // Round trip and window move without any traffic of ours: tell them now and then.
    private const long FullReportInterval = 5_000_000_000;

    private long _lastReport;
    private long _lastFull;

    private static string StateText(PeerState state) => state switch
    {
        PeerState.Idle => "idle",
        PeerState.Connecting => "connecting",
        PeerState.Authenticating => "authenticating",
        PeerState.Up => "up",
        PeerState.Backoff => "backoff",
        PeerState.Refused => "refused",
        _ => "disabled",
    };

    private void SendRoutes(PeerConnection connection, bool isFirst)
    {
        ModelPrefix[] routes = _shard.Model.Source.Advertised;
        if ((connection.Capabilities & OverlayCapabilities.Routes) == 0 || (!isFirst && routes.AsSpan().SequenceEqual(_sentRoutes)) || (isFirst && routes.Length == 0))
        {
            return;
        }

        _sentRoutes = routes;
        AdvertisedRoute[] advertised = [.. routes.Select(route => new AdvertisedRoute(IPNetwork.Parse(route.Prefix), route.Preference))];
        foreach (Routes frame in Routes.Split(replacesAll: true, advertised, []))
        {
            connection.Streams.SendControl(frame);
        }
    }

    private void SendRevocations(PeerConnection connection)
    {
        if (_shard.Model.Source is { Revocations: { } list, RevocationSequence: var sequence } && (ulong)sequence > connection.PeerRevocations)
        {
            connection.PeerRevocations = (ulong)sequence;
            connection.Streams.SendControl(new RevocationUpdate(list));
        }
    }
}
