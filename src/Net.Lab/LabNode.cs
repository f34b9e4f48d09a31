using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace Net.Lab;

/// <summary>A node of a lab that is up: run programs in it, change its links, addresses and routes.</summary>
public sealed class LabNode
{
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(30);
    private readonly Lab _lab;
    private readonly LabNodeDefinition _definition;

    internal LabNode(Lab lab, LabNodeDefinition definition, string namespaceName)
    {
        _lab = lab;
        _definition = definition;
        NamespaceName = namespaceName;
    }

    /// <summary>The node's name in the topology.</summary>
    public string Name => _definition.Name;

    /// <summary>What the node is.</summary>
    public LabNodeKind Kind => _definition.Kind;

    /// <summary>The namespace's name, as <c>ip netns</c> shows it.</summary>
    public string NamespaceName { get; }

    /// <summary>The namespace's file, for <c>nsenter --net=</c> or <c>setns</c>.</summary>
    public string NamespacePath => NamespaceFiles.PathOf(NamespaceName);

    /// <summary>Runs a program in the node to its end, whatever its exit code.</summary>
    /// <param name="program">A name looked up in /usr/sbin, /sbin, /usr/bin and /bin, or an absolute path.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="input">What it reads from standard input; none is an empty input.</param>
    /// <param name="timeout">When it is killed; none is 30 s.</param>
    /// <param name="cancellationToken">Kills it.</param>
    /// <exception cref="TimeoutException">It did not end in time.</exception>
    public Task<LabCommandResult> ExecAsync(
        string program,
        IEnumerable<string>? arguments = null,
        string? input = null,
        TimeSpan? timeout = null,
        CancellationToken cancellationToken = default) =>
        CommandRunner.RunAsync("nsenter", Enter(program, arguments ?? []), input, timeout ?? DefaultTimeout, cancellationToken);

    /// <summary>Starts a program in the node that runs until it ends, is disposed, or the lab goes down.</summary>
    /// <param name="program">A name looked up in /usr/sbin, /sbin, /usr/bin and /bin, or an absolute path.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="options">Environment and folder.</param>
    public LabProcess Start(string program, IEnumerable<string>? arguments = null, LabProcessOptions? options = null)
    {
        string[] list = [.. arguments ?? []];
        ProcessStartInfo start = CommandRunner.StartInfo("nsenter", Enter(program, list));
        Apply(options, start);
        var process = new LabProcess(start, $"'{program} {string.Join(' ', list)}' in {Name}");
        _lab.Track(process);
        return process;
    }

