using Net.Build.Publishing;

namespace Net.Build.Tasks;

internal sealed class InstallTask : IBuildTask
{
    public string Name => "install";

    public string Arguments => "[options of netmod engine install]";

    public string Summary => "installs the engine as a service from artifacts";

    public Task<int> RunAsync(BuildContext context, CancellationToken cancellationToken) =>
        EngineCommand.RunAsync(context, "install", cancellationToken);
}
