using System.Globalization;
using Net.Contracts;

namespace Net.Service.Tests.Relay;

/// <summary>Rules that feed each other over cables inside the relay, whose ends are <c>p1a</c> and <c>p1b</c>, <c>p2a</c> and <c>p2b</c>, and so on.</summary>
/// <param name="Rules">The rules, without an engine.</param>
/// <param name="Sends">What the source sends to: destination and port.</param>
/// <param name="Arrives">Where each of these comes out, as often as it is named: <c>sink1</c> to <c>sink3</c> or an end of a cable, destination, port, and the TTL it has left of 20.</param>
internal sealed record RelayShape(RelayRule[] Rules, (string Destination, int Port)[] Sends, (string At, string Destination, int Port, int Ttl)[] Arrives)
{
    /// <summary>The TTL packets are sent with.</summary>
    public const int Ttl = 20;

    /// <summary>Stands for whatever destination a packet came with.</summary>
    public const string AnyDestination = "*";

    /// <summary>How many cables there are.</summary>
    public const int Cables = 8;

    private const int Port = 5000;

    /// <summary>All of them by name.</summary>
    public static IReadOnlyDictionary<string, RelayShape> All { get; } = new Dictionary<string, RelayShape>(StringComparer.Ordinal)
    {
        ["two in a chain"] = Chain(2),
        ["five in a chain"] = Chain(5),
        ["nine in a chain"] = Chain(Cables + 1),
        ["one to three"] = new(
            [Rule("in0", "239.1.0.1", To("out1", "239.2.0.1"), To("out2", "239.2.0.2"), To("out3", "239.2.0.3"))],
            [("239.1.0.1", Port)],
            [("sink1", "239.2.0.1", Port, 19), ("sink2", "239.2.0.2", Port, 19), ("sink3", "239.2.0.3", Port, 19)]),
        ["a tree of two and four"] = new(
            [
                Rule("in0", "239.1.0.1", To("p1a", "239.2.0.1"), To("p2a", "239.2.0.2")),
                Rule("p1b", "239.2.0.1", To("out1", "239.3.0.1"), To("out2", "239.3.0.2")),
                Rule("p2b", "239.2.0.2", To("out2", "239.3.0.3"), To("out3", "239.3.0.4")),
            ],
            [("239.1.0.1", Port)],
            [("sink1", "239.3.0.1", Port, 18), ("sink2", "239.3.0.2", Port, 18), ("sink2", "239.3.0.3", Port, 18), ("sink3", "239.3.0.4", Port, 18)]),
        ["one to fifty"] = new(
            [Rule("in0", "239.1.0.1", [.. Fifty.Select(number => To("out1", Text($"239.2.0.{number}"), 6000 + number))])],
            [("239.1.0.1", Port)],
            [.. Fifty.Select(number => ("sink1", Text($"239.2.0.{number}"), 6000 + number, 19))]),
        ["three into one"] = new(
            [
                Rule("in0", "239.1.0.1", To("out1", "239.2.0.1")), Rule("in0", "239.1.0.2", To("out1", "239.2.0.1")), Rule("in0", "239.1.0.3", To("out1", "239.2.0.1")),
            ],
            [("239.1.0.1", Port), ("239.1.0.2", Port), ("239.1.0.3", Port)],
            [("sink1", "239.2.0.1", Port, 19)]),
        ["two ways to one place"] = new(
            [
                Rule("in0", "239.1.0.1", To("p1a", "239.2.0.1"), To("p2a", "239.2.0.2")), Rule("p1b", "239.2.0.1", To("out1", "239.3.0.1")), Rule("p2b", "239.2.0.2", To("out1", "239.3.0.2")),
            ],
            [("239.1.0.1", Port)],
            [("sink1", "239.3.0.1", Port, 18), ("sink1", "239.3.0.2", Port, 18)]),
        ["a longer way and a shorter one"] = new(
            [
                Rule("in0", "239.1.0.1", To("p1a", "239.2.0.1"), To("out1", "239.3.0.1")), Rule("p1b", "239.2.0.1", To("p2a", "239.2.0.2")), Rule("p2b", "239.2.0.2", To("out1", "239.3.0.2")),
            ],
            [("239.1.0.1", Port)],
            [("sink1", "239.3.0.1", Port, 19), ("sink1", "239.3.0.2", Port, 17)]),
        ["a prefix kept through a chain"] = new(
            [Rule("in0", "239.7.0.0/24", new RelayOutput { InterfaceAlias = "p1a" }), Rule("p1b", "239.7.0.0/24", new RelayOutput { InterfaceAlias = "out2" })],
            [("239.7.0.5", Port), ("239.7.0.6", Port)],
            [("sink2", AnyDestination, Port, 18)]),
        ["two rules for one group"] = new(
            [Rule("in0", "239.1.0.1", To("out1", "239.2.0.1")), Rule("in0", "239.1.0.0/24", To("out2", "239.2.0.2"))],
            [("239.1.0.1", Port)],
            [("sink1", "239.2.0.1", Port, 19), ("sink2", "239.2.0.2", Port, 19)]),
        ["IPv6 through a chain of three"] = new(
            [Rule("in0", "ff0e::1", To("p1a", "ff0e::2")), Rule("p1b", "ff0e::2", To("p2a", "ff0e::3")), Rule("p2b", "ff0e::3", To("out3", "ff0e::4", 6000))],
            [("ff0e::1", Port)],
            [("sink3", "ff0e::4", 6000, 17)]),
    };

    private static IEnumerable<int> Fifty => Enumerable.Range(1, 50);

    private static RelayShape Chain(int rules) => new(
        [
            .. Enumerable.Range(0, rules).Select(at => Rule(
                at == 0 ? "in0" : Text($"p{at}b"), Text($"239.1.{at}.1"), To(at == rules - 1 ? "out1" : Text($"p{at + 1}a"), Text($"239.1.{at + 1}.1"), 5001 + at), at == 0 ? Port : Port + at)),
        ],
        [("239.1.0.1", Port)],
        [("sink1", Text($"239.1.{rules}.1"), Port + rules, Ttl - rules)]);

    private static RelayRule Rule(string input, string group, params RelayOutput[] outputs) => RelayLab.Rule(Text($"{input}-{group.Replace('/', '-').Replace(':', '-')}"), group, Port, outputs) with { InterfaceAlias = input };

    private static RelayRule Rule(string input, string group, RelayOutput output, int port) => Rule(input, group, output) with { Port = new PortRange(port) };

    private static RelayOutput To(string output, string group, int? port = null) => new() { InterfaceAlias = output, Destination = group, Port = port };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
