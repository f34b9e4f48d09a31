using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Completion;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Commands;

/// <summary>Gets which secrets the engine keeps. Their values never come back.</summary>
[Cmdlet(VerbsCommon.Get, "NetSecret")]
[OutputType(typeof(SecretInfo))]
public sealed class GetNetSecretCommand : NamedItemCmdlet<SecretInfo>
{
    /// <summary>Names of secrets.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(SecretNameCompleter))]
    [SupportsWildcards]
    public string[] Name { get; set; } = ["*"];

    private protected override ItemKind<SecretInfo> Kind => ItemKinds.Secret;

    /// <inheritdoc />
    protected override void ProcessRecord() => WriteNamed(Name);
}
