using System.Text.Json.Nodes;
using Net.Lab;

namespace Net.Service.Tests;

/// <summary>What the kernel of a node holds, as Debian's own tools say it.</summary>
internal static class Kernel
{
    private const string OurProtocol = "201";

    /// <summary>Our table without handles and counts, in one canonical text; empty where there is none.</summary>
    public static async Task<string> TableAsync(LabNode node)
    {
        LabCommandResult result = await node.ExecAsync("nft", ["-j", "list", "table", "inet", "netmod"], cancellationToken: TestContext.Current.CancellationToken);
        if (!result.Succeeded)
        {
            Assert.Contains("No such file or directory", result.Error, StringComparison.Ordinal);
            return string.Empty;
        }

        JsonArray items = JsonNode.Parse(result.Output)!["nftables"]!.AsArray();
        return string.Join('\n', items.Where(item => item!["metainfo"] is null).Select(Canonical));
    }

    /// <summary>Our routes of both families, one text each, sorted.</summary>
    public static async Task<string[]> RoutesAsync(LabNode node)
    {
        List<string> routes = [];
        foreach (string family in new[] { "-4", "-6" })
        {
            LabCommandResult result = await node.ExecAsync(
                "ip", ["-j", family, "route", "show", "table", "all", "proto", OurProtocol], cancellationToken: TestContext.Current.CancellationToken);
            routes.AddRange(JsonNode.Parse(result.EnsureSucceeded().Output)!.AsArray().Select(route =>
                $"{route!["dst"]} via {route["gateway"]} dev {route["dev"]} metric {route["metric"]}"));
        }

        return [.. routes.Order(StringComparer.Ordinal)];
    }

    /// <summary>Runs nft in a node.</summary>
    public static async Task NftAsync(LabNode node, string commands) =>
        (await node.ExecAsync("nft", ["-f", "-"], commands, cancellationToken: TestContext.Current.CancellationToken)).EnsureSucceeded();

    /// <summary>Runs ip in a node.</summary>
    public static async Task IpAsync(LabNode node, string arguments) =>
        (await node.ExecAsync("ip", arguments.Split(' '), cancellationToken: TestContext.Current.CancellationToken)).EnsureSucceeded();

    private static string Canonical(JsonNode? item)
    {
        foreach ((_, JsonNode? value) in item!.AsObject())
        {
            JsonObject content = value!.AsObject();
            foreach (string name in new[] { "handle", "packets", "bytes" })
            {
                content.Remove(name);
            }
        }

        return item.ToJsonString();
    }
}
