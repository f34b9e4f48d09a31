using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using Net.Platform.Linux;
using Net.Workers.Overlay;

namespace Net.Workers.Tests;

[SupportedOSPlatform("linux")]
public sealed class WorkerChannelTests : IDisposable
{
    private readonly DescriptorChannel _raw;
    private readonly WorkerChannel _receiver;
    private readonly List<SafeHandle> _descriptors = [];

    public WorkerChannelTests()
    {
        (DescriptorChannel ours, SafeHandle theirs) = DescriptorChannel.CreatePair();
        _raw = ours;
        _receiver = new WorkerChannel(DescriptorChannel.FromDescriptor((int)theirs.DangerousGetHandle()));

        // The channel owns the number from now on.
        theirs.SetHandleAsInvalid();
    }

    [Fact]
    public void A_message_arrives_as_it_was_sent_with_its_descriptors()
    {
        using var sender = new WorkerChannel(_raw);
        using var file = new Microsoft.Win32.SafeHandles.SafeFileHandle(File.OpenHandle("/dev/null", FileMode.Open, FileAccess.Read).DangerousGetHandle(), ownsHandle: true);
        var start = new StartOverlay
        {
            Overlay = "home",
            NodeName = "alice",
            Seed = [1, 2, 3],
            KeepAlive = TimeSpan.FromSeconds(7),
            BusyPoll = TimeSpan.FromMilliseconds(2),
            Shards = 2,
            Placement = [new ShardPlacement(3, 1, "near"), new ShardPlacement(null, null, "anywhere")],
            Model = new OverlayModel { Version = 3, Peers = [new ModelPeer { Index = 5, Name = "bob", PublicKey = [9], Endpoints = ["192.0.2.1:47900"] }] },
        };

        sender.Send(start, [file, file]);
        StartOverlay received = Assert.IsType<StartOverlay>(_receiver.Receive(_descriptors));

        Assert.Equal(("home", "alice", 3L, TimeSpan.FromSeconds(7), TimeSpan.FromMilliseconds(2)),
            (received.Overlay, received.NodeName, received.Model.Version, received.KeepAlive, received.BusyPoll));
        Assert.Equal([1, 2, 3], received.Seed);
        Assert.Equal((2, 3, "anywhere"), (received.Shards, received.Placement[0].Core, received.Placement[1].Reason));
        Assert.Equal((5, "bob"), (received.Model.Peers[0].Index, received.Model.Peers[0].Name));
        Assert.Equal(2, _descriptors.Count);
        Assert.All(_descriptors, handle => Assert.False(handle.IsInvalid));
    }

    [Fact]
    public void Every_kind_of_message_survives_the_way()
    {
        using var sender = new WorkerChannel(_raw);
        WorkerMessage[] all =
        [
            new ReplaceModel(new OverlayModel()), new PeerAuthorized(1, 2, "ok"), new AnswerJoin(1, [1], true), new TestPeer(1, 2, 3, TimeSpan.FromSeconds(1), null, true),
            new DisconnectPeer(1, "gone"), new OpenApplicationStream(1, 2, "p"), new WriteApplicationStream(1, [1], false), new ConsumeApplicationStream(1, 2),
            new CloseApplicationStream(1), new UpdateKeys(), new StopOverlay(), new OverlayReady("1.11", IsLocked: true),
            new OverlayReport { Peers = [new PeerReport { State = "up", Reason = "packets flow" }] }, new AuthorizePeer(1, [1], "bob", null, [2], "192.0.2.1:1"),
            new JoinRequested(1, [1], [2], "192.0.2.1:1"), new JoinAnswered(1, [2]), new RoutesAdvertised(1, [new ModelPrefix("10.0.0.0/8", 100)]),
            new RevocationsReceived(1, [1]), new AuditReport([new FlowRecord { Source = "a", Destination = "b" }], 0), new PeerTested(1, 2, [TimeSpan.FromTicks(5)], 1420, 1e9, null),
            new ApplicationStreamOpened(-1, 2, "p", null), new ApplicationStreamReceived(1, [1], true), new ApplicationStreamWritten(1), new ApplicationStreamClosed(1, "end"),
            new OverlayFailed("no library"), new WorkerLog(2, "text", 1),
        ];

        foreach (WorkerMessage message in all)
        {
            sender.Send(message);
            Assert.IsType(message.GetType(), _receiver.Receive(_descriptors));
        }
    }

