using System.Text.Json;
using System.Text.Json.Nodes;
using Net.Contracts;
using Net.Contracts.Json;
using Net.Engine.State;

namespace Net.Engine.Configuration;

/// <summary>Reads documents of this and earlier schema versions from JSON and YAML.</summary>
internal static class DocumentReader
{
    /// <summary>The largest document taken: a hundred thousand rules fit.</summary>
    public const int MaxTextLength = 64 * 1024 * 1024;

    /// <summary>How text is read that a program wrote: a member that stands twice is refused, for one of the two would be lost.</summary>
    public static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    private static readonly JsonDocumentOptions Lenient = new()
    {
        CommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        AllowDuplicateProperties = false,
    };

    private static readonly NullItems Nulls = new(ContractsJsonContext.Wire);

    /// <summary>Reads a document from JSON that is already parsed.</summary>
    /// <exception cref="FutureSchemaException">It is of a newer schema.</exception>
    /// <exception cref="StateDamagedException">It is not a document.</exception>
    public static NetConfiguration FromElement(JsonElement element)
    {
        try
        {
            return SchemaMigrations.IsCurrent(element)
                ? element.Deserialize(ContractsJsonContext.Wire.NetConfiguration) ?? throw new StateDamagedException("the document is empty")
                : FromNode(element.ValueKind == JsonValueKind.Object ? JsonObject.Create(element) : null);
        }
        catch (JsonException exception)
        {
            throw new StateDamagedException($"the document is not readable: {exception.Message}", exception);
        }
    }

    /// <summary>Reads a document from text.</summary>
    /// <param name="text">JSON or YAML.</param>
    /// <param name="format">Which of them; null finds out by the first character.</param>
    /// <exception cref="EngineException">The text is not readable, or of a newer schema; the message names the place.</exception>
    public static NetConfiguration FromText(string text, ConfigurationFormat? format)
    {
        if (text.Length > MaxTextLength)
        {
            throw new EngineException(ErrorCatalogue.ConfigurationUnreadable, $"The text has {text.Length} characters; at most {MaxTextLength} are read.");
        }

        JsonNode? node;
        try
        {
            bool isJson = format is ConfigurationFormat.Json || (format is null && text.AsSpan().TrimStart("\uFEFF \t\r\n").StartsWith("{"));
            node = isJson ? JsonNode.Parse(text.TrimStart('\uFEFF'), documentOptions: Lenient) : YamlNodes.Parse(text);
        }
        catch (JsonException exception)
        {
            throw Unreadable(exception, exception.LineNumber is { } number ? $" (line {number + 1})" : string.Empty);
        }

        try
        {
            return FromNode(node as JsonObject);
        }
        catch (JsonException exception)
        {
            // The text is not at hand any more here, so the place in the document has to do without a line.
            throw Unreadable(exception, string.Empty);
        }
        catch (FutureSchemaException exception)
        {
            throw new EngineException(ErrorCatalogue.ConfigurationFromFuture, $"The configuration is not taken: {exception.Message}.", inner: exception);
        }
    }

    /// <summary>Refuses lists with nulls in them.</summary>
    /// <exception cref="JsonException">There is one; the message says where.</exception>
    public static NetConfiguration RefuseNullItems(NetConfiguration document) =>
        Nulls.Find(document) is { } place ? throw new JsonException($"a value is missing at {place}") : document;

    private static NetConfiguration FromNode(JsonObject? node)
    {
        JsonObject current = SchemaMigrations.ToCurrent(node ?? throw new JsonException("the document is not an object"));
        return RefuseNullItems(current.Deserialize(ContractsJsonContext.Wire.NetConfiguration) ?? throw new JsonException("the document is empty"));
    }

    // System.Text.Json names our types; a user wants the place and what is wrong there.
    private static EngineException Unreadable(JsonException exception, string line)
    {
        string message = exception.InnerException is FormatException inner ? inner.Message : exception.Message;
        int path = message.IndexOf(" Path: ", StringComparison.Ordinal);
        string what = path < 0 ? message : message[..path];
        what = what.Replace("Net.Contracts.", string.Empty, StringComparison.Ordinal).Replace("System.", string.Empty, StringComparison.Ordinal);
        string where = exception.Path is { Length: > 1 } place ? $" at {place.TrimStart('$', '.')}" : string.Empty;
        int position = what.IndexOf(" LineNumber: ", StringComparison.Ordinal);
        what = position < 0 ? what : what[..position];
        return new EngineException(
            ErrorCatalogue.ConfigurationUnreadable, $"The configuration is not readable: {what.TrimEnd('.')}{where}{line}.", exception.Path?.TrimStart('$', '.'), exception);
    }
}
