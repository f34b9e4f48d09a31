using System.Runtime.InteropServices;
using Net.Cli.Commands;
using Net.Cli.Hosting;

namespace Net.Cli;

/// <summary>The command <c>netmod</c>.</summary>
internal static class Program
{
    private const int SignalBase = 128;
    private const int Sigterm = 15;

    private static async Task<int> Main(string[] args)
    {
        // Asked by scripts and prompts all the time, so it does not even build the command line.
        if (args is ["version"] or ["--version"])
        {
            Console.Out.WriteLine($"netmod {VersionCommand.Version}");
            return ExitCodes.Ok;
        }

        using var cancellation = new CancellationTokenSource();
        bool terminated = false;

        // The first signal ends in good order; a second one ends at once.
        void OnSignal(PosixSignalContext context)
        {
            context.Cancel = !cancellation.IsCancellationRequested;
            terminated |= context.Signal == PosixSignal.SIGTERM;
            cancellation.Cancel();
        }

        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
        using var console = new SystemConsole();
        var services = new CliServices { Console = console, ConnectAsync = EngineConnection.ConnectAsync };
        int exitCode;
        try
        {
            exitCode = await CliRunner.RunAsync(args, services, cancellation.Token);
        }
        catch (Exception failure) when (failure is InvalidOperationException or NotSupportedException or System.Text.Json.JsonException or System.ComponentModel.Win32Exception)
        {
            exitCode = CliRunner.Explain(console, failure);
        }

        return exitCode == ExitCodes.Interrupted && terminated ? SignalBase + Sigterm : exitCode;
    }
}
