using System.Management.Automation;
using System.Security;
using Net.Contracts;
using Net.PowerShell.Completion;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Commands;

/// <summary>Stores a secret in the engine, or replaces it.</summary>
[Cmdlet(VerbsCommon.Set, "NetSecret", SupportsShouldProcess = true)]
[OutputType(typeof(void))]
public sealed class SetNetSecretCommand : EngineCmdlet
{
    /// <summary>The name of the secret.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(SecretNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>The value.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNull]
    public SecureString? Value { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        if (ShouldProcess(Name, "Store secret"))
        {
            TryCall(EngineApi.SecretsSet, new SetSecret(Name!, SecretText.Reveal(Value!)), Name, out Done _);
        }
    }
}
