using System.Collections.Frozen;

namespace Net.Firewall;

/// <summary>Reads the targets of iptables' nat table.</summary>
internal static class IptablesNat
{
    private static readonly FrozenSet<string> s_targets = FrozenSet.ToFrozenSet(
        [
            "AUDIT", "CHECKSUM", "CLASSIFY", "CLUSTERIP", "CONNMARK", "CONNSECMARK", "CT", "DNPT", "ECN", "HMARK", "IDLETIMER", "LED", "NFQUEUE", "NOTRACK", "QUEUE", "RATEEST",
            "SECMARK", "SET", "SYNPROXY", "TCPOPTSTRIP", "TEE", "TOS", "TPROXY", "TRACE", "ULOG", "SNPT", "MIRROR", "SAME",
        ],
        StringComparer.Ordinal);

    /// <summary>Whether a target is one of the kernel's that cannot be expressed, and not a chain.</summary>
    /// <param name="target">The target.</param>
    public static bool IsKnownTarget(string target) => s_targets.Contains(target);

    /// <summary>Reads a target and its options.</summary>
    /// <param name="target">The target.</param>
    /// <param name="options">What follows it.</param>
    /// <param name="family">The IP version.</param>
    /// <param name="problem">Why it cannot be expressed; null when it can.</param>
    public static NatRule? Read(string target, IptablesOptions options, RuleAddressFamily family, out string? problem)
    {
        problem = null;
        var nat = new NatRule
        {
            Id = 0,
            Name = "",
            Kind = target switch
            {
                "DNAT" => NatKind.Destination,
                "SNAT" => NatKind.Source,
                "MASQUERADE" => NatKind.Masquerade,
                "REDIRECT" => NatKind.Redirect,
                _ => NatKind.DestinationPrefix,
            },
        };
        while (options.Peek.StartsWith("--", StringComparison.Ordinal) && problem is null && options.Peek != "--comment")
        {
            string option = options.Take();
            switch (option)
            {
                case "--to-destination" or "--to-source" or "--to":
                    nat = ReadTo(options.Take(), nat, family, ref problem);
                    break;
                case "--to-ports":
                    problem = ImportValues.TryPorts(options.Take(), '-', out PortRange ports) ? null : "the new ports cannot be read";
                    nat = nat with { ToPorts = ports };
                    break;
                case "--random" or "--random-fully":
                    nat = nat with { IsRandom = true };
                    break;
                case "--persistent":
                    nat = nat with { IsPersistent = true };
                    break;
                default:
                    problem = $"{target} {option} cannot be expressed";
                    break;
            }
        }

        if (problem is null && target is "DNAT" or "SNAT" or "NETMAP" && nat.ToAddresses is null)
        {
            problem = "a new address is missing; changing only the port cannot be expressed";
        }

        return problem is null ? nat : null;
    }

    private static NatRule ReadTo(string text, NatRule nat, RuleAddressFamily family, ref string? problem)
    {
        (string addresses, string? ports) = Split(text);
        if (!ImportValues.TryAddresses(addresses, out AddressRange to) || to.Family != family)
        {
            problem = "the new address cannot be read";
            return nat;
        }

        PortRange range = default;
        if (ports is not null && !ImportValues.TryPorts(ports, '-', out range))
        {
            problem = ports.Contains('/', StringComparison.Ordinal) ? "shifted port ranges cannot be expressed" : "the new ports cannot be read";
            return nat;
        }

        return nat with { ToAddresses = to, ToPorts = ports is null ? null : range };
    }

    /// <summary>Parts an address from the ports behind it: "192.0.2.1:80-90", "[2001:db8::1]:80".</summary>
    /// <param name="text">The text.</param>
    internal static (string Addresses, string? Ports) Split(string text)
    {
        if (text.StartsWith('['))
        {
            // A range has brackets around each of its ends.
            int end = text.LastIndexOf(']');
            string inner = text[1..Math.Max(1, end)].Replace("]-[", "-", StringComparison.Ordinal);
            return (inner, end >= 0 && end + 1 < text.Length && text[end + 1] == ':' ? text[(end + 2)..] : null);
        }

        int colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 || text.IndexOf(':', colon + 1) >= 0 ? (text, null) : (text[..colon], text[(colon + 1)..]);
    }
}
