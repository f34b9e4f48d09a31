using System.Runtime.Versioning;
using Net.Packets.Bytecode;
using Net.Platform.Linux;
using Net.Platform.Linux.Relay;
using Net.Relay;

namespace Net.Engine.Relay.Kernel;

/// <summary>Finds out which of the kernel's engines a host allows, by loading them and by attaching a program that does nothing to the loopback interface for a moment.</summary>
[SupportedOSPlatform("linux")]
internal static class KernelProbe
{
    private const int Loopback = 1;

    // TCX_NEXT and XDP_PASS.
    private const int Next = -1;
    private const int Pass = 2;

    // Numbers of capabilities by linux/capability.h.
    private const int NetAdmin = 12;
    private const int SysAdmin = 21;
    private const int Perfmon = 38;
    private const int Bpf = 39;

    /// <summary>Tries both engines.</summary>
    internal static EngineAvailability Run() => new()
    {
        Xdp = Try(RelayEngineKind.Xdp, BpfProgramKind.Xdp, Pass, BpfAttachPoint.Xdp, "needs 5.9 to attach XDP by links"),
        Tcx = Try(RelayEngineKind.Tcx, BpfProgramKind.TrafficControl, Next, BpfAttachPoint.TcxIngress, "has no tcx: it needs 6.6"),
        Packet = EngineState.Available,
        Socket = EngineState.Available,
    };

    private static EngineState Try(RelayEngineKind kind, BpfProgramKind programKind, int verdict, BpfAttachPoint point, string tooOld)
    {
        if (MissingCapabilities() is string missing)
        {
            return EngineState.Missing(missing);
        }

        try
        {
            using BpfProgram nothing = BpfProgram.Load(programKind, new EbpfAssembler().Move(EbpfRegister.R0, verdict).Exit().Build(), "netmod_probe");
            using BpfLink? link = TryAttach(nothing, point);
            if (link is null)
            {
                return EngineState.Missing($"kernel {Environment.OSVersion.Version.ToString(2)} {tooOld}");
            }
        }
        catch (BpfException exception)
        {
            return EngineState.Missing(exception.IsDenied ? $"the kernel denies eBPF ({exception.Message})" : exception.Message);
        }

        try
        {
            using KernelMapSet set = KernelMapSet.Create(kind, entries: 1, targets: 1);
            return EngineState.Available;
        }
        catch (BpfException exception)
        {
            string last = exception.VerifierLog.Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault("");
            return EngineState.Missing(last.Length == 0 ? exception.Message : $"{exception.Message}; the verifier says: {last}");
        }
    }

    private static BpfLink? TryAttach(BpfProgram program, BpfAttachPoint point)
    {
        // EINVAL: the kernel does not know the kind of link. EBUSY: another program is there, so there can be programs.
        const int invalid = 22;
        try
        {
            return BpfLink.Attach(program, Loopback, point, point == BpfAttachPoint.Xdp ? BpfXdpMode.Generic : BpfXdpMode.Any);
        }
        catch (BpfException exception) when (exception.ErrorNumber == invalid)
        {
            return null;
        }
    }

    private static string? MissingCapabilities()
    {
        ulong effective = ProcessCapabilities.Read().Effective;
        if ((effective & (1UL << SysAdmin)) != 0)
        {
            return null;
        }

        // CAP_PERFMON: the verifier otherwise lets nobody add a number it does not know to the address of a packet, and IPv4 headers differ in length.
        string[] missing =
        [
            .. new[] { (Bpf, "CAP_BPF"), (NetAdmin, "CAP_NET_ADMIN"), (Perfmon, "CAP_PERFMON") }
                .Where(capability => (effective & (1UL << capability.Item1)) == 0).Select(capability => capability.Item2),
        ];
        return missing.Length == 0 ? null : $"{string.Join(" and ", missing)} {(missing.Length == 1 ? "is" : "are")} missing";
    }
}
