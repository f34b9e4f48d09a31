using System.Globalization;
using Net.Overlay.Control;

namespace Net.Overlay.Sessions;

/// <content>What happens to connections and states.</content>
public sealed partial class PeerLifecycle
{
    private bool IsReplacing => _connections.Exists(connection => connection.IsReplacement && connection.Stage is PeerConnectionStage.Dialing or PeerConnectionStage.Greeting);

    private static bool IsRefusal(ControlErrorCode code) => code is ControlErrorCode.VersionTooOld or ControlErrorCode.VersionTooNew or ControlErrorCode.NotTrusted
        or ControlErrorCode.CertificateExpired or ControlErrorCode.Revoked or ControlErrorCode.Disabled or ControlErrorCode.CapabilityMissing or ControlErrorCode.AddressConflict;

    private static string Seconds(long nanoseconds) => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1e9:0.##} s");

    private PeerConnection? Find(int id) => _connections.Find(connection => connection.Id == id);

    // No connection, none under way: dial at once if that is wanted, else wait.
    private void Rest(long now)
    {
        _nextTry = long.MaxValue;
        _nextDial = long.MaxValue;
        if (_endpointCount == 0)
        {
            Enter(PeerState.Idle, "no endpoint of the peer is known; it has to connect to us", now);
        }
        else if (_options.IsPersistent)
        {
            Enter(PeerState.Idle, "about to connect", now);
            _nextTry = now;
        }
        else
        {
            Enter(PeerState.Idle, "no traffic wants a connection", now);
        }
    }

    private void StartRound(long now)
    {
        _nextTry = long.MaxValue;
        _nextEndpoint = 0;
        CountUp();
        DialNext(now);
    }

    private void CountUp() => _ordinal += _ordinal == ulong.MaxValue ? 0UL : 1UL;

    private void DialNext(long now)
    {
        int index = _nextEndpoint++;
        string reason = string.Create(CultureInfo.InvariantCulture, $"dialling endpoint {index + 1} of {_endpointCount}{(_failures > 0 ? $" after {_failures} failed tries, the last because {_lastFailure}" : string.Empty)}");
        Dial(index, isReplacement: false, reason, now);
        _nextDial = _nextEndpoint < _endpointCount ? now + _options.DialStagger : long.MaxValue;
        if (_current is null && State != PeerState.Authenticating)
        {
            Enter(PeerState.Connecting, reason, now);
        }
    }

    private void Dial(int endpointIndex, bool isReplacement, string reason, long now)
    {
        var connection = new PeerConnection(++_lastId, isOutgoing: true, now + _options.DialTimeout) { IsReplacement = isReplacement, Ordinal = _ordinal };
        _connections.Add(connection);
        _actions.Enqueue(new PeerAction(PeerActionKind.Dial, connection.Id, endpointIndex, _ordinal, Reason: reason));
    }

    private void StartReplacement(long now)
    {
        _nextReplace = long.MaxValue;
        if (_current is null)
        {
            return;
        }

        _replaceTries++;
        CountUp();
        Dial(endpointIndex: -1, isReplacement: true, _replaceReason ?? "the path changed", now);
    }

    private void Arbitrate(PeerConnection connection, long now)
    {
        if (_current is not { } current)
        {
            _upSince = now;
            _lastTraffic = now;
            Use(connection, now);
            Enter(PeerState.Up, connection.IsOutgoing ? "connected" : "the peer connected", now);
            return;
        }

        if (!Beats(connection, current))
        {
            Retire(connection, current, now);
            return;
        }

        Use(connection, now);
        Replacements++;
        _lastReplaced = now;
        _nextReplace = long.MaxValue;
        string why = _replaceReason is null ? string.Empty : $": {_replaceReason}";
        _replaceReason = null;
        Retire(current, connection, now);
        Enter(PeerState.Up, connection.IsOutgoing ? "connected anew, made before the connection before it went" + why : "the peer connected anew", now);
    }

    private bool Beats(PeerConnection connection, PeerConnection other)
    {
        if (connection.Epoch != other.Epoch)
        {
            return connection.Epoch > other.Epoch;
        }

        if (connection.Ordinal != other.Ordinal)
        {
            return connection.Ordinal > other.Ordinal;
        }

        return connection.IsOutgoing != other.IsOutgoing && connection.IsOutgoing == _self < _peer;
    }

