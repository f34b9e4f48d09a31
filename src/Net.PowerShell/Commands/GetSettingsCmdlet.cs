using Net.PowerShell.Requests;

namespace Net.PowerShell.Commands;

/// <summary>The base of the cmdlets that get settings of the firewall, of which there is one set.</summary>
/// <typeparam name="T">The record of the settings.</typeparam>
public abstract class GetSettingsCmdlet<T> : EngineCmdlet
    where T : class
{
    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        T[] settings = [];
        if (Run(async (engine, _, token) => settings = await FirewallFamilies.Of<T>().Kind.ListAsync(engine, null, token), target: null))
        {
            WriteObject(settings, enumerateCollection: true);
        }
    }
}
