using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using Net.Packets;
using Net.Platform.Linux.Interop;

namespace Net.Platform.Linux;

/// <summary>One raw ICMP socket and the probes under way on it. Sends from any thread; one thread drains.</summary>
[SupportedOSPlatform("linux")]
internal sealed unsafe class EchoSocket : IDisposable
{
    /// <summary>Random bytes at the start of the data that prove a reply ours.</summary>
    public const int CookieBytes = 16;

    private const int ReceiveBytes = 16 << 10;
    private const int MaximumPacketsPerTurn = 256;

    private readonly AddressFamily _family;
    private readonly string? _interfaceName;
    private readonly SafeDescriptor _fd;
    private readonly ushort _identifier = BitConverter.ToUInt16(KernelRandom.GetBytes(sizeof(ushort)));
    private readonly ConcurrentDictionary<ushort, Flight> _flights = new();
    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(ReceiveBytes, pinned: true);
    private readonly int _interfaceIndex;
    private int _sequence;

    public EchoSocket(AddressFamily family, string? interfaceName)
    {
        bool isV4 = family == AddressFamily.InterNetwork;
        _family = family;
        _interfaceName = interfaceName;
        _fd = Libc.socket(
            isV4 ? Libc.AF_INET : Libc.AF_INET6,
            Libc.SOCK_RAW | Libc.SOCK_CLOEXEC | Libc.SOCK_NONBLOCK,
            isV4 ? Libc.IPPROTO_ICMP : Libc.IPPROTO_ICMPV6);
        Check(_fd.IsInvalid ? -1 : 0, "open a raw socket (needs CAP_NET_RAW)");
        try
        {
            if (interfaceName is not null)
            {
                Bind(interfaceName);
                _interfaceIndex = FindInterface(interfaceName);
            }

            SetOption(Libc.SOL_SOCKET, Libc.SO_TIMESTAMPNS, 1);
            if (isV4)
            {
                AttachFilter();
            }
            else
            {
                SetOption(Libc.IPPROTO_IPV6, Libc.IPV6_RECVHOPLIMIT, 1);
                SetTypeFilter();
            }
        }
        catch
        {
            _fd.Dispose();
            throw;
        }
    }

    public SafeDescriptor Descriptor => _fd;

    /// <summary>Whether the interface's name now belongs to another interface or to none.</summary>
    public bool IsStale() => _interfaceName is not null && FindInterface(_interfaceName) != _interfaceIndex;

    /// <summary>Sends a probe. The flight has ended already when sending failed.</summary>
    public Flight Begin(EchoRequest request)
    {
        Flight? flight = null;
        for (int attempt = 0; attempt <= ushort.MaxValue && flight is null; attempt++)
        {
            ushort sequence = (ushort)Interlocked.Increment(ref _sequence);
            var candidate = new Flight(this, sequence);
            flight = _flights.TryAdd(sequence, candidate) ? candidate : null;
        }

        if (flight is null)
        {
            var full = new Flight(this, 0);
            full.Fail("all 65,536 sequence numbers are in flight");
            return full;
        }

        Send(flight, request);
        return flight;
    }

    /// <summary>Takes the packets that are waiting.</summary>
    public void Drain()
    {
        byte* control = stackalloc byte[256];
        var sender = default(Libc.sockaddr_in6);
        for (int i = 0; i < MaximumPacketsPerTurn; i++)
        {
            nint length;
            nuint controlLength;
            fixed (byte* data = _buffer)
            {
                var vector = new Libc.iovec { iov_base = data, iov_len = (nuint)_buffer.Length };
                var message = new Libc.msghdr
                {
                    msg_name = &sender,
                    msg_namelen = (uint)sizeof(Libc.sockaddr_in6),
                    msg_iov = &vector,
                    msg_iovlen = 1,
                    msg_control = control,
                    msg_controllen = 256,
                };
                length = Libc.recvmsg(_fd, &message, Libc.MSG_DONTWAIT);
                controlLength = message.msg_controllen;
            }

            if (length < 0)
            {
                // Nothing waits, or the interface went down; either way poll() tells when there is more.
                return;
            }

            Handle(_buffer.AsSpan(0, (int)length), ReadAddress(&sender), new ReadOnlySpan<byte>(control, (int)controlLength));
        }
    }

