using System.Net;

namespace Net.Relay.Tests.Model;

public sealed class RelayFingerprintTests
{
    [Fact]
    public void The_order_of_flows_makes_no_difference_and_their_number_does()
    {
        RelayFlow[] flows = [.. Enumerable.Range(1, 50).Select(id => Samples.Flow(id, Samples.Input($"239.1.1.{id}")))];
        RelayFlow[] shuffled = [.. flows];
        new Random(1).Shuffle(shuffled);

        Assert.Equal(new RelayTable(flows).Fingerprint, new RelayTable(shuffled).Fingerprint);
        Assert.NotEqual(new RelayTable(flows).Fingerprint, new RelayTable(flows[1..]).Fingerprint);
        Assert.NotEqual(new RelayTable([flows[0]]).Fingerprint, new RelayTable([flows[0], flows[0], flows[0]]).Fingerprint);
        Assert.Equal(0UL, RelayTable.Empty.Fingerprint);
    }

    [Fact]
    public void The_order_of_allowed_sources_makes_no_difference()
    {
        RelayFlow flow = Samples.Flow() with { AllowedSources = [AddressPrefix.Parse("10.0.0.1"), AddressPrefix.Parse("10.0.0.2")] };

        Assert.Equal(RelayFingerprint.Of(flow), RelayFingerprint.Of(flow with { AllowedSources = [.. flow.AllowedSources.Reverse()] }));
    }

    [Fact]
    public void Every_change_of_a_flow_changes_its_hash_and_its_equality()
    {
        RelayTarget target = Samples.Target();
        RelayFlow flow = Samples.Flow();
        RelayFlow With(RelayTarget changed) => flow with { Targets = [changed] };
        RelayFlow[] changes =
        [
            flow,
            flow with { RuleId = 2 },
            flow with { Input = Samples.Input("239.1.1.2") },
            flow with { Input = Samples.Input("239.1.1.0/24") },
            flow with { Input = Samples.Input(portTo: 5001) },
            flow with { Input = Samples.Input(portFrom: 4999, portTo: 5000) },
            flow with { Input = Samples.Input(source: "10.0.0.1") },
            flow with { Input = Samples.Input(source: "0.0.0.0/0") },
            flow with { Input = Samples.Input() with { InterfaceIndex = 1 } },
            flow with { Input = Samples.Input() with { Protocol = RelayProtocol.Esp } },
            flow with { AllowedSources = [AddressPrefix.Parse("10.0.0.1")] },
            flow with { AnalyzeSequence = true },
            flow with { Duplicates = DuplicateMode.Suppress },
            flow with { Duplicates = DuplicateMode.Standby },
            flow with { PreferredSource = IPAddress.Parse("10.0.0.1") },
            flow with { StandbyAfterMilliseconds = 501 },
            flow with { Targets = [target, target] },
            With(target with { InterfaceIndex = 3 }),
            With(target with { MtuBytes = 1499 }),
            With(target with { SourceMac = [2, 0, 0, 0, 0, 3] }),
            With(target with { SourceMac = [] }),
            With(target with { DestinationMac = [2, 0, 0, 0, 0, 3] }),
            With(target with { DestinationMac = [] }),
            With(target with { Destination = IPAddress.Parse("239.9.9.9") }),
            With(target with { Port = 1 }),
            With(target with { Ttl = 0 }),
            With(target with { Ttl = 1 }),
            With(target with { SourceMode = SourceMode.Interface }),
            With(target with { SourceMode = SourceMode.Fixed }),
            With(target with { Source = IPAddress.Parse("239.9.9.9") }),
            With(target with { SourcePort = 1 }),
            With(target with { Dscp = 0 }),
            With(target with { Dscp = 1 }),
            With(target with { PacketsPerSecond = 1 }),
            With(target with { BitsPerSecond = 1 }),
            With(target with { Oversize = OversizeAction.Fragment }),
            With(target with { IsPaused = true }),
        ];

        Assert.Equal(changes.Length, changes.Select(RelayFingerprint.Of).Distinct().Count());
        for (int left = 0; left < changes.Length; left++)
        {
            for (int right = 0; right < changes.Length; right++)
            {
                Assert.Equal(left == right, changes[left] == changes[right]);
            }
        }
    }

    [Fact]
    public void Equal_flows_of_different_arrays_are_equal_and_hash_alike()
    {
        RelayFlow left = Samples.Flow() with { AllowedSources = [AddressPrefix.Parse("10.0.0.0/8")] };
        RelayFlow right = Samples.Flow() with { AllowedSources = [AddressPrefix.Parse("10.0.0.0/8")] };

        Assert.Equal(left, right);
        Assert.Equal(left.GetHashCode(), right.GetHashCode());
        Assert.Equal(left.Targets[0].GetHashCode(), right.Targets[0].GetHashCode());
        Assert.Equal(RelayFingerprint.Of(left), RelayFingerprint.Of(right));
    }

    // Engines and workers of one release only compare it with each other; but a change shall be a decision, as it is in logs.
    [Fact]
    public void The_hash_of_a_known_flow_stays() => Assert.Equal(12162099040264779109UL, RelayFingerprint.Of(Samples.Flow()));
}
