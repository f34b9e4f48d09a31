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
    /// <exception cref="JsonException">It is not YAML, holds more than one document, an anchor, an alias or a tag, or nests too deep.</exception>
    public static JsonNode? Parse(string text)
    {
        // The library's own tree of nodes is not used: it recurses without a limit and follows aliases, so that a few bytes could
        // overflow the stack or fill the memory.
        try
        {
            var parser = new Parser(new StringReader(text));
            parser.Consume<StreamStart>();
            if (parser.Accept<StreamEnd>(out _))
            {
                throw new JsonException("the text is empty");
            }

            parser.Consume<DocumentStart>();
            JsonNode? root = Read(parser, 0);
            parser.Consume<DocumentEnd>();
            return parser.Accept<StreamEnd>(out _) ? root : throw new JsonException("the text holds more than one YAML document");
        }
        catch (YamlException exception)
        {
            throw new JsonException($"{exception.Message} (line {exception.Start.Line})", exception);
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException or IndexOutOfRangeException or FormatException or OverflowException)
        {
            // Some texts that are no YAML trip the library over itself.
            throw new JsonException("the text is not YAML", exception);
        }
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

    private static JsonNode? Read(Parser parser, int depth)
    {
        ParsingEvent current = parser.Current ?? throw new JsonException("the text ends too early");
        if (depth > MaxDepth)
        {
            throw new JsonException($"nested deeper than {MaxDepth} (line {current.Start.Line})");
        }

        if (current is AnchorAlias || current is NodeEvent { Anchor.IsEmpty: false } || current is NodeEvent { Tag: { IsEmpty: false, IsNonSpecific: false } })
        {
            throw new JsonException($"anchors, aliases and tags are not taken (line {current.Start.Line})");
        }

        if (current is Scalar scalar)
        {
            parser.MoveNext();
            return ToScalar(scalar.Value, isPlain: scalar.Style is ScalarStyle.Plain);
        }

        if (parser.TryConsume<SequenceStart>(out _))
        {
            var list = new JsonArray();
            while (!parser.TryConsume<SequenceEnd>(out _))
            {
                list.Add(Read(parser, depth + 1));
            }

            return list;
        }

        parser.Consume<MappingStart>();
        var map = new JsonObject();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            Scalar key = parser.Current as Scalar ?? throw new JsonException($"a key is not a plain text (line {parser.Current?.Start.Line})");
            parser.MoveNext();
            if (!map.TryAdd(key.Value, Read(parser, depth + 1)))
            {
                throw new JsonException($"the key '{key.Value}' stands twice in one place (line {key.Start.Line})");
            }
        }

        return map;
    }

    private static JsonValue? ToScalar(string value, bool isPlain)
    {
        if (!isPlain)
        {
            return JsonValue.Create(value);
        }

        return value switch
        {
            "" or "~" or "null" or "Null" or "NULL" => null,
            "true" or "True" or "TRUE" => JsonValue.Create(true),
            "false" or "False" or "FALSE" => JsonValue.Create(false),
            _ when long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole) => JsonValue.Create(whole),
            _ when IsFraction(value) && double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number) =>
                JsonValue.Create(number),
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

    // A string that would read back as something else, such as "443" or "true", is quoted, and so is every string with characters that
    // only double quotes can carry.
    private static YamlScalarNode Quoted(string text) =>
        new(text) { Style = NeedsQuotes(text) ? ScalarStyle.DoubleQuoted : ScalarStyle.Any };

    private static bool NeedsQuotes(string text) =>
        ToScalar(text, isPlain: true) is not { } value
        || value.GetValueKind() != JsonValueKind.String
        || text.Any(character => char.IsControl(character) || character is '\u2028' or '\u2029' or '\uFEFF');
}
