using System.Buffers;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace Net.Engine.Configuration;

/// <summary>Documents between YAML and JSON nodes, by YAML 1.2's JSON schema: plain scalars that look like null, booleans or numbers are these,
/// everything quoted is a string.</summary>
internal static class YamlNodes
{
    private const int MaxDepth = 64;
    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("+-.eE0123456789");

    /// <summary>Reads one YAML document.</summary>
    /// <exception cref="JsonException">It is not YAML, holds more than one document, an alias or a tag, or nests too deep.</exception>
    public static JsonNode? Parse(string text)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(text));
        }
        catch (YamlException exception)
        {
            throw new JsonException($"{exception.Message} (line {exception.Start.Line})", exception);
        }

        return stream.Documents.Count switch
        {
            0 => throw new JsonException("the text is empty"),
            1 => ToJson(stream.Documents[0].RootNode, 0),
            _ => throw new JsonException("the text holds more than one YAML document"),
        };
    }

    /// <summary>Writes a JSON node as YAML.</summary>
    public static string Write(JsonNode node)
    {
        var stream = new YamlStream(new YamlDocument(FromJson(node)));
        using var writer = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        stream.Save(writer, assignAnchors: false);
        string text = writer.ToString();

        // The library ends a stream with the document end marker, which a file of one document does not need.
        return text.EndsWith("...\n", StringComparison.Ordinal) ? text[..^4] : text;
    }

    private static JsonNode? ToJson(YamlNode node, int depth)
    {
        if (depth > MaxDepth)
        {
            throw new JsonException($"nested deeper than {MaxDepth} (line {node.Start.Line})");
        }

        switch (node)
        {
            case YamlScalarNode scalar:
                return ToScalar(scalar);
            case YamlSequenceNode sequence:
                return new JsonArray([.. sequence.Children.Select(child => ToJson(child, depth + 1))]);
            case YamlMappingNode mapping:
                var result = new JsonObject();
                foreach ((YamlNode key, YamlNode value) in mapping.Children)
                {
                    string name = (key as YamlScalarNode)?.Value ?? throw new JsonException($"a key is not a plain text (line {key.Start.Line})");
                    result.Add(name, ToJson(value, depth + 1));
                }

                return result;
            default:
                throw new JsonException($"this kind of YAML node is not taken (line {node.Start.Line})");
        }
    }

    private static JsonValue? ToScalar(YamlScalarNode scalar)
    {
        string value = scalar.Value ?? string.Empty;
        if (scalar.Style is not (ScalarStyle.Plain or ScalarStyle.Any))
        {
            return JsonValue.Create(value);
        }

        return value switch
        {
            "" or "~" or "null" or "Null" or "NULL" => null,
            "true" or "True" or "TRUE" => JsonValue.Create(true),
            "false" or "False" or "FALSE" => JsonValue.Create(false),
            _ when long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole) => JsonValue.Create(whole),
            _ when IsFraction(value) && double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) => JsonValue.Create(number),
            _ => JsonValue.Create(value),
        };
    }

    // An IPv4 address or a duration is no number, and "1e5" written plain is one.
    private static bool IsFraction(string value) => value.AsSpan().IndexOfAnyExcept(NumberCharacters) < 0 && char.IsAsciiDigit(value[^1]);

    private static YamlNode FromJson(JsonNode? node) => node switch
    {
        null => new YamlScalarNode("null"),
        JsonObject map => new YamlMappingNode(map.Select(pair =>
            new KeyValuePair<YamlNode, YamlNode>(new YamlScalarNode(pair.Key), FromJson(pair.Value)))),
        JsonArray list => new YamlSequenceNode(list.Select(FromJson)) { Style = list.Count == 0 ? SequenceStyle.Flow : SequenceStyle.Any },
        JsonValue value when value.GetValueKind() == JsonValueKind.String => Quoted(value.GetValue<string>()),
        _ => new YamlScalarNode(node.ToJsonString()),
    };

    // A string that would read back as something else, such as "443" or "true", is quoted.
    private static YamlScalarNode Quoted(string text) =>
        new(text) { Style = NeedsQuotes(text) ? ScalarStyle.DoubleQuoted : ScalarStyle.Any };

    private static bool NeedsQuotes(string text) => ToScalar(new YamlScalarNode(text)) is not { } value || value.GetValueKind() != JsonValueKind.String;
}
