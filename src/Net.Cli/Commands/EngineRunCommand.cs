using System.CommandLine;
using System.Runtime.InteropServices;
using Net.Cli.Engine;
using Net.Cli.Hosting;
using Net.Cli.Parsing;

namespace Net.Cli.Commands;

/// <summary><c>netmod engine run</c>.</summary>
internal static class EngineRunCommand
{
    private const string DefaultState = "/var/lib/netmod";

    /// <summary>Fills the command in.</summary>
    public static void Fill(Command command, CliServices services)
    {
        Option<string?> engine = command.With(Options.OfText("--engine", "FILE", "The engine's program (default: beside this one, else /usr/lib/netmod)."));
        Option<string?> user = command.With(Options.OfText("--user", "NAME", "The user to run as (default: netmod if there is one; root only)."));
        Option<string?>[] host =
        [
            command.With(Options.OfText("--state", "FOLDER", "Where the engine keeps its state.")),
            command.With(Options.OfText("--config", "FOLDER", "Where the engine's host options and policies are.")),
            command.With(Options.OfText("--log-format", "FORMAT", "How the engine writes its log.")),
            command.With(Options.OfText("--log-level", "LEVEL", "How much the engine logs.")),
        ];
        command.Handle(services, call => RunAsync(call, call.Get(engine), call.Get(user), host));
    }

    private static async Task<int> RunAsync(CliCall call, string? named, string? userName, Option<string?>[] host)
    {
        IHostPrograms programs = call.Services.Programs();
        string engine = FindEngine(programs, named);
        EngineUser? user = await FindUserAsync(call, programs, userName);
        string? group = programs.IsRoot && await EngineUser.GroupExistsAsync(programs, EngineUser.Default, call.Token) ? EngineUser.Default : null;
        EngineLaunch launch = EngineLaunch.Plan(engine, HostOptions(call, host), programs.IsRoot, user, group, programs.Find("setpriv"));
        foreach (string remark in launch.Remarks)
        {
            Say(call, remark);
        }

        if (user is not null)
        {
            await PrepareFoldersAsync(call, programs, user, call.Get(host[0]) ?? DefaultState);
        }

        var supervisor = new Supervisor(() => programs.Start(launch.Program, launch.Arguments), call.Services.Time, line => Say(call, line));
        using PosixSignalRegistration? hangup = OperatingSystem.IsWindows() ? null : PosixSignalRegistration.Create(
            PosixSignal.SIGHUP,
            context =>
            {
                context.Cancel = true;
                supervisor.RequestRestart();
            });
        return await supervisor.RunAsync(call.Token);
    }

    // Standard output belongs to the engine's log, which may be JSON.
    private static void Say(CliCall call, string line) => call.Console.Error.WriteLine($"netmod: {line}");

    private static string FindEngine(IHostPrograms programs, string? named)
    {
        if (named is not null)
        {
            return File.Exists(named) ? Path.GetFullPath(named) : throw NotFound($"There is no program '{named}'.");
        }

        return EngineLocator.Find(programs.BaseDirectory, File.Exists)
            ?? throw NotFound($"{EngineLocator.ProgramName} is at none of: {string.Join(", ", EngineLocator.Candidates(programs.BaseDirectory))}.");
    }

    private static CliException NotFound(string message) =>
        new(ExitCodes.Failed, "EngineProgramNotFound", message, "Build or install it, or name it with --engine FILE.");

    private static async Task<EngineUser?> FindUserAsync(CliCall call, IHostPrograms programs, string? name)
    {
        if (!programs.IsRoot)
        {
            return name is null ? null : throw new CliException(ExitCodes.NotPermitted, "RootRequired", "Only root can run the engine as another user.", "Use sudo, or leave out --user.");
        }

        EngineUser? user = await EngineUser.FindAsync(programs, name ?? EngineUser.Default, call.Token);
        return user is null && name is not null
            ? throw new CliException(ExitCodes.BadArguments, ErrorIds.ArgumentInvalid, $"There is no user '{name}'.", "Create it, or leave out --user.")
            : user;
    }

    private static string[] HostOptions(CliCall call, Option<string?>[] host)
    {
        var options = new List<string>();
        if (call.Socket is { } socket)
        {
            options.AddRange(["--socket", socket]);
        }

        foreach (Option<string?> option in host)
        {
            if (call.Get(option) is { } value)
            {
                options.AddRange([option.Name, value]);
            }
        }

        return [.. options];
    }

    // The engine's user cannot make folders in /run and /var/lib; systemd does it for the unit, this does it here.
    private static async Task PrepareFoldersAsync(CliCall call, IHostPrograms programs, EngineUser user, string state)
    {
        string socketFolder = call.Socket is { } socket ? Path.GetDirectoryName(Path.GetFullPath(socket))! : "/run/netmod";
        foreach ((string folder, string mode) in new[] { (socketFolder, "0750"), (state, "0700") })
        {
            if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
            {
                continue;
            }

            string[] arguments = ["-d", "-m", mode, "-o", $"{user.UserId}", "-g", $"{user.GroupId}", folder];
            ProgramResult made = await programs.RunAsync("install", arguments, call.Token);
            if (!made.Succeeded)
            {
                throw new CliException(ExitCodes.Failed, "FolderNotUsable", $"The folder '{folder}' cannot be prepared: {made.Error.Trim()}");
            }
        }
    }
}
