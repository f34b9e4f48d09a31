using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Net.Platform.Linux.Interop;

namespace Net.Platform.Linux;

/// <summary>A netlink socket: requests with acknowledgements, dumps, and multicast events.
/// It belongs to the network namespace of the thread that makes it. One thread at a time may use it.</summary>
[SupportedOSPlatform("linux")]
public sealed unsafe class NetlinkSocket : IDisposable
{
    /// <summary>Enough for 10,000 events while the reader is busy.</summary>
    public const int DefaultReceiveBufferBytes = 4 << 20;

    // The kernel builds dump datagrams of up to 32 KiB; a multicast of a large transaction can be longer than that.
    private const int DatagramBytes = 128 << 10;

    // A request is answered inside send(); no answer within this time means that the kernel lost it.
    private const int AnswerTimeoutSeconds = 5;

    private const int HeaderBytes = 16;

    private readonly SafeDescriptor _fd;
    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(DatagramBytes, pinned: true);
    private uint _sequence;
    private bool _disposed;

    /// <summary>Opens a socket.</summary>
    /// <param name="family">Whom to talk to.</param>
    /// <param name="receiveBufferBytes">Size of the kernel's queue for us; beyond the system's limit only with CAP_NET_ADMIN.</param>
    public NetlinkSocket(NetlinkFamily family, int receiveBufferBytes = DefaultReceiveBufferBytes)
    {
        _fd = Libc.socket(Libc.AF_NETLINK, Libc.SOCK_RAW | Libc.SOCK_CLOEXEC, (int)family);
        if (_fd.IsInvalid)
        {
            throw new NetlinkException("open a netlink socket", Marshal.GetLastPInvokeError());
        }

        try
        {
            var address = new NetlinkApi.sockaddr_nl { nl_family = Libc.AF_NETLINK };
            Check(Libc.bind(_fd, &address, (uint)sizeof(NetlinkApi.sockaddr_nl)), "bind a netlink socket");
            if (TrySetOption(Libc.SOL_SOCKET, Libc.SO_RCVBUFFORCE, receiveBufferBytes) != 0)
            {
                TrySetOption(Libc.SOL_SOCKET, Libc.SO_RCVBUF, receiveBufferBytes);
            }

            // Both are comforts: an old kernel without them only says less when it refuses.
            TrySetOption(NetlinkApi.SOL_NETLINK, NetlinkApi.NETLINK_EXT_ACK, 1);
            TrySetOption(NetlinkApi.SOL_NETLINK, NetlinkApi.NETLINK_CAP_ACK, 1);
            var timeout = new Libc.timeval { tv_sec = AnswerTimeoutSeconds };
            Check(Libc.setsockopt(_fd, Libc.SOL_SOCKET, Libc.SO_RCVTIMEO, &timeout, (uint)sizeof(Libc.timeval)), "set the time-out of a netlink socket");
        }
        catch
        {
            _fd.Dispose();
            throw;
        }
    }

    internal SafeDescriptor Descriptor => _fd;

    /// <summary>Joins a multicast group.</summary>
    /// <param name="group">Its number (RTNLGRP_, NFNLGRP_).</param>
    public void Join(int group) =>
        Check(Libc.setsockopt(_fd, NetlinkApi.SOL_NETLINK, NetlinkApi.NETLINK_ADD_MEMBERSHIP, &group, sizeof(int)), $"join netlink group {group}");

    /// <summary>Leaves a multicast group. What was announced before can still be received.</summary>
    /// <param name="group">Its number.</param>
    public void Leave(int group) =>
        Check(Libc.setsockopt(_fd, NetlinkApi.SOL_NETLINK, NetlinkApi.NETLINK_DROP_MEMBERSHIP, &group, sizeof(int)), $"leave netlink group {group}");

    /// <summary>Sends one or more requests in one datagram and waits for every acknowledgement. The kernel carries out each on its own:
    /// those before and after a refused one take effect.</summary>
    /// <param name="requests">Messages made with <see cref="NetlinkWriter"/>; they are numbered in place and asked to be acknowledged.</param>
    /// <exception cref="NetlinkException">The first refusal.</exception>
    public void Request(Span<byte> requests)
    {
        uint first = _sequence + 1;
        int expected = Number(requests, NetlinkApi.NLM_F_REQUEST | NetlinkApi.NLM_F_ACK);
        Send(requests);

        NetlinkException? refusal = null;
        for (int received = 0; received < expected;)
        {
            NetlinkMessageReader reader = ReceiveAnswer();
            while (reader.TryRead(out NetlinkMessage message))
            {
                if (message.Type != NetlinkApi.NLMSG_ERROR || message.Sequence - first >= (uint)expected)
                {
                    continue;
                }

                received++;
                refusal ??= ToException(message, "netlink request");
            }
        }

        if (refusal is not null)
        {
            throw refusal;
        }
    }

