namespace Net.Firewall.Tests.Import;

/// <summary>Samples of other firewalls' rules, and questions about what was made of them.</summary>
internal static class ImportSamples
{
    public static string Read(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "data", "firewall-import", name));

    /// <summary>A TCP packet to this host.</summary>
    public static FlowPacket Tcp(string source, ushort port, string input = "wan0") => new FlowPacket
    {
        Protocol = 6,
        SourcePort = 40_000,
        DestinationPort = port,
        InputInterface = input,
        TcpFlags = 2,
        Length = 60,
    }.Between(System.Net.IPAddress.Parse(source), System.Net.IPAddress.Parse(source.Contains(':') ? "2001:db8::1" : "203.0.113.7"));

    /// <summary>The action and the name of the rule that decides, "-" when none does.</summary>
    public static string Ask(ImportedRules rules, FlowPacket packet)
    {
        FlowVerdict verdict = new FlowEvaluator(rules.Model).Evaluate(packet);
        return $"{verdict.Action} {verdict.Rule?.Name ?? "-"}";
    }
}
