using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Net.Lab;

namespace Net.Demo;

/// <summary>The story: paths, a rule that blocks, a change that takes itself back, an uplink that fails.</summary>
internal sealed class Scene : IAsyncDisposable
{
    private const string Instance = "demo";
    private const string Server = "203.0.113.10";
    private const int BlockedPort = 8080;
    private const int OpenPort = 8443;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan ConfirmWithin = TimeSpan.FromSeconds(5);

    private readonly bool _keep;
    private readonly string _folder;
    private readonly string _programs;
    private readonly Cli _cli;
    private Lab.Lab? _lab;
    private LabProcess? _engine;

    public Scene(bool keep)
    {
        _keep = keep;
        _folder = Directory.CreateTempSubdirectory("netmod-demo-").FullName;
        _programs = FindPrograms();
        _cli = new Cli(Path.Combine(_programs, "netmod", "netmod"), Path.Combine(_folder, "engine.sock"));
    }

    /// <summary>What was shown so far.</summary>
    public Summary Summary { get; } = new();

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await BuildLabAsync(cancellationToken).ConfigureAwait(false);
        await StartEngineAsync(cancellationToken).ConfigureAwait(false);
        await ShowPathsAsync(cancellationToken).ConfigureAwait(false);
        await BlockPortAsync(cancellationToken).ConfigureAwait(false);
        await RollBackAsync(cancellationToken).ConfigureAwait(false);
        await FailUplinkAsync(cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        if (_keep && _lab is not null)
        {
            string lab = Path.Combine(_programs, "netmod", "netmod");
            Console.WriteLine($"\nThe lab is still up. Explore it:\n  export NETMOD_HOST_SOCKET={Path.Combine(_folder, "engine.sock")}\n  {lab} path list\n  {lab} lab exec {Instance} client ping {Server}\nand take it down:\n  {lab} lab down {Instance} && rm -r {_folder}");
            return;
        }

        if (_engine is not null)
        {
            await _engine.DisposeAsync().ConfigureAwait(false);
        }

        if (_lab is not null)
        {
            await _lab.DisposeAsync().ConfigureAwait(false);
        }

        Directory.Delete(_folder, recursive: true);
    }

    private static string FindPrograms()
    {
        for (string? folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            string candidate = Path.Combine(folder, "publish");
            if (File.Exists(Path.Combine(candidate, "netmod", "netmod")))
            {
                return candidate;
            }
        }

        throw new DemoException("the published programs are missing; start the demo by ./build.sh demo");
    }

    private static void Say(string text) => Console.WriteLine($"\n== {text}");

