using Net.Build.Publishing;

namespace Net.Build.Tasks;

internal sealed class RunTask : IBuildTask
{
    public string Name => "run";

    public string Arguments => "[options of netmod engine run]";

    public string Summary => "starts the engine from artifacts and supervises it until Ctrl+C";

    public Task<int> RunAsync(BuildContext context, CancellationToken cancellationToken) =>
        EngineCommand.RunAsync(context, "run", cancellationToken);
}
