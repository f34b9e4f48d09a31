using Net.Build.Publishing;

namespace Net.Build.Tasks;

internal sealed class PackageTask : IBuildTask
{
    public string Name => "package";

    public string Arguments => string.Empty;

    public string Summary => "writes archives, a Debian package and checksums to artifacts/packages";

    public async Task<int> RunAsync(BuildContext context, CancellationToken cancellationToken)
    {
        context.Arguments.ExpectNothingMore();
        await new Packager(context, new Publisher(context)).PackAsync(cancellationToken);
        return 0;
    }
}
