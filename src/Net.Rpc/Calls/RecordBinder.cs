using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Net.Rpc.Wire;

namespace Net.Rpc.Calls;

/// <summary>
/// Binds the params to one request object: named arguments are its members, positional ones its members in the order of
/// declaration. A request type that is no object takes exactly one positional argument.
/// </summary>
internal sealed class RecordBinder<TRequest> : ArgumentBinder<TRequest>
{
    private readonly JsonTypeInfo<TRequest> _info;
    private readonly byte[][] _names;
    private readonly bool[] _required;
    private readonly bool _takesAnyName;

    public RecordBinder(JsonTypeInfo<TRequest> info)
    {
        _info = info;
        JsonPropertyInfo[] members = info.Kind == JsonTypeInfoKind.Object
            ? [.. info.Properties.Where(member => !member.IsExtensionData && (member.Set is not null || member.AssociatedParameter is not null))]
            : [];
        _names = [.. members.Select(member => System.Text.Encoding.UTF8.GetBytes(member.Name))];
        _required = [.. members.Select(IsRequired)];
        _takesAnyName = info.Kind == JsonTypeInfoKind.Dictionary ||
            (info.Kind == JsonTypeInfoKind.Object && info.Properties.Any(member => member.IsExtensionData));
    }

    public override TRequest Bind(ReadOnlySpan<byte> arguments, RpcConnection connection) => Bind(arguments, null, out _);

    /// <summary>Binds all arguments but one of the given name, which is handed out as it came.</summary>
    public TRequest Bind(ReadOnlySpan<byte> arguments, byte[]? extraName, out ReadOnlySpan<byte> extra)
    {
        extra = default;
        if (typeof(TRequest) == typeof(RpcNothing))
        {
            return BindNothing(arguments, extraName, ref extra);
        }

        if (KindOf(arguments) == JsonTokenType.StartObject)
        {
            if (_info.Kind is not (JsonTypeInfoKind.Object or JsonTypeInfoKind.Dictionary))
            {
                throw Invalid("The method takes one argument by position, not by name.");
            }

            bool isWhole = CheckNames(arguments, extraName, ref extra);
            return isWhole ? Deserialize(arguments) : DeserializeWithout(arguments, extraName!);
        }

        return _info.Kind == JsonTypeInfoKind.Object ? BindPositional(arguments, extraName, ref extra) : BindSingle(arguments);
    }

    private static bool IsRequired(JsonPropertyInfo member) =>
        member.IsRequired || member.AssociatedParameter is { HasDefaultValue: false, IsNullable: false };

    private TRequest BindNothing(ReadOnlySpan<byte> arguments, byte[]? extraName, ref ReadOnlySpan<byte> extra)
    {
        if (KindOf(arguments) == JsonTokenType.StartObject)
        {
            CheckNames(arguments, extraName, ref extra);
        }
        else if (!IsAbsent(arguments) && arguments[1..].TrimStart(" \t\r\n"u8)[0] != ']')
        {
            throw TooMany(0);
        }

        return (TRequest)(object)RpcNothing.Value;
    }

    private bool CheckNames(ReadOnlySpan<byte> arguments, byte[]? extraName, ref ReadOnlySpan<byte> extra)
    {
        bool isWhole = true;
        Span<bool> seen = _names.Length <= 256 ? stackalloc bool[_names.Length] : new bool[_names.Length];
        var reader = new Utf8JsonReader(arguments);
        reader.Read();
        int expected = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (extraName is not null && reader.ValueTextEquals(extraName))
            {
                reader.Read();
                int start = (int)reader.TokenStartIndex;
                reader.Skip();
                extra = arguments[start..(int)reader.BytesConsumed];
                isWhole = false;
                continue;
            }

            int index = Find(ref reader, expected);
            if (index >= 0)
            {
                seen[index] = true;
                expected = index + 1;
            }
            else if (!_takesAnyName && !reader.ValueSpan.StartsWith("$"u8))
            {
                throw Unknown(reader.GetString()!);
            }

            reader.Read();
            reader.Skip();
        }