    public void Dispose()
    {
        _fd.Dispose();
        foreach (Flight flight in _flights.Values)
        {
            flight.Fail("the prober was closed");
        }
    }

    private static IPAddress ReadAddress(Libc.sockaddr_in6* address) => address->sin6_family == Libc.AF_INET6
        ? new IPAddress(new ReadOnlySpan<byte>(address->sin6_addr, 16))
        : new IPAddress(((Libc.sockaddr_in*)address)->sin_addr);

    private static long NowNanoseconds()
    {
        Libc.timespec now;
        _ = Libc.clock_gettime(Libc.CLOCK_REALTIME, &now);
        return (now.tv_sec * 1_000_000_000) + now.tv_nsec;
    }

    private static void Check(int result, string step)
    {
        if (result < 0)
        {
            throw new NetlinkException(step, Marshal.GetLastPInvokeError());
        }
    }

    private void Handle(ReadOnlySpan<byte> packet, IPAddress from, ReadOnlySpan<byte> control)
    {
        bool isV4 = _family == AddressFamily.InterNetwork;
        bool isKnown = isV4 ? IcmpEcho.TryReadV4(packet, out IcmpMessage message) : IcmpEcho.TryReadV6(packet, out message);
        if (!isKnown || message.Kind == IcmpKind.EchoRequest || message.Identifier != _identifier
            || !_flights.TryGetValue(message.Sequence, out Flight? flight))
        {
            return;
        }

        // Errors may quote as little as the ICMP header; what they do quote of the cookie must be right.
        ReadOnlySpan<byte> quoted = message.Payload[..Math.Min(CookieBytes, message.Payload.Length)];
        if ((!message.IsError && quoted.Length < CookieBytes) || !quoted.SequenceEqual(flight.Cookie.AsSpan(0, quoted.Length)))
        {
            return;
        }

        (long? stamp, int? hopLimit) = ReadControl(control);
        flight.Complete(new EchoReply
        {
            Outcome = message.Kind switch
            {
                IcmpKind.EchoReply => EchoOutcome.Reply,
                IcmpKind.TimeExceeded => EchoOutcome.TtlExceeded,
                _ => EchoOutcome.DestinationUnreachable,
            },
            RoundTripTime = flight.Elapsed(stamp),
            From = from,
            Ttl = isV4 ? IcmpEcho.GetTimeToLiveV4(packet) : hopLimit,
            Reason = message.IsError ? IcmpReasons.Describe(isV4, message.Kind, message.Type, message.Code) : null,
        });
    }

    private static (long? Nanoseconds, int? HopLimit) ReadControl(ReadOnlySpan<byte> control)
    {
        int headerBytes = sizeof(Libc.cmsghdr);
        long? stamp = null;
        int? hopLimit = null;
        while (control.Length >= headerBytes)
        {
            Libc.cmsghdr header = MemoryMarshal.Read<Libc.cmsghdr>(control);
            if (header.cmsg_len < (nuint)headerBytes || header.cmsg_len > (nuint)control.Length)
            {
                break;
            }

            ReadOnlySpan<byte> data = control[headerBytes..(int)header.cmsg_len];
            if (header.cmsg_level == Libc.SOL_SOCKET && header.cmsg_type == Libc.SCM_TIMESTAMPNS && data.Length >= sizeof(Libc.timespec))
            {
                Libc.timespec time = MemoryMarshal.Read<Libc.timespec>(data);
                stamp = (time.tv_sec * 1_000_000_000) + time.tv_nsec;
            }
            else if (header.cmsg_level == Libc.IPPROTO_IPV6 && header.cmsg_type == Libc.IPV6_HOPLIMIT && data.Length >= sizeof(int))
            {
                hopLimit = MemoryMarshal.Read<int>(data);
            }

            int next = ((int)header.cmsg_len + 7) & ~7;
            control = next < control.Length ? control[next..] : default;
        }

        return (stamp, hopLimit);
    }

