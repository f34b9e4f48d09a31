namespace Net.Build.Publishing;

/// <summary>Calls <c>netmod engine …</c> as published here.</summary>
internal static class EngineCommand
{
    public static async Task<int> RunAsync(BuildContext context, string command, CancellationToken cancellationToken)
    {
        Publisher publisher = new(context);
        await publisher.PublishAsync(cancellationToken);
        string netmod = publisher.ExecutableOf("netmod");
        if (!File.Exists(netmod))
        {
            throw new BuildFailedException("netmod was not published: its project has no sources yet.");
        }

        context.Step($"netmod engine {command}");

        // Ctrl+C reaches netmod from the terminal too; it stops the engine in order and ends by itself, so it is not killed here.
        ProcessResult result = await ProcessRunner.RunAsync(
            new ProcessRequest(netmod, ["engine", command, .. context.Arguments.All])
            {
                WorkingDirectory = context.Root,
                Attached = true,
            },
            CancellationToken.None);
        return result.ExitCode;
    }
}
