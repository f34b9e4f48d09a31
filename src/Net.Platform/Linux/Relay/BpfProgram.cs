using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using Net.Platform.Linux.Interop;

namespace Net.Platform.Linux.Relay;

/// <summary>An eBPF program in the kernel. It owns its descriptor; the program lives as long as a descriptor, a link, a socket or a pinned file refers to it.</summary>
[SupportedOSPlatform("linux")]
public sealed unsafe class BpfProgram : IDisposable
{
    // What the verifier says of our longest program is a few hundred kilobytes at level 1.
    private const int LogBytes = 1 << 20;

    // Offsets in union bpf_attr: program load and test run.
    private const int LoadInstructions = 8;
    private const int LoadLicense = 16;
    private const int LoadLogLevel = 24;
    private const int LoadLogSize = 28;
    private const int LoadLog = 32;
    private const int LoadName = 48;
    private const int LoadAttachType = 68;
    private const int TestReturnValue = 4;
    private const int TestInputSize = 8;
    private const int TestOutputSize = 12;
    private const int TestInput = 16;
    private const int TestOutput = 24;
    private const int TestRepeat = 32;
    private const int TestDuration = 36;
    private const int TestContextSize = 40;
    private const int TestContext = 48;
    private const int TestFlags = 64;
    private const int TestBatchSize = 72;
    private readonly SafeDescriptor _fd;

    private BpfProgram(SafeDescriptor fd)
    {
        _fd = fd;
        Span<byte> info = stackalloc byte[BpfObject.InfoBytes];
        BpfObject.ReadInfo(fd, info, "read what a program is");
        Id = MemoryMarshal.Read<uint>(info[4..]);
        Tag = BinaryPrimitives.ReadUInt64BigEndian(info[8..]);
    }

    /// <summary>The kernel's number for it.</summary>
    public uint Id { get; }

    /// <summary>The kernel's hash of its instructions, which leaves out which maps they name.</summary>
    public ulong Tag { get; }

    /// <summary>The descriptor. This object keeps owning it.</summary>
    public int Descriptor => _fd.Number;

    /// <summary>Loads a program.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="instructions">Its instructions.</param>
    /// <param name="name">At most 15 letters, digits and underscores, for bpftool.</param>
    /// <returns>The program.</returns>
    /// <exception cref="BpfException">A capability is missing, the kernel has not what it needs, or the verifier refused it; then with the verifier's log.</exception>
    public static BpfProgram Load(BpfProgramKind kind, ReadOnlySpan<ulong> instructions, string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        fixed (ulong* code = instructions)
        fixed (byte* license = "GPL\0"u8)
        {
            BpfApi.Attribute attribute = default;
            attribute.Set32(0, (uint)kind & 0xff);
            attribute.Set32(4, (uint)instructions.Length);
            attribute.SetPointer(LoadInstructions, code);
            attribute.SetPointer(LoadLicense, license);
            attribute.SetName(LoadName, name);
            attribute.Set32(LoadAttachType, (uint)kind >> 8);
            int number = BpfApi.Invoke(BpfApi.BPF_PROG_LOAD, ref attribute);
            int error = Marshal.GetLastPInvokeError();
            if (number < 0)
            {
                throw new BpfException($"load the program {name}", error, error == Libc.EPERM ? "" : ReadLog(attribute));
            }

            var fd = new SafeDescriptor();
            Marshal.InitHandle(fd, number);
            return new BpfProgram(fd);
        }
    }

    /// <summary>Opens a pinned program.</summary>
    /// <param name="path">Its file.</param>
    /// <returns>The program.</returns>
    /// <exception cref="BpfException">There is none.</exception>
    public static BpfProgram OpenPinned(string path) => new(BpfObject.OpenPinned(path));

    /// <summary>Lets the program live on under a name in a BPF file system.</summary>
    /// <param name="path">The name.</param>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public void Pin(string path) => BpfObject.Pin(_fd, path);

    /// <summary>Runs the program on a packet in memory (BPF_PROG_TEST_RUN). Nothing is sent for a returned verdict, but copies a program sends on its own are.</summary>
    /// <param name="packet">The packet, from its Ethernet header on; at least 14 bytes.</param>
    /// <param name="output">Receives the packet as the program left it.</param>
    /// <param name="context">struct __sk_buff or struct xdp_md to begin with; empty for none.</param>
    /// <param name="repeat">How often; for measuring.</param>
    /// <returns>The verdict.</returns>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public BpfRunResult Run(ReadOnlySpan<byte> packet, Span<byte> output, ReadOnlySpan<byte> context = default, int repeat = 1)
    {
        fixed (byte* input = packet, result = output, contextData = context)
        {
            BpfApi.Attribute attribute = default;
            attribute.Set32(0, (uint)Descriptor);
            attribute.Set32(TestInputSize, (uint)packet.Length);
            attribute.Set32(TestOutputSize, (uint)output.Length);
            attribute.SetPointer(TestInput, input);
            attribute.SetPointer(TestOutput, result);
            attribute.Set32(TestRepeat, (uint)repeat);
            attribute.Set32(TestContextSize, (uint)context.Length);
            attribute.SetPointer(TestContext, contextData);
            BpfObject.Check(BpfApi.Invoke(BpfApi.BPF_PROG_TEST_RUN, ref attribute), "run a program on a packet");
            return new BpfRunResult(attribute.Get32(TestReturnValue), (int)attribute.Get32(TestOutputSize), (int)attribute.Get32(TestDuration));
        }
    }

    /// <summary>Runs an XDP program on frames that are real: what it redirects is sent (BPF_F_TEST_XDP_LIVE_FRAMES, Linux 5.18).</summary>
    internal bool RunLive(ReadOnlySpan<byte> frame, int repeat, int batch)
    {
        fixed (byte* input = frame)
        {
            BpfApi.Attribute attribute = default;
            attribute.Set32(0, (uint)Descriptor);
            attribute.Set32(TestInputSize, (uint)frame.Length);
            attribute.SetPointer(TestInput, input);
            attribute.Set32(TestRepeat, (uint)repeat);
            attribute.Set32(TestFlags, BpfApi.BPF_F_TEST_XDP_LIVE_FRAMES);
            attribute.Set32(TestBatchSize, (uint)batch);
            if (BpfApi.Invoke(BpfApi.BPF_PROG_TEST_RUN, ref attribute) >= 0)
            {
                return true;
            }

            // A signal, such as the runtime's own for collecting garbage, ends the run early.
            int error = Marshal.GetLastPInvokeError();
            return error == Libc.EINTR ? false : throw new BpfException("send live frames", error);
        }
    }

    /// <inheritdoc />
    public void Dispose() => _fd.Dispose();

    private static string ReadLog(BpfApi.Attribute attribute)
    {
        byte[] log = new byte[LogBytes];
        fixed (byte* data = log)
        {
            attribute.Set32(LoadLogLevel, 1);
            attribute.Set32(LoadLogSize, LogBytes);
            attribute.SetPointer(LoadLog, data);
            int number = BpfApi.Invoke(BpfApi.BPF_PROG_LOAD, ref attribute);
            if (number >= 0)
            {
                // It went well the second time; the caller reports the first failure.
                _ = Libc.close(number);
                return "";
            }
        }

        int length = Array.IndexOf(log, (byte)0);
        return Encoding.ASCII.GetString(log, 0, length < 0 ? log.Length : length);
    }
}
