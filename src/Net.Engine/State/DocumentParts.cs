using System.Text.Json.Serialization.Metadata;
using Net.Contracts.Json;

namespace Net.Engine.State;

/// <summary>The parts of a document, found in the generated metadata, so that a new section or member is one without being named here.</summary>
internal static class DocumentParts
{
    /// <summary>All parts, in the order they are written in; those of a section stand together.</summary>
    public static IReadOnlyList<DocumentPart> All { get; } = Find();

    private static DocumentPart[] Find()
    {
        var parts = new List<DocumentPart>();
        foreach (JsonPropertyInfo section in ContractsJsonContext.Wire.NetConfiguration.Properties)
        {
            Func<object, object?> getSection = section.Get!;
            JsonTypeInfo info = InfoOf(section.PropertyType);
            if (info.Kind != JsonTypeInfoKind.Object)
            {
                parts.Add(new DocumentPart(section.Name, string.Empty, getSection, info, null));
                continue;
            }

            foreach (JsonPropertyInfo member in info.Properties)
            {
                Func<object, object?> getMember = member.Get!;
                Type type = member.PropertyType;
                if (InfoOf(type).Kind == JsonTypeInfoKind.Enumerable && !type.IsArray)
                {
                    throw new InvalidOperationException($"{section.Name}.{member.Name} must be an array, or its checksum would depend on how it is read");
                }

                JsonTypeInfo? element = type.IsArray && InfoOf(type.GetElementType()!) is { Kind: JsonTypeInfoKind.Object } found ? found : null;
                parts.Add(new DocumentPart(section.Name, member.Name, document => getMember(getSection(document)!), InfoOf(type), element));
            }
        }

        return [.. parts];
    }

    private static JsonTypeInfo InfoOf(Type type) => ContractsJsonContext.Wire.GetTypeInfo(type)
        ?? throw new InvalidOperationException($"{type} is in the document and has no metadata");
}
