using System.Runtime.InteropServices;
using Net.Platform.Linux;

namespace Net.Worker.Overlay;

/// <summary>What surrounds a worker. In production that is a process of its own; tests run workers on threads, and without a kernel's device where they have no
/// right to make one.</summary>
/// <param name="OpenDevice">Takes the descriptor of the device and whether it has TSO and USO. The result owns the descriptor.</param>
/// <param name="Clock">The time of day, by which rules hold and memberships end; nothing else goes by it, since it can be set.</param>
/// <param name="Exit">Ends what the worker runs in, with an exit code: the engine is gone, and nobody else would end it.</param>
internal sealed record WorkerHost(Func<SafeHandle, bool, bool, TunDevice> OpenDevice, TimeProvider Clock, Action<int> Exit)
{
    /// <summary>A process of its own and a device of the kernel.</summary>
    public static WorkerHost Process { get; } = new(TunDevice.FromDescriptor, TimeProvider.System, Environment.Exit);
}
