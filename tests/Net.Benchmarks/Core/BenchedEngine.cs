using System.Diagnostics;
using System.Globalization;
using Net.Client;
using Net.Contracts;
using Net.Lab;

namespace Net.Benchmarks.Core;

/// <summary>A published engine under its supervisor in the router of a lab, as users run it.</summary>
internal sealed class BenchedEngine : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string _folder = Directory.CreateTempSubdirectory("netmod-bench-").FullName;
    private LabProcess? _supervisor;

    private BenchedEngine(Lab.Lab lab) => Lab = lab;

    /// <summary>The lab around it.</summary>
    public Lab.Lab Lab { get; }

    /// <summary>The published command line.</summary>
    public static string CliProgram => Program("netmod");

    /// <summary>Where the engine keeps its generations.</summary>
    public string StateFolder => Path.Combine(_folder, "state");

    /// <summary>Builds a lab and starts an engine in its router.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="prepare">Done before the engine starts.</param>
    public static async Task<BenchedEngine> StartAsync(CancellationToken cancellationToken, Func<BenchedEngine, Task>? prepare = null)
    {
        var engine = new BenchedEngine(await Net.Lab.Lab.UpAsync(LabTopologies.TwoUplinks(), new LabOptions(), cancellationToken));
        if (prepare is not null)
        {
            await prepare(engine);
        }

        await engine.RunAsync(cancellationToken);
        return engine;
    }

    /// <summary>Starts the supervisor and waits until the engine serves.</summary>
    /// <returns>The time that took.</returns>
    public async Task<TimeSpan> RunAsync(CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        _supervisor = Lab.Node("router").Start(
            CliProgram, ["engine", "run", "--socket", SocketPath, "--state", StateFolder, "--config", Path.Combine(_folder, "config")]);
        await using EngineClient client = await ConnectAsync(cancellationToken);
        return Stopwatch.GetElapsedTime(start);
    }

    /// <summary>Stops supervisor and engine.</summary>
    public async Task StopAsync()
    {
        if (_supervisor is not null)
        {
            await _supervisor.DisposeAsync();
            _supervisor = null;
        }
    }

    /// <summary>Connects, as soon as somebody serves.</summary>
    public async Task<EngineClient> ConnectAsync(CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return await EngineClient.ConnectAsync(new EngineClientOptions { SocketPath = SocketPath, ClientName = "bench" }, cancellationToken);
            }
            catch (EngineException) when (Stopwatch.GetElapsedTime(start) < Patience)
            {
                await Task.Delay(1, cancellationToken);
            }
        }
    }

    /// <summary>Resident and peak memory of the engine's process in bytes, as the kernel counts them.</summary>
    public static (double Resident, double Peak) ReadMemory(int processId)
    {
        Dictionary<string, double> values = File.ReadLines($"/proc/{processId}/status")
            .Where(line => line.StartsWith("VmRSS:", StringComparison.Ordinal) || line.StartsWith("VmHWM:", StringComparison.Ordinal))
            .Select(line => line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
            .ToDictionary(parts => parts[0], parts => double.Parse(parts[1], CultureInfo.InvariantCulture) * 1024);
        return (values["VmRSS:"], values["VmHWM:"]);
    }

    /// <summary>Processor time a process has used so far.</summary>
    public static TimeSpan ReadProcessorTime(int processId)
    {
        using var process = Process.GetProcessById(processId);
        return process.TotalProcessorTime;
    }

    /// <summary>Rules that differ from each other, each with a port and an address.</summary>
    public static FirewallRule[] MakeRules(int count, string prefix = "bench") =>
    [
        .. Enumerable.Range(0, count).Select(index => new FirewallRule
        {
            Name = $"{prefix}-{index}",
            Direction = RuleDirection.Forward,
            Action = index % 2 == 0 ? RuleAction.Block : RuleAction.Allow,
            Protocol = index % 3 == 0 ? IpProtocol.Udp : IpProtocol.Tcp,
            DestinationPort = [new PortRange(1 + (index % 60_000))],
            SourceAddress = [AddressRange.Parse($"10.{index / 65536 % 256}.{index / 256 % 256}.{index % 256}")],
        }),
    ];

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await Lab.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private string SocketPath => Path.Combine(_folder, "engine.sock");

    /// <summary>A published program.</summary>
    public static string Program(string name)
    {
        for (string? folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            string candidate = Path.Combine(folder, "publish", name, name);
            if (File.Exists(candidate))
            {
                return candidate;
            }
        }

        throw new FileNotFoundException($"The published {name} is missing; ./build.sh bench makes it.");
    }
}
