using System.Management.Automation;

namespace Net.PowerShell.Connection;

/// <summary>Leaves nothing open when the module is removed. Importing does no work at all.</summary>
public sealed class ModuleLifetime : IModuleAssemblyCleanup
{
    /// <inheritdoc />
    public void OnRemove(PSModuleInfo psModuleInfo) => EngineSessions.CloseCurrent();
}
