using System.Collections;
using Net.Contracts;
using Net.PowerShell.Connection;

namespace Net.PowerShell.Completion;

/// <summary>Completes names of the kind of things of the firewall that the noun of the command says.</summary>
public sealed class FirewallNameCompleter : EngineCompleter
{
    internal override Task<IEnumerable<Candidate>> AskAsync(IEngineCaller engine, string command, IDictionary bound, CancellationToken cancellationToken) =>
        Of(command[(command.LastIndexOf('-') + 1)..])?.AskAsync(engine, command, bound, cancellationToken) ?? AskAsync(engine, cancellationToken);

    private protected override Task<IEnumerable<Candidate>> AskAsync(IEngineCaller engine, CancellationToken cancellationToken) =>
        Task.FromResult<IEnumerable<Candidate>>([]);

    private static EngineCompleter? Of(string noun) => noun.ToUpperInvariant() switch
    {
        "FIREWALLRULE" => new FirewallRuleNameCompleter(),
        "FIREWALLADDRESSLIST" => new FirewallNameCompleter<FirewallAddressList>(),
        "FIREWALLPORTLIST" => new FirewallNameCompleter<FirewallPortList>(),
        "FIREWALLZONE" => new FirewallNameCompleter<FirewallZone>(),
        "NATRULE" => new FirewallNameCompleter<NatRule>(),
        "PORTFORWARD" => new FirewallNameCompleter<PortForward>(),
        _ => null,
    };
}
