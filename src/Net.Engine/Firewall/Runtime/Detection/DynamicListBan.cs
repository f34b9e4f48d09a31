using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Net.Contracts;
using Net.Engine.Configuration;
using Net.Platform;

namespace Net.Engine.Firewall.Runtime.Detection;

/// <summary>Puts sources into the sets of dynamic lists in our table. The kernel takes them out again when their time is over.</summary>
/// <param name="configuration">The lists.</param>
/// <param name="datapath">Where the sets are.</param>
internal sealed class DynamicListBan(ConfigurationManager configuration, IFirewallDatapath datapath) : IFirewallBan
{
    /// <inheritdoc />
    public async Task BanAsync(string list, IPAddress address, TimeSpan time, CancellationToken cancellationToken)
    {
        FirewallAddressList found = configuration.Document.Firewall.AddressLists.FirstOrDefault(one => string.Equals(one.Name, list, StringComparison.OrdinalIgnoreCase))
            ?? throw new EngineException(ErrorCatalogue.ArgumentInvalid, $"No address list is named '{list}'.", list);
        if (!found.Dynamic)
        {
            throw new EngineException(ErrorCatalogue.ArgumentInvalid, $"The address list '{list}' is not dynamic.", list);
        }

        try
        {
            await datapath.ApplyAsync(Text(found.Id, address, time), cancellationToken).ConfigureAwait(false);
        }
        catch (FirewallDatapathException exception)
        {
            throw new EngineException(ErrorCatalogue.FirewallApplyFailed, exception.Message, inner: exception);
        }
    }

    // An element that is there keeps its old time when it is added again, so it is taken out first; and what is not there cannot be taken out, so it is put in before.
    private static string Text(long id, IPAddress address, TimeSpan time)
    {
        string element = string.Create(CultureInfo.InvariantCulture, $"element inet netmod l{id}_{(address.AddressFamily == AddressFamily.InterNetworkV6 ? 6 : 4)} {{ {address}");
        long seconds = Math.Max(1, (long)time.TotalSeconds);
        return string.Create(CultureInfo.InvariantCulture, $"add {element} }}\ndelete {element} }}\nadd {element} timeout {seconds}s }}\n");
    }
}
