using System.Management.Automation;
using Net.PowerShell.Completion;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Commands;

/// <summary>The base of the cmdlets that get things of the firewall by name.</summary>
/// <typeparam name="T">The record of one thing.</typeparam>
public abstract class GetItemCmdlet<T> : NamedItemCmdlet<T>
    where T : class
{
    /// <summary>Names.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(FirewallNameCompleter))]
    [SupportsWildcards]
    public string[] Name { get; set; } = ["*"];

    private protected override ItemKind<T> Kind => FirewallFamilies.Of<T>().Kind;

    /// <inheritdoc />
    protected override void ProcessRecord() => WriteNamed(Name);
}