    [Fact]
    public void A_large_message_comes_in_many_pieces_and_is_whole()
    {
        using var sender = new WorkerChannel(_raw);
        byte[] data = new byte[3 << 20];
        Random.Shared.NextBytes(data);
        var sending = new Thread(() => sender.Send(new WriteApplicationStream(4, data, false)));

        sending.Start();
        var received = Assert.IsType<WriteApplicationStream>(_receiver.Receive(_descriptors));
        sending.Join();

        Assert.Equal(data, received.Data);
    }

    [Fact]
    public void Messages_of_many_threads_do_not_mix()
    {
        using var sender = new WorkerChannel(_raw);
        Thread[] threads = [.. Enumerable.Range(0, 4).Select(number => new Thread(() =>
        {
            for (int count = 0; count < 50; count++)
            {
                sender.Send(new WorkerLog(number, new string('x', 5000)));
            }
        }))];

        Array.ForEach(threads, thread => thread.Start());
        WorkerLog[] received = [.. Enumerable.Range(0, 200).Select(_ => Assert.IsType<WorkerLog>(_receiver.Receive(_descriptors)))];
        Array.ForEach(threads, thread => thread.Join());

        Assert.Equal([50, 50, 50, 50], received.GroupBy(log => log.Level).Select(group => group.Count()));
    }

    [Fact]
    public void The_end_of_the_other_side_is_told_as_no_message()
    {
        _raw.Dispose();

        Assert.Null(_receiver.Receive(_descriptors));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(WorkerChannel.MaxMessageBytes + 1)]
    public void A_length_that_cannot_be_is_refused(int length)
    {
        byte[] frame = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(frame, length);
        _raw.Send(frame, []);

        Assert.Throws<InvalidDataException>(() => _receiver.Receive(_descriptors));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("{\"$type\":\"unheardOf\"}")]
    [InlineData("{\"$type\":\"startOverlay\"}")]
    [InlineData("[1,2")]
    public void What_is_no_message_is_refused(string json)
    {
        byte[] body = Encoding.UTF8.GetBytes(json);
        byte[] frame = [0, 0, 0, 0, .. body];
        BinaryPrimitives.WriteInt32LittleEndian(frame, body.Length);
        _raw.Send(frame, []);

        Assert.Throws<InvalidDataException>(() => _receiver.Receive(_descriptors));
    }

    [Fact]
    public void Mutated_frames_give_messages_or_refusals_and_nothing_else()
    {
        using var sender = new WorkerChannel(_raw);
        var random = new Random(20261126);
        byte[] good = Encoding.UTF8.GetBytes("{\"$type\":\"peerAuthorized\",\"requestId\":1,\"peerIndex\":2,\"reason\":\"a node of the network\"}");
        for (int round = 0; round < 5_000; round++)
        {
            byte[] body = [.. good];
            for (int change = random.Next(1, 4); change > 0; change--)
            {
                body[random.Next(body.Length)] = (byte)random.Next(256);
            }

            byte[] frame = [0, 0, 0, 0, .. body];
            BinaryPrimitives.WriteInt32LittleEndian(frame, body.Length);
            _raw.Send(frame, []);
            try
            {
                Assert.NotNull(_receiver.Receive(_descriptors));
            }
            catch (InvalidDataException)
            {
                // That is the other allowed outcome; the frame was consumed whole, so the next begins where it should.
            }
        }

        sender.Send(new StopOverlay());
        Assert.IsType<StopOverlay>(_receiver.Receive(_descriptors));
    }

    public void Dispose()
    {
        _descriptors.ForEach(handle => handle.Dispose());
        _receiver.Dispose();
        _raw.Dispose();
    }
}
