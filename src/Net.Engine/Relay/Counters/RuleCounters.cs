using Net.Relay;

namespace Net.Engine.Relay.Counters;

/// <summary>Counters of one rule: its input and its outputs. Guarded by its ledger.</summary>
internal sealed class RuleCounters(DateTimeOffset since)
{
    private readonly List<CounterTotals> _outputs = [];

    /// <summary>When they began.</summary>
    public DateTimeOffset Since { get; private set; } = since;

    /// <summary>What came in.</summary>
    public CounterTotals Input { get; } = new();

    /// <summary>Outputs that ever counted.</summary>
    public IReadOnlyList<CounterTotals> Outputs => _outputs;

    /// <summary>One of them.</summary>
    /// <param name="output">An output's index, or <see cref="RelayCounters.Input"/>.</param>
    public CounterTotals At(int output)
    {
        if (output < 0)
        {
            return Input;
        }

        while (_outputs.Count <= output && output < RelayFlow.MaxTargets)
        {
            _outputs.Add(new CounterTotals());
        }

        return _outputs[output];
    }

    /// <summary>Begins anew.</summary>
    /// <param name="now">The time.</param>
    public void Reset(DateTimeOffset now)
    {
        Since = now;
        Input.Reset();
        foreach (CounterTotals output in _outputs)
        {
            output.Reset();
        }
    }

    /// <summary>Takes a sample for the rates.</summary>
    /// <param name="elapsed">Time since the sample before.</param>
    public void Sample(TimeSpan elapsed)
    {
        Input.Sample(elapsed);
        foreach (CounterTotals output in _outputs)
        {
            output.Sample(elapsed);
        }
    }
}