    /// <summary>Asks for all objects of a kind. When the kernel says that they changed meanwhile, asks again.</summary>
    /// <typeparam name="T">What each message becomes.</typeparam>
    /// <param name="request">One message made with <see cref="NetlinkWriter"/>.</param>
    /// <param name="parser">Makes objects of messages; a message it throws <see cref="NetlinkException"/> at is skipped.</param>
    /// <param name="mustBeConsistent">Whether to fail when the objects change faster than they can be read; else the last answer is taken.</param>
    /// <returns>The objects in the kernel's order.</returns>
    public List<T> Dump<T>(Span<byte> request, NetlinkParser<T> parser, bool mustBeConsistent = false)
    {
        ArgumentNullException.ThrowIfNull(parser);
        const int attempts = 10;
        var items = new List<T>();
        for (int attempt = 1; attempt <= attempts; attempt++)
        {
            items.Clear();
            if (TryDump(request, parser, items))
            {
                return items;
            }
        }

        return mustBeConsistent ? throw new NetlinkException($"the kernel's objects changed during each of {attempts} dumps", Libc.EINTR) : items;
    }

    /// <summary>Asks one question that is answered by messages before its acknowledgement.</summary>
    /// <typeparam name="T">What each message becomes.</typeparam>
    /// <param name="request">One message made with <see cref="NetlinkWriter"/>.</param>
    /// <param name="parser">Makes objects of messages; a message it throws <see cref="NetlinkException"/> at is skipped.</param>
    /// <returns>The objects in the kernel's order.</returns>
    public List<T> Query<T>(Span<byte> request, NetlinkParser<T> parser)
    {
        ArgumentNullException.ThrowIfNull(parser);
        Number(request, NetlinkApi.NLM_F_REQUEST | NetlinkApi.NLM_F_ACK);
        Send(request);
        var items = new List<T>();
        while (true)
        {
            NetlinkMessageReader reader = ReceiveAnswer();
            while (reader.TryRead(out NetlinkMessage message))
            {
                if (message.Sequence != _sequence)
                {
                    continue;
                }

                if (message.Type == NetlinkApi.NLMSG_ERROR)
                {
                    return ToException(message, "netlink query") is { } refusal ? throw refusal : items;
                }

                TryAdd(message, parser, items);
            }
        }
    }