    private static string Milliseconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:F1} ms");

    private async Task BuildLabAsync(CancellationToken cancellationToken)
    {
        Say("A lab of network namespaces: client - router with two uplinks - server");
        var watch = Stopwatch.StartNew();
        if ((await Lab.Lab.ListAsync(cancellationToken).ConfigureAwait(false)).Any(lab => lab.Instance == Instance))
        {
            await Lab.Lab.DownAsync(Instance, cancellationToken).ConfigureAwait(false);
        }

        _lab = await Lab.Lab.UpAsync(LabTopologies.TwoUplinks(), new LabOptions { Instance = Instance, Keep = _keep }, cancellationToken).ConfigureAwait(false);
        Summary.Add("a lab of 6 namespaces comes up", Milliseconds(watch.Elapsed));
        string self = Environment.ProcessPath!;
        string[] serve = [typeof(Program).Assembly.Location, "serve", $"{BlockedPort},{OpenPort}"];
        bool isHost = Path.GetFileNameWithoutExtension(self) == "dotnet";
        if (_keep)
        {
            await _lab.Node("server").StartDetachedAsync(self, isHost ? serve : serve[1..], Path.Combine(_folder, "server.log"), null, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            LabProcess server = _lab.Node("server").Start(self, isHost ? serve : serve[1..]);
            await server.WaitForLineAsync("serving", Patience, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task StartEngineAsync(CancellationToken cancellationToken)
    {
        Say("The engine starts in the router, supervised, with two capabilities and no way to more");
        string[] arguments = ["engine", "run", "--socket", Path.Combine(_folder, "engine.sock"), "--state", Path.Combine(_folder, "state"), "--config", Path.Combine(_folder, "config")];
        var watch = Stopwatch.StartNew();
        string cli = Path.Combine(_programs, "netmod", "netmod");
        if (_keep)
        {
            await _lab!.Node("router").StartDetachedAsync(cli, arguments, Path.Combine(_folder, "engine.log"), null, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            _engine = _lab!.Node("router").Start(cli, arguments);
        }

        await UntilAsync(() => _cli.AnswersAsync(cancellationToken), "the engine answers", cancellationToken).ConfigureAwait(false);
        TimeSpan ready = watch.Elapsed;
        JsonNode status = await _cli.JsonAsync("status", cancellationToken).ConfigureAwait(false);
        Summary.Add("the engine starts and serves", $"{Milliseconds(ready)} until the CLI had its answer, {Milliseconds(TimeSpan.Parse((string)status["startDuration"]!, CultureInfo.InvariantCulture))} by its own clock");
        Summary.Add("what the engine may do", string.Join(", ", status["privileges"]!["effectiveCapabilities"]!.AsArray().Select(name => (string)name!)));
        Summary.Add("memory of the engine", string.Create(CultureInfo.InvariantCulture, $"{(long)status["residentBytes"]! / 1e6:F0} MB"));
    }

    private async Task ShowPathsAsync(CancellationToken cancellationToken)
    {
        Say("Its paths, measured");
        await UntilAsync(
            async () => (await _cli.JsonAsync("path list", cancellationToken).ConfigureAwait(false)).AsArray() is { Count: >= 4 } paths && paths.All(path => (string?)path!["state"] == "validated"),
            "all paths reply",
            cancellationToken).ConfigureAwait(false);
        await _cli.ShowAsync("path list", cancellationToken).ConfigureAwait(false);
        JsonNode[] measured = await _cli.JsonLinesAsync("path measure --count 20 --interval 20ms", cancellationToken).ConfigureAwait(false);
        foreach (JsonNode path in measured.OrderBy(path => (string?)path["pathId"], StringComparer.Ordinal))
        {
            TimeSpan median = TimeSpan.Parse((string)path["medianRoundTripTime"]!, CultureInfo.InvariantCulture);
            Summary.Add($"path {(string)path["pathId"]!}", string.Create(CultureInfo.InvariantCulture, $"median round trip {median.TotalMilliseconds:F3} ms, {path["received"]} of {path["sent"]} replies"));
        }

        (string outcome, string time) = await ConnectAsync(BlockedPort, cancellationToken).ConfigureAwait(false);
        Expect(outcome, "connected");
        Console.WriteLine($"client -> server:{BlockedPort}: {outcome} in {time} ms");
        Summary.Add($"TCP from client to server, port {BlockedPort}", $"{outcome} in {time} ms");
    }

    private async Task BlockPortAsync(CancellationToken cancellationToken)
    {
        Say($"A rule that refuses port {BlockedPort}");
        await _cli.ShowAsync($"firewall add no-8080 --direction forward --action reject --protocol tcp --destination-port {BlockedPort}", cancellationToken).ConfigureAwait(false);
        (string outcome, string time) = await ConnectAsync(BlockedPort, cancellationToken).ConfigureAwait(false);
        Expect(outcome, "refused");
        (string other, _) = await ConnectAsync(OpenPort, cancellationToken).ConfigureAwait(false);
        Expect(other, "connected");
        Console.WriteLine($"\nclient -> server:{BlockedPort}: {outcome} after {time} ms; client -> server:{OpenPort}: {other}");
        await _cli.ShowAsync("firewall list", cancellationToken).ConfigureAwait(false);
        JsonNode rule = (await _cli.JsonAsync("firewall list no-8080", cancellationToken).ConfigureAwait(false))[0]!;
        Summary.Add($"the same connection behind the rule", $"{outcome} after {time} ms; the rule counted {rule["packetCount"]} packet(s), {rule["byteCount"]} bytes");
    }

    private async Task RollBackAsync(CancellationToken cancellationToken)
    {
        Say("A change that would lock everybody out, with five seconds to confirm it");
        var watch = Stopwatch.StartNew();
        await _cli.ShowAsync($"firewall add lock-out --direction forward --action block --confirm-within {ConfirmWithin.TotalSeconds}s", cancellationToken).ConfigureAwait(false);
        (string outcome, string time) = await ConnectAsync(OpenPort, cancellationToken).ConfigureAwait(false);
        Expect(outcome, "silence");
        Console.WriteLine($"\nclient -> server:{OpenPort}: {outcome} for {time} ms; nobody confirms ...");
        await UntilAsync(async () => (await ConnectAsync(OpenPort, cancellationToken).ConfigureAwait(false)).Outcome == "connected", "the change takes itself back", cancellationToken).ConfigureAwait(false);
        TimeSpan back = watch.Elapsed;
        Console.WriteLine($"client -> server:{OpenPort}: connected again");
        await _cli.ShowAsync("events --id ConfigurationRolledBack", cancellationToken).ConfigureAwait(false);
        Summary.Add("an unconfirmed change takes itself back", string.Create(CultureInfo.InvariantCulture, $"traffic flows again {back.TotalSeconds:F1} s after the change (asked for: {ConfirmWithin.TotalSeconds} s)"));
    }

    private async Task FailUplinkAsync(CancellationToken cancellationToken)
    {
        Say("The first uplink goes down");
        using Process watcher = _cli.Start("path watch --output json");
        try
        {
            // The watch begins with every path as it is.
            for (int seen = 0; seen < 4; seen++)
            {
                await ReadPathAsync(watcher, cancellationToken).ConfigureAwait(false);
            }

            var watch = Stopwatch.StartNew();
            await _lab!.Node("router").SetLinkAsync("wan0", up: false, restore: true, cancellationToken).ConfigureAwait(false);
            TimeSpan asked = watch.Elapsed;
            JsonNode change;
            do
            {
                change = await ReadPathAsync(watcher, cancellationToken).ConfigureAwait(false);
            }
            while ((string?)change["path"]!["state"] != "failed");
            TimeSpan heard = watch.Elapsed;
            Console.WriteLine($"\n{(string?)change["path"]!["pathId"]}: {(string?)change["path"]!["stateReason"]}");
            Summary.Add("a link goes down: the watching client hears of it", $"{Milliseconds(heard)} after the command was started, which itself took {Milliseconds(asked)}");
        }
        finally
        {
            watcher.Kill();
        }

        await _cli.ShowAsync("path list", cancellationToken).ConfigureAwait(false);
        await _cli.ShowAsync("events --area paths --newest 4", cancellationToken).ConfigureAwait(false);
        (string outcome, string time) = await ConnectAsync(OpenPort, cancellationToken).ConfigureAwait(false);
        Expect(outcome, "connected");
        Console.WriteLine($"\nclient -> server:{OpenPort} by the other uplink: {outcome} in {time} ms");
        Summary.Add("TCP from client to server by the other uplink", $"{outcome} in {time} ms");
        await _lab!.Node("router").SetLinkAsync("wan0", up: true, restore: true, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<JsonNode> ReadPathAsync(Process watcher, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        string line = await watcher.StandardOutput.ReadLineAsync(limit.Token).ConfigureAwait(false) ?? throw new DemoException("'netmod path watch' ended");
        return JsonNode.Parse(line)!;
    }

    private async Task<(string Outcome, string Milliseconds)> ConnectAsync(int port, CancellationToken cancellationToken)
    {
        string self = Environment.ProcessPath!;
        string[] arguments = ["connect", Server, port.ToString(CultureInfo.InvariantCulture)];
        bool isHost = Path.GetFileNameWithoutExtension(self) == "dotnet";
        LabCommandResult result = await _lab!.Node("client")
            .ExecAsync(self, isHost ? [typeof(Program).Assembly.Location, .. arguments] : arguments, timeout: Patience, cancellationToken: cancellationToken).ConfigureAwait(false);
        string[] parts = result.EnsureSucceeded().Output.Trim().Split(' ');
        return (parts[0], parts[1]);
    }

    private static void Expect(string outcome, string wanted)
    {
        if (outcome != wanted)
        {
            throw new DemoException($"the connection was expected to be {wanted}, but was {outcome}");
        }
    }

    private static async Task UntilAsync(Func<Task<bool>> condition, string what, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition().ConfigureAwait(false))
        {
            if (watch.Elapsed > Patience)
            {
                throw new DemoException($"waited {Patience.TotalSeconds:F0} s in vain until {what}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), cancellationToken).ConfigureAwait(false);
        }
    }
}
