using System.Globalization;
using System.Net;

namespace Net.Steering;

/// <summary>
/// Keeps the state of one uplink from its link's condition and the results of its probes, with hysteresis. Each method that
/// takes news returns the transition it caused, or null. Times are monotonic, from any fixed start. Not thread-safe.
/// </summary>
public sealed class PathTracker
{
    private readonly PathProbeOptions _options;
    private readonly string _interfaceName;
    private LinkCondition _link;
    private PathState _state;
    private TimeSpan _since;
    private bool _hasFailed;
    private int _repliesNeeded = 1;
    private int _replies;
    private int _losses;
    private string? _said;

    /// <summary>A path nothing is known of, on a link that is up.</summary>
    /// <param name="interfaceName">The link's name, for reasons.</param>
    /// <param name="gateway">What is probed, or null if there is nothing to probe.</param>
    /// <param name="options">Hysteresis.</param>
    /// <param name="now">The time.</param>
    public PathTracker(string interfaceName, IPAddress? gateway, PathProbeOptions options, TimeSpan now)
    {
        ArgumentException.ThrowIfNullOrEmpty(interfaceName);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _interfaceName = interfaceName;
        _options = options;
        _since = now;
        Gateway = gateway;
        Estimator = new PathEstimator(options.LossWindow);
    }

    /// <summary>What is probed.</summary>
    public IPAddress? Gateway { get; }

    /// <summary>What the probes measured.</summary>
    public PathEstimator Estimator { get; }

    /// <summary>The state.</summary>
    public PathState State => _state;

    /// <summary>The state with its reason as of a time.</summary>
    public PathStatus GetStatus(TimeSpan now) => new(_state, Reason(now), _since);

    /// <summary>The link's condition is known or changed. A link that cannot carry packets fails the path at once, without waiting for probes.</summary>
    public PathTransition? LinkChanged(LinkCondition condition, TimeSpan now)
    {
        if (condition == _link)
        {
            return null;
        }

        _link = condition;
        if (condition != LinkCondition.Up)
        {
            // From one kind of down to another the state stays and its reason changes.
            return Enter(PathState.Failed, now);
        }

        _losses = 0;
        return Enter(Gateway is null ? PathState.Unknown : PathState.Validating, now);
    }

    /// <summary>A probe was sent.</summary>
    public PathTransition? ProbeSent(TimeSpan now)
    {
        Estimator.RecordSent(now);
        return _state == PathState.Unknown ? Enter(PathState.Validating, now) : null;
    }

    /// <summary>A reply came in time.</summary>
    public PathTransition? ProbeReplied(TimeSpan now, TimeSpan rtt)
    {
        Estimator.RecordReply(now, rtt);
        _losses = 0;

        // A reply that was already received when the link went down says nothing about the link now.
        if (_link != LinkCondition.Up || _state == PathState.Validated)
        {
            return null;
        }

        _replies++;
        return _replies >= _repliesNeeded ? Enter(PathState.Validated, now)
            : _state == PathState.Failed ? Enter(PathState.Validating, now)
            : null;
    }

    /// <summary>A probe got no reply within its time.</summary>
    /// <param name="now">The time.</param>
    /// <param name="said">What the network said about it, such as "host unreachable"; null when it said nothing.</param>
    public PathTransition? ProbeLost(TimeSpan now, string? said = null)
    {
        Estimator.RecordLoss();
        _said = said;
        _losses++;

        // Once failed, a path has to prove itself: a single loss among the replies it needs sends it back.
        bool isRecovering = _hasFailed && _replies > 0;
        _replies = 0;
        return _state != PathState.Failed && (_losses >= _options.MaxLost || isRecovering) ? Enter(PathState.Failed, now) : null;
    }

    private PathTransition? Enter(PathState next, TimeSpan now)
    {
        if (next == PathState.Failed)
        {
            _hasFailed = true;
            _repliesNeeded = _options.RecoverAfter;
            _replies = 0;
        }
        else if (next == PathState.Validated)
        {
            _hasFailed = false;
            _replies = 0;
        }

        if (next == _state)
        {
            return null;
        }

        PathState before = _state;
        _state = next;
        _since = now;
        return new PathTransition(before, next, Reason(now), now);
    }

    private string Reason(TimeSpan now) => _link switch
    {
        LinkCondition.Absent => $"there is no link {_interfaceName}",
        LinkCondition.AdministrativelyDown => $"link {_interfaceName} is administratively down",
        LinkCondition.NoCarrier => $"link {_interfaceName} has no carrier",
        _ => _state switch
        {
            PathState.Unknown => Gateway is null ? $"link {_interfaceName} is up, there is no gateway to probe" : "no probe was sent yet",
            PathState.Validating => _replies == 0
                ? $"waiting for a reply from gateway {Gateway}"
                : string.Create(CultureInfo.InvariantCulture, $"gateway {Gateway} replies again, {_replies} of {_repliesNeeded} needed"),
            PathState.Validated => $"gateway {Gateway} replied in {DurationText.Milliseconds(Estimator.LatestRtt ?? TimeSpan.Zero)}",
            _ => FailureReason(now),
        },
    };

    private string FailureReason(TimeSpan now)
    {
        string probes = _losses == 1 ? "1 probe" : string.Create(CultureInfo.InvariantCulture, $"{_losses} probes in a row");
        string last = Estimator.LastReplyAt is TimeSpan at ? $"last reply {DurationText.Ago(now - at)} ago" : "never a reply";
        return $"no reply to {probes} ({last}){(_said is null ? string.Empty : $", {_said}")}";
    }
}
