namespace Net.Build.Tasks;

/// <summary>Installs the optional pre-commit hook as a link, so that it stays the one in the tree.</summary>
internal sealed class HooksTask : IBuildTask
{
    public string Name => "hooks";

    public string Arguments => "[--remove]";

    public string Summary => "installs the optional pre-commit hook (formatting and conventions before each commit)";

    public async Task<int> RunAsync(BuildContext context, CancellationToken cancellationToken)
    {
        bool remove = context.Arguments.TakeFlag("--remove");
        context.Arguments.ExpectNothingMore();
        ProcessResult git = await ProcessRunner.RunAsync(
            new ProcessRequest("git", ["rev-parse", "--git-path", "hooks/pre-commit"]) { WorkingDirectory = context.Root }, cancellationToken);
        if (git.ExitCode != 0)
        {
            throw new BuildFailedException("this is not a git checkout: " + git.Output.Trim());
        }

        string hook = Path.GetFullPath(git.Output.Trim(), context.Root);
        FileInfo existing = new(hook);
        bool ours = existing.LinkTarget is not null && existing.LinkTarget.EndsWith("build/hooks/pre-commit", StringComparison.Ordinal);
        if ((existing.Exists || existing.LinkTarget is not null) && !ours)
        {
            throw new BuildFailedException($"{hook} exists and is not ours; move it away first.");
        }

        existing.Delete();
        if (remove)
        {
            context.Step("the pre-commit hook is removed");
            return 0;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(hook)!);
        File.CreateSymbolicLink(hook, context.PathOf("build", "hooks", "pre-commit"));
        context.Step($"the pre-commit hook is installed: {hook}");
        return 0;
    }
}
