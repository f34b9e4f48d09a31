namespace Net.Cli.Tests.Support;

/// <summary>The folders of the repository the tests were built from.</summary>
internal static class Repository
{
    public static string Data { get; } = Path.Combine(Root(), "tests", "data", "cli");

    private static string Root()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Net.Module.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException("the tests do not run below the repository");
    }
}