    private void Send(Flight flight, EchoRequest request)
    {
        bool isV4 = _family == AddressFamily.InterNetwork;
        byte[] payload = new byte[request.PayloadBytes];
        flight.Cookie.CopyTo(payload, 0);
        byte[] packet = new byte[IcmpEcho.HeaderBytes + payload.Length];
        _ = isV4
            ? IcmpEcho.WriteRequestV4(packet, _identifier, flight.Sequence, payload)
            : IcmpEcho.WriteRequestV6(packet, _identifier, flight.Sequence, payload);

        // A control message of one int: header of 16 bytes, the value, padding to 8.
        const int controlBytes = 24;
        byte* control = stackalloc byte[controlBytes];
        new Span<byte>(control, controlBytes).Clear();
        if (request.HopLimit is int hopLimit)
        {
            *(Libc.cmsghdr*)control = new Libc.cmsghdr
            {
                cmsg_len = (nuint)(sizeof(Libc.cmsghdr) + sizeof(int)),
                cmsg_level = isV4 ? Libc.IPPROTO_IP : Libc.IPPROTO_IPV6,
                cmsg_type = isV4 ? Libc.IP_TTL : Libc.IPV6_HOPLIMIT,
            };
            *(int*)(control + sizeof(Libc.cmsghdr)) = hopLimit;
        }

        Libc.sockaddr_in6 address = default;
        uint addressLength = WriteAddress(&address, request.Destination);
        fixed (byte* data = packet)
        {
            var vector = new Libc.iovec { iov_base = data, iov_len = (nuint)packet.Length };
            var message = new Libc.msghdr
            {
                msg_name = &address,
                msg_namelen = addressLength,
                msg_iov = &vector,
                msg_iovlen = 1,
                msg_control = request.HopLimit is null ? null : control,
                msg_controllen = request.HopLimit is null ? 0 : (nuint)controlBytes,
            };
            flight.MarkSent(NowNanoseconds());
            if (Libc.sendmsg(_fd, &message, Libc.MSG_NOSIGNAL | Libc.MSG_DONTWAIT) < 0)
            {
                flight.Fail(Libc.Describe(Marshal.GetLastPInvokeError()));
            }
        }
    }

    private uint WriteAddress(Libc.sockaddr_in6* place, IPAddress destination)
    {
        if (_family == AddressFamily.InterNetwork)
        {
            var v4 = (Libc.sockaddr_in*)place;
            v4->sin_family = Libc.AF_INET;
            destination.TryWriteBytes(new Span<byte>(&v4->sin_addr, 4), out _);
            return (uint)sizeof(Libc.sockaddr_in);
        }

        place->sin6_family = Libc.AF_INET6;
        destination.TryWriteBytes(new Span<byte>(place->sin6_addr, 16), out _);
        place->sin6_scope_id = destination.IsIPv6LinkLocal ? (destination.ScopeId != 0 ? (uint)destination.ScopeId : (uint)_interfaceIndex) : 0;
        return (uint)sizeof(Libc.sockaddr_in6);
    }

    private void Bind(string interfaceName)
    {
        byte[] name = Encoding.UTF8.GetBytes(interfaceName);
        fixed (byte* bytes = name)
        {
            Check(Libc.setsockopt(_fd, Libc.SOL_SOCKET, Libc.SO_BINDTODEVICE, bytes, (uint)name.Length), $"bind to interface {interfaceName}");
        }
    }

    private int FindInterface(string interfaceName)
    {
        Libc.ifreq request = default;
        if (Encoding.UTF8.GetByteCount(interfaceName) >= RtnetlinkApi.IFNAMSIZ)
        {
            return 0;
        }

        Encoding.UTF8.GetBytes(interfaceName, new Span<byte>(request.ifr_name, RtnetlinkApi.IFNAMSIZ));
        return Libc.ioctl(_fd, Libc.SIOCGIFINDEX, &request) == 0 ? *(int*)&request.ifr_data : 0;
    }

