namespace Net.Lab.Tests;

public sealed class LabTopologyTests
{
    public static TheoryData<string> BuiltIns => [.. LabTopologies.BuiltIn.Keys];

    [Theory]
    [MemberData(nameof(BuiltIns))]
    public void A_built_in_topology_is_valid_and_survives_json(string name)
    {
        LabTopology topology = LabTopologies.BuiltIn[name]();

        Assert.Empty(topology.Validate());
        Assert.Equal(name, topology.Name);
        Assert.Equal(topology.ToJson(), LabTopology.Parse(topology.ToJson()).ToJson());
    }

    [Fact]
    public void Every_variant_of_the_nat_pair_is_valid()
    {
        NatKind[] kinds = Enum.GetValues<NatKind>();

        Assert.All(kinds, left => Assert.All(kinds, outer => Assert.Empty(LabTopologies.NatPair(left, left, outer, hairpin: true).Validate())));
    }

    [Theory]
    [InlineData("""{"name":"X y","nodes":[{"name":"a"}]}""", "The topology name 'X y'")]
    [InlineData("""{"name":"t","nodes":[]}""", "no nodes")]
    [InlineData("""{"name":"t","nodes":[null]}""", "null")]
    [InlineData("""{"name":"t","nodes":[{"name":"a"},{"name":"a"}]}""", "'a' is there 2 times")]
    [InlineData("""{"name":"t","nodes":[{"name":"a","kind":"hub"}]}""", "$.nodes[0].kind")]
    [InlineData("""{"name":"t","nodes":[{"name":"a","colour":"red"}]}""", "colour")]
    [InlineData("""{"name":"t"}""", "nodes")]
    [InlineData("""{"name":"t","nodes":[{"name":"a"}],"links":[{"a":{"node":"a","interface":"eth0"},"b":{"node":"b","interface":"eth0"}}]}""", "b/eth0 names a node that is not there")]
    [InlineData("""{"name":"t","nodes":[{"name":"a"}],"links":[{"a":{"node":"a","interface":"e 0"},"b":{"node":"a","interface":"x"}}]}""", "a/e 0 has an interface name")]
    [InlineData("""{"name":"t","nodes":[{"name":"a"}],"links":[{"a":{"node":"a","interface":"x"},"b":{"node":"a","interface":"x"}}]}""", "2 links named 'x'")]
    [InlineData("""{"name":"t","nodes":[{"name":"a"}],"links":[{"a":{"node":"a","interface":"x","addresses":["10.0.0.300/24"]},"b":{"node":"a","interface":"y"}}]}""", "'10.0.0.300/24' is not an address")]
    [InlineData("""{"name":"t","nodes":[{"name":"a"}],"links":[{"a":{"node":"a","interface":"x","addresses":["10.0.0.3/33"]},"b":{"node":"a","interface":"y"}}]}""", "'10.0.0.3/33' is not an address")]
    [InlineData("""{"name":"t","nodes":[{"name":"a"}],"links":[{"a":{"node":"a","interface":"x"},"b":{"node":"a","interface":"y"},"mtu":20}]}""", "the MTU 20")]
    [InlineData("""{"name":"t","nodes":[{"name":"a"}],"links":[{"a":{"node":"a","interface":"x","addresses":["2001:db8::1/64"]},"b":{"node":"a","interface":"y"},"mtu":1000}]}""", "it must be 1280")]
    [InlineData("""{"name":"t","nodes":[{"name":"a","kind":"bridge"}],"links":[{"a":{"node":"a","interface":"x","addresses":["10.0.0.1/24"]},"b":{"node":"a","interface":"br0"}}]}""", "port of a bridge and cannot have addresses")]
    [InlineData("""{"name":"t","nodes":[{"name":"a","routes":[{"via":"10.0.0.1"}]}]}""", "in none of the networks")]
    [InlineData("""{"name":"t","nodes":[{"name":"a","routes":[{"to":"10.0.0.1/8","interface":"x"}]}]}""", "'10.0.0.1/8' is neither")]
    [InlineData("""{"name":"t","nodes":[{"name":"a","routes":[{"to":"10.0.0.0/8","via":"2001:db8::1"}]}]}""", "other address family")]
    [InlineData("""{"name":"t","nodes":[{"name":"a","routes":[{"to":"10.0.0.0/8"}]}]}""", "neither a gateway nor an interface")]
    [InlineData("""{"name":"t","nodes":[{"name":"a","routes":[{"to":"default","interface":"x"}]}]}""", "needs a gateway")]
    [InlineData("""{"name":"t","nodes":[{"name":"a","routes":[{"to":"10.0.0.0/8","interface":"x","metric":-1}]}]}""", "is negative")]
    [InlineData("""{"name":"t","nodes":[{"name":"a","routes":[{"to":"10.0.0.0/8","interface":"x"}]}]}""", "'x', which is none of its links")]
    [InlineData("""{"name":"t","nodes":[{"name":"a","sysctls":{"kernel.panic":"1"}}]}""", "'kernel.panic'")]
    [InlineData("""{"name":"t","nodes":[{"name":"a","sysctls":{"net.ipv4.ip_forward":"1\n2"}}]}""", "to a value")]
    [InlineData("""{"name":"t","nodes":[{"name":"a","kind":"nat"}]}""", "is a NAT without 'nat'")]
    [InlineData("""{"name":"t","nodes":[{"name":"a","nat":{"outside":["x"]}}]}""", "but is not a NAT")]
    [InlineData("""{"name":"t","nodes":[{"name":"a","kind":"nat","nat":{"outside":["x"]}}]}""", "'x' as outside")]
    [InlineData("""{"name":"t","nodes":[{"name":"a","kind":"nat","nat":{"kind":"masquerade","outside":["x"],"hairpin":true}}]}""", "asks for hairpinning")]
    [InlineData("null", "null")]
    [InlineData("{", "line 1")]
    public void What_is_wrong_with_a_topology_is_named(string json, string expected)
    {
        LabTopologyException wrong = Assert.Throws<LabTopologyException>(() => LabTopology.Parse(json, "my.json"));

        Assert.StartsWith("my.json: ", wrong.Message, StringComparison.Ordinal);
        Assert.Contains(expected, wrong.Message, StringComparison.Ordinal);
        Assert.NotEmpty(wrong.Errors);
    }

