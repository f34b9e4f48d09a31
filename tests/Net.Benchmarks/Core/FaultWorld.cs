using System.Diagnostics;
using System.Globalization;
using Net.Client;
using Net.Contracts;
using Net.Lab;

namespace Net.Benchmarks.Core;

/// <summary>An engine under its supervisor with rules and a route in force, and the ways to hurt it.</summary>
internal sealed class FaultWorld : IAsyncDisposable
{
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(4);

    private const int Rules = 200;
    private const string Prefix = "198.18.0.0/15";

    private BenchedEngine? _engine;
    private string? _disk;
    private string _table = string.Empty;
    private int _processId;
    private long _generation;
    private int _changes;

    /// <summary>Brings everything up once, and waits until all that is desired is in force.</summary>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        if (_engine is null)
        {
            _engine = await BenchedEngine.StartAsync(cancellationToken, engine => MountDiskAsync(engine.StateFolder, cancellationToken));
            await using EngineClient first = await _engine.ConnectAsync(cancellationToken);
            await first.CallAsync(EngineApi.FirewallCreateRules, new CreateFirewallRules(BenchedEngine.MakeRules(Rules)), cancellationToken);
            var route = new NetPathRoute { Name = "fault", DestinationPrefix = AddressRange.Parse(Prefix, null), NextHop = "192.0.2.1" };
            await first.CallAsync(EngineApi.PathsCreateRoutes, new CreatePathRoutes([route]), cancellationToken);
            _table = await TableAsync(cancellationToken);
        }

        await using EngineClient client = await _engine.ConnectAsync(cancellationToken);

        // The supervisor lets an engine wait that dies young; a fault finds one that has settled.
        EngineStatus status = await client.CallAsync(EngineApi.EngineStatus, new GetStatus(), cancellationToken);
        TimeSpan age = DateTimeOffset.UtcNow - status.StartedAt;
        if (age < Settled)
        {
            await Task.Delay(Settled - age, cancellationToken);
        }

        _processId = status.ProcessId;
        _generation = status.Generation;
        if (status.State != EngineState.Ready)
        {
            throw new InvalidOperationException($"the engine is {status.State} before the fault: {status.StateReason}");
        }
    }

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync(CancellationToken cancellationToken)
    {
        using var process = Process.GetProcessById(_processId);
        process.Kill();
        await process.WaitForExitAsync(cancellationToken);
    }

    /// <summary>Whether another process serves the same state.</summary>
    public async Task<bool> IsServingAnewAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using EngineClient client = await _engine!.ConnectAsync(cancellationToken);
            EngineStatus status = await client.CallAsync(EngineApi.EngineStatus, new GetStatus(), cancellationToken);
            return status.ProcessId != _processId && status.Generation == _generation && status.State == EngineState.Ready
                && await HasTableAsync(cancellationToken) && await HasRouteAsync(cancellationToken);
        }
        catch (EngineException)
        {
            return false;
        }
    }

    /// <summary>Runs a tool in the engine's node.</summary>
    public async Task RunAsync(string program, string arguments, CancellationToken cancellationToken) =>
        (await Node.ExecAsync(program, arguments.Split(' '), cancellationToken: cancellationToken)).EnsureSucceeded();

    /// <summary>Whether our table is as it was.</summary>
    public async Task<bool> HasTableAsync(CancellationToken cancellationToken) => await TableAsync(cancellationToken) == _table;

    /// <summary>Whether our route is there.</summary>
    public async Task<bool> HasRouteAsync(CancellationToken cancellationToken) =>
        (await Node.ExecAsync("ip", ["route", "show", Prefix], cancellationToken: cancellationToken)).Output.Contains("via 192.0.2.1", StringComparison.Ordinal);

    /// <summary>Fills the disk, asks for a change that must be refused, and makes room again.</summary>
    public async Task FillForOneChangeAsync(CancellationToken cancellationToken)
    {
        string filler = Path.Combine(_engine!.StateFolder, "filler");
        Fill(filler);
        try
        {
            await ChangeAsync(cancellationToken);
            throw new InvalidOperationException("a change was taken on a full disk");
        }
        catch (EngineException refused) when (refused.ErrorId == ErrorCatalogue.StateNotWritable.Id)
        {
            // That is what it should say.
        }
        finally
        {
            File.Delete(filler);
        }
    }

    /// <summary>Whether a change works, and the rules in force are still the old ones.</summary>
    public async Task<bool> TakesChangesAsync(CancellationToken cancellationToken)
    {
        try
        {
            await ChangeAsync(cancellationToken);
            return await HasTableAsync(cancellationToken);
        }
        catch (EngineException)
        {
            return false;
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_engine is null)
        {
            return;
        }

        await _engine.StopAsync();
        if (_disk is not null)
        {
            using var unmount = Process.Start("umount", ["--lazy", _disk]);
            await unmount.WaitForExitAsync();
        }

        await _engine.DisposeAsync();
        _engine = null;
    }

    private LabNode Node => _engine!.Lab.Node("router");

    // A description changes the document and nothing in the kernel.
    private async Task ChangeAsync(CancellationToken cancellationToken)
    {
        await using EngineClient client = await _engine!.ConnectAsync(cancellationToken);
        FirewallRule rule = BenchedEngine.MakeRules(1)[0] with { Description = string.Create(CultureInfo.InvariantCulture, $"change {++_changes}") };
        await client.CallAsync(EngineApi.FirewallSetRules, new SetFirewallRules([rule]), cancellationToken);
    }

    // -s leaves out the counts.
    private async Task<string> TableAsync(CancellationToken cancellationToken) =>
        (await Node.ExecAsync("nft", ["-s", "list", "table", "inet", "netmod"], cancellationToken: cancellationToken)).Output;

    private async Task MountDiskAsync(string folder, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        using var mount = Process.Start("mount", ["-t", "tmpfs", "-o", "size=8m,mode=0700", "netmod-fault", folder]);
        await mount.WaitForExitAsync(cancellationToken);
        if (mount.ExitCode != 0)
        {
            throw new InvalidOperationException("a small disk could not be mounted");
        }

        _disk = folder;
    }

    private static void Fill(string path)
    {
        byte[] block = new byte[4096];
        using FileStream file = File.OpenWrite(path);
        try
        {
            while (true)
            {
                file.Write(block);
                file.Flush();
            }
        }
        catch (IOException)
        {
            // Full.
        }
    }
}
