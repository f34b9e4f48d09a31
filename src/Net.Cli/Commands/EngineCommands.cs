using System.CommandLine;
using Net.Cli.Hosting;

namespace Net.Cli.Commands;

/// <summary><c>netmod engine</c>: the engine's process.</summary>
internal static class EngineCommands
{
    /// <summary>Fills the command in.</summary>
    public static void Fill(Command command, CliServices services)
    {
        EngineRunCommand.Fill(command.Sub("run", "Runs the engine here with the least privileges, and starts it again after a crash."), services);
        EngineInstallCommands.FillInstall(command.Sub("install", "Installs programs, user and systemd unit."), services);
        EngineInstallCommands.FillUninstall(command.Sub("uninstall", "Removes what install created, and the engine's rules and routes."), services);
        EngineServiceCommands.FillStart(command.Sub("start", "Starts the service."), services);
        EngineServiceCommands.FillStop(command.Sub("stop", "Stops the engine in good order; its rules and routes stay in force."), services);
        EngineServiceCommands.FillRestart(command.Sub("restart", "Restarts the engine; its rules and routes stay in force meanwhile."), services);
        EngineServiceCommands.FillStatus(command.Sub("status", "Tells whether it runs and who started it; exit code 3 when it does not."), services);
    }
}
