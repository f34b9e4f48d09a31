using System.Diagnostics.CodeAnalysis;
using System.Net;
using Net.Overlay.Membership;

namespace Net.Overlay.Control;

/// <summary>Reads the control stream as it comes, in pieces of any size. It holds at most one frame of what its type allows; frames of an even type that is not known
/// are skipped without being held. After a failure it stays failed. Not thread-safe.</summary>
public sealed class ControlReader
{
    private const int HeadBytes = 2 * VarInt.MaxBytes;
    private const int FirstBytes = 256;

    private byte[] _buffer = [];
    private int _start;
    private int _end;
    private int _toSkip;

    /// <summary>Why reading failed.</summary>
    public ControlErrorCode ErrorCode { get; private set; }

    /// <summary>Why reading failed, as a sentence, or null.</summary>
    public string? ErrorText { get; private set; }

    /// <summary>How many frames were skipped because their type is not known.</summary>
    public long Skipped { get; private set; }

    /// <summary>How many bytes wait for the rest of their frame.</summary>
    public int PendingBytes => _end - _start;

    /// <summary>Adds bytes of the stream. Take all messages out before adding more: what is held is bounded by one frame and one addition.</summary>
    public void Append(ReadOnlySpan<byte> data)
    {
        int skipped = Math.Min(_toSkip, data.Length);
        _toSkip -= skipped;
        data = data[skipped..];
        if (data.IsEmpty || ErrorText is not null)
        {
            return;
        }

        int pending = _end - _start;
        if (_buffer.Length - _end < data.Length)
        {
            byte[] target = _buffer.Length - pending >= data.Length ? _buffer : new byte[Math.Max(FirstBytes, Math.Max(pending + data.Length, Math.Min(_buffer.Length * 2, 1 << 20)))];
            _buffer.AsSpan(_start, pending).CopyTo(target);
            _buffer = target;
            _start = 0;
            _end = pending;
        }

        data.CopyTo(_buffer.AsSpan(_end));
        _end += data.Length;
    }

    /// <summary>Reads the next message.</summary>
    /// <param name="message">The message.</param>
    public ControlReadResult TryRead(out ControlMessage? message)
    {
        message = null;
        while (ErrorText is null)
        {
            ReadOnlySpan<byte> pending = _buffer.AsSpan(_start, _end - _start);
            if (pending.IsEmpty)
            {
                Release();
                return ControlReadResult.NeedMore;
            }

            if (!VarInt.TryRead(pending, out ulong type, out int typeBytes) || !VarInt.TryRead(pending[typeBytes..], out ulong length, out int lengthBytes))
            {
                return ControlReadResult.NeedMore;
            }

            bool isKnown = type is >= (ulong)ControlFrameType.Hello and <= (ulong)ControlFrameType.Goodbye;
            if (!isKnown && (type & 1) != 0)
            {
                Fail(ControlErrorCode.UnknownCriticalFrame, $"frame type {type} must be understood and is not known to version {Hello.CurrentVersion}");
                break;
            }

            int limit = isKnown ? ControlLimits.MaxBytesOf((ControlFrameType)type) : ControlLimits.MaxSkippedBytes;
            if (length > (ulong)limit)
            {
                Fail(ControlErrorCode.LimitExceeded, $"a frame of type {type} has {length} bytes, more than {limit}");
                break;
            }

            int head = typeBytes + lengthBytes;
            int here = Math.Min((int)length, pending.Length - head);
            if (!isKnown)
            {
                _start += head + here;
                _toSkip = (int)length - here;
                Skipped++;
                continue;
            }

            if (here < (int)length)
            {
                return ControlReadResult.NeedMore;
            }

            _start += head + here;
            if (!TryParse((ControlFrameType)type, pending.Slice(head, here), out message, out string? problem))
            {
                Fail(ControlErrorCode.ProtocolViolation, $"a frame of type {(ControlFrameType)type} cannot be read: {problem}");
                break;
            }

            return ControlReadResult.Message;
        }

        return ControlReadResult.Failed;
    }

