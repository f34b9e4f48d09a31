using System.CommandLine;
using Net.Cli.Engine;
using Net.Cli.Hosting;
using Net.Cli.Output;
using Net.Cli.Parsing;
using Net.Contracts;

namespace Net.Cli.Commands;

/// <summary><c>netmod engine start</c>, <c>stop</c>, <c>restart</c> and <c>status</c>.</summary>
internal static class EngineServiceCommands
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>Fills <c>start</c> in.</summary>
    public static void FillStart(Command command, CliServices services) => command.Handle(services, async call =>
    {
        IHostPrograms programs = call.Services.Programs();
        if (IsInstalled(programs))
        {
            await new ServiceControl(programs).SystemctlAsync("start", call.Token);
            return call.WriteLine("Started.");
        }

        return await TryStatusAsync(call) is { } status
            ? call.WriteLine($"Runs already, process {status.ProcessId}.")
            : throw CannotStart(programs);
    });

    /// <summary>Fills <c>stop</c> in.</summary>
    public static void FillStop(Command command, CliServices services)
    {
        Option<bool> remove = command.With(Options.OfFlag("--remove", "Take its rules and routes out of the kernel as well; the configuration is kept."));
        command.Handle(services, async call =>
        {
            IHostPrograms programs = call.Services.Programs();
            bool bySystemd = IsInstalled(programs);
            if (bySystemd && !call.Get(remove))
            {
                await new ServiceControl(programs).SystemctlAsync("stop", call.Token);
                return call.WriteLine("Stopped; rules and routes stay in force.");
            }

            EngineStatus status = await call.CallAsync(EngineApi.EngineStatus, new GetStatus());
            await call.CallAsync(EngineApi.EngineStop, new StopEngine(call.Get(remove)));
            await WaitAsync(call, () => Task.FromResult(!programs.IsRunning(status.ProcessId)), "stop");
            if (bySystemd)
            {
                await new ServiceControl(programs).SystemctlAsync("stop", call.Token);
            }

            return call.WriteLine(call.Get(remove) ? "Stopped; rules and routes are removed." : "Stopped; rules and routes stay in force.");
        });
    }

    /// <summary>Fills <c>restart</c> in.</summary>
    public static void FillRestart(Command command, CliServices services) => command.Handle(services, async call =>
    {
        IHostPrograms programs = call.Services.Programs();
        if (IsInstalled(programs))
        {
            await new ServiceControl(programs).SystemctlAsync("restart", call.Token);
            return call.WriteLine("Restarted.");
        }

        EngineStatus? before = await TryStatusAsync(call);
        if (before is null || programs.SupervisorOf(before.ProcessId) is not { } supervisor)
        {
            throw before is null
                ? CannotStart(programs)
                : new CliException(ExitCodes.Failed, "SupervisorNotFound", $"The engine (process {before.ProcessId}) was not started by 'netmod engine run', so nobody would start it again.", "Stop it, and start it the way it was started.");
        }

        programs.Signal("HUP", supervisor);
        EngineStatus? after = null;
        await WaitAsync(call, async () => (after = await TryStatusAsync(call)) is { } now && now.ProcessId != before.ProcessId, "restart");
        return call.WriteLine($"Restarted, process {after!.ProcessId}.");
    });

    /// <summary>Fills <c>status</c> in.</summary>
    public static void FillStatus(Command command, CliServices services) => command.Handle(services, async call =>
    {
        ServiceInfo info = await DescribeAsync(call, call.Services.Programs());
        int exitCode = info.ProcessId is null ? ExitCodes.NotReachable : ExitCodes.Ok;
        if (call.Json)
        {
            return call.WriteJson(info, CliJsonContext.Default.ServiceInfo, exitCode);
        }

        Table.WriteFacts(
            call.Out,
            ("State", info.State),
            ("Started by", info.Manager),
            ("Installed", Text.YesNo(info.Installed)),
            ("Process", Text.Number(info.ProcessId)),
            ("Supervisor", Text.Number(info.SupervisorProcessId)),
            ("Version", info.Version),
            ("Socket", info.Socket),
            ("Capabilities", info.Capabilities is { } held ? string.Join(' ', held.DefaultIfEmpty("none")) : null),
            ("No new privileges", Text.YesNo(info.NoNewPrivileges)));
        return exitCode;
    });

    private static async Task<ServiceInfo> DescribeAsync(CliCall call, IHostPrograms programs)
    {
        EngineStatus? status = await TryStatusAsync(call);
        int? supervisor = status is null ? null : programs.SupervisorOf(status.ProcessId);
        bool installed = File.Exists(new InstallLayout("/").Unit);
        string? unit = IsInstalled(programs) ? await new ServiceControl(programs).UnitStateAsync(call.Token) : null;
        return new ServiceInfo
        {
            Manager = supervisor is not null ? "supervisor" : unit is "active" or "activating" or "failed" ? "systemd" : "none",
            State = status is not null ? "running" : unit is null or "inactive" or "unknown" ? "stopped" : unit,
            Installed = installed,
            ProcessId = status?.ProcessId,
            SupervisorProcessId = supervisor,
            Version = status?.Version,
            Socket = status?.Socket,
            Capabilities = status?.Privileges.EffectiveCapabilities,
            NoNewPrivileges = status?.Privileges.NoNewPrivileges,
        };
    }

    private static bool IsInstalled(IHostPrograms programs) => programs.SystemdRuns && File.Exists(new InstallLayout("/").Unit);

    private static CliException CannotStart(IHostPrograms programs) => programs.SystemdRuns
        ? new CliException(ExitCodes.Failed, "EngineNotInstalled", "The engine is not installed as a service.", "Install it with 'netmod engine install', or use 'netmod engine run'.")
        : new CliException(ExitCodes.Failed, "SystemdNotRunning", ServiceControl.NoSystemd);

    // A connection of its own each time: the engine behind the last one may be gone.
    private static async Task<EngineStatus?> TryStatusAsync(CliCall call)
    {
        try
        {
            await using IEngineConnection engine = await call.Services.ConnectAsync(call.Socket, call.Token);
            return await engine.CallAsync(EngineApi.EngineStatus, new GetStatus(), call.Token);
        }
        catch (EngineException failure) when (failure.Code == ErrorCode.Unavailable && !call.Token.IsCancellationRequested)
        {
            return null;
        }
    }

    private static async Task WaitAsync(CliCall call, Func<Task<bool>> isDone, string verb)
    {
        TimeProvider time = call.Services.Time;
        long started = time.GetTimestamp();
        using var progress = new Progress(call.Console, "waiting");
        while (!await isDone())
        {
            TimeSpan waited = time.GetElapsedTime(started);
            if (waited > Limit)
            {
                throw new CliException(ExitCodes.Failed, "OperationTimedOut", $"The engine did not {verb} within {Text.Duration(Limit)}.", "Read its log.");
            }

            progress.Report($"for the engine to {verb}, {Text.Duration(waited)}");
            await Task.Delay(PollInterval, time, call.Token);
        }
    }
}
