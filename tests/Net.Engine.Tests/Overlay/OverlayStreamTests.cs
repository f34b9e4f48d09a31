using System.Text;
using Net.Contracts;
using Net.Engine.Overlay.Streams;
using Net.Workers.Overlay;

namespace Net.Engine.Tests.Overlay;

public sealed class OverlayStreamTests
{
    [Fact]
    public async Task A_stream_is_opened_written_in_pieces_and_read_with_credit()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        FakeWorker worker = await UpAsync(rig);

        Task<OverlayStream> opening = rig.Streams.OpenAsync(new OpenOverlayStream("home", "bob", "chat"), EngineRig.Token);
        OpenApplicationStream open = worker.Next<OpenApplicationStream>();
        worker.Say(new ApplicationStreamOpened(open.StreamId, 0, "chat", null));
        OverlayStream stream = await opening;
        Task<Done> writing = rig.Streams.WriteAsync(new WriteOverlayStream(stream.Id, Convert.ToBase64String(new byte[100_000]), IsFinal: true), EngineRig.Token);
        WriteApplicationStream first = worker.Next<WriteApplicationStream>();
        Assert.False(writing.IsCompleted);
        worker.Say(new ApplicationStreamWritten(open.StreamId));
        WriteApplicationStream second = worker.Next<WriteApplicationStream>();
        worker.Say(new ApplicationStreamWritten(open.StreamId));
        await writing;
        worker.Say(new ApplicationStreamReceived(open.StreamId, [1, 2, 3], true));
        List<OverlayStreamData> read = [];
        await foreach (OverlayStreamData data in rig.Streams.ReadAsync(new ReadOverlayStream(stream.Id), EngineRig.Token))
        {
            read.Add(data);
        }

        Assert.Equal((65536, false, 34464, true), (first.Data.Length, first.IsFinal, second.Data.Length, second.IsFinal));
        Assert.Equal(("AQID", true), (Assert.Single(read).Data, read[0].IsFinal));
        Assert.Equal(3, worker.Next<ConsumeApplicationStream>().Bytes);
        rig.Streams.Close(new CloseOverlayStream(stream.Id));
        Assert.Equal(open.StreamId, worker.Next<CloseApplicationStream>().StreamId);
        await EngineRig.Refused(ErrorCatalogue.OverlayStreamNotFound, () => rig.Streams.WriteAsync(new WriteOverlayStream(stream.Id, ""), EngineRig.Token));
    }

    [Fact]
    public async Task A_stream_a_peer_opens_is_accepted_by_its_protocol()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        FakeWorker worker = await UpAsync(rig);

        Task<OverlayStream> accepting = rig.Streams.AcceptAsync(new AcceptOverlayStream("home", "chat"), EngineRig.Token);
        worker.Say(new ApplicationStreamOpened(-1, 0, "other", null));
        worker.Say(new ApplicationStreamOpened(-2, 0, "chat", null));

        OverlayStream stream = await accepting;
        Assert.Equal(("home/-2", "bob", "chat"), (stream.Id, stream.Peer, stream.Protocol));
    }

    [Fact]
    public async Task A_worker_that_ends_ends_its_streams()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        FakeWorker worker = await UpAsync(rig);
        Task<OverlayStream> opening = rig.Streams.OpenAsync(new OpenOverlayStream("home", "bob", "chat"), EngineRig.Token);
        worker.Next<OpenApplicationStream>();

        worker.End("exited with 1");

        await EngineRig.Refused(ErrorCatalogue.OverlayPeerNotConnected, () => opening);
    }

    [Fact]
    public async Task A_message_is_sent_when_the_peers_engine_has_given_it_to_an_application()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        FakeWorker worker = await UpAsync(rig);

        Task<Done> sending = rig.Streams.SendMessageAsync(new SendOverlayMessage("home", "bob", "greeting", Convert.ToBase64String("hello"u8)), EngineRig.Token);
        OpenApplicationStream open = worker.Next<OpenApplicationStream>();
        worker.Say(new ApplicationStreamOpened(open.StreamId, 0, open.Protocol, null));
        WriteApplicationStream write = worker.Next<WriteApplicationStream>();
        worker.Say(new ApplicationStreamWritten(open.StreamId));
        Assert.False(sending.IsCompleted);
        worker.Say(new ApplicationStreamReceived(open.StreamId, [MessageFrame.Taken], true));
        await sending;

        Assert.True(MessageFrame.TryRead(write.Data, out string? topic, out ReadOnlySpan<byte> data));
        Assert.Equal(("netmod/message", "greeting", "hello"), (open.Protocol, topic, Encoding.UTF8.GetString(data)));
    }

    [Fact]
    public async Task A_message_of_a_peer_reaches_who_listens_and_is_acknowledged()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        FakeWorker worker = await UpAsync(rig);
        worker.Say(new ApplicationStreamOpened(-1, 0, MessageFrame.Protocol, null));
        worker.Say(new ApplicationStreamReceived(-1, MessageFrame.Write("alarm", "fire"u8), true));
        WriteApplicationStream answer = worker.Next<WriteApplicationStream>();
        worker.Say(new ApplicationStreamWritten(-1));

        OverlayMessage? received = null;
        await foreach (OverlayMessage message in rig.Streams.ReceiveMessagesAsync(new ReceiveOverlayMessages("home", "al*"), EngineRig.Token))
        {
            received = message;
            break;
        }

        Assert.Equal([MessageFrame.Taken], answer.Data);
        Assert.Equal(("bob", "alarm", "fire"), (received!.Peer, received.Topic, received.Text));
    }

    [Fact]
    public void Damaged_frames_of_messages_are_refused_and_nothing_else()
    {
        var random = new Random(11);
        byte[] good = MessageFrame.Write("topic", "some data"u8);
        for (int round = 0; round < 5000; round++)
        {
            byte[] frame = random.Next(3) == 0 ? good[..random.Next(good.Length)] : [.. good];
            if (frame.Length > 0)
            {
                frame[random.Next(frame.Length)] = (byte)random.Next(256);
            }

            if (MessageFrame.TryRead(frame, out string? topic, out ReadOnlySpan<byte> data))
            {
                Assert.True(topic.Length <= MessageFrame.MaxTopicCharacters);
                Assert.True(data.Length <= good.Length);
            }
        }
    }

    [Fact]
    public async Task Without_a_session_nothing_can_be_sent()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        await OverlayKit.StartWithBob(rig);

        await EngineRig.Refused(ErrorCatalogue.OverlayPeerNotConnected, () => rig.Streams.SendMessageAsync(new SendOverlayMessage("home", "bob", "a", ""), EngineRig.Token));
        await EngineRig.Refused(ErrorCatalogue.OverlayPeerNotFound, () => rig.Streams.SendMessageAsync(new SendOverlayMessage("home", "zoe", "a", ""), EngineRig.Token));
        await EngineRig.Refused(ErrorCatalogue.OverlayNotFound, () => rig.Streams.SendMessageAsync(new SendOverlayMessage("nowhere", "bob", "a", ""), EngineRig.Token));
    }

    private static async Task<FakeWorker> UpAsync(EngineRig rig)
    {
        (FakeWorker worker, string _) = await OverlayKit.StartWithBob(rig);
        worker.Report("bob", "up");
        await rig.EventAsync("OverlayPeerUp");
        return worker;
    }
}
