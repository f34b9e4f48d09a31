using System.Diagnostics;

namespace Net.Lab;

/// <summary>Runs a program to its end.</summary>
internal static class CommandRunner
{
    public static Task<LabCommandResult> RunAsync(
        string program,
        IEnumerable<string> arguments,
        string? input,
        TimeSpan timeout,
        CancellationToken cancellationToken) =>
        RunAsync(StartInfo(program, arguments), input, timeout, cancellationToken);

    public static async Task<LabCommandResult> RunAsync(ProcessStartInfo start, string? input, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var process = new Process { StartInfo = start };
        process.Start();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(limit.Token);
            Task<string> error = process.StandardError.ReadToEndAsync(limit.Token);
            await WriteInputAsync(process, input, limit.Token).ConfigureAwait(false);
            string outputText = await output.ConfigureAwait(false);
            string errorText = await error.ConfigureAwait(false);
            await process.WaitForExitAsync(limit.Token).ConfigureAwait(false);
            return new LabCommandResult(process.ExitCode, outputText, errorText);
        }
        catch (OperationCanceledException)
        {
            // Its last act must be over before anybody cleans up after it.
            Kill(process);
            await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            throw new TimeoutException($"{Describe(start)} did not end within {timeout.TotalSeconds:0.###} s and was killed.");
        }
    }

    public static async Task RunOrThrowAsync(
        string program,
        IReadOnlyList<string> arguments,
        string? input,
        TimeSpan timeout,
        CancellationToken cancellationToken)
    {
        LabCommandResult result = await RunAsync(program, arguments, input, timeout, cancellationToken).ConfigureAwait(false);
        if (!result.Succeeded)
        {
            throw new LabException(
                $"'{program} {string.Join(' ', arguments)}' ended with exit code {result.ExitCode}: {result.Error.Trim()}{FailedLine(result.Error, input)}");
        }
    }

    /// <summary>Runs a program on this process's own input and output.</summary>
    public static async Task<int> RunInheritedAsync(ProcessStartInfo start, CancellationToken cancellationToken)
    {
        using var process = new Process { StartInfo = start };
        process.Start();
        try
        {
            await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            Kill(process);
            await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
            throw;
        }

        return process.ExitCode;
    }

    public static ProcessStartInfo StartInfo(string program, IEnumerable<string> arguments, bool redirect = true)
    {
        var start = new ProcessStartInfo(Programs.Find(program))
        {
            RedirectStandardInput = redirect,
            RedirectStandardOutput = redirect,
            RedirectStandardError = redirect,
            UseShellExecute = false,
        };
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        // Messages are read and shown: one language for all.
        start.Environment["LC_ALL"] = "C.UTF-8";
        return start;
    }

    /// <summary>Kills a process and what it started.</summary>
    public static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It ended by itself.
        }
        catch (AggregateException)
        {
            // Some descendant ended while the tree was walked; the namespace is swept again when the lab goes down.
        }
    }

    private static async Task WriteInputAsync(Process process, string? input, CancellationToken cancellationToken)
    {
        try
        {
            if (input is not null)
            {
                await process.StandardInput.WriteAsync(input.AsMemory(), cancellationToken).ConfigureAwait(false);
            }

            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading its input; its exit code says more.
        }
    }

    private static string Describe(ProcessStartInfo start) => $"'{start.FileName} {string.Join(' ', start.ArgumentList)}'";

    // ip says "Command failed -:3": show the line it means.
    private static string FailedLine(string error, string? input)
    {
        int at = error.LastIndexOf("-:", StringComparison.Ordinal);
        if (input is null || at < 0)
        {
            return string.Empty;
        }

        string digits = new([.. error.Skip(at + 2).TakeWhile(char.IsAsciiDigit)]);
        string[] lines = input.Split('\n');
        return int.TryParse(digits, out int line) && line >= 1 && line <= lines.Length ? $" ({lines[line - 1]})" : string.Empty;
    }
}
