using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Net.Overlay.Control;
using Net.Packets;
using Net.Platform.Linux;

namespace Net.Benchmarks.Overlay;

/// <summary>Many nodes in one process, each with a key and a session of its own to one worker: they say hello, keep their sessions alive and can send packets.
/// They do not claim to know path probes, so a worker sends them none.</summary>
internal sealed class SessionFarm : IDisposable
{
    /// <summary>The hidden first argument that makes this program the farm: address, port, nodes, seconds it runs, packets each node sends once all are up.</summary>
    public const string Mode = "session-farm";

    /// <summary>What it writes when every node has heard the worker's hello.</summary>
    public const string AllUp = "all up";

    private const int OpenHandshakes = 64;
    private const int BurstPacketBytes = 1200;
    private const long Nanoseconds = 1_000_000_000;
    private const int TimerMilliseconds = 50;

    private readonly Socket _socket;
    private readonly Node[] _nodes;
    private readonly byte[] _packet = new byte[SessionPair.PacketBytes];
    private readonly QuicOptions _options = new() { KeepAlive = 20 * Nanoseconds, IdleTimeout = 60 * Nanoseconds };
    private int _dialled;
    private int _open;
    private int _up;

    private SessionFarm(IPEndPoint worker, int count)
    {
        _socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { Blocking = false, ReceiveBufferSize = 8 << 20, SendBufferSize = 8 << 20 };
        _socket.Connect(worker);
        _nodes = [.. Enumerable.Range(0, count).Select(index => new Node(this, index))];
    }

    private static long Now => Stopwatch.GetTimestamp() * (Nanoseconds / Stopwatch.Frequency);

