using System.Collections.Immutable;

namespace Net.Firewall;

/// <summary>Addresses that rules share by name: what its files, hosts and nested lists resolved to, or what rules put into it.</summary>
public sealed record AddressList
{
    /// <summary>Number of the list, assigned once and never reused; 1 to <see cref="Rule.MaxId"/>. It names the list's sets.</summary>
    public required long Id { get; init; }

    /// <summary>Name the user gave. It never reaches the datapath.</summary>
    public required string Name { get; init; }

    /// <summary>The addresses of both IP versions; overlaps are allowed.</summary>
    public ImmutableArray<AddressRange> Addresses { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Whether rules add single addresses, which leave again after <see cref="Timeout"/>. Such a list has no addresses of its own here: the kernel keeps them.</summary>
    public bool IsDynamic { get; init; }

    /// <summary>How long an address stays that a rule put in; null for ever.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Addresses of each IP version a dynamic list holds at most; more are not taken.</summary>
    public int MaxEntries { get; init; } = 65_536;

    /// <summary>Compares by value, addresses by their content and order; equal arrays of another instance are told apart only by going through them.</summary>
    public bool Equals(AddressList? other) => ReferenceEquals(this, other)
        || (other is not null && Id == other.Id && Name == other.Name && IsDynamic == other.IsDynamic && Timeout == other.Timeout && MaxEntries == other.MaxEntries
            && (Addresses == other.Addresses || Addresses.AsSpan().SequenceEqual(other.Addresses.AsSpan())));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Id, Name, IsDynamic, Timeout, MaxEntries, Addresses.Length);
}
