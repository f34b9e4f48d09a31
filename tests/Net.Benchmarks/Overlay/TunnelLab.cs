using System.Globalization;
using System.Security.Cryptography;
using Net.Lab;

namespace Net.Benchmarks.Overlay;

/// <summary>Two namespaces with one veth pair of MTU 1500 between them, and a folder for what runs in them. Taken down with all that runs inside;
/// what a killed run left is taken down by the next one, and no program in it runs longer than <see cref="Longest"/>.</summary>
internal sealed class TunnelLab : IAsyncDisposable
{
    /// <summary>The left end of the veth pair.</summary>
    public const string LeftAddress = "10.77.0.1";

    /// <summary>The right end of the veth pair.</summary>
    public const string RightAddress = "10.77.0.2";

    /// <summary>The interface of both ends.</summary>
    public const string Interface = "eth0";

    /// <summary>How long anything may run in the namespaces.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(3);

    private readonly Lab.Lab _lab;

    private TunnelLab(Lab.Lab lab) => _lab = lab;

    /// <summary>Who opens connections and dials.</summary>
    public LabNode Left => _lab.Node("left");

    /// <summary>Who answers.</summary>
    public LabNode Right => _lab.Node("right");

    /// <summary>For keys, certificates and state; gone with the lab.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("netmod-overlay-").FullName;

    /// <summary>For names that must be unique on the host.</summary>
    public string Tag { get; } = RandomNumberGenerator.GetHexString(4, lowercase: true);

    /// <summary>Builds it.</summary>
    public static async Task<TunnelLab> UpAsync(CancellationToken cancellationToken)
    {
        var topology = new LabTopology
        {
            Name = "overlay-bench",
            Nodes = [LabNodeDefinition.Host("left"), LabNodeDefinition.Host("right")],
            Links =
            [
                new LabLink
                {
                    A = new LabLinkEnd { Node = "left", Interface = Interface, Addresses = [LeftAddress + "/24"] },
                    B = new LabLinkEnd { Node = "right", Interface = Interface, Addresses = [RightAddress + "/24"] },
                    Mtu = 1500,
                },
            ],
        };
        return new TunnelLab(await Lab.Lab.UpAsync(topology, new LabOptions(), cancellationToken));
    }

    /// <summary>The two nodes with the letter each is called by in names.</summary>
    public IEnumerable<(LabNode Node, char Letter)> Ends => [(Left, 'a'), (Right, 'b')];

    /// <summary>Starts a program that ends with the lab, and by itself after <see cref="Longest"/>.</summary>
    public static LabProcess Start(LabNode node, string program, IEnumerable<string> arguments, TimeSpan? longest = null) =>
        node.Start("timeout", ["--kill-after=5", Seconds(longest ?? Longest), program, .. arguments]);

    /// <summary>Starts this program itself in a mode of its own.</summary>
    public static LabProcess StartSelf(LabNode node, TimeSpan longest, params IEnumerable<string> arguments) =>
        Start(node, Environment.ProcessPath!, [typeof(TunnelLab).Assembly.Location, .. arguments], longest);

    /// <summary>Runs <c>ip</c> in a node.</summary>
    public static async Task IpAsync(LabNode node, string line, CancellationToken cancellationToken) =>
        (await node.ExecAsync("ip", line.Split(' '), cancellationToken: cancellationToken)).EnsureSucceeded();

    /// <summary>Waits until an address answers from the left.</summary>
    public async Task UntilReachableAsync(string address, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(patience);
        try
        {
            while (!(await Left.PingAsync(address, timeout: TimeSpan.FromMilliseconds(200), cancellationToken: limit.Token)).Reached)
            {
                await Task.Delay(50, limit.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"{address} did not answer within {patience.TotalSeconds:0} s");
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _lab.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private static string Seconds(TimeSpan time) => Math.Ceiling(time.TotalSeconds).ToString(CultureInfo.InvariantCulture);
}
