using System.Globalization;
using System.Net;
using Net.Contracts;
using Net.Engine.Metrics;
using Net.Engine.Overlay.Kernel;
using Net.Engine.Overlay.Runtime;
using Net.Overlay.Control;
using Net.Platform;
using Net.Workers.Overlay;

namespace Net.Engine.Overlay;

/// <content>The gateways' table, the host's resolver, metrics, and what overlays tell.</content>
internal sealed partial class OverlaySubsystem : IMetricSource, IOverlayRuntimeOwner
{
    private static readonly string[] DropReasons = ["policy", "no_route", "peer_down", "source", "queue", "malformed", "ttl", "too_big", "stranger", "device", "handover"];

    private readonly OverlayPeerWatch _watch = new();

    /// <summary>Peers as they change.</summary>
    public OverlayPeerWatch Watch => _watch;

    /// <inheritdoc />
    public void PeerChanged(PathChangeKind kind, OverlayPeer peer) => _watch.Publish(new OverlayPeerChange(kind, peer, _context.Clock.GetUtcNow()));

    /// <inheritdoc />
    public void MessageStream(OverlayRuntime runtime, Streams.ApplicationStream stream) =>
        _ = Task.Run(() => Messages.TakeAsync(runtime.Settings.Name, runtime.Streams, stream));

    /// <inheritdoc />
    public void JoinAnswered(OverlayRuntime runtime, byte[] frame)
    {
        Joining.Answered(runtime.Settings, _context.Identities.Get(runtime.Settings.Identity).PublicKey, frame);
        runtime.Rebuild();
    }

    /// <inheritdoc />
    public (byte[] Frame, bool IsLast) JoinRequested(OverlayRuntime runtime, byte[] publicKey, byte[] frame, string remoteEndpoint)
    {
        JoinReply reply;
        try
        {
            reply = Joining.Judge(runtime.Settings, publicKey, frame, remoteEndpoint);
        }
        catch (EngineException exception)
        {
            // What is wrong here is for the administrator here; the joiner learns that it is not its fault.
            _context.Events.Publish("OverlayJoinDecided", "overlay", EventSeverity.Error, $"A node at {remoteEndpoint} could not join overlay '{runtime.Settings.Name}': {exception.Message}", runtime.Settings.Name);
            reply = new JoinReply(JoinStatus.Refused, [], "no certificate can be issued there now");
        }

        return (OverlayJoining.Frame(reply), reply.Status != JoinStatus.Pending);
    }

    /// <inheritdoc />
    public (byte[] IssuerKey, byte[] Frame)? JoinOf(string overlay) =>
        _context.Joins.FindOutgoing(overlay) is { } join ? (join.IssuerKey, join.Frame) : null;

    /// <inheritdoc />
    public bool HasInvitations(string overlay) => _context.Joins.IsInviting(overlay);

