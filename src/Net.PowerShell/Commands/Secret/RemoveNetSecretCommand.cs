using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Completion;

namespace Net.PowerShell.Commands;

/// <summary>Removes secrets that nothing refers to.</summary>
[Cmdlet(VerbsCommon.Remove, "NetSecret", SupportsShouldProcess = true)]
[OutputType(typeof(void))]
public sealed class RemoveNetSecretCommand : EngineCmdlet
{
    /// <summary>Names of secrets.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(SecretNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string[]? Name { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        foreach (string name in Name!)
        {
            if (ShouldProcess(name, "Remove secret"))
            {
                TryCall(EngineApi.SecretsRemove, new RemoveSecret(name), name, out Done _);
            }
        }
    }
}
