using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Net.Platform.Linux.Interop;

namespace Net.Platform.Linux.Relay;

/// <summary>A program on an interface, as a BPF link: the program leaves the interface when the last descriptor and pinned file of the link go, and nobody else's tool removes it by
/// accident. Needs CAP_BPF and CAP_NET_ADMIN. It owns its descriptor.</summary>
[SupportedOSPlatform("linux")]
public sealed unsafe class BpfLink : IDisposable
{
    // Offsets of the interface's index in struct bpf_link_info: the same for xdp and tcx.
    private const int InfoProgram = 8;
    private const int InfoInterface = 16;
    private readonly SafeDescriptor _fd;

    private BpfLink(SafeDescriptor fd) => _fd = fd;

    /// <summary>Attaches a program.</summary>
    /// <param name="program">The program.</param>
    /// <param name="interfaceIndex">The interface, in the network namespace of the calling thread.</param>
    /// <param name="point">Where.</param>
    /// <param name="flags">XDP_FLAGS_* for XDP; 0 otherwise.</param>
    /// <returns>The link.</returns>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public static BpfLink Attach(BpfProgram program, int interfaceIndex, BpfAttachPoint point, BpfXdpMode flags = BpfXdpMode.Any)
    {
        ArgumentNullException.ThrowIfNull(program);
        BpfApi.Attribute attribute = default;
        attribute.Set32(0, (uint)program.Descriptor);
        attribute.Set32(4, (uint)interfaceIndex);
        attribute.Set32(8, (uint)point);
        attribute.Set32(12, (uint)flags);
        return new BpfLink(BpfObject.Open(BpfApi.BPF_LINK_CREATE, attribute, $"attach a program to interface {interfaceIndex}"));
    }

    /// <summary>Opens a pinned link.</summary>
    /// <param name="path">Its file.</param>
    /// <returns>The link.</returns>
    /// <exception cref="BpfException">There is none.</exception>
    public static BpfLink OpenPinned(string path) => new(BpfObject.OpenPinned(path));

    /// <summary>Lets the link live on under a name in a BPF file system.</summary>
    /// <param name="path">The name.</param>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public void Pin(string path) => BpfObject.Pin(_fd, path);

    /// <summary>Puts another program in place of the one it has; each packet meets one of the two.</summary>
    /// <param name="program">The new program.</param>
    /// <exception cref="BpfException">The kernel refused; the link may be detached (ENOLINK).</exception>
    public void Replace(BpfProgram program)
    {
        ArgumentNullException.ThrowIfNull(program);
        BpfApi.Attribute attribute = default;
        attribute.Set32(0, (uint)_fd.Number);
        attribute.Set32(4, (uint)program.Descriptor);
        BpfObject.Check(BpfApi.Invoke(BpfApi.BPF_LINK_UPDATE, ref attribute), "replace the program of a link");
    }

    /// <summary>Takes the program off the interface, also when other descriptors of the link remain.</summary>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public void Detach()
    {
        BpfApi.Attribute attribute = default;
        attribute.Set32(0, (uint)_fd.Number);
        BpfObject.Check(BpfApi.Invoke(BpfApi.BPF_LINK_DETACH, ref attribute), "detach a link");
    }

    /// <summary>Asks what it connects.</summary>
    /// <returns>Program and interface.</returns>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public BpfLinkInfo Read()
    {
        Span<byte> info = stackalloc byte[BpfObject.InfoBytes];
        BpfObject.ReadInfo(_fd, info, "read what a link connects");
        return new BpfLinkInfo(MemoryMarshal.Read<uint>(info[InfoProgram..]), MemoryMarshal.Read<int>(info[InfoInterface..]));
    }

    /// <inheritdoc />
    public void Dispose() => _fd.Dispose();
}