    /// <inheritdoc />
    public void Collect(PrometheusWriter writer)
    {
        OverlayRuntime[] runtimes = [.. _runtimes.Values.OrderBy(runtime => runtime.Settings.Name, StringComparer.Ordinal)];
        (OverlayRuntime Runtime, OverlayPeer[] Peers)[] all = [.. runtimes.Select(runtime => (runtime, runtime.Peers()))];
        writer.Metric("overlay_peers", "gauge", "Peers by the state of their session.");
        foreach ((OverlayRuntime runtime, OverlayPeer[] peers) in all)
        {
            foreach (OverlayPeerState state in Enum.GetValues<OverlayPeerState>())
            {
                writer.Sample("overlay_peers", peers.Count(peer => peer.State == state), ("overlay", runtime.Settings.Name), ("state", state.ToString().ToLowerInvariant()));
            }
        }

        One("overlay_sent_bytes_total", "counter", "Bytes of IP packets sent to peers.", (_, peers) => peers.Sum(peer => peer.SentBytes ?? 0));
        One("overlay_received_bytes_total", "counter", "Bytes of IP packets received from peers.", (_, peers) => peers.Sum(peer => peer.ReceivedBytes ?? 0));
        One("overlay_rtt_seconds", "gauge", "Mean of the smoothed round trips of sessions that are up.", (_, peers) => peers.Select(peer => peer.RoundTripTime?.TotalSeconds).OfType<double>().DefaultIfEmpty().Average());
        One("overlay_flows", "gauge", "Connections in the flow table.", (runtime, _) => runtime.Totals.Flows);
        One("overlay_handshakes_total", "counter", "Handshakes that were made or refused.", (runtime, _) => runtime.Totals.Handshakes);
        One("overlay_failed_handshakes_total", "counter", "Handshakes that failed.", (runtime, _) => runtime.Totals.FailedHandshakes);
        One("overlay_retries_total", "counter", "First packets answered by Retry because too many handshakes were open.", (runtime, _) => runtime.Totals.Retries);
        One("overlay_worker_restarts_total", "counter", "How often the worker was started anew.", (runtime, _) => runtime.WorkerRestarts);
        One("overlay_worker_resident_bytes", "gauge", "Resident memory of the worker.", (runtime, _) => runtime.Totals.ResidentBytes);
        writer.Metric("overlay_dropped_packets_total", "counter", "Dropped packets by reason.");
        foreach (OverlayRuntime runtime in runtimes)
        {
            for (int reason = 0; reason < DropReasons.Length; reason++)
            {
                writer.Sample("overlay_dropped_packets_total", reason < runtime.Totals.Drops.Length ? runtime.Totals.Drops[reason] : 0, ("overlay", runtime.Settings.Name), ("reason", DropReasons[reason]));
            }
        }

        PerShard("overlay_shard_peers", "gauge", "Peers that are a shard's own.", shard => shard.Peers);
        PerShard("overlay_shard_sent_datagrams_total", "counter", "Datagrams a shard sent to peers.", shard => shard.SentDatagrams);
        PerShard("overlay_shard_received_datagrams_total", "counter", "Datagrams a shard received from the network.", shard => shard.ReceivedDatagrams);
        PerShard("overlay_shard_handed_over_total", "counter", "Packets a shard read that belonged to another.", shard => shard.HandedOver);

        void PerShard(string name, string type, string help, Func<ShardReport, double> value)
        {
            writer.Metric(name, type, help);
            foreach (OverlayRuntime runtime in runtimes)
            {
                foreach (ShardReport shard in runtime.Totals.Shards)
                {
                    writer.Sample(name, value(shard), ("overlay", runtime.Settings.Name), ("shard", shard.Index.ToString(CultureInfo.InvariantCulture)));
                }
            }
        }

        void One(string name, string type, string help, Func<OverlayRuntime, OverlayPeer[], double> value)
        {
            writer.Metric(name, type, help);
            foreach ((OverlayRuntime runtime, OverlayPeer[] peers) in all)
            {
                writer.Sample(name, value(runtime, peers), ("overlay", runtime.Settings.Name));
            }
        }
    }

    private string? WantedNft() => OverlayNft.Write([.. _runtimes.Values.OrderBy(runtime => runtime.Settings.Name, StringComparer.Ordinal).Select(runtime => runtime.View)]);

    private string? Fingerprint()
    {
        try
        {
            return _firewallReader.ComputeFingerprint(OverlayNft.Table);
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException)
        {
            // Not to be read now; what was known stands.
            return _nftFingerprint;
        }
    }

    private async Task<bool> ApplyGatewaysAsync(bool isStrict, CancellationToken cancellationToken, bool isForced = false)
    {
        string? wanted = WantedNft();
        bool isLeftOver = _nftText is null && wanted is null && Fingerprint() is not null;
        if (wanted == _nftText && !isForced && !isLeftOver)
        {
            return true;
        }

        try
        {
            if (wanted is not null || _nftText is not null || isLeftOver)
            {
                await _firewall.ApplyAsync(wanted ?? OverlayNft.Remove(), cancellationToken).ConfigureAwait(false);
            }

            _nftText = wanted;
            _nftFingerprint = Fingerprint();
            return true;
        }
        catch (FirewallDatapathException exception)
        {
            if (isStrict)
            {
                throw new EngineException(ErrorCatalogue.OverlayApplyFailed, $"The table of gateways was refused: {exception.Message}", inner: exception);
            }

            _failures["gateways"] = exception.Message;
            return false;
        }
    }

    private async Task SetResolversAsync(CancellationToken cancellationToken)
    {
        foreach (OverlayRuntime runtime in _runtimes.Values.Where(runtime => runtime.Settings is { UseHostResolver: true, NameService: true }))
        {
            IPAddress[] servers = runtime.View.ResolverAddresses;
            string? problem = await _context.Host.SetResolverAsync(runtime.View.InterfaceName, servers, runtime.View.Zone, cancellationToken).ConfigureAwait(false);
            string text = $"{runtime.Settings.Name}: {problem}";
            if (problem is not null && _resolverTold != text)
            {
                _resolverTold = text;
                _context.Events.Publish("OverlayResolverNotSet", "overlay", EventSeverity.Warning, $"The host's resolver does not know overlay '{runtime.Settings.Name}': {problem}", runtime.Settings.Name);
            }
        }
    }
}
