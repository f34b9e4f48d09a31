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

    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Reads a document from JSON that is already parsed.</summary>
    /// <exception cref="FutureSchemaException">It is of a newer schema.</exception>
    /// <exception cref="StateDamagedException">It is not a document.</exception>
    public static NetConfiguration FromElement(JsonElement element)
    {
        try
        {
            return SchemaMigrations.IsCurrent(element)
                ? element.Deserialize(ContractsJsonContext.Default.NetConfiguration) ?? throw new StateDamagedException("the document is empty")
                : FromNode(JsonObject.Create(element));
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

        try
        {
            bool isJson = format is ConfigurationFormat.Json || (format is null && text.AsSpan().TrimStart().StartsWith("{"));
            JsonNode? node = isJson ? JsonNode.Parse(text, documentOptions: Lenient) : YamlNodes.Parse(text);
            return FromNode(node as JsonObject);
        }
        catch (JsonException exception)
        {
            throw new EngineException(ErrorCatalogue.ConfigurationUnreadable, $"The configuration is not readable: {PlainMessage(exception)}", inner: exception);
        }
        catch (FutureSchemaException exception)
        {
            throw new EngineException(ErrorCatalogue.ConfigurationFromFuture, $"The configuration is not taken: {exception.Message}.", inner: exception);
        }
    }

    private static NetConfiguration FromNode(JsonObject? node)
    {
        JsonObject current = SchemaMigrations.ToCurrent(node ?? throw new JsonException("the document is not an object"));
        return current.Deserialize(ContractsJsonContext.Default.NetConfiguration) ?? throw new JsonException("the document is empty");
    }

    // System.Text.Json names our types; a user wants the place and what is wrong there.
    private static string PlainMessage(JsonException exception)
    {
        string message = exception.InnerException is FormatException inner ? inner.Message : exception.Message;
        int path = message.IndexOf(" Path: ", StringComparison.Ordinal);
        string what = path < 0 ? message : message[..path];
        what = what.Replace("Net.Contracts.", string.Empty, StringComparison.Ordinal).Replace("System.", string.Empty, StringComparison.Ordinal);
        string where = exception.Path is { Length: > 1 } place ? $" at {place.TrimStart('$', '.')}" : string.Empty;
        string line = exception.LineNumber is { } number ? $" (line {number + 1})" : string.Empty;
        return what.TrimEnd('.') + where + line + ".";
    }
}
