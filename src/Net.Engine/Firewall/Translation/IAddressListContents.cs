using System.Collections.Immutable;
using Net.Contracts;

namespace Net.Engine.Firewall.Translation;

/// <summary>What the files, host names and countries of address lists hold now.</summary>
internal interface IAddressListContents
{
    /// <summary>Rises with each change of any content.</summary>
    long Version { get; }

    /// <summary>What is known of a list's sources outside the document; empty when nothing was read yet. Never waits.</summary>
    /// <param name="list">The list.</param>
    ImmutableArray<Net.Firewall.AddressRange> ContentOf(FirewallAddressList list);
}
