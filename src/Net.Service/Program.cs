using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Net.Contracts;
using Net.Engine;
using Net.Platform;
using Net.Platform.Linux;

namespace Net.Service;

/// <summary>The engine's process.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] arguments)
    {
        if (arguments is ["--version"])
        {
            Console.WriteLine(typeof(EngineOptions).Assembly.GetName().Version?.ToString(3));
            return 0;
        }

        if (!OperatingSystem.IsLinux())
        {
            await Console.Error.WriteLineAsync("netmod-engine: this release of the engine runs on Linux only.").ConfigureAwait(false);
            return 1;
        }

        try
        {
            return await RunAsync(HostOptionsReader.Read(arguments, Environment.GetEnvironmentVariable)).ConfigureAwait(false);
        }
        catch (EngineException exception)
        {
            await Console.Error.WriteLineAsync($"netmod-engine: {exception.Message} ({exception.ErrorId})\n  {exception.RecommendedAction}").ConfigureAwait(false);
            return ErrorCodes.ToExitCode(exception.Code);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or System.Net.Sockets.SocketException or NetworkChangeException)
        {
            // The host lacks something, or forbids it: a sentence helps more than a core dump.
            await Console.Error.WriteLineAsync($"netmod-engine: it could not start: {exception.Message}").ConfigureAwait(false);
            return 1;
        }
    }

    [System.Runtime.Versioning.SupportedOSPlatform("linux")]
    private static async Task<int> RunAsync(HostOptions host)
    {
        using var self = Process.GetCurrentProcess();
        EngineOptions options = host.ToEngineOptions(self.StartTime.ToUniversalTime());
        var levels = new LogLevelSwitch(host.LogLevel);
        using ILoggerFactory loggers = CreateLoggers(host.LogFormat, levels);
        using var linux = new LinuxHost();
        await using var engine = new NetEngine(options, linux.CreateSeams(options, levels, host.Worker, host.Bpf), loggers);

        var stop = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        SystemdNotifier notifier = SystemdNotifier.FromEnvironment();

        await engine.StartAsync(CancellationToken.None).ConfigureAwait(false);
        notifier.Ready($"generation {engine.Configuration.Info.Generation}");
        using Timer? watchdog = notifier.WatchdogInterval is { } interval
            ? new Timer(_ => notifier.KeepAlive(), null, TimeSpan.Zero, interval / 2)
            : null;

        using var trimmer = new MemoryTrimmer(loggers.CreateLogger<MemoryTrimmer>());
        Task<bool> first = await Task.WhenAny(stop.Task, engine.StopRequested).ConfigureAwait(false);
        notifier.Stopping();
        await engine.StopAsync(await first.ConfigureAwait(false)).ConfigureAwait(false);
        return 0;

        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.TrySetResult(false);
        }
    }

    private static ILoggerFactory CreateLoggers(LogFormat format, LogLevelSwitch levels) => LoggerFactory.Create(builder =>
    {
        builder.SetMinimumLevel(LogLevel.Trace).AddFilter((category, level) => levels.IsEnabled(category, level));
        _ = format switch
        {
            LogFormat.Json => builder.AddJsonConsole(json =>
            {
                json.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
                json.UseUtcTimestamp = true;
            }),
            LogFormat.Systemd => builder.AddSystemdConsole(),
            _ => builder.AddSimpleConsole(simple =>
            {
                simple.SingleLine = true;
                simple.TimestampFormat = "HH:mm:ss.fff ";
                simple.UseUtcTimestamp = true;
                simple.ColorBehavior = LoggerColorBehavior.Default;
            }),
        };
    });
}
