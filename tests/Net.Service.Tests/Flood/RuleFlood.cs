using System.Net;
using System.Net.Sockets;
using Net.Platform.Linux;
using Net.Traffic;

namespace Net.Service.Tests.Flood;

/// <summary>Streams through a router while its rules change, paced far below what any queue on the way holds, so that what is lost was dropped by rules.</summary>
internal sealed class RuleFlood : IDisposable
{
    private const string Interface = "eth0";
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(20);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _stopListening = new();
    private readonly List<(FloodFlow Flow, Task<TrafficReport> Receiving, Task<TrafficSent> Sending)> _streams = [];

    private RuleFlood()
    {
    }

    /// <summary>Begins; both nodes have one interface, eth0.</summary>
    /// <param name="from">The namespace that sends.</param>
    /// <param name="to">The namespace that receives.</param>
    /// <param name="flows">The streams.</param>
    /// <param name="packetsPerSecond">Of each stream.</param>
    public static RuleFlood Start(string from, string to, IEnumerable<FloodFlow> flows, double packetsPerSecond)
    {
        var flood = new RuleFlood();
        foreach (FloodFlow flow in flows)
        {
            var listen = new TrafficListen { Endpoints = [new TrafficEndpoint(Interface, flow.To, flow.Port)], Duration = Longest, VerifiesPayload = false };
            TrafficReceiver receiver = In(to, () => TrafficReceiver.Open(listen));
            Task<TrafficReport> receiving = OnThread(() => Receive(receiver, flood._stopListening.Token));
            var plan = new TrafficPlan
            {
                Interface = Interface,
                Destination = flow.To,
                Port = flow.Port,
                SourcePort = flow.SourcePort,
                PacketsPerSecond = packetsPerSecond,
                Duration = Longest,
            };
            Task<TrafficSent> sending = OnThread(() => In(from, () => TrafficGenerator.Send(plan, flood._stop.Token)));
            flood._streams.Add((flow, receiving, sending));
        }

        return flood;
    }

    /// <summary>One datagram there and one back, so that connection tracking knows the stream as a connection that stands.</summary>
    public static void Establish(string from, string to, FloodFlow flow)
    {
        using Socket there = In(to, () => new Socket(flow.To.AddressFamily, SocketType.Dgram, ProtocolType.Udp));
        there.Bind(new IPEndPoint(flow.To, flow.Port));
        there.ReceiveTimeout = (int)Grace.TotalMilliseconds;
        using Socket here = In(from, () => new Socket(flow.To.AddressFamily, SocketType.Dgram, ProtocolType.Udp));
        here.Bind(new IPEndPoint(flow.To.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any, flow.SourcePort));
        here.ReceiveTimeout = there.ReceiveTimeout;
        byte[] word = new byte[16];
        here.SendTo(word, new IPEndPoint(flow.To, flow.Port));
        EndPoint sender = new IPEndPoint(IPAddress.Any, 0);
        if (flow.To.AddressFamily == AddressFamily.InterNetworkV6)
        {
            sender = new IPEndPoint(IPAddress.IPv6Any, 0);
        }

        there.ReceiveFrom(word, ref sender);
        there.SendTo(word, sender);
        here.Receive(word);
    }

    /// <summary>Ends the streams and tells what came of each.</summary>
    public async Task<IReadOnlyList<FloodOutcome>> EndAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_streams.Select(stream => stream.Sending));

        // A stream that may pass says itself that it ends; one that may not is listened for until those are through, which were sent as late as it.
        try
        {
            await Task.WhenAll(_streams.Where(stream => stream.Flow.MustPass).Select(stream => stream.Receiving)).WaitAsync(Grace);
        }
        catch (TimeoutException)
        {
            // Its end was dropped as well; what did not come is lost.
        }

        await _stopListening.CancelAsync();
        List<FloodOutcome> outcomes = [];
        foreach ((FloodFlow flow, Task<TrafficReport> receiving, Task<TrafficSent> sending) in _streams)
        {
            TrafficReport came = await receiving;
            TrafficSent sent = await sending;
            outcomes.Add(new FloodOutcome(flow, sent.Packets, came.Received, came.Overrun));
        }

        return outcomes;
    }

    public void Dispose()
    {
        _stop.Cancel();
        _stopListening.Cancel();
        Task.WaitAll([.. _streams.Select(stream => stream.Sending), .. _streams.Select(stream => stream.Receiving)], Grace);
        _stop.Dispose();
        _stopListening.Dispose();
    }

    private static TrafficReport Receive(TrafficReceiver receiver, CancellationToken cancellationToken)
    {
        using (receiver)
        {
            return receiver.Receive(cancellationToken);
        }
    }

    private static T In<T>(string space, Func<T> work)
    {
        using NetworkNamespace opened = NetworkNamespace.Open(space);
        return opened.Run(work);
    }

    private static Task<T> OnThread<T>(Func<T> work) => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
