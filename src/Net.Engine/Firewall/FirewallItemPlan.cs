using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Net.Contracts;
using Net.Contracts.Json;
using Net.Engine.Reconciling;

namespace Net.Engine.Firewall;

/// <summary>Describes the differences of everything in the firewall's section but its rules. It compares what the document would be as JSON, so that no member can be forgotten.</summary>
internal static class FirewallItemPlan
{
    private const string Section = "firewall";
    private const int ShownCharacters = 160;

    private static ContractsJsonContext Json => ContractsJsonContext.Default;

    /// <summary>Adds a line for each item that is new, gone, different or at another place.</summary>
    public static void Describe(FirewallSection from, FirewallSection to, PlanBuilder plan)
    {
        Value("profile", from.Profile, to.Profile, Json.FirewallProfile, plan);
        Items("zone", from.Zones, to.Zones, zone => zone.Name, zone => zone.Name, Json.FirewallZone, plan);
        Items("address list", Light(from.AddressLists, to.AddressLists), Light(to.AddressLists, from.AddressLists), list => Key(list.Id), list => list.Name, Json.FirewallAddressList, plan);
        DescribeAddresses(from.AddressLists, to.AddressLists, plan);
        Items("port list", from.PortLists, to.PortLists, list => list.Name, list => list.Name, Json.FirewallPortList, plan);
        Items("port forward", from.PortForwards, to.PortForwards, forward => Key(forward.Id), forward => forward.Name, Json.PortForward, plan);
        Items("NAT rule", from.NatRules, to.NatRules, rule => Key(rule.Id), rule => rule.Name, Json.NatRule, plan);
        plan.List(Section, "disabled groups", from.DisabledGroups, to.DisabledGroups);
        Value("detection", from.Detection, to.Detection, Json.FirewallDetection, plan);
    }

    // A hundred thousand addresses as JSON only to say how many differ would cost more than the change itself.
    private static FirewallAddressList[] Light(FirewallAddressList[] lists, FirewallAddressList[] others)
    {
        if (ReferenceEquals(lists, others))
        {
            return lists;
        }

        var shared = new HashSet<long>(others.Select(list => list.Id));
        return [.. lists.Select(list => shared.Contains(list.Id) ? list with { Address = [] } : list.Address.Length > 8 ? list with { Address = list.Address[..8], Description = $"{list.Description} ({list.Address.Length} addresses)" } : list)];
    }

    private static void DescribeAddresses(FirewallAddressList[] from, FirewallAddressList[] to, PlanBuilder plan)
    {
        if (ReferenceEquals(from, to))
        {
            return;
        }

        var before = new Dictionary<long, FirewallAddressList>();
        foreach (FirewallAddressList list in from)
        {
            before[list.Id] = list;
        }

        foreach (FirewallAddressList list in to)
        {
            if (!before.TryGetValue(list.Id, out FirewallAddressList? old) || ReferenceEquals(old.Address, list.Address) || old.Address.AsSpan().SequenceEqual(list.Address))
            {
                continue;
            }

            AddressRange[] gone = [.. old.Address.Except(list.Address)];
            AddressRange[] added = [.. list.Address.Except(old.Address)];
            plan.Changed(
                Section, $"address list '{old.Name}'", $"{old.Address.Length} addresses{Some(", without ", gone)}", $"{list.Address.Length} addresses{Some(", with ", added)}");
        }
    }

    private static string Some(string lead, AddressRange[] ranges) =>
        ranges.Length == 0 ? string.Empty : lead + string.Join(",", ranges.Take(4)) + (ranges.Length > 4 ? $" and {ranges.Length - 4} more" : string.Empty);

    private static string Key(long id) => id.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static void Items<T>(string noun, T[] from, T[] to, Func<T, string> keyOf, Func<T, string> nameOf, JsonTypeInfo<T> type, PlanBuilder plan)
        where T : class
    {
        if (ReferenceEquals(from, to))
        {
            return;
        }

        var before = new Dictionary<string, T>(StringComparer.OrdinalIgnoreCase);
        foreach (T item in from)
        {
            before[keyOf(item)] = item;
        }

        var after = new HashSet<string>(to.Select(keyOf), StringComparer.OrdinalIgnoreCase);
        foreach (T item in from.Where(item => !after.Contains(keyOf(item))))
        {
            plan.Removed(Section, $"{noun} '{nameOf(item)}'", Text(item, type));
        }

        foreach (T item in to)
        {
            if (!before.TryGetValue(keyOf(item), out T? old))
            {
                plan.Added(Section, $"{noun} '{nameOf(item)}'", Text(item, type));
            }
            else
            {
                Value($"{noun} '{nameOf(old)}'", old, item, type, plan);
            }
        }

        string[] oldOrder = [.. from.Where(item => after.Contains(keyOf(item))).Select(keyOf)];
        string[] newOrder = [.. to.Where(item => before.ContainsKey(keyOf(item))).Select(keyOf)];
        if (!oldOrder.SequenceEqual(newOrder, StringComparer.OrdinalIgnoreCase))
        {
            plan.Moved(Section, $"{noun}s", Names(from, nameOf), Names(to, nameOf));
        }
    }

    // One line for each member that differs.
    private static void Value<T>(string item, T from, T to, JsonTypeInfo<T> type, PlanBuilder plan)
        where T : class
    {
        if (ReferenceEquals(from, to))
        {
            return;
        }

        JsonObject before = JsonSerializer.SerializeToNode(from, type)!.AsObject();
        JsonObject after = JsonSerializer.SerializeToNode(to, type)!.AsObject();
        foreach (string member in before.Select(pair => pair.Key).Union(after.Select(pair => pair.Key)).ToArray())
        {
            JsonNode? was = before[member];
            JsonNode? becomes = after[member];
            if (!JsonNode.DeepEquals(was, becomes))
            {
                plan.Changed(Section, item, $"{member} {Shown(was)}", $"{member} {Shown(becomes)}");
            }
        }
    }

    private static string Text<T>(T item, JsonTypeInfo<T> type)
    {
        JsonObject node = JsonSerializer.SerializeToNode(item, type)!.AsObject();
        IEnumerable<string> members = node.Where(pair => pair.Key is not ("id" or "name") && pair.Value is not null and not JsonArray { Count: 0 } && IsSaid(pair.Value))
            .Select(pair => $"{pair.Key} {Shown(pair.Value)}");
        string text = string.Join(", ", members);
        return text.Length == 0 ? "empty" : Cut(text);
    }

    private static bool IsSaid(JsonNode value) => value is not JsonValue one || one.GetValueKind() != JsonValueKind.False;

    private static string Shown(JsonNode? value) => value switch
    {
        null => "none",
        JsonArray { Count: 0 } => "none",
        JsonArray list => Cut(string.Join(",", list.Take(4).Select(Shown)) + (list.Count > 4 ? $" and {list.Count - 4} more of {list.Count}" : string.Empty)),
        JsonValue one when one.GetValueKind() == JsonValueKind.String => Cut(one.GetValue<string>()),
        _ => Cut(value.ToJsonString()),
    };

    private static string Cut(string text) => text.Length <= ShownCharacters ? text : $"{text.AsSpan(0, ShownCharacters)}...";

    private static string Names<T>(T[] items, Func<T, string> nameOf) => string.Join(", ", items.Take(5).Select(nameOf)) + (items.Length > 5 ? " ..." : string.Empty);
}
