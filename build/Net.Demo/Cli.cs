using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Net.Demo;

/// <summary>The published <c>netmod</c>, run as a user would, against the demo's engine.</summary>
internal sealed class Cli(string program, string socket)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Runs a command, showing it and what it printed.</summary>
    public async Task<string> ShowAsync(string arguments, CancellationToken cancellationToken)
    {
        Console.WriteLine($"\n$ netmod {arguments}");
        (int exitCode, string output, string error) = await RunAsync(arguments, cancellationToken).ConfigureAwait(false);
        Console.Write(output);
        Console.Write(error);
        return exitCode == 0 ? output : throw new DemoException($"'netmod {arguments}' ended with {exitCode}");
    }

    /// <summary>Runs a command for its JSON.</summary>
    public async Task<JsonNode> JsonAsync(string arguments, CancellationToken cancellationToken)
    {
        (int exitCode, string output, string error) = await RunAsync(arguments + " --output json", cancellationToken).ConfigureAwait(false);
        return exitCode == 0 && JsonNode.Parse(output) is { } node ? node : throw new DemoException($"'netmod {arguments}' ended with {exitCode}: {error}");
    }

    /// <summary>Runs a command that streams until it ends, for its JSON: one value a line.</summary>
    public async Task<JsonNode[]> JsonLinesAsync(string arguments, CancellationToken cancellationToken)
    {
        (int exitCode, string output, string error) = await RunAsync(arguments + " --output json", cancellationToken).ConfigureAwait(false);
        return exitCode == 0
            ? [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)]
            : throw new DemoException($"'netmod {arguments}' ended with {exitCode}: {error}");
    }

    /// <summary>Whether an engine answers.</summary>
    public async Task<bool> AnswersAsync(CancellationToken cancellationToken) =>
        (await RunAsync("status", cancellationToken).ConfigureAwait(false)).ExitCode == 0;

    /// <summary>Starts a command that streams.</summary>
    public Process Start(string arguments)
    {
        var start = new ProcessStartInfo(program, arguments.Split(' ')) { RedirectStandardOutput = true };
        start.Environment["NETMOD_HOST_SOCKET"] = socket;
        return Process.Start(start)!;
    }

    private async Task<(int ExitCode, string Output, string Error)> RunAsync(string arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program, arguments.Split(' ')) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["NETMOD_HOST_SOCKET"] = socket;
        using Process process = Process.Start(start)!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        Task<string> output = process.StandardOutput.ReadToEndAsync(limit.Token);
        Task<string> error = process.StandardError.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token).ConfigureAwait(false);
        return (process.ExitCode, await output.ConfigureAwait(false), await error.ConfigureAwait(false));
    }
}
