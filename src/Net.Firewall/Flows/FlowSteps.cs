using System.Collections.Immutable;
using System.Globalization;

namespace Net.Firewall;

/// <summary>Collects the steps of an explanation, a bounded number of them.</summary>
/// <param name="max">Steps at most.</param>
internal sealed class FlowSteps(int max)
{
    private readonly ImmutableArray<FlowStep>.Builder _steps = ImmutableArray.CreateBuilder<FlowStep>();
    private int _others;
    private int _omitted;

    /// <summary>Counts a rule that cannot match by protocol, addresses, ports, interfaces or state.</summary>
    public void SkipOther() => _others++;

    /// <summary>Adds a rule. Those that matched are always there.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="matched">Whether it matched.</param>
    /// <param name="reason">What it did, or why it did not match.</param>
    public void Add(Rule rule, bool matched, string reason)
    {
        if (!matched && _steps.Count >= max - 1)
        {
            _omitted += 1 + _others;
            _others = 0;
            return;
        }

        Flush();
        _steps.Add(new FlowStep(rule, matched, reason));
    }

    /// <summary>The steps.</summary>
    public ImmutableArray<FlowStep> Finish()
    {
        Flush();
        return _steps.DrainToImmutable();
    }

    private void Flush()
    {
        if (_omitted > 0)
        {
            Sum(_omitted + _others, "did not match");
        }
        else if (_others > 0)
        {
            Sum(_others, "for other protocols, addresses, ports, interfaces or states");
        }

        _omitted = 0;
        _others = 0;
    }

    private void Sum(int count, string what) =>
        _steps.Add(new FlowStep(null, Matched: false, string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? "rule" : "rules")} {what}"), count));
}
