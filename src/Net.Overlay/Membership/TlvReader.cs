using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Net.Overlay.Membership;

/// <summary>Reads the fields that <see cref="TlvWriter"/> writes, strictly: another order, a repetition or a byte too many is an error, so that no two byte strings
/// mean the same. The first problem stays and everything after it fails; callers ask once, at the end.</summary>
internal ref struct TlvReader(ReadOnlySpan<byte> data)
{
    private ReadOnlySpan<byte> _rest = data;
    private ReadOnlySpan<byte> _value;
    private int _tag;

    /// <summary>What is wrong, or null.</summary>
    public string? Problem { get; private set; }

    /// <summary>The tag of the field that was read last.</summary>
    public readonly byte Tag => (byte)_tag;

    /// <summary>The value of the field that was read last.</summary>
    public readonly ReadOnlySpan<byte> Value => _value;

    /// <summary>Reads the next field.</summary>
    /// <returns>False at the end or at a problem.</returns>
    public bool Next()
    {
        if (Problem is not null || _rest.IsEmpty)
        {
            return false;
        }

        if (_rest.Length < 3)
        {
            return Fail("it is cut off within a field");
        }

        int tag = _rest[0];
        int length = BinaryPrimitives.ReadUInt16BigEndian(_rest[1..]);
        if (_rest.Length - 3 < length)
        {
            return Fail($"field {tag} is cut off");
        }

        ReadOnlySpan<byte> value = _rest.Slice(3, length);
        if (tag < _tag || tag == 0)
        {
            return Fail($"field {tag} is out of order");
        }

        // The order of a tag's values also keeps a tag that stands once from standing twice: see Once.
        if (tag == _tag && TlvOrder.Compare(_value, value) >= 0)
        {
            return Fail($"the values of field {tag} are out of order");
        }

        IsRepeated = tag == _tag;
        _tag = tag;
        _value = value;
        _rest = _rest[(3 + length)..];
        return true;
    }

    /// <summary>Whether the field before had the same tag.</summary>
    public bool IsRepeated { get; private set; }

    /// <summary>Notes a problem.</summary>
    /// <returns>False.</returns>
    public bool Fail(string problem)
    {
        Problem ??= problem;
        return false;
    }

    /// <summary>The value of a field that stands once and has a length.</summary>
    public byte[] Once(int length)
    {
        if (IsRepeated)
        {
            Fail($"field {_tag} stands more than once");
        }
        else if (_value.Length != length)
        {
            Fail($"field {_tag} has {_value.Length} bytes, not {length}");
        }

        return Problem is null ? _value.ToArray() : new byte[length];
    }

    /// <summary>A number of eight bytes.</summary>
    public ulong Number() => BinaryPrimitives.ReadUInt64BigEndian(Once(sizeof(ulong)));

    /// <summary>A time as seconds since 1970, up to the year 9999.</summary>
    public DateTimeOffset Time()
    {
        ulong seconds = Number();
        if (seconds > (ulong)DateTimeOffset.MaxValue.ToUnixTimeSeconds())
        {
            Fail($"field {_tag} is a time after the year 9999");
            return default;
        }

        return DateTimeOffset.FromUnixTimeSeconds((long)seconds);
    }

    /// <summary>A label.</summary>
    public string Label()
    {
        if (Labels.TryRead(_value, out string? label))
        {
            return label;
        }

        Fail($"field {_tag} is no label of lower case letters, digits and hyphens");
        return string.Empty;
    }

    /// <summary>An IPv4 or IPv6 address.</summary>
    public IPAddress Address()
    {
        if (_value.Length is 4 or 16)
        {
            return new IPAddress(_value);
        }

        Fail($"field {_tag} is no address of 4 or 16 bytes");
        return IPAddress.None;
    }

    /// <summary>A prefix.</summary>
    public IPNetwork Prefix()
    {
        if (Prefixes.TryRead(_value, out IPNetwork prefix))
        {
            return prefix;
        }

        Fail($"field {_tag} is no prefix: a length and an address without host bits");
        return default;
    }

    /// <summary>Adds a value to a list with a limit.</summary>
    public void Add<T>(List<T> list, T value, int limit)
    {
        if (list.Count >= limit)
        {
            Fail($"field {_tag} stands more than {limit} times");
            return;
        }

        list.Add(value);
    }

    /// <summary>Whether everything was read without a problem.</summary>
    public readonly bool Succeeded([NotNullWhen(false)] out string? problem)
    {
        problem = Problem;
        return problem is null;
    }
}