    /// <summary>Lets the kernel drop everything but replies to our identifier and errors: each raw socket sees all ICMP of the host.</summary>
    private void AttachFilter()
    {
        const int accept = 8;
        const int drop = 9;
        ReadOnlySpan<Libc.sock_filter> program =
        [
            new() { code = Libc.BPF_LDX | Libc.BPF_B | Libc.BPF_MSH, k = 0 },                                  // x = length of the IP header
            new() { code = Libc.BPF_LD | Libc.BPF_B | Libc.BPF_IND, k = 0 },                                   // a = ICMP type
            Jump(index: 2, value: 0, whenEqual: 6, otherwise: 3),                                              // echo reply
            Jump(index: 3, value: 3, whenEqual: accept, otherwise: 4),                                         // destination unreachable
            Jump(index: 4, value: 11, whenEqual: accept, otherwise: 5),                                        // time exceeded
            Jump(index: 5, value: 12, whenEqual: accept, otherwise: drop),                                     // parameter problem
            new() { code = Libc.BPF_LD | Libc.BPF_H | Libc.BPF_IND, k = 4 },                                   // a = identifier
            Jump(index: 7, value: _identifier, whenEqual: accept, otherwise: drop),
            new() { code = Libc.BPF_RET | Libc.BPF_K, k = uint.MaxValue },
            new() { code = Libc.BPF_RET | Libc.BPF_K, k = 0 },
        ];
        fixed (Libc.sock_filter* first = program)
        {
            var filter = new Libc.sock_fprog { len = (ushort)program.Length, filter = first };
            Check(
                Libc.setsockopt(_fd, Libc.SOL_SOCKET, Libc.SO_ATTACH_FILTER, &filter, (uint)sizeof(Libc.sock_fprog)), "attach a filter to the ICMP socket");
        }

        static Libc.sock_filter Jump(int index, uint value, int whenEqual, int otherwise) => new()
        {
            code = Libc.BPF_JMP | Libc.BPF_JEQ | Libc.BPF_K,
            k = value,
            jt = (byte)(whenEqual - index - 1),
            jf = (byte)(otherwise - index - 1),
        };
    }

    private void SetTypeFilter()
    {
        // A set bit blocks its ICMPv6 type.
        Libc.icmp6_filter filter = default;
        new Span<uint>(filter.icmp6_filt, 8).Fill(uint.MaxValue);
        foreach (int type in (ReadOnlySpan<int>)[1, 2, 3, 4, 129])
        {
            filter.icmp6_filt[type >> 5] &= ~(1u << (type & 31));
        }

        Check(
            Libc.setsockopt(_fd, Libc.IPPROTO_ICMPV6, Libc.ICMP6_FILTER, &filter, (uint)sizeof(Libc.icmp6_filter)), "set the ICMPv6 filter");
    }

    private void SetOption(int level, int name, int value) =>
        Check(Libc.setsockopt(_fd, level, name, &value, sizeof(int)), $"set socket option {name}");

    /// <summary>A probe under way.</summary>
    internal sealed class Flight(EchoSocket socket, ushort sequence) : IDisposable
    {
        private readonly TaskCompletionSource<EchoReply> _reply = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private long _sentNanoseconds;
        private long _sentTimestamp;

        public ushort Sequence => sequence;

        public byte[] Cookie { get; } = KernelRandom.GetBytes(CookieBytes);

        public Task<EchoReply> Reply => _reply.Task;

        public void MarkSent(long nanoseconds)
        {
            _sentNanoseconds = nanoseconds;
            _sentTimestamp = Stopwatch.GetTimestamp();
        }

        /// <summary>Time since sending, up to the kernel's stamp where that is plausible (the wall clock may have been set meanwhile).</summary>
        public TimeSpan Elapsed(long? stampNanoseconds)
        {
            TimeSpan untilNow = Stopwatch.GetElapsedTime(_sentTimestamp);
            if (stampNanoseconds is not long stamp)
            {
                return untilNow;
            }

            var untilStamp = TimeSpan.FromTicks((stamp - _sentNanoseconds) / 100);
            return untilStamp > TimeSpan.Zero && untilStamp <= untilNow ? untilStamp : untilNow;
        }

        public void Complete(EchoReply reply) => _reply.TrySetResult(reply);

        public void TimeOut() => Complete(new EchoReply { Outcome = EchoOutcome.Timeout, Reason = "no answer in time" });

        public void Fail(string reason) => Complete(new EchoReply { Outcome = EchoOutcome.SendFailed, Reason = reason });

        public void Cancel(CancellationToken token) => _reply.TrySetCanceled(token);

        public void Dispose() => socket._flights.TryRemove(new KeyValuePair<ushort, Flight>(sequence, this));
    }
}
