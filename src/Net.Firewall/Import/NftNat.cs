namespace Net.Firewall;

/// <summary>Reads nft's statements that translate addresses.</summary>
internal static class NftNat
{
    /// <summary>Reads a statement.</summary>
    /// <param name="word">Its first word, which is read already.</param>
    /// <param name="cursor">What follows.</param>
    /// <param name="problem">Why it cannot be expressed; null when it can.</param>
    public static NatRule? Read(string word, NftCursor cursor, out string? problem)
    {
        problem = null;
        bool isPrefix = false;
        if (word is "snat" or "dnat")
        {
            if (!cursor.TryTake("ip"))
            {
                cursor.TryTake("ip6");
            }

            isPrefix = cursor.TryTake("prefix");
        }

        var nat = new NatRule
        {
            Id = 0,
            Name = "",
            Kind = word switch
            {
                "masquerade" => NatKind.Masquerade,
                "redirect" => NatKind.Redirect,
                "snat" => isPrefix ? NatKind.SourcePrefix : NatKind.Source,
                _ => isPrefix ? NatKind.DestinationPrefix : NatKind.Destination,
            },
        };
        if (cursor.TryTake("to"))
        {
            string text = cursor.Take().Text;
            if (text.StartsWith(':'))
            {
                bool isPort = ImportValues.TryPorts(text.Length > 1 ? text[1..] : cursor.Take().Text, '-', out PortRange port);
                problem = isPort && word is "masquerade" or "redirect" ? null : "changing only the port cannot be expressed";
                nat = nat with { ToPorts = port };
            }
            else
            {
                nat = ReadTo(text, nat, ref problem);
            }
        }

        while (cursor.Peek is { IsString: false, Text: "random" or "fully-random" or "persistent" or "," } && problem is null)
        {
            string flag = cursor.Take().Text;
            nat = flag switch { "persistent" => nat with { IsPersistent = true }, "," => nat, _ => nat with { IsRandom = true } };
        }

        problem ??= word is "snat" or "dnat" && nat.ToAddresses is null ? "a new address is missing, or comes from a map" : null;
        return problem is null ? nat : null;
    }

    private static NatRule ReadTo(string text, NatRule nat, ref string? problem)
    {
        (string addresses, string? ports) = IptablesNat.Split(text);
        PortRange range = default;
        if (!ImportValues.TryAddresses(addresses, out AddressRange to) || (ports is not null && !ImportValues.TryPorts(ports, '-', out range)))
        {
            problem = "the new address cannot be read";
            return nat;
        }

        return nat with { ToAddresses = to, ToPorts = ports is null ? null : range };
    }
}
