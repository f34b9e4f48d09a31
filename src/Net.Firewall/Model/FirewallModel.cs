using System.Collections.Immutable;

namespace Net.Firewall;

/// <summary>The whole firewall: rules in the order they are asked, with the lists and NAT they use; immutable. The first rule that matches a packet and does not continue
/// decides; none matching lets it pass.</summary>
/// <param name="Rules">The rules of all directions in order, those of profile, zones and port forwards among them.</param>
public sealed record FirewallModel(ImmutableArray<Rule> Rules)
{
    /// <summary>No rules: everything passes.</summary>
    public static FirewallModel Empty { get; } = new([]);

    /// <summary>The rules of all directions in order.</summary>
    public ImmutableArray<Rule> Rules { get; init => field = value.IsDefault ? [] : value; } = Rules.IsDefault ? [] : Rules;

    /// <summary>Address lists the rules refer to by id.</summary>
    public ImmutableArray<AddressList> AddressLists { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>NAT rules in order.</summary>
    public ImmutableArray<NatRule> NatRules { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>TCP connections that stood before connection tracking saw them, and go on: without them the first default deny would cut the administrator off.</summary>
    public ImmutableArray<KeptSession> KeptSessions { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Whether nothing of it needs a table in the kernel.</summary>
    public bool IsEmpty => Rules.IsEmpty && AddressLists.IsEmpty && NatRules.IsEmpty;

    /// <summary>Compares by value, item by item.</summary>
    public bool Equals(FirewallModel? other) => ReferenceEquals(this, other)
        || (other is not null
            && Rules.AsSpan().SequenceEqual(other.Rules.AsSpan())
            && AddressLists.AsSpan().SequenceEqual(other.AddressLists.AsSpan())
            && NatRules.AsSpan().SequenceEqual(other.NatRules.AsSpan())
            && KeptSessions.AsSpan().SequenceEqual(other.KeptSessions.AsSpan()));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Rules.Length, AddressLists.Length, NatRules.Length);
}
