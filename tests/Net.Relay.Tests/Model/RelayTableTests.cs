using System.Net;
using Net.Testing;

namespace Net.Relay.Tests.Model;

public sealed class RelayTableTests
{
    [Fact]
    public void An_exact_flow_takes_its_packets_and_no_others()
    {
        var table = new RelayTable([Samples.Flow()]);

        Assert.Equal([1], Find(table, new FrameBuilder()));
        Assert.Empty(Find(table, new FrameBuilder { Port = 5001 }));
        Assert.Empty(Find(table, new FrameBuilder { Destination = IPAddress.Parse("239.1.1.2") }));
        Assert.Empty(Find(table, new FrameBuilder { Protocol = 50, Payload = new byte[8] }));
        Assert.Empty(Find(table, new FrameBuilder(), interfaceIndex: 8));
    }

    [Fact]
    public void ESP_goes_by_its_destination_alone()
    {
        var table = new RelayTable([Samples.Flow(3, Samples.Input(portFrom: 0) with { Protocol = RelayProtocol.Esp })]);

        Assert.Equal([3], Find(table, new FrameBuilder { Protocol = 50, Payload = new byte[8] }));
        Assert.Empty(Find(table, new FrameBuilder { Port = 0 }));
    }

    [Fact]
    public void Every_flow_that_matches_is_found_the_most_specific_first()
    {
        RelayTable table = new(
        [
            Samples.Flow(1, Samples.Input("239.0.0.0/8", 1, 65535)),
            Samples.Flow(2, Samples.Input("239.1.0.0/16")),
            Samples.Flow(3, Samples.Input("239.1.1.1", 4000, 6000)),
            Samples.Flow(4, Samples.Input()),
            Samples.Flow(5, Samples.Input(source: "10.0.0.0/8")),
            Samples.Flow(6, Samples.Input(source: "10.0.0.5")),
            Samples.Flow(7, Samples.Input(source: "10.0.0.6")),
            Samples.Flow(8, Samples.Input("239.0.0.0/8", source: "10.0.0.5")),
            Samples.Flow(9, Samples.Input()),
        ]);

        Assert.Equal([6, 5, 4, 9, 3, 2, 8, 1], Find(table, new FrameBuilder()));
    }

    [Fact]
    public void IPv4_packets_are_in_no_IPv6_prefix()
    {
        RelayTable table = new([Samples.Flow(1, Samples.Input("::/0", 1, 65535)), Samples.Flow(2, Samples.Input("0.0.0.0/0", 1, 65535))]);

        Assert.Equal([2], Find(table, new FrameBuilder()));
        Assert.Equal([1], Find(table, new FrameBuilder { Source = IPAddress.Parse("2001:db8::5"), Destination = IPAddress.Parse("ff05::1") }));
    }

    [Fact]
    public void A_packet_of_no_source_at_all_is_not_found_twice()
    {
        RelayTable table = new([Samples.Flow(1, Samples.Input("ff05::1")), Samples.Flow(2, Samples.Input("ff05::1", source: "2001:db8::5"))]);

        Assert.Equal([1], Find(table, new FrameBuilder { Source = IPAddress.IPv6Any, Destination = IPAddress.Parse("ff05::1") }));
    }

    [Fact]
    public void What_has_no_room_is_left_out()
    {
        RelayTable table = new([Samples.Flow(1), Samples.Flow(2), Samples.Flow(3, Samples.Input("239.0.0.0/8"))]);
        PacketView packet = Samples.View(new FrameBuilder());

        Assert.Equal(0, table.Find(Samples.InputIndex, packet, []));
        Assert.Equal(1, table.Find(Samples.InputIndex, packet, new int[1]));
        Assert.Equal(2, table.Find(Samples.InputIndex, packet, new int[2]));
    }

    [Fact]
    public void An_empty_table_finds_nothing() => Assert.Empty(Find(RelayTable.Empty, new FrameBuilder()));

    [Fact]
    public void Random_tables_find_what_a_search_of_all_flows_finds()
    {
        var random = new Random(7);
        for (int table = 0; table < 60; table++)
        {
            RelayFlow[] flows = [.. Enumerable.Range(1, random.Next(1, 120)).Select(id => Samples.Flow(id, RandomInput(random)))];
            var compiled = new RelayTable(flows);
            for (int round = 0; round < 300; round++)
            {
                bool isIPv6 = random.Next(2) == 0;
                var builder = new FrameBuilder
                {
                    Source = IPAddress.Parse(isIPv6 ? $"2001:db8::{random.Next(4)}" : $"10.0.{random.Next(2)}.{random.Next(4)}"),
                    Destination = IPAddress.Parse(isIPv6 ? $"ff05::{random.Next(2)}:{random.Next(4)}" : $"239.{random.Next(2)}.{random.Next(2)}.{random.Next(4)}"),
                    Port = (ushort)random.Next(1, 12),
                };
                int interfaceIndex = random.Next(2);

                List<int> found = Find(compiled, builder, interfaceIndex);

                Assert.Equal(
                    [.. flows.Where(flow => Matches(flow.Input, builder, interfaceIndex)).Select(flow => flow.RuleId).Order()],
                    found.Order());
                Assert.Equal(found, [.. compiled.Flows.ToArray().Where(flow => found.Contains(flow.RuleId)).Select(flow => flow.RuleId)]);
            }
        }
    }

