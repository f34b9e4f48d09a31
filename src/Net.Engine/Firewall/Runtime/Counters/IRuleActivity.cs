using Net.Platform;

namespace Net.Engine.Firewall.Runtime.Counters;

/// <summary>Knows how busy rules are and when they last matched. Calls may come from any thread.</summary>
internal interface IRuleActivity
{
    /// <summary>Takes counters that somebody has just read, so that they are not read twice.</summary>
    /// <param name="counters">Values by the name of the counter.</param>
    void Take(IReadOnlyDictionary<string, CounterValue> counters);

    /// <summary>What is known about a counter.</summary>
    /// <param name="counter">Its name.</param>
    RuleTraffic Of(string counter);
}
