using System.ComponentModel;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Net.Contracts;
using Net.Engine.Overlay;
using Net.Engine.Overlay.Runtime;
using Net.Overlay.Sharding;
using Net.Platform.Linux;
using Net.Workers;

namespace Net.Service.Overlay;

/// <summary>What overlays need of a Linux host.</summary>
[SupportedOSPlatform("linux")]
internal sealed class LinuxOverlayHost : IOverlayHost, IWorkerLauncher
{
    private static readonly string[] ForwardingSettings = ["/proc/sys/net/ipv4/ip_forward", "/proc/sys/net/ipv6/conf/all/forwarding"];

    private readonly string _workerProgram;
    private readonly uint? _userId;
    private readonly uint? _groupId;

    /// <summary>Takes where and as whom workers run.</summary>
    /// <param name="workers">That.</param>
    public LinuxOverlayHost(WorkerAccount workers)
    {
        _workerProgram = workers.Program;
        _userId = workers.UserId;
        _groupId = workers.GroupId;
        WorkerRemark = workers.Remark;
    }

    /// <inheritdoc />
    public IOverlayCrypto Crypto { get; } = new SodiumCrypto();

    /// <inheritdoc />
    public string HostName => Environment.MachineName;

    /// <inheritdoc />
    public string? WorkerRemark { get; }

    /// <inheritdoc />
    public IReadOnlyList<int> Cores { get; } = HostCores.Read();

    /// <inheritdoc />
    public IReadOnlyList<int> CoresNear(string device) => HostCores.Near(device);

    /// <inheritdoc />
    public int? NodeOf(int core) => HostCores.NodeOf(core);

    /// <inheritdoc />
    public IOverlayDevice CreateDevice(string name, int mtuBytes, int queues)
    {
        List<TunDevice> opened = [];
        try
        {
            for (int queue = 0; queue < queues; queue++)
            {
                opened.Add(TunDevice.Create(name, multiQueue: queues > 1));
            }

            TunDevice.SetMtu(name, mtuBytes);
            var device = new Device([.. opened]);
            opened.Clear();
            return device;
        }
        catch (TunnelDeviceException exception)
        {
            throw new IOException(exception.Message, exception);
        }
        finally
        {
            // What was opened before a step failed; the device goes with its last queue.
            opened.ForEach(queue => queue.Dispose());
        }
    }

    /// <inheritdoc />
    public void SetMtu(string name, int mtuBytes)
    {
        try
        {
            TunDevice.SetMtu(name, mtuBytes);
        }
        catch (TunnelDeviceException exception)
        {
            throw new IOException(exception.Message, exception);
        }
    }

    /// <inheritdoc />
    public IOverlaySocket BindSocket(IPEndPoint local, uint mark, int sockets)
    {
        try
        {
            return new UdpSocket(DatagramSocket.BindGroup(local, new DatagramSocketOptions { Mark = mark }, sockets, ShardSteering.Program(sockets)));
        }
        catch (SocketException exception)
        {
            throw new IOException($"{local} cannot be listened at: {exception.Message}", exception);
        }
    }

    /// <inheritdoc />
    public IWorkerLauncher CreateLauncher() => this;

    /// <inheritdoc />
    public IWorkerLink Launch() => WorkerLink.Start(_workerProgram, ["overlay"], _userId, _groupId);

    /// <inheritdoc />
    public Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken) => Dns.GetHostAddressesAsync(host, cancellationToken);

    /// <inheritdoc />
    public string? EnableForwarding()
    {
        List<string> changed = [];
        foreach (string path in ForwardingSettings.Where(File.Exists))
        {
            if (File.ReadAllText(path).Trim() != "1")
            {
                File.WriteAllText(path, "1");
                changed.Add($"{path} was set to 1");
            }
        }

        return changed.Count == 0 ? null : string.Join(" and ", changed);
    }

    /// <inheritdoc />
    public async Task<string?> SetResolverAsync(string device, IPAddress[] servers, string zone, CancellationToken cancellationToken)
    {
        const string resolvectl = "/usr/bin/resolvectl";
        string byHand = $"Make your resolver ask {servers.FirstOrDefault()} for names in {zone}.";
        if (!File.Exists(resolvectl))
        {
            return $"systemd-resolved is not there. {byHand}";
        }

        string? problem = await RunAsync(resolvectl, ["dns", device, .. servers.Select(server => server.ToString())], cancellationToken)
            ?? await RunAsync(resolvectl, ["domain", device, $"~{zone}"], cancellationToken)
            ?? await RunAsync(resolvectl, ["default-route", device, "false"], cancellationToken);
        return problem is null ? null : $"resolvectl did not take it: {problem} {byHand}";
    }

    /// <inheritdoc />
    public Task<OverlaySelfTestStep[]> SelfTestAsync(CancellationToken cancellationToken) =>
        Task.Run(() => new OverlaySelfTest(this, _workerProgram).Run(), cancellationToken);

    private static async Task<string?> RunAsync(string program, string[] arguments, CancellationToken cancellationToken)
    {
        try
        {
            using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true });
            if (process is null)
            {
                return "it did not start.";
            }

            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(TimeSpan.FromSeconds(10));
            string errors = await process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return process.ExitCode == 0 ? null : errors.Trim() is { Length: > 0 } words ? words : $"it ended with {process.ExitCode}.";
        }
        catch (Exception exception) when (exception is Win32Exception or OperationCanceledException or IOException)
        {
            return exception.Message;
        }
    }

    private sealed class Device(TunDevice[] queues) : IOverlayDevice
    {
        public int InterfaceIndex => queues[0].InterfaceIndex;

        public SafeHandle[] Handles { get; } = [.. queues.Select(queue => queue.Handle)];

        public bool HasTso => queues[0].HasTso;

        public bool HasUso => queues[0].HasUso;

        public void Dispose() => Array.ForEach(queues, queue => queue.Dispose());
    }

    private sealed class UdpSocket(DatagramSocket[] sockets) : IOverlaySocket
    {
        public SafeHandle[] Handles { get; } = [.. sockets.Select(socket => socket.Handle)];

        public IPEndPoint LocalEndPoint => sockets[0].LocalEndPoint;

        public void Dispose() => Array.ForEach(sockets, socket => socket.Dispose());
    }
}
