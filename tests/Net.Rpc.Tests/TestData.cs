using System.Runtime.CompilerServices;

namespace Net.Rpc.Tests;

/// <summary>Where the data files of the tests are.</summary>
internal static class TestData
{
    public static string Root { get; } = FindRoot();

    public static string Path(params ReadOnlySpan<string> parts) => System.IO.Path.Combine([Root, "tests", "data", "rpc", .. parts]);

    private static string FindRoot([CallerFilePath] string here = "")
    {
        // Deterministic builds may map source paths, so the folder of the running program comes first.
        foreach (string start in (string[])[AppContext.BaseDirectory, System.IO.Path.GetDirectoryName(here)!])
        {
            for (DirectoryInfo? folder = new(start); folder is not null; folder = folder.Parent)
            {
                if (File.Exists(System.IO.Path.Combine(folder.FullName, "Net.Module.sln")))
                {
                    return folder.FullName;
                }
            }
        }

        throw new DirectoryNotFoundException("The repository of the tests was not found.");
    }
}
