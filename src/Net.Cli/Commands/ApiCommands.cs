using System.CommandLine;
using Net.Cli.Hosting;
using Net.Contracts;

namespace Net.Cli.Commands;

/// <summary><c>netmod api</c>.</summary>
internal static class ApiCommands
{
    /// <summary>Fills the command in.</summary>
    public static void Fill(Command command, CliServices services) =>
        command.Sub("schema", "Writes the JSON schema of every method and record.").Handle(services, static async call =>
        {
            // The schema is JSON whatever the output.
            TextReply schema = await call.CallAsync(EngineApi.EngineSchema, new GetApiSchema());
            return call.WriteLine(schema.Text.TrimEnd());
        });
}
