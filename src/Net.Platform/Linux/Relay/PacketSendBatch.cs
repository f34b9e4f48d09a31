using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Net.Platform.Linux.Interop;

namespace Net.Platform.Linux.Relay;

/// <summary>Messages on their way into one sendmmsg(2): structures of the kernel in native memory that is allocated once. Each message has a head of its own,
/// copied here, and parts that stay where they are until the batch is flushed.</summary>
[SupportedOSPlatform("linux")]
internal sealed unsafe class PacketSendBatch : IDisposable
{
    // A socket that takes nothing, not even the first message, is asked this often: a queue of the kernel empties within microseconds or not at all.
    private const int MaxAttempts = 3;

    private readonly int _messageCapacity;
    private readonly int _vectorCapacity;
    private readonly int _headBytes;
    private PacketApi.mmsghdr* _messages;
    private Libc.iovec* _vectors;
    private byte* _heads;
    private readonly Owner[] _owners;
    private readonly SendFailure[] _failures;
    private int _count;
    private int _vectorCount;

    /// <summary>Allocates the structures.</summary>
    /// <param name="messages">Messages per batch.</param>
    /// <param name="vectors">Parts per batch, the heads counted.</param>
    /// <param name="headBytes">Bytes of each message's head.</param>
    internal PacketSendBatch(int messages, int vectors, int headBytes)
    {
        _messageCapacity = messages;
        _vectorCapacity = vectors;
        _headBytes = headBytes;
        _messages = (PacketApi.mmsghdr*)NativeMemory.AllocZeroed((nuint)messages, (nuint)sizeof(PacketApi.mmsghdr));
        _vectors = (Libc.iovec*)NativeMemory.AllocZeroed((nuint)vectors, (nuint)sizeof(Libc.iovec));
        _heads = (byte*)NativeMemory.AllocZeroed((nuint)messages, (nuint)headBytes);
        _owners = new Owner[messages];
        _failures = new SendFailure[messages];
    }

    /// <summary>Messages that wait.</summary>
    internal int Count => _count;

    /// <summary>Whether a message of so many parts has room.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool HasRoom(int vectors) => _count < _messageCapacity && _vectorCount + vectors <= _vectorCapacity;

    /// <summary>Begins a message; the caller has asked for room.</summary>
    /// <returns>Its head's memory.</returns>
    internal byte* Begin()
    {
        ref Libc.msghdr header = ref _messages[_count].msg_hdr;
        header = default;
        header.msg_iov = _vectors + _vectorCount;
        return _heads + (_count * _headBytes);
    }

    /// <summary>Adds a part to the open message.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Add(byte* data, int length)
    {
        _vectors[_vectorCount] = new Libc.iovec { iov_base = data, iov_len = (nuint)length };
        _vectorCount++;
        _messages[_count].msg_hdr.msg_iovlen++;
    }

    /// <summary>Says where the open message goes.</summary>
    internal void Address(byte* name, int length)
    {
        _messages[_count].msg_hdr.msg_name = name;
        _messages[_count].msg_hdr.msg_namelen = (uint)length;
    }

    /// <summary>Gives the open message a control message.</summary>
    internal void Control(byte* control, int length)
    {
        _messages[_count].msg_hdr.msg_control = control;
        _messages[_count].msg_hdr.msg_controllen = (nuint)length;
    }

    /// <summary>Ends the open message.</summary>
    internal void End(int tag, int packets, int bytes)
    {
        _owners[_count] = new Owner(tag, packets, bytes);
        _count++;
    }

    /// <summary>Takes the open message back.</summary>
    internal void Cancel() => _vectorCount -= (int)_messages[_count].msg_hdr.msg_iovlen;

    /// <summary>Sends all messages and empties the batch.</summary>
    /// <param name="fd">The socket.</param>
    /// <returns>Those that were not sent, until the next flush.</returns>
    internal ReadOnlySpan<SendFailure> Flush(int fd)
    {
        int failed = 0;
        int attempts = 0;
        for (int sent = 0; sent < _count;)
        {
            int result = PacketApi.sendmmsg(fd, _messages + sent, (uint)(_count - sent), Libc.MSG_DONTWAIT | Libc.MSG_NOSIGNAL);
            if (result > 0)
            {
                sent += result;
                attempts = 0;
                continue;
            }

            int error = Marshal.GetLastPInvokeError();

            // ENETDOWN may be one the kernel noted when the interface went down and tells with the next call, though it is up again.
            if (error == Libc.EINTR || (error is Libc.EAGAIN or Libc.ENOBUFS or PacketApi.ENETDOWN && ++attempts < MaxAttempts))
            {
                continue;
            }

            attempts = MaxAttempts - 1;
            ref readonly Owner owner = ref _owners[sent];
            _failures[failed++] = new SendFailure(owner.Tag, owner.Packets, owner.Bytes, error);
            sent++;
        }

        _count = 0;
        _vectorCount = 0;
        return _failures.AsSpan(0, failed);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        NativeMemory.Free(_messages);
        NativeMemory.Free(_vectors);
        NativeMemory.Free(_heads);
        _messages = null;
        _vectors = null;
        _heads = null;
    }

    private readonly record struct Owner(int Tag, int Packets, int Bytes);
}
