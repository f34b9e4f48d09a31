using System.CommandLine;
using Net.Cli.Hosting;
using Net.Cli.Output;
using Net.Cli.Parsing;
using Net.Contracts;
using Net.Contracts.Json;

namespace Net.Cli.Commands;

/// <summary><c>netmod status</c>.</summary>
internal static class StatusCommand
{
    /// <summary>Fills the command in.</summary>
    public static void Fill(Command command, CliServices services)
    {
        Option<bool> compact = command.With(Options.OfFlag(
            "--compact", "One line of JSON and nothing else, also when no engine answers; exit code 0 only when it is ready."));
        command.Handle(services, call => call.Get(compact) ? CompactAsync(call) : ShowAsync(call));
    }

    private static async Task<int> ShowAsync(CliCall call)
    {
        EngineStatus status = await call.CallAsync(EngineApi.EngineStatus, new GetStatus());
        if (call.Json)
        {
            return call.WriteJson(status, ContractsJsonContext.Default.EngineStatus);
        }

        DateTimeOffset now = call.Services.Time.GetUtcNow();
        Table.WriteFacts(
            call.Out,
            ("State", Text.Name(status.State)),
            ("Reason", status.StateReason),
            ("Version", $"{status.Version} (protocol {status.ProtocolVersion})"),
            ("Process", $"{status.ProcessId}, runs as {status.RunsAs}"),
            ("Started", $"{call.Show(status.StartedAt)}, {Text.Duration(now - status.StartedAt)} ago, ready after {Text.Duration(status.StartDuration)}"),
            ("Socket", status.Socket),
            ("Generation", Text.Number(status.Generation)),
            ("Rolled back", status.ConfirmBy is { } confirmBy ? $"{call.Show(confirmBy)} unless confirmed by 'netmod config confirm'" : null),
            ("Capabilities", status.Privileges.EffectiveCapabilities.Length == 0 ? "none" : string.Join(' ', status.Privileges.EffectiveCapabilities)),
            ("Bounding set", status.Privileges.BoundingCapabilities.Length == 0 ? "none" : string.Join(' ', status.Privileges.BoundingCapabilities)),
            ("No new privileges", Text.YesNo(status.Privileges.NoNewPrivileges)),
            ("Remark", status.Privileges.Remark),
            ("Clients", Text.Number(status.ClientCount)),
            ("Memory", $"{Text.Mebibytes(status.ResidentBytes)} MiB"),
            ("Log levels", string.Join(' ', status.LogLevels.Select(level => $"{level.Key}={Text.Name(level.Value)}"))),
            ("Locked", string.Join(' ', status.Locked.Select(setting => $"{setting.Setting}={setting.Value} ({setting.Source})"))));
        if (status.Subsystems.Length > 0)
        {
            call.Out.WriteLine();
            Table.Write(call.Out, status.Subsystems, SubsystemColumns(), call.Console.Width, call.Console.UseColor);
        }

        return ExitCodes.Ok;
    }

    private static TableColumn<SubsystemStatus>[] SubsystemColumns() =>
    [
        new("Subsystem", part => part.Name),
        new("In desired state", part => Text.YesNo(part.InDesiredState)) { Tone = part => part.InDesiredState ? Tone.Good : Tone.Bad },
        new("Reason", part => part.Reason) { IsFlexible = true },
    ];

    private static async Task<int> CompactAsync(CliCall call)
    {
        CompactStatus line;
        int exitCode;
        try
        {
            EngineStatus status = await call.CallAsync(EngineApi.EngineStatus, new GetStatus());
            line = CompactStatus.From(status);
            exitCode = status.State == EngineState.Ready ? ExitCodes.Ok : ExitCodes.Failed;
        }
        catch (EngineException failure) when (!call.Token.IsCancellationRequested)
        {
            // Whoever reads this line counts anything on standard error as a fault of the script.
            line = CompactStatus.From(failure);
            exitCode = ErrorCodes.ToExitCode(failure.Code);
        }

        JsonOutput.WriteLine(call.Out, line, CliJsonContext.Default.CompactStatus);
        return exitCode;
    }
}
