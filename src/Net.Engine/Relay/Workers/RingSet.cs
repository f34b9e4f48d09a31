using System.Runtime.InteropServices;
using Net.Engine.Relay.Host;
using Net.Workers.Relay;

namespace Net.Engine.Relay.Workers;

/// <summary>The rings of one input interface, one per worker, whose frames the kernel spreads by destination and port. They belong to the engine and stay open while
/// workers come and go: the order of a group's rings says which of them gets a frame, and what comes while a worker is started anew waits for it.</summary>
internal sealed class RingSet : IDisposable
{
    private readonly RingHandle[] _rings;
    private readonly int[] _ids;

    private RingSet(int interfaceIndex, int mtuBytes, bool acceptUnicast, int ringBytes, RingHandle[] rings, int[] ids)
    {
        InterfaceIndex = interfaceIndex;
        MtuBytes = mtuBytes;
        AcceptUnicast = acceptUnicast;
        RingBytes = ringBytes;
        _rings = rings;
        _ids = ids;
    }

    /// <summary>The interface.</summary>
    public int InterfaceIndex { get; }

    /// <summary>The MTU places were made for.</summary>
    public int MtuBytes { get; }

    /// <summary>Whether unicast comes in too.</summary>
    public bool AcceptUnicast { get; }

    /// <summary>Memory of each ring.</summary>
    public int RingBytes { get; }

    /// <summary>Opens a ring for each worker.</summary>
    /// <param name="host">The host.</param>
    /// <param name="request">How each is opened; the group is chosen here.</param>
    /// <param name="workers">How many workers there are.</param>
    /// <param name="numbers">Gives ids and numbers of groups.</param>
    /// <exception cref="IOException">The kernel refused; nothing stays open.</exception>
    public static RingSet Open(IRelayHost host, RingRequest request, int workers, WorkerNumbers numbers)
    {
        const int attempts = 8;
        for (int attempt = 1; ; attempt++)
        {
            var rings = new List<RingHandle>(workers);
            try
            {
                int? group = workers == 1 ? null : numbers.NextGroup();
                while (rings.Count < workers)
                {
                    rings.Add(host.OpenRing(request with { FanoutGroup = group }));
                }

                return new RingSet(request.InterfaceIndex, request.MtuBytes, request.AcceptUnicast, request.RingBytes, [.. rings], [.. rings.Select(_ => numbers.NextId())]);
            }
            catch (IOException)
            {
                foreach (RingHandle ring in rings)
                {
                    ring.Handle.Dispose();
                }

                // Numbers of groups are shared by the whole namespace: another program may have ours.
                if (workers == 1 || attempt == attempts)
                {
                    throw;
                }
            }
        }
    }

    /// <summary>The ring of a worker, as it is told.</summary>
    /// <param name="worker">The worker's index.</param>
    /// <param name="descriptor">Index of its descriptor in the message.</param>
    public RelayRing Describe(int worker, int descriptor) =>
        new(_ids[worker], InterfaceIndex, descriptor, _rings[worker].BlockBytes, _rings[worker].BlockCount, _rings[worker].FrameBytes);

    /// <summary>The descriptor of a worker's ring.</summary>
    /// <param name="worker">The worker's index.</param>
    public SafeHandle HandleOf(int worker) => _rings[worker].Handle;

    /// <summary>The id of a worker's ring.</summary>
    /// <param name="worker">The worker's index.</param>
    public int IdOf(int worker) => _ids[worker];

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (RingHandle ring in _rings)
        {
            ring.Handle.Dispose();
        }
    }
}