    [Fact]
    public void Ten_thousand_flows_are_all_found_without_allocating()
    {
        const int Count = 10_000;
        RelayFlow[] flows =
        [
            .. Enumerable.Range(0, Count).Select(index => Samples.Flow(index + 1, (index % 4) switch
            {
                0 => Samples.Input($"239.1.{index >> 8}.{index & 255}"),
                1 => Samples.Input("239.2.2.2", 5000, source: $"10.1.{index >> 8}.{index & 255}"),
                2 => Samples.Input($"239.3.{index >> 8}.{index & 255}", 5000, 5010),
                _ => Samples.Input("239.4.4.4", index, index + 2),
            })),
        ];
        var table = new RelayTable(flows);
        PacketView[] packets =
        [
            .. Enumerable.Range(0, Count).Select(index => Samples.View((index % 4) switch
            {
                0 => new FrameBuilder { Destination = IPAddress.Parse($"239.1.{index >> 8}.{index & 255}") },
                1 => new FrameBuilder { Destination = IPAddress.Parse("239.2.2.2"), Source = IPAddress.Parse($"10.1.{index >> 8}.{index & 255}") },
                2 => new FrameBuilder { Destination = IPAddress.Parse($"239.3.{index >> 8}.{index & 255}"), Port = 5010 },
                _ => new FrameBuilder { Destination = IPAddress.Parse("239.4.4.4"), Port = (ushort)(index + 1) },
            })),
        ];
        int[] ids = new int[Count];
        int[] counts = new int[Count];

        Assert.Equal(0, Allocations.Least(() =>
        {
            Span<int> matches = stackalloc int[8];
            for (int index = 0; index < Count; index++)
            {
                counts[index] = table.Find(Samples.InputIndex, packets[index], matches);
                ids[index] = counts[index] > 0 ? table.Flows[matches[0]].RuleId : 0;
            }
        }));

        Assert.Equal(Enumerable.Range(1, Count), ids);
        Assert.All(counts, count => Assert.Equal(1, count));
    }

    private static List<int> Find(RelayTable table, FrameBuilder builder, int interfaceIndex = Samples.InputIndex)
    {
        Span<int> matches = stackalloc int[256];
        int count = table.Find(interfaceIndex, Samples.View(builder), matches);
        var ids = new List<int>();
        foreach (int match in matches[..count])
        {
            ids.Add(table.Flows[match].RuleId);
        }

        return ids;
    }

    private static RelayInput RandomInput(Random random)
    {
        bool isIPv6 = random.Next(2) == 0;
        string destination = random.Next(4) switch
        {
            0 when isIPv6 => random.Next(2) == 0 ? "ff05::/16" : "::/0",
            0 => random.Next(2) == 0 ? "239.0.0.0/15" : "0.0.0.0/0",
            1 when isIPv6 => $"ff05::{random.Next(2)}:0/112",
            1 => $"239.{random.Next(2)}.0.0/16",
            _ when isIPv6 => $"ff05::{random.Next(2)}:{random.Next(4)}",
            _ => $"239.{random.Next(2)}.{random.Next(2)}.{random.Next(4)}",
        };
        string? source = random.Next(4) switch
        {
            0 => isIPv6 ? $"2001:db8::{random.Next(1, 4)}" : $"10.0.{random.Next(2)}.{random.Next(4)}",
            1 => isIPv6 ? "2001:db8::/127" : $"10.0.{random.Next(2)}.0/24",
            _ => null,
        };
        int from = random.Next(1, 12);
        return Samples.Input(destination, from, random.Next(2) == 0 ? from : random.Next(from, 14), source) with { InterfaceIndex = random.Next(2) };
    }

    private static bool Matches(RelayInput input, FrameBuilder builder, int interfaceIndex) =>
        input.InterfaceIndex == interfaceIndex
        && input.Destination.Contains(builder.Destination)
        && (input.Source?.Contains(builder.Source) ?? true)
        && builder.Port >= input.PortFrom
        && builder.Port <= input.PortTo;
}
