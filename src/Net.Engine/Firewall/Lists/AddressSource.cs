using System.Collections.Immutable;
using Net.Firewall;

namespace Net.Engine.Firewall.Lists;

/// <summary>One source of an address list, as it was last good.</summary>
/// <param name="key">What it is: <c>file PATH</c>, <c>host NAME</c> or <c>country CODE PATH</c>.</param>
internal sealed class AddressSource(string key)
{
    /// <summary>What it is.</summary>
    public string Key { get; } = key;

    /// <summary>What it held when it was last good.</summary>
    public ImmutableArray<AddressRange> Addresses { get; set; } = [];

    /// <summary>Whether it was ever good.</summary>
    public bool IsKnown { get; set; }

    /// <summary>What the file looked like at the last attempt, to see whether it changed; null before the first.</summary>
    public string? Stamp { get; set; }

    /// <summary>When it is read next; only for host names.</summary>
    public DateTimeOffset Due { get; set; }

    /// <summary>When it was last read with success; null for never.</summary>
    public DateTimeOffset? ReadAt { get; set; }

    /// <summary>Why it could not be read; null when it could.</summary>
    public string? Problem { get; set; }
}
