using System.Text.Json.Nodes;

namespace Net.Engine.Tests;

/// <summary>Finds what a program written against an earlier schema of the API would stumble over in a later one.</summary>
internal static class SchemaComparer
{
    public static string[] Compare(JsonNode before, JsonNode after)
    {
        List<string> problems = [];
        foreach ((string name, JsonNode? method) in before["methods"]!.AsObject())
        {
            string place = $"methods.{name}";
            if (after["methods"]![name] is not { } now)
            {
                problems.Add($"{place} is gone");
                continue;
            }

            Same(method!, now, "role", place, problems);
            Same(method!, now, "stream", place, problems);
            Shape(method!["request"], now["request"], $"{place}.request", isRequest: true, problems);
            Shape(method["result"] ?? method["item"], now["result"] ?? now["item"], $"{place}.result", isRequest: false, problems);
        }

        foreach ((string id, JsonNode? error) in before["errors"]!.AsObject())
        {
            if (after["errors"]![id] is not { } now)
            {
                problems.Add($"errors.{id} is gone");
                continue;
            }

            Same(error!, now, "code", $"errors.{id}", problems);
        }

        return [.. problems];
    }

    private static void Shape(JsonNode? before, JsonNode? after, string place, bool isRequest, List<string> problems)
    {
        if (before is not JsonObject was || after is not JsonObject now)
        {
            if (before is JsonObject)
            {
                problems.Add($"{place} is gone");
            }

            return;
        }

        CompareTypes(was, now, place, isRequest, problems);
        CompareValues(was, now, place, problems);
        string[] required = Texts(was["required"]);
        foreach (string name in Texts(now["required"]).Where(name => isRequest && !required.Contains(name)))
        {
            problems.Add($"{place}: '{name}' is required now");
        }

        foreach (string name in required.Where(name => !isRequest && !Texts(now["required"]).Contains(name)))
        {
            problems.Add($"{place}: '{name}' may be missing now");
        }

        foreach ((string name, JsonNode? member) in was["properties"] as JsonObject ?? [])
        {
            Shape(member, now["properties"]?[name], $"{place}.{name}", isRequest, problems);
        }

        if (was["items"] is { } items)
        {
            Shape(items, now["items"], $"{place}[]", isRequest, problems);
        }

        Same(was, now, "$ref", place, problems);
    }

    // A request may come to take more types, a result may come to give fewer.
    private static void CompareTypes(JsonObject was, JsonObject now, string place, bool isRequest, List<string> problems)
    {
        string[] before = Texts(was["type"]);
        string[] after = Texts(now["type"]);
        bool isFine = isRequest ? after.Length == 0 || before.All(after.Contains) && before.Length > 0 : before.Length == 0 || after.All(before.Contains) && after.Length > 0;
        if (!isFine && !(before.Length == 0 && after.Length == 0))
        {
            problems.Add($"{place}: the type was {string.Join('|', before)} and is {string.Join('|', after)}");
        }
    }

    private static void CompareValues(JsonObject was, JsonObject now, string place, List<string> problems)
    {
        string[] after = Texts(now["enum"]);
        foreach (string value in Texts(was["enum"]).Where(value => !after.Contains(value)))
        {
            problems.Add($"{place}: the value {value} is gone");
        }
    }

    private static void Same(JsonNode was, JsonNode now, string member, string place, List<string> problems)
    {
        if (was[member] is { } before && !JsonNode.DeepEquals(before, now[member]))
        {
            problems.Add($"{place}: {member} was {before.ToJsonString()} and is {now[member]?.ToJsonString() ?? "gone"}");
        }
    }

    private static string[] Texts(JsonNode? node) => node switch
    {
        null => [],
        JsonArray list => [.. list.Select(item => item?.ToString() ?? "null")],
        _ => [node.ToString()],
    };
}
