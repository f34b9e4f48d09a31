using System.CommandLine;
using Net.Cli.Engine;
using Net.Cli.Hosting;
using Net.Cli.Output;
using Net.Cli.Parsing;
using Net.Contracts;

namespace Net.Cli.Commands;

/// <summary><c>netmod engine install</c> and <c>uninstall</c>.</summary>
internal static class EngineInstallCommands
{
    private const string SystemRoot = "/";

    /// <summary>Fills <c>install</c> in.</summary>
    public static void FillInstall(Command command, CliServices services)
    {
        Option<string?> root = command.With(RootOption());
        Option<string?> engine = command.With(Options.OfText("--engine", "FILE", "The engine's program (default: beside this one)."));
        Option<bool> noStart = command.With(Options.OfFlag("--no-start", "Do not start it now."));
        command.Handle(services, async call =>
        {
            IHostPrograms programs = call.Services.Programs();
            var layout = new InstallLayout(call.Get(root) ?? SystemRoot);
            if (layout.IsSystem && !programs.SystemdRuns)
            {
                throw new CliException(ExitCodes.Failed, "SystemdNotRunning", ServiceControl.NoSystemd);
            }

            RequireRoot(programs, layout);
            string program = call.Get(engine) ?? EngineLocator.Find(programs.BaseDirectory, File.Exists)
                ?? throw new CliException(ExitCodes.Failed, "EngineProgramNotFound", $"{EngineLocator.ProgramName} is not beside this program.", "Build it, or name it with --engine FILE.");
            if (!File.Exists(program))
            {
                // Its folder is copied: that of a folder named by mistake would be somebody else's.
                throw new CliException(ExitCodes.BadArguments, ErrorIds.ArgumentInvalid, $"There is no program {program}.", $"Name the file {EngineLocator.ProgramName} itself.");
            }

            var installer = new EngineInstaller(layout);
            installer.Install(Path.GetDirectoryName(Path.GetFullPath(program))!, programs.BaseDirectory);
            string[] enabled = layout.IsSystem
                ? await new ServiceControl(programs).EnableAsync(layout, !call.Get(noStart), call.Token)
                : [];
            return Report(call, new InstallReport([.. installer.Steps, .. enabled], []));
        });
    }

    /// <summary>Fills <c>uninstall</c> in.</summary>
    public static void FillUninstall(Command command, CliServices services)
    {
        Option<string?> root = command.With(RootOption());
        Option<bool> purge = command.With(Options.OfFlag("--purge", "Remove the configuration, secrets, host options and the user as well."));
        command.Handle(services, async call =>
        {
            IHostPrograms programs = call.Services.Programs();
            var layout = new InstallLayout(call.Get(root) ?? SystemRoot);
            RequireRoot(programs, layout);
            var control = new ServiceControl(programs);
            var steps = new List<string>();
            if (layout.IsSystem)
            {
                steps.AddRange(await StopAsync(call, programs, control));
            }

            var installer = new EngineInstaller(layout);
            string[] kept = installer.Uninstall(call.Get(purge));
            steps.AddRange(installer.Steps);
            if (layout.IsSystem)
            {
                steps.AddRange(await control.ForgetAsync(call.Get(purge), call.Token));
            }

            return Report(call, new InstallReport([.. steps], kept));
        });
    }

    private static async Task<List<string>> StopAsync(CliCall call, IHostPrograms programs, ServiceControl control)
    {
        var steps = new List<string>();
        try
        {
            // Only the engine knows which routes are its own, so it takes them out itself while it can.
            await call.CallAsync(EngineApi.EngineStop, new StopEngine(Remove: true));
            steps.Add("stopped the engine and removed its rules and routes");
        }
        catch (EngineException failure) when (failure.Code is ErrorCode.Unavailable or ErrorCode.ProtocolMismatch)
        {
            call.Console.Error.WriteLine("netmod: no engine answers; routes it left in the kernel, if any, stay until the next boot.");
        }

        if (programs.SystemdRuns)
        {
            await control.DisableAsync(call.Token);
        }

        steps.AddRange(await control.RemoveTableAsync(call.Token));
        return steps;
    }

    private static void RequireRoot(IHostPrograms programs, InstallLayout layout)
    {
        if (layout.IsSystem && !programs.IsRoot)
        {
            throw new CliException(ExitCodes.NotPermitted, "RootRequired", "Only root can install and uninstall the engine.", "Use sudo.");
        }
    }

    private static int Report(CliCall call, InstallReport report)
    {
        if (call.Json)
        {
            return call.WriteJson(report, CliJsonContext.Default.InstallReport);
        }

        foreach (string step in report.Steps)
        {
            call.Out.WriteLine(step);
        }

        foreach (string path in report.Kept)
        {
            call.Out.WriteLine($"kept {path}; --purge removes it");
        }

        return report.Steps.Length == 0 ? call.WriteLine("Nothing was installed.") : ExitCodes.Ok;
    }

    private static Option<string?> RootOption() =>
        Options.OfText("--root", "FOLDER", "Work on the files below this folder only, as when an image is built.");
}
