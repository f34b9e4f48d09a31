using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace Net.Overlay.Control;

/// <summary>Reads the body of a frame. The first problem stays; after it everything reads as zero, and the frame is dropped at the end.</summary>
internal ref struct BodyReader(ReadOnlySpan<byte> body)
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private ReadOnlySpan<byte> _rest = body;

    /// <summary>What is wrong, or null.</summary>
    public string? Problem { get; private set; }

    /// <summary>Whether something is wrong.</summary>
    public readonly bool IsFailed => Problem is not null;

    /// <summary>How many bytes are left.</summary>
    public readonly int Length => _rest.Length;

    /// <summary>Notes a problem.</summary>
    public void Fail(string problem)
    {
        Problem ??= problem;
        _rest = default;
    }

    /// <summary>Takes over the problem of a field, if it has one.</summary>
    public void Take(BodyReader field)
    {
        if (field.Problem is not null)
        {
            Fail(field.Problem);
        }
    }

    /// <summary>One byte.</summary>
    public byte Byte()
    {
        ReadOnlySpan<byte> bytes = Bytes(1);
        return bytes.IsEmpty ? (byte)0 : bytes[0];
    }

    /// <summary>A number of varying length.</summary>
    public ulong Number()
    {
        if (!VarInt.TryRead(_rest, out ulong value, out int length))
        {
            Fail("it is cut off within a number");
            return 0;
        }

        _rest = _rest[length..];
        return value;
    }

    /// <summary>A number of varying length that fits 31 bits.</summary>
    public int Int32()
    {
        ulong value = Number();
        if (value > int.MaxValue)
        {
            Fail("a number is out of range");
            return 0;
        }

        return (int)value;
    }

    /// <summary>A number of things with a limit.</summary>
    public int Count(int limit)
    {
        ulong value = Number();
        if (value > (ulong)limit)
        {
            Fail($"there are {value} entries, more than {limit}");
            return 0;
        }

        return (int)value;
    }

    /// <summary>A number of eight bytes.</summary>
    public ulong FixedNumber()
    {
        ReadOnlySpan<byte> bytes = Bytes(sizeof(ulong));
        return bytes.IsEmpty ? 0 : BinaryPrimitives.ReadUInt64BigEndian(bytes);
    }

    /// <summary>As many bytes as asked for; none at a problem. They are part of the body.</summary>
    public ReadOnlySpan<byte> Bytes(int count)
    {
        if (_rest.Length < count)
        {
            Fail("it is cut off");
            return default;
        }

        ReadOnlySpan<byte> bytes = _rest[..count];
        _rest = _rest[count..];
        return bytes;
    }

    /// <summary>Text with its length before it.</summary>
    public string Text(int limit)
    {
        int length = Count(limit);
        return Decode(Bytes(length));
    }

    /// <summary>All bytes that are left, in an array of their own.</summary>
    public byte[] Remaining(int limit)
    {
        if (_rest.Length > limit)
        {
            Fail($"it has {_rest.Length} bytes, more than {limit}");
        }

        byte[] bytes = _rest.ToArray();
        _rest = default;
        return bytes;
    }

    /// <summary>All bytes that are left, as text.</summary>
    public string RemainingText(int limit) => Decode(Remaining(limit));

    /// <summary>All bytes that are left, as an address.</summary>
    public IPAddress RemainingAddress()
    {
        byte[] bytes = Remaining(16);
        if (bytes.Length is 4 or 16)
        {
            return new IPAddress(bytes);
        }

        Fail("an address has neither 4 nor 16 bytes");
        return IPAddress.None;
    }

    /// <summary>A prefix.</summary>
    public IPNetwork Prefix()
    {
        byte family = Byte();
        byte bits = Byte();
        int size = family == 4 ? 4 : 16;
        if (family is not (4 or 6) || bits > size * 8)
        {
            Fail("a prefix has no such family or length");
            return default;
        }

        Span<byte> address = stackalloc byte[size];
        address.Clear();
        ReadOnlySpan<byte> bytes = Bytes((bits + 7) / 8);
        bytes.CopyTo(address);
        if (bits % 8 != 0 && !bytes.IsEmpty && (bytes[^1] & (0xff >> (bits % 8))) != 0)
        {
            Fail("a prefix has bits beyond its length");
        }

        return IsFailed ? default : new IPNetwork(new IPAddress(address), bits);
    }

    /// <summary>The next tagged field.</summary>
    /// <param name="tag">Its tag.</param>
    /// <param name="value">A reader of its value; give it to <see cref="Take"/> when done.</param>
    /// <returns>False at the end or at a problem.</returns>
    public bool NextField(out ulong tag, out BodyReader value)
    {
        tag = 0;
        value = default;
        if (IsFailed || _rest.IsEmpty)
        {
            return false;
        }

        tag = Number();
        int length = Count(_rest.Length);
        value = new BodyReader(Bytes(length));
        return !IsFailed;
    }

    private string Decode(ReadOnlySpan<byte> bytes)
    {
        try
        {
            string text = StrictUtf8.GetString(bytes);
            if (!text.AsSpan().ContainsAnyInRange('\0', '\u001f') && !text.Contains('\u007f', StringComparison.Ordinal))
            {
                return text;
            }

            // A peer's words end up in logs and on terminals.
            Fail("a text has control characters");
        }
        catch (DecoderFallbackException)
        {
            Fail("a text is not UTF-8");
        }

        return string.Empty;
    }
}