        for (int i = 0; i < seen.Length; i++)
        {
            if (_required[i] && !seen[i])
            {
                throw Missing(System.Text.Encoding.UTF8.GetString(_names[i]));
            }
        }

        return isWhole;
    }

    private int Find(ref Utf8JsonReader reader, int expected)
    {
        // Senders keep the order of declaration, so the next name is nearly always the expected one.
        if (expected < _names.Length && reader.ValueTextEquals(_names[expected]))
        {
            return expected;
        }

        for (int i = 0; i < _names.Length; i++)
        {
            if (reader.ValueTextEquals(_names[i]))
            {
                return i;
            }
        }

        return -1;
    }

    private TRequest BindPositional(ReadOnlySpan<byte> arguments, byte[]? extraName, ref ReadOnlySpan<byte> extra)
    {
        using MessageWriter writer = MessageWriter.Rent();
        writer.Json.WriteStartObject();
        int count = 0;
        if (!IsAbsent(arguments))
        {
            var reader = new Utf8JsonReader(arguments);
            reader.Read();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                int start = (int)reader.TokenStartIndex;
                reader.Skip();
                ReadOnlySpan<byte> value = arguments[start..(int)reader.BytesConsumed];
                if (count < _names.Length)
                {
                    writer.Json.WritePropertyName(_names[count]);
                    writer.Json.WriteRawValue(value, skipInputValidation: true);
                }
                else if (count == _names.Length && extraName is not null)
                {
                    extra = value;
                }
                else
                {
                    throw TooMany(_names.Length);
                }

                count++;
            }
        }

        for (int i = count; i < _names.Length; i++)
        {
            if (_required[i])
            {
                throw Missing(System.Text.Encoding.UTF8.GetString(_names[i]));
            }
        }

        writer.Json.WriteEndObject();
        return Deserialize(writer.Finish());
    }

    private TRequest BindSingle(ReadOnlySpan<byte> arguments)
    {
        var reader = new Utf8JsonReader(arguments);
        if (IsAbsent(arguments) || !reader.Read() || !reader.Read() || reader.TokenType == JsonTokenType.EndArray)
        {
            throw Invalid("The method takes one argument.");
        }

        int start = (int)reader.TokenStartIndex;
        reader.Skip();
        ReadOnlySpan<byte> value = arguments[start..(int)reader.BytesConsumed];
        if (!reader.Read() || reader.TokenType != JsonTokenType.EndArray)
        {
            throw TooMany(1);
        }

        return Deserialize(value);
    }

    private TRequest DeserializeWithout(ReadOnlySpan<byte> arguments, byte[] extraName)
    {
        using MessageWriter writer = MessageWriter.Rent();
        writer.Json.WriteStartObject();
        var reader = new Utf8JsonReader(arguments);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool keep = !reader.ValueTextEquals(extraName);
            if (keep)
            {
                writer.Json.WritePropertyName(reader.GetString()!);
            }

            reader.Read();
            int start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (keep)
            {
                writer.Json.WriteRawValue(arguments[start..(int)reader.BytesConsumed], skipInputValidation: true);
            }
        }

        writer.Json.WriteEndObject();
        return Deserialize(writer.Finish());
    }

    private TRequest Deserialize(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, _info) ?? throw Invalid("The argument must not be null.");
        }
        catch (JsonException exception)
        {
            string? path = exception.Path;
            if (path is null or "$" || !path.StartsWith("$.", StringComparison.Ordinal))
            {
                throw Invalid("The arguments are not valid.");
            }

            int end = path.AsSpan(2).IndexOfAny('.', '[');
            throw WrongValue(end < 0 ? path[2..] : path.Substring(2, end), exception);
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException or FormatException or OverflowException or NotSupportedException)
        {
            throw Invalid("The arguments are not valid.");
        }
    }
}
