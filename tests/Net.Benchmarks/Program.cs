using System.Runtime.InteropServices;
using Net.Benchmarks;
using Net.Benchmarks.Overlay;
using Net.Benchmarks.Rpc;

// bench [area] [--json FILE] [--rounds N]  or  soak [area] [--json FILE] [--rounds N]; called by ./build.sh.
if (args is [RpcServerProcess.Mode, string socketPath])
{
    return await RpcServerProcess.ServeAsync(socketPath);
}

if (HiddenModes.TryRun(args) is int ended)
{
    return ended;
}

using CancellationTokenSource stop = new();
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true;
    stop.Cancel();
};

// Ended by another's time limit it cleans up all the same.
using PosixSignalRegistration termination = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
{
    context.Cancel = true;
    stop.Cancel();
});

if (!CommandLine.TryParse(args, out CommandLine? command, out string? problem))
{
    Console.Error.WriteLine(problem);
    return 2;
}

try
{
    return command.Mode == CommandLine.Soak ? await Sessions.SoakAsync(command, stop.Token) : await Sessions.BenchAsync(command, stop.Token);
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine("stopped");
    return 130;
}
