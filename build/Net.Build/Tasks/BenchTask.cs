using Net.Build.Publishing;

namespace Net.Build.Tasks;

internal sealed class BenchTask : IBuildTask
{
    public string Name => "bench";

    public string Arguments => "[area] [--json FILE] [--rounds N] [--seconds N] [--only TEXT] [--without-engines]";

    public string Summary => "measures against targets and peers, both in turn in the same run; one table per area";

    public async Task<int> RunAsync(BuildContext context, CancellationToken cancellationToken)
    {
        await new Publisher(context).PublishAsync(cancellationToken);
        return await ToolProject.RunAsync(
            context, context.PathOf("tests", "Net.Benchmarks", "Net.Benchmarks.csproj"), ["bench", .. context.Arguments.All], cancellationToken);
    }
}
