using System.CommandLine;
using Net.Cli.Hosting;
using Net.Cli.Output;
using Net.Contracts;

namespace Net.Cli.Commands;

/// <summary><c>netmod version</c>.</summary>
internal static class VersionCommand
{
    /// <summary>The release of this program.</summary>
    public static string Version { get; } = typeof(VersionCommand).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";

    /// <summary>Fills the command in.</summary>
    public static void Fill(Command command, CliServices services) => command.Handle(services, static call => call.Json
        ? call.WriteJson(new VersionInfo(Version, EngineApi.ProtocolVersion), CliJsonContext.Default.VersionInfo)
        : call.WriteLine($"netmod {Version}"));
}
