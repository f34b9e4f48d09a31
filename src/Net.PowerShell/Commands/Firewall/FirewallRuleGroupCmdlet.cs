using System.Management.Automation;
using Net.Client;
using Net.Contracts;
using Net.PowerShell.Completion;

namespace Net.PowerShell.Commands;

/// <summary>The base of the cmdlets that let groups of firewall rules take part together, or not. Rules keep their own switch.</summary>
public abstract class FirewallRuleGroupCmdlet : ChangeCmdlet
{
    private readonly List<string> _groups = [];

    /// <summary>Groups.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(FirewallGroupCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Group { get; set; }

    /// <summary>Write the rules of the groups.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected abstract bool Enables { get; }

    /// <inheritdoc />
    protected override void ProcessRecord() => _groups.AddRange(Group!);

    /// <inheritdoc />
    protected override void EndProcessing()
    {
        if (!TryCall(EngineApi.FirewallListRules, new ListFirewallRules(Counters: false), _groups, out FirewallRule[] rules))
        {
            return;
        }

        string[] known = [.. rules.Select(rule => rule.Group).OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase)];
        string[] groups = [.. _groups.SelectMany(group => Answering(group, known)).Distinct(StringComparer.OrdinalIgnoreCase)
            .Where(group => Agree(group, $"{(Enables ? "Enable" : "Disable")} group of firewall rules"))];
        if (groups.Length > 0)
        {
            Transact(
                async (engine, token) =>
                {
                    FirewallRulesChanged changed = await engine.CallAsync(EngineApi.FirewallSetGroups, new SetFirewallGroups(groups, Enables, Change), token);
                    return (changed.Rules, changed.Outcome);
                },
                groups,
                PassThru);
        }
    }

    private string[] Answering(string group, string[] known)
    {
        var pattern = new NamePattern(group);
        string[] found = Array.FindAll(known, pattern.Matches);
        if (found.Length == 0 && pattern.IsLiteral)
        {
            Fail(new EngineException(ErrorCatalogue.FirewallItemNotFound, $"No firewall rule is in a group '{group}'.", group), group);
        }

        return found;
    }
}