    private void Use(PeerConnection connection, long now)
    {
        _current = connection;
        _nextTry = long.MaxValue;
        _nextDial = long.MaxValue;
        Heard(now);
        _actions.Enqueue(new PeerAction(PeerActionKind.Use, connection.Id));
    }

    private void Retire(PeerConnection loser, PeerConnection winner, long now)
    {
        if (loser.Epoch != winner.Epoch)
        {
            Close(loser, ControlErrorCode.Replaced, "the peer started anew");
            return;
        }

        loser.Stage = PeerConnectionStage.Retired;
        loser.Deadline = now + (winner.IsOutgoing ? _options.DrainTime : _options.LingerTime);

        // A peer that makes one connection after the other costs no more memory than a few of them.
        List<PeerConnection> retired = _connections.FindAll(other => other.Stage == PeerConnectionStage.Retired);
        if (retired.Count > MaxRetired)
        {
            Close(retired[0], ControlErrorCode.Replaced, "too many connections were made");
        }
    }

    private void Expire(PeerConnection connection, long now)
    {
        (ControlErrorCode code, string reason) = connection.Stage switch
        {
            PeerConnectionStage.Dialing => (ControlErrorCode.Unspecified, $"no answer within {Seconds(_options.DialTimeout)}"),
            PeerConnectionStage.Greeting => (ControlErrorCode.Unspecified, $"no hello within {Seconds(_options.HelloTimeout)}"),
            _ => (ControlErrorCode.Replaced, "another connection took over"),
        };
        Close(connection, code, reason);
        Ended(connection, code, reason, now);
    }

    private void LookAfter(PeerConnection current, long now)
    {
        if (now - _lastHeard >= _options.SilenceLimit)
        {
            string reason = $"nothing was heard of the peer for {Seconds(now - _lastHeard)}";
            Close(current, ControlErrorCode.Unspecified, reason);
            Ended(current, ControlErrorCode.Unspecified, reason, now);
        }
        else if (_options.IdleClose > 0 && now - _lastTraffic >= _options.IdleClose)
        {
            string reason = $"there was no traffic for {Seconds(_options.IdleClose)}";
            CloseAll(ControlErrorCode.Idle, reason);
            Enter(PeerState.Idle, reason, now);
        }
        else if (_nextKeepAlive <= now)
        {
            _nextKeepAlive = now + _options.KeepAlive;
            _actions.Enqueue(new PeerAction(PeerActionKind.SendKeepAlive, current.Id));
        }
    }

    // A connection is gone from the list already; what follows from that.
    private void Ended(PeerConnection connection, ControlErrorCode code, string reason, long now)
    {
        if (connection == _current)
        {
            Lost(code, reason, now);
            return;
        }

        if (connection.Stage is PeerConnectionStage.Established or PeerConnectionStage.Retired)
        {
            return;
        }

        if (_current is not null)
        {
            if (connection.IsReplacement && _replaceTries < _options.ReplaceTries)
            {
                _nextReplace = now + _options.ReplaceInterval;
            }

            return;
        }

        _lastFailure = reason;
        if (IsRefusal(code))
        {
            CloseAll(ControlErrorCode.Unspecified, reason);
            EnterRefused(reason, now);
        }
        else if (_nextDial != long.MaxValue)
        {
            // An endpoint that failed early leaves its turn to the next.
            DialNext(now);
        }
        else if (!_connections.Exists(other => other.Stage is PeerConnectionStage.Dialing or PeerConnectionStage.Greeting))
        {
            if (_nextTry == long.MaxValue)
            {
                RoundFailed(reason, now);
            }
            else
            {
                // The peer's own try failed while ours is planned already.
                Enter(PeerState.Backoff, $"the peer's connection failed because {reason}; next try in {Seconds(Math.Max(_nextTry - now, 0))}", now);
            }
        }
    }

