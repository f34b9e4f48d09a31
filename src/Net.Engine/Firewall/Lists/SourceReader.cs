using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Net.Firewall;

namespace Net.Engine.Firewall.Lists;

/// <summary>Reads one source of an address list, each attempt bounded in time and size.</summary>
/// <param name="names">Resolves host names.</param>
/// <param name="clock">The time.</param>
internal sealed class SourceReader(IHostNames names, TimeProvider clock)
{
    private const int MaxAddressesOfName = 256;
    private static readonly TimeSpan LongestLookUp = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestRead = TimeSpan.FromSeconds(60);

    /// <summary>What a file looks like from outside: it is read again when this changes.</summary>
    /// <param name="path">The file.</param>
    public static string StampOf(string path)
    {
        try
        {
            var file = new FileInfo(path);
            // Of a link, what it points to: it may be replaced while the link stays.
            FileSystemInfo target = file.LinkTarget is null ? file : file.ResolveLinkTarget(returnFinalTarget: true) ?? file;
            return target is FileInfo { Exists: true } real
                ? string.Create(CultureInfo.InvariantCulture, $"{real.Length} {real.LastWriteTimeUtc.Ticks} {real.FullName}")
                : "missing";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "unreadable";
        }
    }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="parse">Makes addresses of its text.</param>
    /// <returns>The addresses, or why there are none.</returns>
    public async Task<(ImmutableArray<AddressRange> Addresses, string? Problem)> ReadFileAsync(string path, Func<TextReader, ImmutableArray<AddressRange>> parse)
    {
        try
        {
            // A pipe or a dead network drive would keep the reader for ever; it is given up, with its thread.
            return (await Task.Run(() => Parse(path, parse)).WaitAsync(LongestRead, clock).ConfigureAwait(false), null);
        }
        catch (TimeoutException)
        {
            return ([], $"{path} could not be read within {LongestRead.TotalSeconds:F0} s");
        }
        catch (InvalidDataException exception)
        {
            return ([], $"{path}: {exception.Message}");
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return ([], $"{path} is missing");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or DecoderFallbackException)
        {
            return ([], $"{path} could not be read: {(exception is DecoderFallbackException ? "it is not UTF-8" : exception.Message)}");
        }
    }

    /// <summary>Resolves a host name.</summary>
    /// <returns>The addresses, lowest first, or why there are none.</returns>
    public async Task<(ImmutableArray<AddressRange> Addresses, string? Problem)> ResolveAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            IPAddress[] found = await names.ResolveAsync(name, cancellationToken).WaitAsync(LongestLookUp, clock, cancellationToken).ConfigureAwait(false);
            AddressRange[] ranges =
            [
                .. found.Select(address => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address)
                    .Where(address => address.AddressFamily == AddressFamily.InterNetwork || address.ScopeId == 0)
                    .Select(address => new AddressRange(address)).Distinct().OrderBy(range => range.Family).ThenBy(range => range.First).Take(MaxAddressesOfName),
            ];
            return ranges.Length > 0 ? ([.. ranges], null) : ([], $"{name} has no address");
        }
        catch (TimeoutException)
        {
            return ([], $"{name} did not resolve within {LongestLookUp.TotalSeconds:F0} s");
        }
        catch (Exception exception) when (exception is SocketException or ArgumentException)
        {
            return ([], $"{name} did not resolve: {exception.Message}");
        }
    }

    private static ImmutableArray<AddressRange> Parse(string path, Func<TextReader, ImmutableArray<AddressRange>> parse)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        if (!stream.CanSeek || stream.Length > AddressFile.MaxBytes)
        {
            throw new InvalidDataException(stream.CanSeek ? $"it has more than {AddressFile.MaxBytes} bytes" : "it is not a file");
        }

        using var reader = new StreamReader(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true));
        return parse(reader);
    }
}
