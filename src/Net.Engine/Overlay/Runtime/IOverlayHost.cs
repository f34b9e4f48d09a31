using System.Net;
using Net.Contracts;
using Net.Workers;

namespace Net.Engine.Overlay.Runtime;

/// <summary>What overlays need of the host beyond the seams every part of the engine has.</summary>
internal interface IOverlayHost
{
    /// <summary>Signatures and random keys.</summary>
    IOverlayCrypto Crypto { get; }

    /// <summary>The host's name.</summary>
    string HostName { get; }

    /// <summary>What an administrator should know about how workers run; null when there is nothing.</summary>
    string? WorkerRemark { get; }

    /// <summary>Cores this process may use.</summary>
    IReadOnlyList<int> Cores { get; }

    /// <summary>Cores of the NUMA node an interface hangs on; empty when the kernel names none.</summary>
    /// <param name="device">Name of the interface.</param>
    IReadOnlyList<int> CoresNear(string device);

    /// <summary>The NUMA node of a core; null when the kernel names none.</summary>
    /// <param name="core">The core.</param>
    int? NodeOf(int core);

    /// <summary>Makes a TUN device.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="mtuBytes">Its MTU.</param>
    /// <param name="queues">How many queues it has, 1 at least.</param>
    /// <exception cref="IOException">It cannot be made; the message says why.</exception>
    IOverlayDevice CreateDevice(string name, int mtuBytes, int queues);

    /// <summary>Sets the MTU of a device.</summary>
    /// <exception cref="IOException">The kernel refused.</exception>
    void SetMtu(string name, int mtuBytes);

    /// <summary>Binds UDP sockets to one address. Several are spread over by <see cref="Net.Overlay.Sharding.ShardSteering"/>.</summary>
    /// <param name="local">Address and port.</param>
    /// <param name="mark">The firewall mark of what they send.</param>
    /// <param name="sockets">How many, 1 at least.</param>
    /// <exception cref="IOException">The address cannot be bound; the message says why.</exception>
    IOverlaySocket BindSocket(IPEndPoint local, uint mark, int sockets);

    /// <summary>What starts workers of overlays.</summary>
    IWorkerLauncher CreateLauncher();

    /// <summary>The addresses of a name; empty when it has none now.</summary>
    Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken);

    /// <summary>Makes the kernel forward packets between interfaces.</summary>
    /// <returns>What was changed, in words; null when it forwarded already.</returns>
    /// <exception cref="IOException">It cannot be changed.</exception>
    string? EnableForwarding();

    /// <summary>Tells the host's resolver to ask our servers for names of a zone, and nothing else.</summary>
    /// <returns>Why that is not possible and what to do instead; null when it was done.</returns>
    Task<string?> SetResolverAsync(string device, IPAddress[] servers, string zone, CancellationToken cancellationToken);

    /// <summary>Tries what an overlay needs, without any peer.</summary>
    Task<OverlaySelfTestStep[]> SelfTestAsync(CancellationToken cancellationToken);
}
