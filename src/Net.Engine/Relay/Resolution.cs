using Net.Engine.Relay.Model;
using Net.Platform;

namespace Net.Engine.Relay;

/// <summary>All rules as they stand on the network as it is. Immutable.</summary>
/// <param name="Rules">The rules, in the document's order.</param>
/// <param name="Failures">Rules whose sockets or rings could not be opened, with the reason.</param>
/// <param name="Links">The network they were resolved against.</param>
internal sealed record Resolution(IReadOnlyList<ResolvedRule> Rules, IReadOnlyDictionary<int, string> Failures, LinkIndex Links)
{
    private readonly Dictionary<int, ResolvedRule> _byId = Rules.ToDictionary(rule => rule.Id);

    /// <summary>Whether some output has a unicast destination, so that routes and neighbours matter.</summary>
    public bool HasUnicast { get; } = Rules.Any(rule =>
        rule.Unknown.Count > 0 || rule.Flows.Any(flow => flow.Targets.Any(target => target.DestinationMac is not null && target.InterfaceIndex != 0)));

    /// <summary>No rules.</summary>
    public static Resolution Empty { get; } = new([], new Dictionary<int, string>(), new LinkIndex(NetworkSnapshot.Empty));

    /// <summary>A rule by its id; null when it is not there yet, or no longer.</summary>
    /// <param name="id">The id.</param>
    public ResolvedRule? Find(long id) => id is > 0 and <= int.MaxValue ? _byId.GetValueOrDefault((int)id) : null;
}
