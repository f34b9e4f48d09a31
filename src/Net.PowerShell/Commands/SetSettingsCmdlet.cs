using System.Management.Automation;

namespace Net.PowerShell.Commands;

/// <summary>The base of the cmdlets that change settings of the firewall, of which there is one set.</summary>
/// <typeparam name="T">The record of the settings.</typeparam>
public abstract class SetSettingsCmdlet<T> : ItemPartsCmdlet<T>
    where T : class
{
    /// <summary>Write the settings as they are now.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord() => Alter([Things.Kind.Noun], null);

    /// <inheritdoc />
    protected override void EndProcessing() => CommitAltered(PassThru);
}
