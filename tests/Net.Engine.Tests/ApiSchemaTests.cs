using System.Text.Json.Nodes;
using Net.Engine.Schema;

namespace Net.Engine.Tests;

public sealed class ApiSchemaTests
{
    private static readonly string s_created = ApiSchema.Create();

    [Fact]
    public void The_published_schema_is_the_one_the_code_has()
    {
        string path = Path.Combine(TestData.Root, "help", "api", "netmod-api.schema.json");
        string schema = s_created;
        if (Environment.GetEnvironmentVariable("NETMOD_WRITE_SCHEMA") is not null)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, schema);
        }

        Assert.True(schema == File.ReadAllText(path), "The schema changed. Run this test with NETMOD_WRITE_SCHEMA=1 and commit help/api/netmod-api.schema.json.");
    }

    [Fact]
    public void The_api_only_grew_since_the_baseline() =>
        Assert.Empty(SchemaComparer.Compare(JsonNode.Parse(File.ReadAllText(TestData.Path("api", "baseline.schema.json")))!, JsonNode.Parse(s_created)!));

    [Fact]
    public void Every_method_has_a_request_and_a_result() =>
        Assert.All(JsonNode.Parse(s_created)!["methods"]!.AsObject(), method =>
        {
            Assert.NotNull(method.Value!["request"]);
            Assert.NotNull(method.Value[method.Value["stream"]!.GetValue<bool>() ? "item" : "result"]);
        });

    [Theory]
    [InlineData("methods/engine.stop")]
    [InlineData("methods/paths.list/result/items/properties/gateway")]
    [InlineData("methods/paths.watch/item/properties/kind")]
    [InlineData("methods/engine.hello/request/properties/clientName")]
    [InlineData("errors/PathNotFound")]
    public void What_disappears_is_found(string place)
    {
        JsonNode next = Schema();
        string[] parts = place.Split('/');
        Assert.True(At(next, parts[..^1]).AsObject().Remove(parts[^1]));
        Assert.Contains(SchemaComparer.Compare(Schema(), next), problem => problem.Contains(parts[^1], StringComparison.Ordinal) && problem.Contains("is gone", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("methods/paths.list/result/items/properties/isSelected/type", "\"string\"", "type")]
    [InlineData("methods/engine.hello/request/properties/clientName/type", "\"integer\"", "type")]
    [InlineData("methods/engine.status/role", "\"admin\"", "role")]
    [InlineData("methods/events.watch/stream", "false", "stream")]
    [InlineData("errors/PathNotFound/code", "1001", "code")]
    public void What_changes_is_found(string place, string value, string said)
    {
        JsonNode next = Schema();
        string[] parts = place.Split('/');
        At(next, parts[..^1])[parts[^1]] = JsonNode.Parse(value);
        Assert.Contains(SchemaComparer.Compare(Schema(), next), problem => problem.Contains(said, StringComparison.Ordinal));
    }

    [Fact]
    public void A_new_member_a_request_must_have_is_found_and_one_it_may_have_is_not()
    {
        JsonNode next = Schema();
        JsonNode request = At(next, "methods/engine.hello/request".Split('/'));
        request["properties"]!["more"] = new JsonObject { ["type"] = "string" };
        Assert.Empty(SchemaComparer.Compare(Schema(), next));
        request["required"]!.AsArray().Add("more");
        Assert.Contains(SchemaComparer.Compare(Schema(), next), problem => problem.Contains("'more' is required now", StringComparison.Ordinal));
    }

    [Fact]
    public void An_enum_value_that_goes_is_found_and_a_new_one_is_not()
    {
        JsonNode next = Schema();
        JsonArray kinds = At(next, "methods/paths.watch/item/properties/kind/enum".Split('/')).AsArray();
        kinds.Add("merged");
        Assert.Empty(SchemaComparer.Compare(Schema(), next));
        kinds.RemoveAt(0);
        Assert.Contains(SchemaComparer.Compare(Schema(), next), problem => problem.Contains("present", StringComparison.Ordinal));
    }

    private static JsonNode Schema() => JsonNode.Parse(s_created)!;

    private static JsonNode At(JsonNode node, string[] parts) => parts.Aggregate(node, (at, part) => at[part] ?? throw new KeyNotFoundException(part));
}
