using Net.Build.Publishing;

namespace Net.Build.Tasks;

internal sealed class SoakTask : IBuildTask
{
    public string Name => "soak";

    public string Arguments => "[area] [--json FILE] [--rounds N] [--minutes N]";

    public string Summary => "injects faults and reports which were recovered from without help, and how fast";

    public async Task<int> RunAsync(BuildContext context, CancellationToken cancellationToken)
    {
        await new Publisher(context).PublishAsync(cancellationToken);
        return await ToolProject.RunAsync(
            context, context.PathOf("tests", "Net.Benchmarks", "Net.Benchmarks.csproj"), ["soak", .. context.Arguments.All], cancellationToken);
    }
}
