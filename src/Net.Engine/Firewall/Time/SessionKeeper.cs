using System.Collections.Immutable;
using System.Net;
using Microsoft.Extensions.Logging;
using Net.Contracts;
using Net.Engine.Events;
using Net.Firewall;
using Net.Platform;

namespace Net.Engine.Firewall.Time;

/// <summary>Remembers the TCP connections of this host that stood when inbound packets began to be blocked by default. Connection tracking may never have seen them, so that without
/// this the administrator's own session would be cut by the first change. A connection that ended is forgotten at the next look.</summary>
internal sealed partial class SessionKeeper(ISocketSessions sockets, EventLog events, ILogger logger)
{
    private readonly Lock _gate = new();
    private ImmutableArray<KeptSession> _kept = [];
    private bool _isBlocking;

    /// <summary>Whether any connection is kept.</summary>
    public bool HasAny
    {
        get
        {
            lock (_gate)
            {
                return !_kept.IsEmpty;
            }
        }
    }

    /// <summary>The connections to keep under a profile.</summary>
    /// <param name="profile">The profile that is about to be applied.</param>
    /// <param name="isStart">Whether what the kernel holds is not known: connections that stand now were let in by whoever was here before.</param>
    public ImmutableArray<KeptSession> KeptFor(FirewallProfile profile, bool isStart)
    {
        lock (_gate)
        {
            bool isBlocking = profile is { Enabled: true, KeepSessions: true, Inbound: not Contracts.RuleAction.Allow };
            bool isFirst = isBlocking && (isStart || !_isBlocking);
            if (!isBlocking)
            {
                _kept = [];
            }
            else if (isFirst)
            {
                _kept = Established();
                if (!_kept.IsEmpty && !_isBlocking)
                {
                    events.Publish("FirewallSessionsKept", "firewall", EventSeverity.Information, $"{_kept.Length} TCP connections that stand go on although inbound packets are blocked by default.");
                }
            }

            _isBlocking = isBlocking;
            return _kept;
        }
    }

    /// <summary>Forgets connections that ended.</summary>
    /// <returns>Whether any was forgotten.</returns>
    public bool Prune()
    {
        lock (_gate)
        {
            if (_kept.IsEmpty)
            {
                return false;
            }

            HashSet<KeptSession> standing = [.. Established()];
            ImmutableArray<KeptSession> left = [.. _kept.Where(standing.Contains)];
            bool isLess = left.Length < _kept.Length;
            _kept = left;
            return isLess;
        }
    }

    private ImmutableArray<KeptSession> Established()
    {
        try
        {
            return
            [
                .. sockets.GetEstablished().Where(session => !IPAddress.IsLoopback(session.RemoteAddress))
                    .Select(session => new KeptSession(session.RemoteAddress, session.RemotePort, session.LocalPort)).Distinct(),
            ];
        }
        catch (Exception exception)
        {
            // The change is worth more than the sessions; whoever made it can confirm or be rolled back.
            Log.SessionsUnreadable(logger, exception);
            return [];
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The TCP connections of this host could not be read; none is kept over the change of the firewall's default.", EventName = "FirewallSessionsUnreadable")]
        public static partial void SessionsUnreadable(ILogger logger, Exception exception);
    }
}
