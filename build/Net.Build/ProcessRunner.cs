using System.Diagnostics;
using System.Text;

namespace Net.Build;

/// <summary>Starts programs, keeps what they print and never leaves one behind.</summary>
internal static class ProcessRunner
{
    public static async Task<ProcessResult> RunAsync(ProcessRequest request, CancellationToken cancellationToken)
    {
        ProcessStartInfo start = new(request.Program, request.Arguments)
        {
            WorkingDirectory = request.WorkingDirectory ?? string.Empty,
            RedirectStandardOutput = !request.Attached,
            RedirectStandardError = !request.Attached,
            RedirectStandardInput = !request.Attached,
        };
        foreach ((string name, string value) in request.Environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        // A build server that outlives the task would keep the caller's pipe open for ever.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["DOTNET_NOLOGO"] = "1";

        Stopwatch clock = Stopwatch.StartNew();
        StringBuilder output = new();
        using Process process = new() { StartInfo = start };
        if (!request.Attached)
        {
            process.OutputDataReceived += (_, line) => Append(output, line.Data);
            process.ErrorDataReceived += (_, line) => Append(output, line.Data);
        }

        try
        {
            process.Start();
        }
        catch (System.ComponentModel.Win32Exception failure)
        {
            throw new BuildFailedException($"{request.Program} could not be started: {failure.Message}");
        }

        if (!request.Attached)
        {
            process.StandardInput.Close();
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
        }

        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(request.Timeout);
        bool timedOut = false;
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            timedOut = !cancellationToken.IsCancellationRequested;
            process.Kill(entireProcessTree: true);
            cancellationToken.ThrowIfCancellationRequested();
        }

        string text;
        lock (output)
        {
            text = output.ToString();
        }

        return new ProcessResult(timedOut ? -1 : process.ExitCode, text, timedOut, clock.Elapsed);
    }

    /// <summary>Where a program is, or null.</summary>
    public static string? Find(string program)
    {
        string[] names = OperatingSystem.IsWindows() ? [program + ".exe", program + ".cmd", program] : [program];
        IEnumerable<string> folders = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator);
        if (!OperatingSystem.IsWindows())
        {
            // An ordinary user's PATH on Debian lacks the sbin folders.
            folders = folders.Concat(["/usr/sbin", "/sbin"]);
        }

        return folders.Where(folder => folder.Length > 0)
            .SelectMany(folder => names.Select(name => Path.Combine(folder, name)))
            .FirstOrDefault(File.Exists);
    }

    private static void Append(StringBuilder output, string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (output)
        {
            output.AppendLine(line);
        }
    }
}