    private void Lost(ControlErrorCode code, string reason, long now)
    {
        _current = null;
        _nextKeepAlive = long.MaxValue;
        _nextReplace = long.MaxValue;
        _lastFailure = reason;

        // One that is refused as soon as it is up, every time, must not be made every two seconds.
        _refusals = now - _upSince < _options.StableTime ? _refusals : 0;

        // One that was about to be closed may still work.
        if (_connections.Find(other => other.Stage is PeerConnectionStage.Retired or PeerConnectionStage.Established) is { } other)
        {
            other.Stage = PeerConnectionStage.Established;
            other.Deadline = long.MaxValue;
            Use(other, now);
            Enter(PeerState.Up, $"back on the connection before, because {reason}", now);
        }
        else if (IsRefusal(code))
        {
            CloseAll(ControlErrorCode.Unspecified, reason);
            EnterRefused(reason, now);
        }
        else if (_connections.Exists(connection => connection.Stage is PeerConnectionStage.Dialing or PeerConnectionStage.Greeting))
        {
            Enter(PeerState.Connecting, $"the connection ended because {reason}; another is under way", now);
        }
        else if (code == ControlErrorCode.Idle)
        {
            Enter(PeerState.Idle, $"the peer closed the connection because {reason}", now);
        }
        else if (now - _upSince < _options.StableTime)
        {
            RoundFailed(reason, now);
        }
        else
        {
            _failures = 0;
            bool isWanted = _options.IsPersistent || now - _lastTraffic < _options.DemandTime;
            if (isWanted && _endpointCount > 0)
            {
                // A peer that just worked is dialled at once: it may only have started anew.
                StartRound(now);
                Enter(PeerState.Connecting, $"the connection ended because {reason}; dialling again", now);
            }
            else
            {
                Enter(PeerState.Idle, $"the connection ended because {reason}; {(_endpointCount == 0 ? "the peer has to connect to us" : "no traffic wants another")}", now);
            }
        }
    }

    private void RoundFailed(string reason, long now)
    {
        _failures++;
        _lastFailure = reason;
        bool isWanted = _options.IsPersistent || now - _lastWanted < _options.DemandTime;
        if (!isWanted || _endpointCount == 0)
        {
            Enter(PeerState.Idle, $"the last try failed because {reason}; {(_endpointCount == 0 ? "the peer has to connect to us" : "no traffic wants another")}", now);
            return;
        }

        // Half of it fixed, half of it by chance, so that a thousand peers of a node that comes back do not all dial in the same moment.
        int doublings = Math.Min(_failures - 1, 30);
        long longest = Math.Min(_options.FirstBackoff << doublings, _options.MaxBackoff);
        longest = longest <= 0 ? _options.MaxBackoff : longest;
        long wait = (longest / 2) + (long)(_random.NextDouble() * (longest / 2));
        _nextTry = now + wait;
        Enter(PeerState.Backoff, string.Create(CultureInfo.InvariantCulture, $"try {_failures} failed because {reason}; next in {Seconds(wait)}"), now);
    }

    private void EnterRefused(string reason, long now)
    {
        _failures++;
        _lastFailure = reason;

        // Soon at first: most often one side was told of the other a moment earlier. Then seldom: it takes a person to change it.
        long wait = Math.Min(_options.FirstRefusedRetry << Math.Min(_refusals++, 20), _options.RefusedRetry);
        _nextTry = _options.IsPersistent && _endpointCount > 0 ? now + wait : long.MaxValue;
        Enter(PeerState.Refused, reason, now);
    }

    private void Enter(PeerState state, string reason, long now)
    {
        if (State != state || Reason.Length == 0)
        {
            State = state;
            Since = now;
        }

        Reason = reason;
    }

    private void Close(PeerConnection connection, ControlErrorCode code, string reason)
    {
        _connections.Remove(connection);
        _actions.Enqueue(new PeerAction(PeerActionKind.Close, connection.Id, Code: code, Reason: reason));
    }

    private void CloseDialing(string reason)
    {
        _nextDial = long.MaxValue;
        foreach (PeerConnection connection in _connections.FindAll(other => other.Stage == PeerConnectionStage.Dialing))
        {
            Close(connection, ControlErrorCode.Replaced, reason);
        }
    }

    private void CloseAll(ControlErrorCode code, string reason)
    {
        foreach (PeerConnection connection in _connections.ToArray())
        {
            Close(connection, code, reason);
        }

        _current = null;
        _nextTry = long.MaxValue;
        _nextDial = long.MaxValue;
        _nextReplace = long.MaxValue;
        _nextKeepAlive = long.MaxValue;
    }
}
