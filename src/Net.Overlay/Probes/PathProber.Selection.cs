using System.Globalization;

namespace Net.Overlay.Probes;

/// <content>What answers and silence mean, and which endpoint is selected.</content>
public sealed partial class PathProber
{
    // Another endpoint must be better by this many eighths of the round trip, and by the least gain, three times: else two like paths would take turns.
    private const int GainEighths = 2;
    private const int MinSamples = 3;

    private static string Milliseconds(long nanoseconds) => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1e6:0.0} ms");

    private void Answered(in ProbeMessage message, long now)
    {
        foreach (ProbedPath path in _paths)
        {
            if (!path.TryForget(message.EchoedSequence, out long sentTime))
            {
                continue;
            }

            // The peer got what was sent there, whichever way its answer came (RFC 9000, 8.2.3).
            Observed = message.Observed.IsNone ? Observed : message.Observed;
            path.RecordRtt(now - sentTime);
            path.LastHeard = now;
            path.UnansweredSince = long.MinValue;
            path.Missed = 0;
            path.IsWaiting = false;
            path.State = ProbedPathState.Validated;
            Schedule(path, now + (path == _selected ? _options.IdleInterval : Settled(path)));
            Reconsider(path);
            return;
        }
    }

    // The first few round trips come soon after one another: one is not enough to compare paths by.
    private long Settled(ProbedPath path) => path.Samples < MinSamples ? _options.RetryInterval : _options.AlternativeInterval;

    // Whether to select an endpoint that just answered.
    private void Reconsider(ProbedPath path)
    {
        if (_selected is not { } selected)
        {
            Select(path, "it is the first that answered");
        }
        else if (path == selected)
        {
            return;
        }
        else if (selected.State != ProbedPathState.Validated)
        {
            Select(path, $"{selected.Endpoint} does not answer");
        }
        else if (path.LastData > selected.LastHeard && selected.Missed > 0)
        {
            Select(path, $"the peer sends from it and {selected.Endpoint} missed a probe");
        }
        else if (path.Samples >= MinSamples && selected.Samples >= MinSamples
            && path.SmoothedRtt < selected.SmoothedRtt - (selected.SmoothedRtt * GainEighths / 8) && path.SmoothedRtt < selected.SmoothedRtt - _options.MinGain)
        {
            Select(path, $"its round trip is shorter, {Milliseconds(path.SmoothedRtt)} against {Milliseconds(selected.SmoothedRtt)}");
        }
    }

    private bool IsProbeDue(ProbedPath path, long now)
    {
        if (path.IsWaiting)
        {
            path.IsWaiting = false;
            path.Missed++;
            if (!Missed(path, now))
            {
                return false;
            }
        }

        if (path == _selected && path.State == ProbedPathState.Validated && path.Missed == 0)
        {
            bool isActive = path.UnansweredSince != long.MinValue;
            long due = isActive ? Math.Max(path.UnansweredSince + _options.ActiveInterval, path.LastHeard + _options.RetryInterval) : path.LastHeard + _options.IdleInterval;
            if (due > now)
            {
                path.NextProbe = due;
                return false;
            }
        }

        if (path.State == ProbedPathState.Failed && path != _selected)
        {
            if (!path.IsCandidate)
            {
                _paths.Remove(path);
                return false;
            }

            path.Missed = 0;
        }

        path.State = path.State == ProbedPathState.Validated ? path.State : ProbedPathState.Validating;
        bool isLimited = !path.IsCandidate && path.State != ProbedPathState.Validated && path != _selected;
        if (isLimited && path.BytesSent + ProbeCodec.PacketBytes > _options.AmplificationFactor * path.BytesReceived)
        {
            path.NextProbe = now + _options.RetryInterval;
            path.IsWaiting = true;
            return false;
        }

        return true;
    }

    // A probe was not answered. Says whether to send another now.
    private bool Missed(ProbedPath path, long now)
    {
        ProbedPath? other = path == _selected ? BestOther(path) : null;

        // Where the peer's own packets come from is most likely where it is now; one missed probe is enough then.
        if (other is not null && other.LastData > path.LastHeard)
        {
            Select(other, $"the peer sends from it and {path.Endpoint} missed a probe");
        }

        if (path.Missed < _options.MaxMissed)
        {
            return true;
        }

        path.State = ProbedPathState.Failed;
        path.NextProbe = now + (path == _selected ? _options.ActiveInterval : _options.FailedInterval);
        if (path == _selected && other is not null)
        {
            path.NextProbe = now + _options.FailedInterval;
            Select(other, $"{path.Endpoint} left {path.Missed} probes unanswered");
        }
        else if (path == _selected)
        {
            // Nothing works: try everything that is known.
            path.Missed = 0;
            foreach (ProbedPath candidate in _paths)
            {
                if (candidate != path && candidate.State == ProbedPathState.Failed)
                {
                    candidate.State = ProbedPathState.Unknown;
                    candidate.Missed = 0;
                    candidate.NextProbe = now;
                }
            }
        }
        else if (!path.IsCandidate)
        {
            _paths.Remove(path);
        }

        return false;
    }

    private ProbedPath? BestOther(ProbedPath than)
    {
        ProbedPath? best = null;
        foreach (ProbedPath path in _paths)
        {
            if (path != than && path.State == ProbedPathState.Validated && path.Missed == 0 && (best is null || IsBetter(path, best)))
            {
                best = path;
            }
        }

        return best;

        static bool IsBetter(ProbedPath path, ProbedPath best) => path.LastData != best.LastData ? path.LastData > best.LastData : path.SmoothedRtt < best.SmoothedRtt;
    }

    private void Select(ProbedPath path, string reason)
    {
        if (path == _selected)
        {
            return;
        }

        var change = new PathChange(Selected, path.Endpoint, reason);
        _selected = path;
        _changes.Enqueue(change);
    }
}
