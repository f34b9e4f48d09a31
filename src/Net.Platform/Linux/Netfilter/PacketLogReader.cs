using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Threading.Channels;
using Net.Platform.Linux.Interop;
using static Net.Platform.Linux.Interop.NftablesApi;
using static Net.Platform.Linux.Interop.PacketLogApi;

namespace Net.Platform.Linux.Netfilter;

/// <summary>The packet log through nfnetlink_log, in the network namespace of the thread that makes it. Needs CAP_NET_ADMIN.</summary>
[SupportedOSPlatform("linux")]
public sealed class PacketLogReader : IPacketLogReader, INetlinkEventSink
{
    // What surrounds the copied bytes of a packet in its message: headers, a prefix of usual length, all attributes.
    private const int MessageOverheadBytes = 256;

    // Limits the kernel puts on its buffer (NFULNL_NLBUFSIZ_MAX, net/netfilter/nfnetlink_log.c).
    private const int MaxBatchBytes = 128 << 10;

    private readonly PacketLogOptions _options;
    private readonly Channel<LoggedPacket> _packets;
    private readonly NetlinkEventLoop _loop;
    private long _received;
    private long _dropped;
    private long _lost;
    private long _damaged;
    private uint _nextSequence;
    private uint _overrunsNotNumbered;

    /// <summary>Takes the group and starts to receive.</summary>
    /// <param name="options">How; null for the defaults.</param>
    /// <exception cref="NetlinkException">The group is held by another program, the kernel has no packet log, or CAP_NET_ADMIN is missing.</exception>
    public PacketLogReader(PacketLogOptions? options = null)
    {
        _options = options ?? new PacketLogOptions();
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(_options.Capacity, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(_options.QueueThreshold, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(_options.CopyBytes, nameof(options));
        _packets = Channel.CreateBounded<LoggedPacket>(
            new BoundedChannelOptions(_options.Capacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleWriter = true },
            _ => Interlocked.Increment(ref _dropped));
        var socket = new NetlinkSocket(NetlinkFamily.Netfilter, _options.ReceiveBufferBytes);
        try
        {
            Bind(socket);
            _loop = new NetlinkEventLoop(socket, this, "packet log");
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <inheritdoc />
    public ChannelReader<LoggedPacket> Packets => _packets.Reader;

    /// <inheritdoc />
    public long Received => Interlocked.Read(ref _received);

    /// <inheritdoc />
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <inheritdoc />
    public long Lost => Interlocked.Read(ref _lost);

    /// <inheritdoc />
    public long Damaged => Interlocked.Read(ref _damaged);

    /// <inheritdoc />
    public void Dispose() => _loop.Dispose();

    void INetlinkEventSink.Take(in NetlinkMessage message)
    {
        if (!PacketLogParser.IsPacket(message))
        {
            return;
        }

        if (!PacketLogParser.TryParse(message, _options.TimeProvider.GetUtcNow(), _options.CopyBytes, out LoggedPacket packet, out uint? sequence))
        {
            Interlocked.Increment(ref _damaged);
            return;
        }

        CountHole(sequence);
        Interlocked.Increment(ref _received);
        _packets.Writer.TryWrite(packet);
    }

    void INetlinkEventSink.TakeDamaged() => Interlocked.Increment(ref _damaged);

    void INetlinkEventSink.TakeOverrun()
    {
        // The hole in the numbers of the next packet says how many there were; until then it was one at least.
        _overrunsNotNumbered++;
        Interlocked.Increment(ref _lost);
    }

    void INetlinkEventSink.Complete() => _packets.Writer.TryComplete();

    private void CountHole(uint? sequence)
    {
        if (sequence is not { } number)
        {
            return;
        }

        uint hole = number - _nextSequence;

        // A number before the expected one: the kernel began anew.
        if (hole is > 0 and < int.MaxValue)
        {
            Interlocked.Add(ref _lost, hole - Math.Min(hole, _overrunsNotNumbered));
        }

        _overrunsNotNumbered = 0;
        _nextSequence = number + 1;
    }

    private void Bind(NetlinkSocket socket)
    {
        var mode = new nfulnl_msg_config_mode { copy_range = BigEndian((uint)_options.CopyBytes), copy_mode = NFULNL_COPY_PACKET };
        int batchBytes = Math.Clamp(_options.QueueThreshold * (_options.CopyBytes + MessageOverheadBytes), Environment.SystemPageSize, MaxBatchBytes);
        uint hundredths = (uint)Math.Clamp(_options.FlushInterval.TotalMilliseconds / 10, 1, 6000);
        var writer = new NetlinkWriter(stackalloc byte[256]);
        writer.Begin((NFNL_SUBSYS_ULOG << 8) | NFULNL_MSG_CONFIG, 0);
        ushort group = BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(_options.Group) : _options.Group;
        writer.Header(new nfgenmsg { nfgen_family = Libc.AF_UNSPEC, version = NFNETLINK_V0, res_id = group });
        writer.Attribute(NFULA_CFG_CMD, NFULNL_CFG_CMD_BIND);
        writer.Attribute(NFULA_CFG_MODE, MemoryMarshal.AsBytes(new ReadOnlySpan<nfulnl_msg_config_mode>(in mode)));
        writer.AttributeBigEndian(NFULA_CFG_NLBUFSIZ, (uint)batchBytes);
        writer.AttributeBigEndian(NFULA_CFG_TIMEOUT, hundredths);
        writer.AttributeBigEndian(NFULA_CFG_QTHRESH, (uint)_options.QueueThreshold);
        ConntrackRequests.WriteUInt16(ref writer, NFULA_CFG_FLAGS, NFULNL_CFG_F_SEQ);
        writer.End();
        try
        {
            socket.Request(writer.Written);
        }
        catch (NetlinkException exception)
        {
            throw new NetlinkException(
                exception.ErrorNumber is Libc.EBUSY or Libc.EPERM
                    ? $"log group {_options.Group} is held by another program, or CAP_NET_ADMIN is missing: {exception.Message}"
                    : $"log group {_options.Group} cannot be taken; the kernel may have no packet log (module nfnetlink_log): {exception.Message}",
                exception);
        }
    }

    private static uint BigEndian(uint value) => BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value;
}