    /// <summary>Takes a datagram of events without waiting.</summary>
    /// <param name="messages">Its messages; valid until the next call.</param>
    /// <returns>What came.</returns>
    public NetlinkReceiveStatus Receive(out NetlinkMessageReader messages)
    {
        messages = default;
        while (true)
        {
            int length = ReceiveDatagram(Libc.MSG_DONTWAIT, out int error);
            if (length >= 0)
            {
                messages = new NetlinkMessageReader(_buffer.AsSpan(0, length));
                return NetlinkReceiveStatus.Data;
            }

            switch (error)
            {
                case Libc.EAGAIN:
                    return NetlinkReceiveStatus.Empty;
                case Libc.ENOBUFS or Libc.EMSGSIZE:
                    return NetlinkReceiveStatus.Overrun;
                case Libc.EINTR:
                    break;
                default:
                    throw new NetlinkException("receive netlink events", error);
            }
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _disposed = true;
        _fd.Dispose();
    }

    internal static NetlinkException? ToException(in NetlinkMessage message, string step)
    {
        if (message.Payload.Length < sizeof(int))
        {
            return new NetlinkException($"{step}: the acknowledgement is too short");
        }

        int error = MemoryMarshal.Read<int>(message.Payload);
        if (error >= 0)
        {
            return null;
        }

        // An errno outside the kernel's range would be nonsense; negating int.MinValue would overflow.
        int number = error < -4095 ? Libc.EPROTO : -error;
        return new NetlinkException(step, number, ReadKernelMessage(message));
    }

    private static string? ReadKernelMessage(in NetlinkMessage message)
    {
        if ((message.Flags & NetlinkApi.NLM_F_ACK_TLVS) == 0)
        {
            return null;
        }

        // Behind the errno of an NLMSG_ERROR comes the request, or only its header when capped; NLMSG_DONE has the errno alone.
        int start = sizeof(int);
        if (message.Type == NetlinkApi.NLMSG_ERROR)
        {
            if (message.Payload.Length < start + HeaderBytes)
            {
                return null;
            }

            uint length = (message.Flags & NetlinkApi.NLM_F_CAPPED) != 0 ? HeaderBytes : MemoryMarshal.Read<uint>(message.Payload[start..]);
            if (length > message.Payload.Length)
            {
                return null;
            }

            start += NetlinkWriter.Align((int)length);
        }

        if (start >= message.Payload.Length)
        {
            return null;
        }

        return new NetlinkReader(message.Payload[start..]).TryFind(NetlinkApi.NLMSGERR_ATTR_MSG, out NetlinkAttribute text) ? text.Text : null;
    }

    private bool TryDump<T>(Span<byte> request, NetlinkParser<T> parser, List<T> items)
    {
        Number(request, NetlinkApi.NLM_F_REQUEST | NetlinkApi.NLM_F_DUMP);
        Send(request);
        bool isConsistent = true;
        while (true)
        {
            NetlinkMessageReader reader = ReceiveAnswer();
            while (reader.TryRead(out NetlinkMessage message))
            {
                if (message.Sequence != _sequence)
                {
                    continue;
                }

                isConsistent &= (message.Flags & NetlinkApi.NLM_F_DUMP_INTR) == 0;
                switch (message.Type)
                {
                    case NetlinkApi.NLMSG_DONE:
                        // An errno may stand in it; a kernel older than that field sends none.
                        NetlinkException? failure = message.Payload.Length < sizeof(int) ? null : ToException(message, "netlink dump");
                        return failure is null
                            ? isConsistent
                            : failure.ErrorNumber == Libc.EINTR ? false : throw failure;
                    case NetlinkApi.NLMSG_ERROR:
                        NetlinkException? refusal = ToException(message, "netlink dump");
                        if (refusal is null)
                        {
                            return isConsistent;
                        }

                        if (refusal.ErrorNumber is Libc.EINTR or Libc.EBUSY)
                        {
                            return false;
                        }

                        throw refusal;
                    case NetlinkApi.NLMSG_NOOP or NetlinkApi.NLMSG_OVERRUN:
                        break;
                    default:
                        TryAdd(message, parser, items);
                        break;
                }
            }
        }
    }

    private static void TryAdd<T>(in NetlinkMessage message, NetlinkParser<T> parser, List<T> items)
    {
        try
        {
            if (parser(message, out T item))
            {
                items.Add(item);
            }
        }
        catch (NetlinkException)
        {
            // One message that makes no sense must not hide the others.
        }
    }

    private int Number(Span<byte> requests, int flags)
    {
        int count = 0;
        for (Span<byte> rest = requests; rest.Length >= HeaderBytes; count++)
        {
            uint length = MemoryMarshal.Read<uint>(rest);
            if (length < HeaderBytes || length > rest.Length)
            {
                throw new NetlinkException("a netlink request was not ended");
            }

            MemoryMarshal.Write(rest[6..], (ushort)(MemoryMarshal.Read<ushort>(rest[6..]) | flags));
            MemoryMarshal.Write(rest[8..], ++_sequence);
            rest = rest[Math.Min(rest.Length, NetlinkWriter.Align((int)length))..];
        }

        return count;
    }

    private void Send(ReadOnlySpan<byte> requests)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var kernel = new NetlinkApi.sockaddr_nl { nl_family = Libc.AF_NETLINK };
        fixed (byte* data = requests)
        {
            while (Libc.sendto(_fd, data, (nuint)requests.Length, 0, &kernel, (uint)sizeof(NetlinkApi.sockaddr_nl)) < 0)
            {
                int error = Marshal.GetLastPInvokeError();
                if (error != Libc.EINTR)
                {
                    throw new NetlinkException("send a netlink request", error);
                }
            }
        }
    }

    private NetlinkMessageReader ReceiveAnswer()
    {
        while (true)
        {
            int length = ReceiveDatagram(0, out int error);
            if (length >= 0)
            {
                return new NetlinkMessageReader(_buffer.AsSpan(0, length));
            }

            if (error != Libc.EINTR)
            {
                throw new NetlinkException("receive a netlink answer", error);
            }
        }
    }

    private int ReceiveDatagram(int flags, out int error)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        while (true)
        {
            var sender = default(NetlinkApi.sockaddr_nl);
            uint senderLength = (uint)sizeof(NetlinkApi.sockaddr_nl);
            nint length;
            fixed (byte* data = _buffer)
            {
                length = Libc.recvfrom(_fd, data, (nuint)_buffer.Length, flags | Libc.MSG_TRUNC, &sender, &senderLength);
            }

            error = length < 0 ? Marshal.GetLastPInvokeError() : 0;
            if (length < 0)
            {
                return -1;
            }

            // Another process can send to our port; only the kernel (port 0) is believed.
            if (sender.nl_pid != 0)
            {
                continue;
            }

            if (length > _buffer.Length)
            {
                error = Libc.EMSGSIZE;
                return -1;
            }

            return (int)length;
        }
    }

    private int TrySetOption(int level, int name, int value) =>
        Libc.setsockopt(_fd, level, name, &value, sizeof(int)) < 0 ? Marshal.GetLastPInvokeError() : 0;

    private static void Check(int result, string step)
    {
        if (result < 0)
        {
            throw new NetlinkException(step, Marshal.GetLastPInvokeError());
        }
    }
}
