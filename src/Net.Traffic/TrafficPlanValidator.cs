using System.Globalization;
using System.Net;
using Net.Packets;

namespace Net.Traffic;

/// <summary>What is wrong with plans, in sentences for whoever made them.</summary>
internal static class TrafficPlanValidator
{
    private const int MostPorts = 64;
    private const int MostGroups = 65_536;
    private const int MostEndpoints = 64;
    private const double MostRate = 1e9;

    /// <summary>Problems of what is to be sent.</summary>
    public static IReadOnlyList<string> Validate(TrafficPlan plan)
    {
        List<string> problems = [];
        Require(problems, plan.Interface.Length > 0, "An interface to send from is needed.");
        CheckPlace(problems, plan.Destination, plan.Port, plan.Groups, plan.Ports);
        int most = TrafficPlan.MostPayloadBytes;
        Require(problems, plan.PayloadBytes >= TrafficHeader.Bytes && plan.PayloadBytes <= most, Text($"The payload must be {TrafficHeader.Bytes} bytes, which its header needs, to {most:#,0}; {plan.PayloadBytes} is not."));
        Require(problems, plan.PacketsPerSecond is >= 0 and <= MostRate, Text($"The rate must be 0 (no limit) to {MostRate:#,0} packets a second."));
        Require(problems, plan.Duration > TimeSpan.Zero, "The duration must be longer than nothing.");
        Require(problems, plan.Packets is null or > 0, "The number of packets must be 1 or more.");
        Require(problems, plan.Streams is > 0 and <= TrafficPlan.MostStreams, Text($"The number of streams must be 1 to {TrafficPlan.MostStreams:#,0}."));
        Require(problems, plan.Ttl > 0, "The TTL must be 1 to 255.");
        Require(problems, plan.Source is null || plan.Source.AddressFamily == plan.Destination.AddressFamily, "Source and destination must both be IPv4 or both be IPv6.");
        if (plan.Kind == TrafficSender.LiveFrames)
        {
            Require(problems, TrafficAddresses.IsGroup(plan.Destination), "Live frames go to multicast groups.");
            Require(problems, plan.PayloadBytes <= TrafficPlan.MostLiveFramePayloadBytes, Text($"The payload of live frames is {TrafficPlan.MostLiveFramePayloadBytes:#,0} bytes at most."));
            Require(problems, plan.Streams % (plan.Groups * plan.Ports) == 0, "The streams of live frames must be a multiple of the groups times the ports.");
            Require(problems, plan is { Packets: null, Fragments: false, UsesTai: false, LoopsBack: false }, "Live frames are sent for a time, are not fragmented or looped back, and carry CLOCK_MONOTONIC.");
        }

        return problems;
    }

    /// <summary>Problems of what is to be listened to.</summary>
    public static IReadOnlyList<string> Validate(TrafficListen listen)
    {
        List<string> problems = [];
        Require(problems, listen.Endpoints.Count is > 0 and <= MostEndpoints, Text($"1 to {MostEndpoints} places to listen at are needed."));
        foreach (TrafficEndpoint endpoint in listen.Endpoints)
        {
            Require(problems, endpoint.Interface.Length > 0, "An interface to listen at is needed.");
            CheckPlace(problems, endpoint.Group, endpoint.Port, endpoint.Groups, endpoint.Ports);
            Require(problems, endpoint.Source is null || endpoint.Source.AddressFamily == endpoint.Group.AddressFamily, "Source and group must both be IPv4 or both be IPv6.");
            Require(problems, endpoint.Source is null || TrafficAddresses.IsGroup(endpoint.Group), "A source can be chosen of a group only.");
        }

        Require(problems, listen.Duration > TimeSpan.Zero, "The duration must be longer than nothing.");
        Require(problems, listen.IdleTimeout is null || listen.IdleTimeout > TimeSpan.Zero, "The idle time must be longer than nothing.");
        Require(problems, listen.MostStreams is > 0 and <= TrafficPlan.MostStreams, Text($"The number of streams must be 1 to {TrafficPlan.MostStreams:#,0}."));
        return problems;
    }

    private static void CheckPlace(List<string> problems, IPAddress address, ushort port, int groups, int ports)
    {
        Require(problems, port > 0, "The port must be 1 to 65,535.");
        Require(problems, groups is > 0 and <= MostGroups, Text($"The number of groups must be 1 to {MostGroups:#,0}."));
        Require(problems, ports is > 0 and <= MostPorts && port + ports - 1 <= ushort.MaxValue, Text($"The number of ports must be 1 to {MostPorts}, and the last one 65,535 at most."));
        Require(problems, groups == 1 || TrafficAddresses.IsGroup(address), Text($"{address} is no multicast group, so it cannot be the first of {groups}."));
        if (groups is > 1 and <= MostGroups && TrafficAddresses.IsGroup(address))
        {
            Require(problems, TrafficAddresses.IsGroup(TrafficAddresses.Add(address, groups - 1)), Text($"{groups} groups from {address} leave the range of groups."));
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static void Require(List<string> problems, bool isRight, string problem)
    {
        if (!isRight && !problems.Contains(problem))
        {
            problems.Add(problem);
        }
    }
}
