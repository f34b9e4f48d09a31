using System.Globalization;
using System.Text;

namespace Net.Contracts;

/// <summary>Outputs of relay rules as text: the interface, then <c>NAME=VALUE</c> for each member that is set, separated by commas. Names are read in any case, with
/// or without hyphens. Ranges are not looked at; the engine does that.</summary>
public static class RelayOutputText
{
    private const string Known = "destination, port, ttl, source, source-port, dscp, rate, bit-rate, oversize, pause";

    /// <summary>Reads <c>br1,destination=239.2.2.2,port=6000,ttl=4</c>.</summary>
    /// <exception cref="FormatException">A part is not readable; the message says which.</exception>
    public static RelayOutput Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] parts = text.Split(',', StringSplitOptions.TrimEntries);
        if (parts[0].Length == 0 || parts[0].Contains('=', StringComparison.Ordinal))
        {
            throw new FormatException($"'{text}' is not an output: it begins with the interface, such as br1,destination=239.2.2.2,port=6000.");
        }

        return Read(parts[0], parts.Skip(1).Where(static part => part.Length > 0).Select(Pair));
    }

    /// <summary>Makes an output of its members, such as <c>Destination</c> and <c>239.2.2.2</c>. A member with an empty value is as if it were left out.</summary>
    /// <param name="interfaceAlias">The interface.</param>
    /// <param name="members">Names and values.</param>
    /// <exception cref="FormatException">A name is not known, or its value not readable.</exception>
    public static RelayOutput Read(string interfaceAlias, IEnumerable<KeyValuePair<string, string>> members)
    {
        ArgumentNullException.ThrowIfNull(members);
        RelayOutput output = new() { InterfaceAlias = interfaceAlias };
        foreach ((string name, string value) in members)
        {
            Set(output, name, value.Trim());
        }

        return output;
    }

    /// <summary>Writes an output so that <see cref="Read(string)"/> gives it back.</summary>
    public static string Write(RelayOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var text = new StringBuilder(output.InterfaceAlias);
        Add(text, "destination", output.Destination);
        Add(text, "port", output.Port);
        Add(text, "ttl", output.Ttl);
        Add(text, "source", output.Source == "keep" ? null : output.Source);
        Add(text, "source-port", output.SourcePort);
        Add(text, "dscp", output.Dscp);
        Add(text, "rate", output.RateLimit);
        Add(text, "bit-rate", output.BitRateLimit);
        Add(text, "oversize", output.Oversize == RelayOversize.Drop ? null : "fragment");
        Add(text, "pause", output.PauseWithoutReceivers ? "true" : null);
        return text.ToString();
    }

    private static KeyValuePair<string, string> Pair(string part)
    {
        int sign = part.IndexOf('=', StringComparison.Ordinal);
        return sign < 0 ? new KeyValuePair<string, string>(part, "true") : new KeyValuePair<string, string>(part[..sign], part[(sign + 1)..]);
    }

    private static void Set(RelayOutput output, string name, string value)
    {
        if (value.Length == 0)
        {
            return;
        }

        switch (name.Replace("-", null, StringComparison.Ordinal).Trim().ToUpperInvariant())
        {
            case "DESTINATION":
                output.Destination = value;
                break;
            case "PORT":
                output.Port = Small(name, value);
                break;
            case "TTL":
                output.Ttl = Small(name, value);
                break;
            case "SOURCE":
                output.Source = value;
                break;
            case "SOURCEPORT":
                output.SourcePort = Small(name, value);
                break;
            case "DSCP":
                output.Dscp = Small(name, value);
                break;
            case "RATE" or "RATELIMIT":
                output.RateLimit = Number(name, value);
                break;
            case "BITRATE" or "BITRATELIMIT":
                output.BitRateLimit = Number(name, value);
                break;
            case "OVERSIZE":
                output.Oversize = Choice(name, value);
                break;
            case "PAUSE" or "PAUSEWITHOUTRECEIVERS":
                output.PauseWithoutReceivers = bool.TryParse(value, out bool pause) ? pause : throw Refusal(name, value, "true or false");
                break;
            default:
                throw new FormatException($"'{name}' is no member of an output; there are {Known}.");
        }
    }

    private static int Small(string name, string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : throw Refusal(name, value, "a whole number");

    private static long Number(string name, string value) =>
        long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : throw Refusal(name, value, "a whole number");

    private static RelayOversize Choice(string name, string value) => value.ToUpperInvariant() switch
    {
        "DROP" => RelayOversize.Drop,
        "FRAGMENT" => RelayOversize.Fragment,
        _ => throw Refusal(name, value, "drop or fragment"),
    };

    private static FormatException Refusal(string name, string value, string wanted) => new($"{name}: '{value}' is not {wanted}.");

    private static void Add(StringBuilder text, string name, object? value)
    {
        if (value is not null)
        {
            text.Append(',').Append(name).Append('=').Append(Convert.ToString(value, CultureInfo.InvariantCulture));
        }
    }
}
