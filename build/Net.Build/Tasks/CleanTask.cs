namespace Net.Build.Tasks;

internal sealed class CleanTask : IBuildTask
{
    public string Name => "clean";

    public string Arguments => string.Empty;

    public string Summary => "removes everything that was built (the folder artifacts)";

    public Task<int> RunAsync(BuildContext context, CancellationToken cancellationToken)
    {
        context.Arguments.ExpectNothingMore();
        if (Directory.Exists(context.Artifacts))
        {
            // This very program runs from there: Linux keeps an open file alive, Windows refuses to delete it.
            string own = Path.GetFullPath(AppContext.BaseDirectory);
            foreach (string entry in Directory.EnumerateFileSystemEntries(context.Artifacts))
            {
                if (OperatingSystem.IsWindows() && own.StartsWith(entry, StringComparison.OrdinalIgnoreCase))
                {
                    continue;
                }

                if (Directory.Exists(entry))
                {
                    Directory.Delete(entry, recursive: true);
                }
                else
                {
                    File.Delete(entry);
                }
            }
        }

        context.Step("artifacts is empty");
        return Task.FromResult(0);
    }
}