    /// <summary>Starts a program in the node that outlives this process, for a kept lab: in a session of its own, its output appended to a file.
    /// It ends by itself or when the lab goes down.</summary>
    /// <returns>The process id.</returns>
    /// <param name="program">A name looked up in /usr/sbin, /sbin, /usr/bin and /bin, or an absolute path.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="logFile">Where standard output and error go.</param>
    /// <param name="options">Environment and folder.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<int> StartDetachedAsync(
        string program,
        IEnumerable<string>? arguments,
        string logFile,
        LabProcessOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        // setsid executes the program in its own place, so the shell's $! is the program's id.
        const string script = "log=$1; shift; setsid \"$@\" >>\"$log\" 2>&1 </dev/null & echo $!";
        ProcessStartInfo start = CommandRunner.StartInfo(
            "nsenter",
            Enter("sh", ["-c", script, "sh", Path.GetFullPath(logFile), Programs.Find(program), .. arguments ?? []]));
        Apply(options, start);
        LabCommandResult result = await CommandRunner.RunAsync(start, null, DefaultTimeout, cancellationToken).ConfigureAwait(false);
        return int.Parse(result.EnsureSucceeded().Output, CultureInfo.InvariantCulture);
    }

    /// <summary>Runs a program in the node on this process's own terminal, such as a shell, and returns its exit code.</summary>
    /// <param name="program">A name looked up in /usr/sbin, /sbin, /usr/bin and /bin, or an absolute path.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="options">Environment and folder.</param>
    /// <param name="cancellationToken">Kills it.</param>
    public Task<int> RunInteractiveAsync(
        string program,
        IEnumerable<string>? arguments = null,
        LabProcessOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ProcessStartInfo start = CommandRunner.StartInfo("nsenter", Enter(program, arguments ?? []), redirect: false);
        Apply(options, start);
        return CommandRunner.RunInheritedAsync(start, cancellationToken);
    }

    /// <summary>Sends ICMP echo requests, 0.2 s apart.</summary>
    /// <param name="destination">An IPv4 or IPv6 address.</param>
    /// <param name="count">How many; the wait ends with the last reply, or <paramref name="timeout"/> after the last request.</param>
    /// <param name="timeout">How long to wait for a reply; none is 2 s.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<LabPing> PingAsync(string destination, int count = 1, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        string wait = (timeout ?? TimeSpan.FromSeconds(2)).TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);
        LabCommandResult result = await ExecAsync(
            "ping",
            ["-n", "-q", "-i", "0.2", "-c", count.ToString(CultureInfo.InvariantCulture), "-W", wait, IPAddress.Parse(destination).ToString()],
            cancellationToken: cancellationToken).ConfigureAwait(false);
        return PingOutput.Parse(result, count);
    }

    /// <summary>Sets a link administratively up or down, at this end.</summary>
    /// <param name="interface">The interface.</param>
    /// <param name="up">Up or down.</param>
    /// <param name="restore">Whether setting it up puts the topology's addresses and routes on it again, which the kernel drops with the link
    /// (as a host's network configuration would). False leaves that to whatever is being tried.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task SetLinkAsync(string @interface, bool up, bool restore = true, CancellationToken cancellationToken = default)
    {
        _lab.LinkEnd(Name, @interface);
        List<string> lines = [$"link set dev {@interface} {(up ? "up" : "down")}"];
        if (up && restore)
        {
            lines.AddRange(NodeScript.Restore(_lab.Topology, _definition, @interface));
        }

        return IpBatchAsync(lines, cancellationToken);
    }

    /// <summary>Takes the carrier away from a link, as when a cable is pulled: the other end is set down, this end stays administratively up.</summary>
    /// <param name="interface">The interface of this node.</param>
    /// <param name="up">Whether there is a carrier.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <remarks>When it comes back, the other end gets the topology's addresses and routes again. If the other end is a bridge, only its port goes down.</remarks>
    public Task SetCarrierAsync(string @interface, bool up, CancellationToken cancellationToken = default)
    {
        LabLinkEnd peer = _lab.LinkEnd(Name, @interface).Peer;
        return _lab.Node(peer.Node).SetLinkAsync(peer.Interface, up, restore: true, cancellationToken);
    }

    /// <summary>Adds an address such as <c>192.0.2.7/24</c>; one that is there stays.</summary>
    public Task AddAddressAsync(string @interface, string address, CancellationToken cancellationToken = default) =>
        IpBatchAsync([NodeScript.Address(Checked(@interface, TopologyValidator.InterfaceError(@interface)), Checked(address, TopologyValidator.AddressError(address)))], cancellationToken);

    /// <summary>Removes an address.</summary>
    public Task RemoveAddressAsync(string @interface, string address, CancellationToken cancellationToken = default) =>
        IpBatchAsync([$"addr del {Checked(address, TopologyValidator.AddressError(address))} dev {Checked(@interface, TopologyValidator.InterfaceError(@interface))}"], cancellationToken);

    /// <summary>Adds a route, or replaces the one with the same destination and metric.</summary>
    public Task AddRouteAsync(LabRoute route, CancellationToken cancellationToken = default) =>
        IpBatchAsync([NodeScript.Route("replace", Checked(route))], cancellationToken);

    /// <summary>Removes a route.</summary>
    public Task RemoveRouteAsync(LabRoute route, CancellationToken cancellationToken = default) =>
        IpBatchAsync([NodeScript.Route("del", Checked(route))], cancellationToken);

    internal Task IpBatchAsync(IEnumerable<string> lines, CancellationToken cancellationToken) =>
        CommandRunner.RunOrThrowAsync("nsenter", [.. Enter("ip", ["-batch", "-"])], string.Join('\n', lines) + "\n", _lab.CommandTimeout, cancellationToken);

    private static string Checked(string value, string? error) => error is null ? value : throw new ArgumentException(error);

    private static LabRoute Checked(LabRoute route) => TopologyValidator.RouteError(route) is { } error ? throw new ArgumentException(error) : route;

    private static void Apply(LabProcessOptions? options, ProcessStartInfo start)
    {
        start.WorkingDirectory = options?.WorkingDirectory ?? string.Empty;
        foreach ((string name, string? value) in options?.Environment ?? new Dictionary<string, string?>())
        {
            start.Environment[name] = value;
        }
    }

    // Not `ip netns exec`: it mounts /sys anew, which hides the host's mounts from the program and costs time.
    private IEnumerable<string> Enter(string program, IEnumerable<string> arguments) =>
        ["--net=" + NamespacePath, "--", Programs.Find(program), .. arguments];
}
