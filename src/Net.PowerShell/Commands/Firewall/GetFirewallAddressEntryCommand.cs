using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Binding;
using Net.PowerShell.Completion;

namespace Net.PowerShell.Commands;

/// <summary>Gets what address lists hold now, with where each entry comes from and how long it stays.</summary>
[Cmdlet(VerbsCommon.Get, "FirewallAddressEntry")]
[OutputType(typeof(FirewallAddressEntry))]
public sealed class GetFirewallAddressEntryCommand : EngineCmdlet
{
    /// <summary>Address lists.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("List")]
    [ArgumentCompleter(typeof(FirewallNameCompleter<FirewallAddressList>))]
    [NameText]
    [ValidateNotNullOrEmpty]
    public string[]? Name { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        foreach (string name in Name!)
        {
            if (TryCall(EngineApi.FirewallListAddressEntries, new ListFirewallAddressEntries(name), name, out FirewallAddressEntry[] entries))
            {
                WriteObject(entries, enumerateCollection: true);
            }
        }
    }
}
