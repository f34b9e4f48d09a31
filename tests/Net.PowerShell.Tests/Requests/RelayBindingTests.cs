using System.Collections;
using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Binding;

namespace Net.PowerShell.Tests.Requests;

/// <summary>What people write in place of outputs, queriers and single values. The reference library has no bodies, so wrapped objects are tried in Pester.</summary>
public sealed class RelayBindingTests
{
    [Fact]
    public void Outputs_are_tables_texts_or_outputs_alone_or_several()
    {
        var table = new Hashtable { ["InterfaceAlias"] = "br1", ["Destination"] = "239.2.2.2", ["Port"] = 6000, ["PauseWithoutReceivers"] = true };

        Assert.Equal(["br1,destination=239.2.2.2,port=6000,pause=true"], Outputs(table));
        Assert.Equal(["br1", "br2,ttl=4"], Outputs("br1; br2,ttl=4"));
        Assert.Equal(["br1,destination=239.2.2.2,port=6000,pause=true", "br2", "br3"], Outputs(new object[] { table, "br2", new RelayOutput { InterfaceAlias = "br3" } }));
        Assert.Empty(Outputs(string.Empty));
    }

    [Fact]
    public void What_is_no_output_is_refused_with_an_example()
    {
        Assert.Throws<ArgumentTransformationMetadataException>(() => Outputs(new Hashtable { ["Port"] = 1 }));
        Assert.Throws<ArgumentTransformationMetadataException>(() => Outputs(new Hashtable { ["InterfaceAlias"] = "br1", ["Group"] = "239.1.1.1" }));
        Assert.Throws<ArgumentTransformationMetadataException>(() => Outputs(7));
    }

    [Fact]
    public void Queriers_are_names_or_tables()
    {
        var attribute = new RelayQuerierTransformationAttribute();
        var table = new Hashtable { ["InterfaceAlias"] = "br2", ["QueryInterval"] = "30s", ["Address"] = "192.0.2.1", ["Enabled"] = false };

        RelayQuerier[] queriers = (RelayQuerier[])attribute.Transform(null!, new object[] { "br1", table });

        Assert.Equal(new RelayQuerier { InterfaceAlias = "br1" }, queriers[0]);
        Assert.Equal(new RelayQuerier { InterfaceAlias = "br2", QueryInterval = TimeSpan.FromSeconds(30), Address = "192.0.2.1", Enabled = false }, queriers[1]);
        Assert.Throws<ArgumentTransformationMetadataException>(() => attribute.Transform(null!, new Hashtable { ["InterfaceAlias"] = "br1", ["Interval"] = "30s" }));
        Assert.Throws<ArgumentTransformationMetadataException>(() => attribute.Transform(null!, new Hashtable { ["QueryInterval"] = "30s" }));
    }

    [Theory]
    [InlineData(5000, "5000")]
    [InlineData("5000-5010", "5000-5010")]
    [InlineData("any", "")]
    [InlineData("", "")]
    [InlineData(null, "")]
    public void A_port_is_a_number_a_range_or_nothing(object? given, string text) => Assert.Equal(text, new ValueTextAttribute<PortRange>().Transform(null!, given!));

    [Fact]
    public void A_value_that_cannot_be_read_is_refused_at_once()
    {
        Assert.Throws<ArgumentTransformationMetadataException>(() => new ValueTextAttribute<PortRange>().Transform(null!, "70000"));
        Assert.Throws<ArgumentTransformationMetadataException>(() => new ValueTextAttribute<AddressRange>().Transform(null!, "10.0.0.1/8"));
    }

    private static string[] Outputs(object input) => [.. ((RelayOutput[])new RelayOutputTransformationAttribute().Transform(null!, input)).Select(output => output.ToString())];
}
