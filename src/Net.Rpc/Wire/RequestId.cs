using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Net.Rpc.Wire;

/// <summary>The id of a request of the peer: a number, a string or null, echoed exactly as it came.</summary>
internal readonly struct RequestId : IEquatable<RequestId>
{
    // Small whole numbers need no text; everything else keeps the JSON it came as.
    private readonly long _number;
    private readonly string? _raw;
    private readonly string? _text;

    private RequestId(long number, string? raw, string? text)
    {
        _number = number;
        _raw = raw;
        _text = text;
    }

    public static RequestId Null { get; } = new(0, "null", null);

    public bool IsNull => _raw == "null" && _text is null;

    public static RequestId FromNumber(long number) => new(number, null, null);

    /// <summary>Reads the id the reader stands on.</summary>
    public static RequestId Read(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.Number:
                bool plain = reader.TryGetInt64(out long number);
                return plain && IsCanonical(number, reader.ValueSpan)
                    ? new RequestId(number, null, null)
                    : new RequestId(0, Encoding.UTF8.GetString(reader.ValueSpan), null);
            case JsonTokenType.String:
                return new RequestId(0, "\"" + Encoding.UTF8.GetString(reader.ValueSpan) + "\"", reader.GetString());
            case JsonTokenType.Null:
                return Null;
            default:
                throw new RpcProtocolException(RpcCloseReason.BadMessage, "An id or token is neither number nor string nor null.");
        }
    }

    /// <summary>The number, if the id is one this side could have sent.</summary>
    public bool TryGetNumber(out long number)
    {
        number = _number;
        return _raw is null;
    }

    public void Write(Utf8JsonWriter writer)
    {
        writer.WritePropertyName("id"u8);
        WriteValue(writer);
    }

    public void WriteValue(Utf8JsonWriter writer)
    {
        if (_raw is null)
        {
            writer.WriteNumberValue(_number);
        }
        else
        {
            writer.WriteRawValue(_raw, skipInputValidation: true);
        }
    }

    public bool Equals(RequestId other) =>
        _number == other._number && (_text is not null || other._text is not null ? _text == other._text : _raw == other._raw);

    public override bool Equals(object? obj) => obj is RequestId other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(_number, _text ?? _raw);

    public override string ToString() => _raw ?? _number.ToString(CultureInfo.InvariantCulture);

    private static bool IsCanonical(long number, ReadOnlySpan<byte> text)
    {
        Span<byte> canonical = stackalloc byte[20];
        return System.Buffers.Text.Utf8Formatter.TryFormat(number, canonical, out int length) && canonical[..length].SequenceEqual(text);
    }
}
