using System.Buffers;
using System.Net;
using Net.Overlay.Control;
using Net.Overlay.Membership;

namespace Net.Overlay.Tests.Control;

public sealed class ControlFrameTests
{
    private static readonly Dictionary<string, byte[]> Vectors = VectorFile.Named("control-frames.txt");

    public static TheoryData<string> Names => [.. Vectors.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Frames_have_the_bytes_of_the_protocol_page(string name)
    {
        ControlMessage message = Message(name);

        Assert.Equal(Convert.ToHexStringLower(Vectors[name]), Convert.ToHexStringLower(ControlWriter.ToArray(message)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Frames_are_read_back_from_pieces_of_any_size(string name)
    {
        byte[] frame = Vectors[name];
        for (int size = 1; size <= frame.Length; size++)
        {
            var reader = new ControlReader();
            ControlMessage? read = null;
            foreach (byte[] piece in frame.Chunk(size))
            {
                Assert.Null(read);
                reader.Append(piece);
                reader.TryRead(out read);
            }

            Assert.NotNull(read);
            Assert.Equal(name, read.Type.ToString());
            Assert.Equal(Message(name).ToString(), read.ToString());
            Assert.Equal(frame, ControlWriter.ToArray(read));
            Assert.Equal(ControlReadResult.NeedMore, reader.TryRead(out _));
        }
    }

    [Fact]
    public void Every_type_has_a_vector() =>
        Assert.Equal(Enum.GetNames<ControlFrameType>().Where(name => name != nameof(ControlFrameType.None)).Order(StringComparer.Ordinal), Vectors.Keys.Order(StringComparer.Ordinal));

    [Fact]
    public void The_protocol_page_shows_the_vectors()
    {
        string page = VectorFile.Text("overlay-protocol.md");
        IEnumerable<string> vectors = Vectors.Values.Select(Convert.ToHexStringLower)
            .Concat(VectorFile.Named("probes.txt").Values.Select(Convert.ToHexStringLower))
            .Concat(VectorFile.Lines("membership-certificate.txt")).Concat(VectorFile.Lines("revocation-list.txt")).Concat(VectorFile.Lines("invitation.txt"));

        Assert.All(vectors, vector => Assert.Contains(vector, page, StringComparison.Ordinal));
    }

    [Fact]
    public void Frames_of_unknown_even_types_are_skipped_without_being_held()
    {
        var buffer = new ArrayBufferWriter<byte>();
        ControlWriter.WriteRaw(1000, new byte[700_000], buffer);
        ControlWriter.Write(new KeepAlive(5, false), buffer);
        var reader = new ControlReader();
        List<ControlMessage> read = [];
        int held = 0;

        foreach (byte[] piece in buffer.WrittenSpan.ToArray().Chunk(1400))
        {
            reader.Append(piece);
            while (reader.TryRead(out ControlMessage? message) == ControlReadResult.Message)
            {
                read.Add(message!);
            }

            held = Math.Max(held, reader.PendingBytes);
        }

        Assert.Equal(new KeepAlive(5, false), Assert.Single(read));
        Assert.Equal(1, reader.Skipped);
        Assert.InRange(held, 0, 1400);
    }

    [Fact]
    public void Frames_of_unknown_odd_types_end_the_stream()
    {
        var reader = new ControlReader();
        reader.Append([15, 0, .. Vectors["KeepAlive"]]);

        Assert.Equal(ControlReadResult.Failed, reader.TryRead(out _));
        Assert.Equal(ControlErrorCode.UnknownCriticalFrame, reader.ErrorCode);
        Assert.Contains("frame type 15", reader.ErrorText, StringComparison.Ordinal);

        reader.Append(Vectors["KeepAlive"]);
        Assert.Equal(ControlReadResult.Failed, reader.TryRead(out _));
        Assert.Equal(0, reader.PendingBytes);
    }

    [Theory]
    [InlineData(ControlFrameType.Hello, ControlLimits.MaxBodyBytes + 1)]
    [InlineData(ControlFrameType.RevocationUpdate, ControlLimits.MaxRevocationBytes + 1)]
    [InlineData((ControlFrameType)1000, ControlLimits.MaxSkippedBytes + 1)]
    public void A_frame_that_is_too_large_is_refused_by_its_head_alone(ControlFrameType type, int length)
    {
        byte[] head = new byte[16];
        int written = VarInt.Write(head, (ulong)type);
        written += VarInt.Write(head.AsSpan(written), (ulong)length);
        var reader = new ControlReader();
        reader.Append(head.AsSpan(0, written));

        Assert.Equal(ControlReadResult.Failed, reader.TryRead(out _));
        Assert.Equal(ControlErrorCode.LimitExceeded, reader.ErrorCode);
    }

    [Theory]
    [InlineData("0100")]
    [InlineData("01020102")]
    [InlineData("0104010103036440")]
    [InlineData("01050101020201")]
    [InlineData("010501010201ff")]
    [InlineData("0105010102010a")]
    [InlineData("0500")]
    [InlineData("050501010509ff")]
    [InlineData("050601010408ff00")]
    [InlineData("05070101040cff1f0000")]
    [InlineData("0502017f")]
    [InlineData("060101")]
    [InlineData("0702aabb")]
    [InlineData("09020100")]
    [InlineData("0903000041")]
    [InlineData("09020300")]
    [InlineData("0a040a0a0a0a")]
    [InlineData("0a0480010000")]
    [InlineData("0d03010241")]
    public void Frames_that_break_the_rules_end_the_stream_with_a_reason(string frame)
    {
        var reader = new ControlReader();
        reader.Append(Convert.FromHexString(frame));

        Assert.Equal(ControlReadResult.Failed, reader.TryRead(out ControlMessage? message));
        Assert.Null(message);
        Assert.Equal(ControlErrorCode.ProtocolViolation, reader.ErrorCode);
        Assert.Contains("cannot be read", reader.ErrorText, StringComparison.Ordinal);
    }

    [Fact]
    public void A_peer_of_a_later_version_may_say_more_than_is_understood()
    {
        // Versions 1 to 9, a field 4095 of one byte, a name; then a keepalive with two bytes more than it has.
        byte[] hello = Convert.FromHexString("0109" + "0901" + "4fff0103" + "020161");
        var reader = new ControlReader();
        reader.Append([.. hello, .. Convert.FromHexString("0204070000ff")]);

        Assert.Equal(ControlReadResult.Message, reader.TryRead(out ControlMessage? first));
        Assert.Equal(ControlReadResult.Message, reader.TryRead(out ControlMessage? second));

        Hello read = Assert.IsType<Hello>(first);
        Assert.Equal((9, 1, "a"), (read.Version, read.MinVersion, read.NodeName));
        Assert.Equal(new KeepAlive(7, false), second);
    }

    [Fact]
    public void Long_words_are_cut_between_characters()
    {
        string reason = new string('x', 511) + "äöü";

        var reader = new ControlReader();
        reader.Append(ControlWriter.ToArray(new Goodbye(ControlErrorCode.Stopping, reason)));
        reader.TryRead(out ControlMessage? message);

        Assert.Equal(new string('x', 511), Assert.IsType<Goodbye>(message).Reason);
    }

    [Fact]
    public void What_has_too_much_in_it_is_not_written()
    {
        Assert.Throws<ArgumentException>(() => ControlWriter.ToArray(new Hello { Addresses = [.. Enumerable.Repeat(IPAddress.Loopback, 9)] }));
        Assert.Throws<ArgumentException>(() => ControlWriter.ToArray(new Hello { Certificate = new byte[Hello.MaxOpaqueBytes + 1] }));
        Assert.Throws<ArgumentException>(() => ControlWriter.ToArray(new Routes { Withdrawn = [.. Enumerable.Repeat(IPNetwork.Parse("10.0.0.0/8"), Routes.MaxPrefixes + 1)] }));
        Assert.Throws<ArgumentException>(() => ControlWriter.ToArray(new RevocationUpdate(new byte[ControlLimits.MaxRevocationBytes + 1])));
    }

    [Fact]
    public void A_hundred_thousand_routes_go_through_in_frames_and_arrive_whole()
    {
        AdvertisedRoute[] routes = [.. Enumerable.Range(0, 100_000).Select(number => new AdvertisedRoute(new IPNetwork(new IPAddress([10, (byte)(number >> 16), (byte)(number >> 8), (byte)number]), 32), number % 200))];
        var reader = new ControlReader();
        List<AdvertisedRoute> arrived = [];
        List<Routes> frames = [];

        foreach (Routes frame in Routes.Split(replacesAll: true, routes, [IPNetwork.Parse("fd00::/8")]))
        {
            reader.Append(ControlWriter.ToArray(frame));
            Assert.Equal(ControlReadResult.Message, reader.TryRead(out ControlMessage? message));
            frames.Add(Assert.IsType<Routes>(message));
            arrived.AddRange(frames[^1].Advertised);
        }

        Assert.Equal(routes, arrived);
        Assert.Equal([true, .. Enumerable.Repeat(false, frames.Count - 1)], frames.Select(frame => frame.ReplacesAll));
        Assert.Equal([.. Enumerable.Repeat(true, frames.Count - 1), false], frames.Select(frame => frame.HasMore));
        Assert.True(Assert.Single(Routes.Split(true, [], [])).ReplacesAll);
    }

    [Fact]
    public void The_debug_log_shows_no_keys_or_proofs()
    {
        byte[] secret = [0xde, 0xad, 0xbe, 0xef, 0xde, 0xad, 0xbe, 0xef];
        ControlMessage[] messages =
        [
            new Hello { Certificate = secret, Succession = secret },
            new JoinRequestMessage(new JoinRequest(1, "laptop", secret)),
            new JoinReply(JoinStatus.Granted, secret, string.Empty),
            new RevocationUpdate(secret),
        ];

        Assert.All(messages, message => Assert.DoesNotContain("deadbeef", message.ToString(), StringComparison.OrdinalIgnoreCase));
        Assert.All(messages, message => Assert.DoesNotContain("222, 173", message.ToString(), StringComparison.OrdinalIgnoreCase));
        Assert.All(messages, message => Assert.DoesNotContain("System.Byte", message.ToString(), StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void Whatever_bytes_come_the_reader_neither_throws_nor_grows()
    {
        byte[] all = [.. Vectors.Values.SelectMany(frame => frame)];
        var random = new Random(8);
        int messages = 0;
        int failures = 0;

        for (int round = 0; round < 20_000; round++)
        {
            byte[] data = Membership.Mutation.Of(all, random);
            var reader = new ControlReader();
            for (int offset = 0; offset < data.Length;)
            {
                int count = Math.Min(random.Next(1, 200), data.Length - offset);
                reader.Append(data.AsSpan(offset, count));
                offset += count;
                ControlReadResult result;
                while ((result = reader.TryRead(out ControlMessage? message)) == ControlReadResult.Message)
                {
                    messages++;
                    Assert.NotEmpty(message!.ToString());
                    Assert.NotEmpty(ControlWriter.ToArray(message));
                }

                failures += result == ControlReadResult.Failed ? 1 : 0;
                Assert.InRange(reader.PendingBytes, 0, ControlLimits.MaxRevocationBytes + 200);
            }
        }

        Assert.InRange(messages, 20_000, int.MaxValue);
        Assert.InRange(failures, 1000, int.MaxValue);
    }

    private static ControlMessage Message(string name) => name switch
    {
        "Hello" => new Hello
        {
            Capabilities = OverlayCapabilities.Datagrams | OverlayCapabilities.Fragments | OverlayCapabilities.Routes,
            NodeName = "a",
            Addresses = [IPAddress.Parse("100.64.1.2")],
            InnerMtuBytes = 1280,
            Instance = 9,
            Ordinal = 1,
        },
        "KeepAlive" => new KeepAlive(7, false),
        "HelloRefused" => new HelloRefused(ControlErrorCode.Revoked, "no"),
        "PathMtu" => new PathMtu(1400),
        "Routes" => new Routes { ReplacesAll = true, Advertised = [new AdvertisedRoute(IPNetwork.Parse("10.0.0.0/8"), 100)], Withdrawn = [IPNetwork.Parse("fd00::/16")] },
        "PolicyHash" => new PolicyHash(0x0102030405060708),
        "JoinRequest" => new JoinRequestMessage(new JoinRequest(0x2f953df144e5fa08, "laptop", Convert.FromHexString("d949a6169bb0c2dd2be0e98f199f5149b61e6fad88e1a99b45fad9e51b1976a6"))),
        "RevocationUpdate" => new RevocationUpdate([1, 2, 3]),
        "JoinReply" => new JoinReply(JoinStatus.Pending, [], "wait"),
        "PathChanged" => new PathChanged(IPEndPoint.Parse("192.0.2.1:4242")),
        "Error" => new ErrorMessage(ControlErrorCode.LimitExceeded, "big"),
        "RenewConnection" => new RenewConnection("moved"),
        "Goodbye" => new Goodbye(ControlErrorCode.Idle, "idle"),
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };
}
