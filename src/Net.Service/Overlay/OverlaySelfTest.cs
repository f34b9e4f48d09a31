using System.Diagnostics;
using System.Net;
using System.Runtime.Versioning;
using Net.Contracts;
using Net.Engine.Overlay.Runtime;
using Net.Platform.Linux;
using Net.Workers;

namespace Net.Service.Overlay;

/// <summary>Tries what an overlay needs of this host, one step after the other, without any peer. A step that fails does not keep the others from being tried.</summary>
[SupportedOSPlatform("linux")]
internal sealed class OverlaySelfTest(IOverlayHost host, string workerProgram)
{
    private const string DeviceName = "nm-selftest";
    private const int SegmentBytes = 1200;
    private const int Segments = 20;

    /// <summary>Runs all steps.</summary>
    public OverlaySelfTestStep[] Run() =>
    [
        Try("libraries", () => QuicLibrary.Version),
        Try("handshake", Handshake),
        Try("tun device", Device),
        Try("udp batches", Batches),
        Try("worker", Worker),
    ];

    private static OverlaySelfTestStep Try(string name, Func<string> step)
    {
        try
        {
            return new OverlaySelfTestStep(name, true, step());
        }
        catch (Exception exception)
        {
            // Whatever it is, the user asked to be told.
            return new OverlaySelfTestStep(name, false, exception.Message);
        }
    }

    private static long Now => Stopwatch.GetTimestamp() * (1_000_000_000L / Stopwatch.Frequency);

    private static string Handshake()
    {
        byte[] seed = new byte[32];
        Ed25519.GenerateSeed(seed);
        using var clientKey = new QuicCredentials(seed);
        Ed25519.GenerateSeed(seed);
        using var serverKey = new QuicCredentials(seed);
        var clientEvents = new Side(serverKey.PublicKey);
        var serverEvents = new Side(clientKey.PublicKey);
        long began = Stopwatch.GetTimestamp();
        using QuicConnection client = QuicConnection.Connect(clientKey, new QuicOptions(), clientEvents, [], Now);
        QuicConnection? server = null;
        try
        {
            byte[] packet = new byte[2048];
            bool isSent = false;
            for (int round = 0; round < 50 && serverEvents.Received == 0; round++)
            {
                Move(client, packet, data =>
                {
                    if (server is null && QuicInitial.TryRead(data, out QuicInitial initial))
                    {
                        server = QuicConnection.Accept(serverKey, new QuicOptions(), serverEvents, in initial, Now);
                    }

                    server?.Read(data, Now);
                });
                if (server is not null)
                {
                    Move(server, packet, data => client.Read(data, Now));
                }

                if (client.IsHandshakeConfirmed && !isSent)
                {
                    client.WriteDatagram(packet, "netmod"u8, default, Now, out int written, out isSent);
                    server!.Read(packet.AsSpan(0, written), Now);
                }
            }

            return serverEvents.Received > 0
                ? $"keys proven both ways and a datagram delivered in {Stopwatch.GetElapsedTime(began).TotalMilliseconds:F1} ms"
                : throw new InvalidOperationException($"the handshake did not complete: {client.LastErrorText} {server?.LastErrorText}");
        }
        finally
        {
            server?.Dispose();
        }
    }

    private delegate void Deliver(ReadOnlySpan<byte> packet);

    private static void Move(QuicConnection from, byte[] packet, Deliver deliver)
    {
        while (from.Write(packet, Now, out int written) == QuicResult.Ok && written > 0)
        {
            deliver(packet.AsSpan(0, written));
        }
    }

    private string Device()
    {
        using IOverlayDevice device = host.CreateDevice(DeviceName, 1420, queues: 1);
        return $"made and removed; segmentation of TCP {(device.HasTso ? "yes" : "no")}, of UDP {(device.HasUso ? "yes" : "no")}";
    }

    private static string Batches()
    {
        using DatagramSocket receiver = DatagramSocket.Bind(new IPEndPoint(IPAddress.Loopback, 0), new DatagramSocketOptions());
        using DatagramSocket sender = DatagramSocket.Bind(new IPEndPoint(IPAddress.Loopback, 0), new DatagramSocketOptions());
        byte[] data = new byte[SegmentBytes * Segments];
        SocketEndpoint to = SocketEndpoint.From(receiver.LocalEndPoint);
        if (!sender.Send(data, SegmentBytes, in to, out int error))
        {
            throw new IOException($"a batch of {Segments} datagrams could not be sent (errno {error})");
        }

        byte[] buffer = new byte[65536];
        var poller = new Poller(1);
        int total = 0;
        int calls = 0;
        while (total < data.Length)
        {
            poller.Set(0, receiver.Handle, wantRead: true);
            if (poller.Wait(1_000_000_000) == 0)
            {
                throw new IOException($"{total} of {data.Length} bytes came back on the loopback");
            }

            SocketEndpoint from = default;
            total += receiver.Receive(buffer, ref from, out _);
            calls++;
        }

        return $"{Segments} datagrams in one call, received in {calls}";
    }

    private string Worker()
    {
        if (!File.Exists(workerProgram))
        {
            throw new FileNotFoundException($"there is no worker program {workerProgram}");
        }

        using IWorkerLink link = host.CreateLauncher().Launch();
        string path = $"/proc/{link.ProcessId}/status";

        // setpriv drops everything just before the worker's own program begins.
        long began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(5) && !link.Ended.IsCompleted)
        {
            string[] lines = File.ReadAllLines(path);
            if (Of(lines, "Name:") is not ("setpriv" or "netmod-engine"))
            {
                string held = Of(lines, "CapEff:");
                return held.Trim('0').Length == 0
                    ? $"starts as user {Of(lines, "Uid:").Split('\t')[0]} without capabilities"
                    : throw new InvalidOperationException($"it holds the capabilities {held}; start the engine by 'netmod engine run' or its unit");
            }

            Thread.Yield();
        }

        throw new InvalidOperationException($"it did not start: {(link.Ended.IsCompletedSuccessfully ? link.Ended.Result : "no sign of life in 5 s")}");
    }

    private static string Of(string[] status, string name) => status.FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?[name.Length..].Trim() ?? string.Empty;

    private sealed class Side(byte[] expected) : QuicConnectionEvents
    {
        private ulong _next = (ulong)Random.Shared.NextInt64();

        public int Received { get; private set; }

        public override bool VerifyPeer(ReadOnlySpan<byte> publicKey) => publicKey.SequenceEqual(expected);

        public override void DatagramReceived(ReadOnlySpan<byte> data) => Received++;

        public override ulong NewConnectionId() => _next++;
    }
}
