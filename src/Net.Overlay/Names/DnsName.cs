namespace Net.Overlay.Names;

/// <summary>Names as messages carry them (RFC 1035, 3.1 and 4.1.4): labels with a length in front, the end of which may be a pointer to an earlier name.</summary>
public static class DnsName
{
    /// <summary>The longest name on the wire, lengths included.</summary>
    public const int MaxWireBytes = 255;

    /// <summary>The longest label.</summary>
    public const int MaxLabelBytes = 63;

    /// <summary>Characters of the longest name as text.</summary>
    public const int MaxTextLength = 253;

    // A pointer must lead backwards, so a chain ends by itself; this ends it soon.
    private const int MaxPointers = 16;

    /// <summary>Reads a name as lower-case text without a dot at its end; the root is empty.</summary>
    /// <param name="message">The whole message.</param>
    /// <param name="offset">Where the name begins; behind it on success.</param>
    /// <param name="text">Receives the text, at least <see cref="MaxTextLength"/> characters. A byte that no host name has becomes '?', so that it equals no name of ours.</param>
    /// <param name="length">Characters written.</param>
    /// <param name="allowPointers">Whether a pointer may end it; a question has none.</param>
    /// <returns>False when it is cut off, too long, or leads astray.</returns>
    public static bool TryRead(ReadOnlySpan<byte> message, ref int offset, Span<char> text, out int length, bool allowPointers)
    {
        length = 0;
        int position = offset;
        int end = -1;
        int wireBytes = 1;
        int pointers = 0;
        while (position < message.Length)
        {
            int label = message[position];
            if (label == 0)
            {
                offset = end < 0 ? position + 1 : end;
                return true;
            }

            if (label >= 0xc0)
            {
                if (!allowPointers || position + 1 >= message.Length || ++pointers > MaxPointers)
                {
                    return false;
                }

                int target = ((label & 0x3f) << 8) | message[position + 1];
                if (target >= position)
                {
                    return false;
                }

                end = end < 0 ? position + 2 : end;
                position = target;
                continue;
            }

            wireBytes += label + 1;
            if (label > MaxLabelBytes || wireBytes > MaxWireBytes || position + 1 + label > message.Length)
            {
                return false;
            }

            if (length > 0)
            {
                text[length++] = '.';
            }

            foreach (byte character in message.Slice(position + 1, label))
            {
                text[length++] = ToText(character);
            }

            position += label + 1;
        }

        return false;
    }

    /// <summary>Writes a name without pointers.</summary>
    /// <param name="name">Its text in ASCII, labels of 1 to 63 characters; empty is the root.</param>
    /// <param name="destination">Receives it.</param>
    /// <param name="written">Bytes written.</param>
    /// <returns>False when the destination is too short.</returns>
    public static bool TryWrite(ReadOnlySpan<char> name, Span<byte> destination, out int written)
    {
        written = 0;
        while (!name.IsEmpty)
        {
            int dot = name.IndexOf('.');
            ReadOnlySpan<char> label = dot < 0 ? name : name[..dot];
            if (written + 1 + label.Length >= destination.Length)
            {
                return false;
            }

            destination[written++] = (byte)label.Length;
            foreach (char character in label)
            {
                destination[written++] = (byte)character;
            }

            name = dot < 0 ? default : name[(dot + 1)..];
        }

        if (written >= destination.Length)
        {
            return false;
        }

        destination[written++] = 0;
        return true;
    }

    /// <summary>Whether a text is a name of hosts (RFC 1123, 2.1; underscores are taken too, people use them): labels of letters, digits and hyphens with dots between, no hyphen at an edge.</summary>
    /// <param name="name">The text, any case.</param>
    public static bool IsValid(ReadOnlySpan<char> name)
    {
        if (name.IsEmpty || name.Length > MaxTextLength)
        {
            return false;
        }

        foreach (Range range in name.Split('.'))
        {
            ReadOnlySpan<char> label = name[range];
            if (label.IsEmpty || label.Length > MaxLabelBytes || label[0] == '-' || label[^1] == '-')
            {
                return false;
            }

            foreach (char character in label)
            {
                if (!char.IsAsciiLetterOrDigit(character) && character is not ('-' or '_'))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static char ToText(byte character) => (char)character switch
    {
        >= 'A' and <= 'Z' => (char)(character | 0x20),
        (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-' or '_' => (char)character,
        _ => '?',
    };
}
