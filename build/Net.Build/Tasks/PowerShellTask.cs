using Net.Build.Testing;

namespace Net.Build.Tasks;

/// <summary>Brings what the tests of the module need where it is missing.</summary>
internal sealed class PowerShellTask : IBuildTask
{
    public string Name => "powershell";

    public string Arguments => "";

    public string Summary => "installs PowerShell and Pester into artifacts/tools, so that `test` runs the Pester suite";

    public async Task<int> RunAsync(BuildContext context, CancellationToken cancellationToken)
    {
        context.Arguments.ExpectNothingMore();
        await LocalPowerShell.InstallAsync(context, cancellationToken);
        context.Step($"the Pester suite runs with {LocalPowerShell.Find(context)} from now on");
        return 0;
    }
}
