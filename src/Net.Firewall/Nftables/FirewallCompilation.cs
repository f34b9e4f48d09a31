namespace Net.Firewall;

/// <summary>What a compile gives: the commands to run now, and what stands once they ran, to compile the next change against.</summary>
/// <param name="Transaction">The commands.</param>
/// <param name="Result">What the datapath holds after they ran. Small enough to keep; the text is not part of it.</param>
public sealed record FirewallCompilation(NftTransaction Transaction, CompiledFirewall Result);
