namespace Net.Build.Publishing;

/// <summary>Builds one of our own programs that are not shipped (demo, benchmarks) and runs it in this terminal.</summary>
internal static class ToolProject
{
    public static async Task<int> RunAsync(BuildContext context, string projectFile, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        string name = Path.GetFileNameWithoutExtension(projectFile);
        if (!File.Exists(projectFile))
        {
            throw new BuildFailedException($"{Path.GetRelativePath(context.Root, projectFile)} does not exist.");
        }

        await context.DotnetAsync($"build {name}", ["build", projectFile, "-c", "Release", "-nologo", "-v:q", "-clp:NoSummary"], cancellationToken);
        ProcessResult result = await ProcessRunner.RunAsync(
            new ProcessRequest("dotnet", [context.PathOf("artifacts", "bin", name, "release", name + ".dll"), .. arguments])
            {
                WorkingDirectory = context.Root,
                Attached = true,
            },
            CancellationToken.None);
        return result.ExitCode;
    }
}
