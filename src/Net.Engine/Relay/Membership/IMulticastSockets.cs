using System.Net.Sockets;

namespace Net.Engine.Relay.Membership;

/// <summary>Takes one IP packet that carries IGMP or MLD. Called from the thread that receives; the bytes are valid during the call only.</summary>
/// <param name="packet">The packet from its IP header on.</param>
internal delegate void GroupPacketHandler(ReadOnlySpan<byte> packet);

/// <summary>The kernel's group memberships, and sockets that hear and ask for those of others. Members may be called from any thread.</summary>
internal interface IMulticastSockets : IDisposable
{
    /// <summary>Joins a group.</summary>
    /// <param name="join">What to join.</param>
    /// <returns>Null when the kernel has joined it, otherwise why not, as one sentence.</returns>
    string? Join(GroupJoin join);

    /// <summary>Leaves a group. Nothing happens when it was not joined, or when its interface is gone.</summary>
    /// <param name="join">What was joined.</param>
    void Leave(GroupJoin join);

    /// <summary>Reads what the kernel has in fact joined on each interface, for whomever.</summary>
    /// <returns>Interfaces and groups; null when it cannot be read.</returns>
    IReadOnlySet<GroupKey>? ReadKernelGroups();

    /// <summary>Starts to hear IGMP or MLD on an interface.</summary>
    /// <param name="interfaceIndex">Index of the interface.</param>
    /// <param name="family">IPv4 for IGMP, IPv6 for MLD.</param>
    /// <param name="handler">Takes each packet.</param>
    /// <returns>The listener; the caller disposes it.</returns>
    /// <exception cref="IOException">The kernel refused: its message says why.</exception>
    IGroupListener Listen(int interfaceIndex, AddressFamily family, GroupPacketHandler handler);
}
