using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;
using Net.Contracts;
using Net.Contracts.Json;

namespace Net.Engine.Schema;

/// <summary>The published schema of the API: every method with the JSON Schema (draft 2020-12) of its request and result, and every error.</summary>
public static class ApiSchema
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n", TypeInfoResolver = ContractsJsonContext.Default };

    private static readonly JsonSchemaExporterOptions Exporter = new()
    {
        TreatNullObliviousAsNonNullable = true,
        TransformSchemaNode = static (context, node) => Parsable(context.TypeInfo, node),
    };

    /// <summary>The schema as indented JSON that ends with a line feed. The same release always gives the same text.</summary>
    public static string Create()
    {
        var methods = new JsonObject();
        foreach (ApiMethod method in EngineApi.All)
        {
            methods[method.Name] = new JsonObject
            {
                ["summary"] = method.Summary,
                ["role"] = JsonSerializer.SerializeToNode(method.Role, ContractsJsonContext.Default.EngineRole),
                ["stream"] = method.IsStream,
                ["request"] = method.RequestInfo.GetJsonSchemaAsNode(Exporter),
                [method.IsStream ? "item" : "result"] = method.ResultInfo.GetJsonSchemaAsNode(Exporter),
            };
        }

        var errors = new JsonObject();
        foreach (ErrorDefinition error in ErrorCatalogue.ById.Values.OrderBy(error => error.Id, StringComparer.Ordinal))
        {
            errors[error.Id] = new JsonObject
            {
                ["code"] = ErrorCodes.ToRpcCode(error.Code),
                ["category"] = JsonSerializer.SerializeToNode(error.Code, ContractsJsonContext.Default.ErrorCode),
                ["meaning"] = error.Meaning,
                ["recommendedAction"] = error.RecommendedAction,
            };
        }

        var schema = new JsonObject
        {
            ["protocolVersion"] = EngineApi.ProtocolVersion,
            ["methods"] = methods,
            ["errors"] = errors,
        };
        return schema.ToJsonString(Indented) + "\n";
    }

    // The exporter cannot look into converters; these types are written as the text they parse from.
    private static JsonNode Parsable(JsonTypeInfo info, JsonNode node)
    {
        if (info.Type == typeof(PortRange) || info.Type == typeof(AddressRange))
        {
            return new JsonObject
            {
                ["type"] = "string",
                ["description"] = info.Type == typeof(PortRange) ? "a port or a range, such as 443 or 8000-8010" : "an address, a prefix or a range, such as 10.0.0.0/8",
            };
        }

        return node;
    }
}
