using System.Net;
using System.Text;
using Net.Contracts;
using Net.Engine.Overlay.Model;
using Net.Platform;

namespace Net.Engine.Overlay.Kernel;

/// <summary>Writes the table of gateways: address translation for prefixes that ask for it, and the clamping of TCP's segment size to the device's MTU. It is a table of
/// our own, apart from the firewall's. Only addresses, numbers and checked device names go into its text.</summary>
internal static class OverlayNft
{
    /// <summary>The table.</summary>
    public static FirewallTable Table { get; } = new(FirewallFamily.Inet, "netmod_overlay");

    /// <summary>The text of one transaction that replaces the table.</summary>
    /// <param name="views">All overlays that run.</param>
    /// <returns>The text; null when no table is needed.</returns>
    public static string? Write(IReadOnlyList<OverlayView> views)
    {
        OverlayView[] gateways = [.. views.Where(view => view.Forwards)];
        if (gateways.Length == 0)
        {
            return null;
        }

        var text = new StringBuilder();
        text.Append("add table ").Append(Table).Append("\ndelete table ").Append(Table).Append("\ntable ").Append(Table).Append(" {\n");
        text.Append("  chain postrouting {\n    type nat hook postrouting priority srcnat; policy accept;\n");
        foreach (OverlayView view in gateways)
        {
            foreach (OverlayRoute route in view.Settings.Routes.Where(route => route is { Peer: null, Masquerade: true } && OverlayNumbers.IsPrefix(route.Prefix)))
            {
                Masquerade(text, view.InterfaceName, OverlayNumbers.ToNetwork(route.Prefix));
            }
        }

        text.Append("  }\n  chain forward {\n    type filter hook forward priority mangle; policy accept;\n");
        foreach (OverlayView view in gateways)
        {
            string device = Quote(view.InterfaceName);
            text.Append("    oifname ").Append(device).Append(" tcp flags & (syn | rst) == syn tcp option maxseg size set rt mtu\n");
            text.Append("    iifname ").Append(device).Append(" tcp flags & (syn | rst) == syn tcp option maxseg size set rt mtu\n");
        }

        return text.Append("  }\n}\n").ToString();
    }

    /// <summary>The text that takes the table out.</summary>
    public static string Remove() => $"add table {Table}\ndelete table {Table}\n";

    private static void Masquerade(StringBuilder text, string name, IPNetwork prefix)
    {
        bool isIPv4 = OverlayNumbers.IsIPv4(prefix.BaseAddress);
        string device = Quote(name);
        text.Append("    iifname ").Append(device).Append(" oifname != ").Append(device);
        text.Append(" meta nfproto ").Append(isIPv4 ? "ipv4" : "ipv6");
        if (prefix.PrefixLength > 0)
        {
            text.Append(isIPv4 ? " ip daddr " : " ip6 daddr ").Append(prefix);
        }

        text.Append(" masquerade\n");
    }

    // The checks of the document let no quote or backslash into a device's name; what got past them must not become nft's language.
    private static string Quote(string name) => name.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.')
        ? $"\"{name}\""
        : throw new FormatException($"'{name}' cannot be the name of a device.");
}
