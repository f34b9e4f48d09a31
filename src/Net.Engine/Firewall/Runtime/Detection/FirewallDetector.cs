using System.Net;
using Net.Contracts;

namespace Net.Engine.Firewall.Runtime.Detection;

/// <summary>Counts what sources do and says when one passes a threshold. Plain counting in a sliding window, without I/O; the time is passed in and never goes back. One thread at a time.</summary>
internal sealed class FirewallDetector
{
    /// <summary>Sources of each IP version that are remembered.</summary>
    public const int MaxSources = 16_384;

    // Looked through one by one for each refused packet, of which there are 50 a second for each rule at most.
    private const int MostPorts = 4096;

    private readonly SourceTable _sources = new(MaxSources);
    private FirewallDetection _settings = new();

    /// <summary>Sources remembered now.</summary>
    public int Sources => _sources.Count;

    /// <summary>The thresholds. Setting others forgets what was counted.</summary>
    public FirewallDetection Settings
    {
        get => _settings;
        set
        {
            if (!ReferenceEquals(value, _settings))
            {
                _settings = value;
                _sources.Clear();
            }
        }
    }

    /// <summary>A packet to this host was refused.</summary>
    /// <param name="source">Who sent it.</param>
    /// <param name="port">The port it tried.</param>
    /// <param name="now">The time.</param>
    /// <returns>The source, when this made it pass the threshold; else null.</returns>
    public DetectedSource? Refused(IPAddress source, ushort port, DateTimeOffset now)
    {
        int threshold = Math.Min(_settings.ScanPorts, MostPorts);
        if (!_settings.Enabled || threshold <= 0)
        {
            return null;
        }

        SourceRecord record = _sources.Of(source);
        int count = record.AddPort(port, PartOf(now), threshold);
        return count >= threshold ? Tell(record, DetectionKind.Scan, count, record.SomePorts, now) : null;
    }

    /// <summary>A connection began.</summary>
    /// <param name="source">Who began it.</param>
    /// <param name="port">The port it calls; null where the protocol has none.</param>
    /// <param name="now">The time.</param>
    /// <param name="found">Gets what this made pass a threshold.</param>
    public void Connected(IPAddress source, ushort? port, DateTimeOffset now, ICollection<DetectedSource> found)
    {
        if (!_settings.Enabled || _settings is { LoginAttempts: <= 0, FloodConnections: <= 0 })
        {
            return;
        }

        SourceRecord record = _sources.Of(source);
        long part = PartOf(now);
        if (_settings.LoginAttempts > 0 && port is { } called && IsLogin(called))
        {
            int logins = record.Logins.Add(part);
            if (logins >= _settings.LoginAttempts && Tell(record, DetectionKind.LoginGuessing, logins, [called], now) is { } guessing)
            {
                found.Add(guessing);
            }
        }

        if (_settings.FloodConnections > 0)
        {
            int connections = record.Connections.Add(part);
            if (connections >= _settings.FloodConnections && Tell(record, DetectionKind.Flood, connections, port is { } last ? [last] : [], now) is { } flood)
            {
                found.Add(flood);
            }
        }
    }

    private bool IsLogin(ushort port)
    {
        foreach (PortRange range in _settings.LoginPort)
        {
            if (port >= range.First && port <= range.Last)
            {
                return true;
            }
        }

        return false;
    }

    // Told again after a window, or after the ban: until then it is the same story.
    private DetectedSource? Tell(SourceRecord record, DetectionKind kind, int count, ushort[] ports, DateTimeOffset now)
    {
        TimeSpan quiet = _settings.BanList is not null && _settings.BanTime > _settings.Window ? _settings.BanTime : _settings.Window;
        return record.MayTell(kind, now.UtcTicks, quiet) ? new DetectedSource(kind, record.Address, count, ports) : null;
    }

    private long PartOf(DateTimeOffset now) => now.UtcTicks / Math.Max(1, _settings.Window.Ticks / WindowCounter.Parts);
}