    [Fact]
    public void All_faults_are_listed_not_the_first_only()
    {
        LabTopologyException wrong = Assert.Throws<LabTopologyException>(() => LabTopology.Parse("""{"name":"T","nodes":[{"name":"A"},{"name":"b","kind":"nat"}]}"""));

        Assert.Equal(3, wrong.Errors.Count);
    }

    [Fact]
    public void Kinds_are_written_with_dashes_and_comments_are_allowed()
    {
        LabTopology topology = LabTopology.Parse("""
            {
              "name": "home", // ours
              "nodes": [
                { "name": "nat", "kind": "nat", "nat": { "kind": "address-and-port-dependent-mapping", "outside": ["wan0"] } },
                { "name": "host" },
              ],
              "links": [{ "a": { "node": "nat", "interface": "wan0" }, "b": { "node": "host", "interface": "eth0" } }],
            }
            """);

        Assert.Equal(NatKind.AddressAndPortDependentMapping, topology.Nodes[0].Nat!.Kind);
        Assert.Equal(LabNodeKind.Host, topology.Nodes[1].Kind);
    }

    [Fact]
    public async Task A_topology_is_found_by_name_or_file_and_the_error_lists_what_there_is()
    {
        CancellationToken stop = TestContext.Current.CancellationToken;
        string path = Path.Combine(Path.GetTempPath(), $"lab-{Guid.NewGuid():N}.json");
        await File.WriteAllTextAsync(path, LabTopologies.Chain().ToJson(), stop);
        try
        {
            Assert.Equal("pair", (await LabTopology.FindAsync("pair", stop)).Name);
            Assert.Equal("chain", (await LabTopology.FindAsync(path, stop)).Name);
        }
        finally
        {
            File.Delete(path);
        }

        LabException missing = await Assert.ThrowsAsync<LabException>(() => LabTopology.FindAsync("nowhere", stop));
        Assert.Contains("bridge, chain, nat-pair, pair, two-uplinks", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_knows_its_ends()
    {
        LabLink link = LabTopologies.Pair().Links[0];

        Assert.Same(link.A, link.EndAt("left", "eth0"));
        Assert.Same(link.A, link.Opposite(link.B));
        Assert.Null(link.EndAt("left", "eth1"));
    }
}
