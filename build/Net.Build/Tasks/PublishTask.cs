using Net.Build.Publishing;

namespace Net.Build.Tasks;

internal sealed class PublishTask : IBuildTask
{
    public string Name => "publish";

    public string Arguments => string.Empty;

    public string Summary => "publishes netmod-engine, netmod-worker (native code) and netmod, and lays out the module, in artifacts";

    public async Task<int> RunAsync(BuildContext context, CancellationToken cancellationToken)
    {
        context.Arguments.ExpectNothingMore();
        await new Publisher(context).PublishAsync(cancellationToken);
        context.Step("artifacts/publish and artifacts/module are up to date");
        return 0;
    }
}