    /// <summary>The seed of a node, known to whoever makes the worker's model.</summary>
    public static byte[] Seed(int index) => SHA256.HashData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"netmod bench node {index}")));

    /// <summary>The overlay address of a node.</summary>
    public static IPAddress Address(int index) => new([100, 65, (byte)(index / 250), (byte)(1 + (index % 250))]);

    /// <summary>The farm itself.</summary>
    public static int Run(string[] words)
    {
        int Value(int index) => int.Parse(words[index], CultureInfo.InvariantCulture);
        using var farm = new SessionFarm(new IPEndPoint(IPAddress.Parse(words[0]), Value(1)), Value(2));
        farm.Loop(TimeSpan.FromSeconds(Value(3)), Value(4));
        return 0;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (Node node in _nodes)
        {
            node.Dispose();
        }

        _socket.Dispose();
    }

    private void Loop(TimeSpan longest, int burst)
    {
        long start = Stopwatch.GetTimestamp();
        bool isTold = false;
        byte[] received = new byte[65536];
        while (Stopwatch.GetElapsedTime(start) < longest)
        {
            while (_dialled < _nodes.Length && _open < OpenHandshakes)
            {
                _open++;
                Node node = _nodes[_dialled++];
                node.Dial();
                Flush(node);
            }

            if (_socket.Poll(TimeSpan.FromMilliseconds(TimerMilliseconds), SelectMode.SelectRead))
            {
                Receive(received);
            }

            RunTimers();
            if (!isTold && _up == _nodes.Length)
            {
                isTold = true;
                Burst(burst, received);
                Console.WriteLine(AllUp);
            }
        }
    }

    private void Receive(byte[] received)
    {
        while (_socket.Available > 0)
        {
            int length = _socket.Receive(received, SocketFlags.None, out SocketError error);
            if (error != SocketError.Success)
            {
                return;
            }

            ReadOnlySpan<byte> datagram = received.AsSpan(0, length);
            if (!QuicPacket.TryParse(datagram, out QuicPacket packet))
            {
                continue;
            }

            ulong id = packet.IsLongHeader ? BinaryPrimitives.ReadUInt64BigEndian(packet.DestinationId) : packet.ShortDestinationId;
            if ((int)(id >> 32) is int index && index >= 0 && index < _dialled)
            {
                _nodes[index].Connection!.Read(datagram, Now);
                Flush(_nodes[index]);
            }
        }
    }

    private void RunTimers()
    {
        long now = Now;
        for (int index = 0; index < _dialled; index++)
        {
            if (_nodes[index].Connection!.Expiry <= now)
            {
                _nodes[index].Connection!.HandleExpiry(now);
                Flush(_nodes[index]);
            }
        }
    }

    private void Flush(Node node)
    {
        node.SayHello(_packet);
        while (node.Connection!.Write(_packet, Now, out int written) == QuicResult.Ok && written > 0)
        {
            Send(written);
        }

        node.Connection.UpdateSendTime(Now);
    }

    private void Send(int length) => _socket.Send(_packet.AsSpan(0, length), SocketFlags.None, out _);

    private void Burst(int packets, byte[] received)
    {
        for (int count = 0; count < packets; count++)
        {
            foreach (Node node in _nodes)
            {
                node.Connection!.WriteDatagram(_packet, node.Packet, default, Now, out int written, out _);
                if (written > 0)
                {
                    Send(written);
                }
            }

            Receive(received);
        }
    }

    private sealed class Node(SessionFarm farm, int index) : QuicConnectionEvents, IDisposable
    {
        private readonly QuicCredentials _key = new(Seed(index));
        private uint _lastId;
        private long _control = -1;
        private byte[] _hello = [];
        private int _said;
        private bool _isUp;

        public QuicConnection? Connection { get; private set; }

        /// <summary>A UDP packet from this node to the worker's host, which nobody there takes.</summary>
        public byte[] Packet { get; } = MakePacket(index);

        public void Dial() => Connection = QuicConnection.Connect(_key, farm._options, this, default, Now);

        public void SayHello(byte[] packet)
        {
            if (_control < 0 || _said == _hello.Length)
            {
                return;
            }

            Connection!.WriteStream(packet, _control, _hello.AsSpan(_said), isFinal: false, Now, out int written, out int consumed);
            _said += consumed;
            if (written > 0)
            {
                farm.Send(written);
            }
        }

        public override bool VerifyPeer(ReadOnlySpan<byte> publicKey) => true;

        public override void HandshakeConfirmed()
        {
            _hello = ControlWriter.ToArray(new Hello
            {
                Capabilities = OverlayCapabilities.Datagrams,
                NodeName = string.Create(CultureInfo.InvariantCulture, $"node-{index}"),
                Addresses = [Address(index)],
                InnerMtuBytes = 1420,
                Instance = 1,
                Ordinal = 1,
            });
            Connection!.OpenStream(out _control);
        }

        public override void DatagramReceived(ReadOnlySpan<byte> data)
        {
        }

        public override void StreamReceived(long streamId, ReadOnlySpan<byte> data, bool isFinal)
        {
            Connection!.ExtendStreamWindow(streamId, data.Length);
            if (!_isUp)
            {
                _isUp = true;
                farm._open--;
                farm._up++;
            }
        }

        public override ulong NewConnectionId() => ((ulong)(uint)index << 32) | ++_lastId;

        public void Dispose()
        {
            Connection?.Dispose();
            _key.Dispose();
        }

        private static byte[] MakePacket(int index)
        {
            byte[] packet = new byte[BurstPacketBytes];
            packet[0] = 0x45;
            BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), BurstPacketBytes);
            packet[8] = 64;
            packet[9] = 17;
            Address(index).TryWriteBytes(packet.AsSpan(12), out _);
            IPAddress.Parse(WorkerFootprintBenchmark.WorkerAddress).TryWriteBytes(packet.AsSpan(16), out _);
            PacketChecksum.Write(packet.AsSpan(10, 2), PacketChecksum.Sum(packet.AsSpan(0, 20)));
            BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(20), 9);
            BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(22), 9);
            BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(24), BurstPacketBytes - 20);
            return packet;
        }
    }
}
