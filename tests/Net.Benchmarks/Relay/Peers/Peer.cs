using System.Text.RegularExpressions;
using Net.Benchmarks.Harness;
using Net.Lab;

namespace Net.Benchmarks.Relay;

/// <summary>Programs of the host that we are compared with.</summary>
internal static partial class Peer
{
    private static readonly string[] Folders = ["/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin"];

    /// <summary>The path of a program.</summary>
    /// <exception cref="PeerUnavailableException">It is not installed.</exception>
    public static string Find(string program, string package) =>
        Folders.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists)
        ?? throw new PeerUnavailableException($"{program} is not installed (package {package})");

    /// <summary>The first number with dots a program says of itself.</summary>
    public static async Task<string?> VersionAsync(LabNode node, string program, string option, CancellationToken cancellationToken)
    {
        LabCommandResult said = await node.ExecAsync(program, [option], cancellationToken: cancellationToken);
        Match match = Version().Match(said.Output + said.Error);
        return match.Success ? match.Value : null;
    }

    [GeneratedRegex(@"\d+\.\d+(\.\d+)*")]
    private static partial Regex Version();
}
