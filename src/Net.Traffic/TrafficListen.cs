namespace Net.Traffic;

/// <summary>What a receiver waits for, and how long.</summary>
public sealed record TrafficListen
{
    /// <summary>Where it listens; each place counts for itself, so that the outputs of a relay are told apart.</summary>
    public required IReadOnlyList<TrafficEndpoint> Endpoints { get; init; }

    /// <summary>It ends after this at the latest.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>It ends when nothing came for this long, once something came; null waits for <see cref="Duration"/>.</summary>
    public TimeSpan? IdleTimeout { get; init; }

    /// <summary>Whether it ends as soon as every stream it heard said that it ends, at every endpoint.</summary>
    public bool EndsWithStreams { get; init; } = true;

    /// <summary>Whether what was sent before the first packet that came counts as lost; for a receiver that listened before the generator began.</summary>
    public bool CountsFromStart { get; init; } = true;

    /// <summary>Whether the check of every payload is computed; without it only headers are looked at, which costs less.</summary>
    public bool VerifiesPayload { get; init; } = true;

    /// <summary>Streams each endpoint tells apart; packets of further ones are counted in <see cref="TrafficReport.Untracked"/>.</summary>
    public int MostStreams { get; init; } = 4_096;

    /// <summary>Bytes the kernel may hold for each socket that were not received yet.</summary>
    public int ReceiveBufferBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>Core the receiving thread is kept on; null leaves it to the kernel.</summary>
    public int? Core { get; init; }

    /// <summary>Everything that is wrong with it, one sentence each; empty when it can be listened to.</summary>
    /// <returns>The problems.</returns>
    public IReadOnlyList<string> Validate() => TrafficPlanValidator.Validate(this);
}
