using Net.Build.Publishing;

namespace Net.Build.Tasks;

internal sealed class DemoTask : IBuildTask
{
    public string Name => "demo";

    public string Arguments => "[--keep]";

    public string Summary => "shows the product on real packets in a lab of network namespaces; --keep leaves it up to explore";

    public async Task<int> RunAsync(BuildContext context, CancellationToken cancellationToken)
    {
        List<string> arguments = [.. context.Arguments.All];
        await new Publisher(context).PublishAsync(cancellationToken);
        return await ToolProject.RunAsync(context, context.PathOf("build", "Net.Demo", "Net.Demo.csproj"), arguments, cancellationToken);
    }
}
