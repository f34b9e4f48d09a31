using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using System.Text;

namespace Net.Platform.Linux;

/// <summary>Applies rule sets with the nft program: one short-lived process for each transaction, so that the memory libnftables takes
/// (97 MB for 10,000 rules) goes with it.</summary>
[SupportedOSPlatform("linux")]
public sealed class NftTextLoader : IFirewallDatapath
{
    private const int MaximumErrorCharacters = 64 << 10;

    // Fixed places: the program runs with our privileges, so the caller's PATH has no say.
    private static readonly string[] Folders = ["/usr/sbin", "/sbin", "/usr/bin"];

    private const string ErrorMark = ": Error: ";
    private readonly NftTextLoaderOptions _options;

    /// <summary>Makes a loader.</summary>
    /// <param name="options">How; null for the defaults.</param>
    public NftTextLoader(NftTextLoaderOptions? options = null) => _options = options ?? new NftTextLoaderOptions();

    /// <summary>Looks for the nft program.</summary>
    /// <returns>Its path, or null when it is not installed.</returns>
    public static string? FindProgram() => Folders.Select(folder => Path.Combine(folder, "nft")).FirstOrDefault(File.Exists);

    /// <inheritdoc />
    public Task<FirewallApplyResult> ApplyAsync(string nftText, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(nftText);
        return RunAsync(Encoding.UTF8.GetBytes(nftText), ["-f", "-"], cancellationToken);
    }

    /// <inheritdoc />
    public Task<FirewallApplyResult> ApplyAsync(ReadOnlyMemory<byte> utf8Text, CancellationToken cancellationToken) =>
        RunAsync(utf8Text, ["-f", "-"], cancellationToken);

    /// <inheritdoc />
    public Task CheckAsync(string nftText, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(nftText);
        return RunAsync(Encoding.UTF8.GetBytes(nftText), ["-c", "-f", "-"], cancellationToken);
    }

    /// <summary>Reads complaints out of nft's error output.</summary>
    internal static IReadOnlyList<FirewallTextError> ParseErrors(string output, string nftText)
    {
        string[]? lines = null;
        var errors = new List<FirewallTextError>();
        foreach (ReadOnlySpan<char> line in output.AsSpan().EnumerateLines())
        {
            int mark = line.IndexOf(ErrorMark, StringComparison.Ordinal);
            if (mark < 0)
            {
                continue;
            }

            lines ??= nftText.Split('\n');
            (int number, int column) = ReadPlace(line[..mark]);
            string lineText = number >= 1 && number <= lines.Length ? lines[number - 1].Trim() : "";
            errors.Add(new FirewallTextError(number, column, line[(mark + ErrorMark.Length)..].Trim().ToString(), lineText));
        }

        return errors;
    }

    // "/dev/stdin:3:20-24" is line 3, column 20; a complaint about no place in particular has the program's name only.
    private static (int Line, int Column) ReadPlace(ReadOnlySpan<char> place)
    {
        int first = place.IndexOf(':');
        int second = first < 0 ? -1 : place[(first + 1)..].IndexOf(':') + first + 1;
        if (second <= first)
        {
            return (0, 0);
        }

        ReadOnlySpan<char> columns = place[(second + 1)..];
        int dash = columns.IndexOf('-');
        return int.TryParse(place[(first + 1)..second], NumberStyles.None, CultureInfo.InvariantCulture, out int line)
            && int.TryParse(dash < 0 ? columns : columns[..dash], NumberStyles.None, CultureInfo.InvariantCulture, out int column)
                ? (line, column)
                : (0, 0);
    }

    private static ProcessStartInfo Describe(string program, string[] arguments)
    {
        var info = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        info.Environment.Clear();
        info.Environment["LC_ALL"] = "C";
        info.Environment["PATH"] = "/usr/sbin:/usr/bin:/sbin:/bin";
        return info;
    }

    private static async Task<string> ReadAsync(StreamReader reader)
    {
        // All of it is read, or the program would block on a full pipe; the beginning is kept.
        var text = new StringBuilder();
        char[] buffer = new char[4096];
        int count;
        while ((count = await reader.ReadAsync(buffer).ConfigureAwait(false)) > 0)
        {
            text.Append(buffer, 0, Math.Min(count, MaximumErrorCharacters - text.Length));
        }

        return text.ToString();
    }

    private async Task<FirewallApplyResult> RunAsync(ReadOnlyMemory<byte> nftText, string[] arguments, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        long start = Stopwatch.GetTimestamp();
        using Process process = Start(arguments);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_options.Timeout);
        Task<string> errors = ReadAsync(process.StandardError);
        Task<string> output = ReadAsync(process.StandardOutput);
        try
        {
            await WriteAsync(process, nftText, limit.Token).ConfigureAwait(false);
            await process.WaitForExitAsync(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            Kill(process);
            cancellationToken.ThrowIfCancellationRequested();
            throw new FirewallDatapathException($"nft took longer than {_options.Timeout.TotalSeconds:0.#} s and was killed");
        }

        await output.ConfigureAwait(false);
        string text = await errors.ConfigureAwait(false);
        if (process.ExitCode != 0)
        {
            throw ToException(process.ExitCode, text, Encoding.UTF8.GetString(nftText.Span));
        }

        return new FirewallApplyResult(process.Id, Stopwatch.GetElapsedTime(start));
    }

    private static FirewallDatapathException ToException(int exitCode, string output, string nftText)
    {
        IReadOnlyList<FirewallTextError> errors = ParseErrors(output, nftText);
        if (errors.Count == 0)
        {
            return new FirewallDatapathException($"nft ended with {exitCode}: {output.Trim()}");
        }

        FirewallTextError first = errors[0];
        string place = first.Line > 0 ? $" in line {first.Line}: {first.LineText}" : "";
        string more = errors.Count > 1 ? $" (and {errors.Count - 1} more)" : "";
        return new FirewallDatapathException($"{first.Message}{place}{more}", errors);
    }

    private static async Task WriteAsync(Process process, ReadOnlyMemory<byte> nftText, CancellationToken cancellationToken)
    {
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(nftText, cancellationToken).ConfigureAwait(false);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It gave up before reading everything; its exit code and words tell why.
        }
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill();
            process.WaitForExit();
        }
        catch (InvalidOperationException)
        {
            // It had just ended.
        }
    }

    private Process Start(string[] arguments)
    {
        string program = FindProgram()
            ?? throw new FirewallDatapathException($"the nft program is in none of {string.Join(", ", Folders)}; install the package nftables");
        ProcessStartInfo info = Describe(program, arguments);
        try
        {
            Process? process = _options.NetworkNamespace is { } place ? place.Run(() => Process.Start(info)) : Process.Start(info);
            return process ?? throw new FirewallDatapathException($"{program} did not start");
        }
        catch (Win32Exception exception)
        {
            throw new FirewallDatapathException($"{program} did not start: {exception.Message}", exception);
        }
    }
}