    /// <summary>Reads one body.</summary>
    internal static bool TryParse(ControlFrameType type, ReadOnlySpan<byte> body, [NotNullWhen(true)] out ControlMessage? message, [NotNullWhen(false)] out string? problem)
    {
        var reader = new BodyReader(body);
        message = type switch
        {
            ControlFrameType.Hello => Hello.Read(ref reader),
            ControlFrameType.HelloRefused => new HelloRefused(Code(ref reader), reader.Text(ControlLimits.MaxReasonBytes)),
            ControlFrameType.KeepAlive => new KeepAlive(reader.Number(), reader.Byte() != 0),
            ControlFrameType.PathMtu => new PathMtu(reader.Count(ushort.MaxValue)),
            ControlFrameType.Routes => Routes.Read(ref reader),
            ControlFrameType.PolicyHash => new PolicyHash(reader.FixedNumber()),
            ControlFrameType.RevocationUpdate => new RevocationUpdate(reader.Remaining(ControlLimits.MaxRevocationBytes)),
            ControlFrameType.JoinRequest => ReadJoinRequest(ref reader),
            ControlFrameType.JoinReply => ReadJoinReply(ref reader),
            ControlFrameType.PathChanged => ReadPathChanged(ref reader),
            ControlFrameType.RenewConnection => new RenewConnection(reader.Text(ControlLimits.MaxReasonBytes)),
            ControlFrameType.Error => new ErrorMessage(Code(ref reader), reader.Text(ControlLimits.MaxReasonBytes)),
            ControlFrameType.Goodbye => new Goodbye(Code(ref reader), reader.Text(ControlLimits.MaxReasonBytes)),
            _ => null,
        };

        // What a later version adds at the end of a known body is not ours to judge.
        problem = reader.Problem;
        if (problem is null && message is not null)
        {
            return true;
        }

        message = null;
        problem ??= "it is not known";
        return false;
    }

    private static ControlErrorCode Code(ref BodyReader reader)
    {
        ulong code = reader.Number();
        return code <= (ulong)ControlErrorCode.Busy ? (ControlErrorCode)code : ControlErrorCode.Unspecified;
    }

    private static JoinRequestMessage ReadJoinRequest(ref BodyReader reader)
    {
        ulong id = reader.FixedNumber();
        byte[] proof = reader.Bytes(JoinProof.Bytes).ToArray();
        string name = reader.Text(Labels.MaxCharacters);
        if (!Labels.IsLabel(name))
        {
            reader.Fail("the name asked for is no label");
        }

        return new JoinRequestMessage(new JoinRequest(id, name, proof));
    }

    private static JoinReply ReadJoinReply(ref BodyReader reader)
    {
        var status = (JoinStatus)reader.Byte();
        string reason = reader.Text(ControlLimits.MaxReasonBytes);
        byte[] certificate = reader.Remaining(MembershipCertificate.MaxBytes);
        if (status > JoinStatus.Refused || (status == JoinStatus.Granted) != (certificate.Length > 0))
        {
            reader.Fail("its status and its certificate do not go together");
        }

        return new JoinReply(status, certificate, reason);
    }

    private static PathChanged ReadPathChanged(ref BodyReader reader)
    {
        int port = reader.Count(ushort.MaxValue);
        return new PathChanged(new IPEndPoint(reader.RemainingAddress(), port));
    }

    private void Fail(ControlErrorCode code, string text)
    {
        ErrorCode = code;
        ErrorText = text;
        _buffer = [];
        _start = 0;
        _end = 0;
    }

    // One large frame must not hold its memory for the rest of a connection's life.
    private void Release()
    {
        _start = 0;
        _end = 0;
        if (_buffer.Length > HeadBytes + 4096)
        {
            _buffer = [];
        }
    }
}
