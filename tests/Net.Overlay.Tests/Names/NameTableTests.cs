using System.Buffers.Binary;
using System.Net;
using Net.Overlay.Names;
using Net.Overlay.Routing;
using Net.Testing;

namespace Net.Overlay.Tests.Names;

public sealed class NameTableTests
{
    private static readonly NameTable Table = NameTable.Build(
        "Office",
        [
            new("berlin", ["db", "www.shop", "berlin"], [OverlayPrefix.Parse("100.64.0.1"), OverlayPrefix.Parse("fd00::1")]),
            new("Paris", ["db", "bad name"], [OverlayPrefix.Parse("100.64.0.2")]),
            new("-wrong", [], [OverlayPrefix.Parse("100.64.0.3")]),
        ],
        [OverlayPrefix.Parse("100.64.0.0/10"), OverlayPrefix.Parse("fd00::/48")],
        serial: 7);

    [Theory]
    [InlineData("berlin.office.internal", DnsTypes.A, "100.64.0.1")]
    [InlineData("BERLIN.Office.Internal", DnsTypes.Aaaa, "fd00::1")]
    [InlineData("paris.office.internal", DnsTypes.A, "100.64.0.2")]
    [InlineData("db.office.internal", DnsTypes.A, "100.64.0.1")]
    [InlineData("www.shop.office.internal", DnsTypes.A, "100.64.0.1")]
    [InlineData("berlin.office.internal", DnsTypes.Any, "100.64.0.1 fd00::1")]
    public void A_name_has_its_addresses(string name, ushort type, string expected)
    {
        Reply reply = Ask(name, type);

        Assert.Equal(DnsResponseCode.NoError, reply.Code);
        Assert.True(reply.IsAuthoritative);
        Assert.Equal(expected, string.Join(' ', reply.Answers.Select(record => new IPAddress(record.Data).ToString())));
        Assert.All(reply.Answers, record => Assert.Equal(NameTable.TimeToLive, record.Seconds));
    }

    [Theory]
    [InlineData("1.0.64.100.in-addr.arpa", "berlin.office.internal")]
    [InlineData("1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.d.f.ip6.arpa", "berlin.office.internal")]
    [InlineData("2.0.64.100.IN-ADDR.ARPA", "paris.office.internal")]
    public void An_address_has_its_name(string name, string expected)
    {
        Reply reply = Ask(name, DnsTypes.Ptr);

        Span<char> text = stackalloc char[DnsName.MaxTextLength];
        int offset = 0;
        Assert.True(DnsName.TryRead(Assert.Single(reply.Answers).Data, ref offset, text, out int length, allowPointers: false));
        Assert.Equal(expected, text[..length].ToString());
    }

    [Theory]
    [InlineData("nobody.office.internal", DnsTypes.A, DnsResponseCode.NameError)]
    [InlineData("x.berlin.office.internal", DnsTypes.A, DnsResponseCode.NameError)]
    [InlineData("paris.office.internal", DnsTypes.Aaaa, DnsResponseCode.NoError)]
    [InlineData("berlin.office.internal", 15, DnsResponseCode.NoError)]
    [InlineData("shop.office.internal", DnsTypes.A, DnsResponseCode.NoError)]
    [InlineData("office.internal", DnsTypes.A, DnsResponseCode.NoError)]
    public void What_is_not_there_is_said_with_the_zone_that_says_so(string name, ushort type, DnsResponseCode code)
    {
        Reply reply = Ask(name, type);

        Assert.Equal(code, reply.Code);
        Assert.Empty(reply.Answers);
        Assert.Equal(DnsTypes.Soa, Assert.Single(reply.Authorities).Type);
    }

    [Theory]
    [InlineData("9.0.64.100.in-addr.arpa", DnsResponseCode.NameError)]
    [InlineData("0.64.100.in-addr.arpa", DnsResponseCode.NoError)]
    [InlineData("9.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.d.f.ip6.arpa", DnsResponseCode.NameError)]
    [InlineData("1.0.0.10.in-addr.arpa", DnsResponseCode.Refused)]
    [InlineData("100.in-addr.arpa", DnsResponseCode.Refused)]
    [InlineData("01.0.64.100.in-addr.arpa", DnsResponseCode.Refused)]
    [InlineData("1.1.0.64.100.in-addr.arpa", DnsResponseCode.Refused)]
    [InlineData("in-addr.arpa", DnsResponseCode.Refused)]
    [InlineData("example.com", DnsResponseCode.Refused)]
    [InlineData("xoffice.internal", DnsResponseCode.Refused)]
    [InlineData("internal", DnsResponseCode.Refused)]
    [InlineData("", DnsResponseCode.Refused)]
    public void Nothing_else_is_answered_for(string name, DnsResponseCode code)
    {
        Reply reply = Ask(name, DnsTypes.Ptr);

        Assert.Equal(code, reply.Code);
        Assert.Empty(reply.Answers);
        Assert.Equal(code != DnsResponseCode.Refused, reply.IsAuthoritative);
    }

    [Fact]
    public void The_zone_has_its_start_and_its_server()
    {
        Assert.Equal(DnsTypes.Soa, Assert.Single(Ask("office.internal", DnsTypes.Soa).Answers).Type);
        Assert.Equal(DnsTypes.NS, Assert.Single(Ask("office.internal", DnsTypes.NS).Answers).Type);
        Assert.Equal(2, Ask("office.internal", DnsTypes.Any).Answers.Count);
        byte[] soa = Ask("office.internal", DnsTypes.Soa).Answers[0].Data;
        Assert.Equal(7u, BinaryPrimitives.ReadUInt32BigEndian(soa.AsSpan(soa.Length - 20)));
    }

    [Fact]
    public void The_question_comes_back_letter_by_letter()
    {
        byte[] query = Query("bErLiN.office.internal", DnsTypes.A);
        byte[] response = new byte[512];

        int length = Table.Answer(query, response);

        Assert.Equal(query[12..], response[12..query.Length]);
        Assert.Equal(query[..2], response[..2]);
        Assert.Equal(0x85, response[2]);
        Assert.InRange(length, query.Length + 16, 512);
    }

    [Fact]
    public void Edns_is_answered_with_edns_and_an_unknown_version_is_refused()
    {
        Reply known = Ask("berlin.office.internal", DnsTypes.A, edns: 4096);
        Reply unknown = Ask("berlin.office.internal", DnsTypes.A, edns: 4096, version: 1);

        Assert.True(known.HasEdns);
        Assert.Equal(DnsResponseCode.NoError, known.Code);
        Assert.Equal(DnsResponseCode.BadVersion, unknown.Code);
        Assert.False(Ask("berlin.office.internal", DnsTypes.A).HasEdns);
    }

    [Theory]
    [InlineData(0, 512, true)]
    [InlineData(100, 512, true)]
    [InlineData(1232, 1232, true)]
    [InlineData(65535, 1232, true)]
    [InlineData(0, 65535, false)]
    public void An_answer_that_is_too_long_is_cut_and_says_so(ushort edns, int limit, bool isTruncated)
    {
        NameTable many = NameTable.Build(
            "office", [new("many", [], [.. Enumerable.Range(1, 100).Select(number => OverlayPrefix.Parse($"100.64.0.{number}"))])], [], serial: 1);
        byte[] response = new byte[65535];

        int length = many.Answer(Query("many.office.internal", DnsTypes.A, edns), response, isStream: !isTruncated);
        Reply reply = Reply.Read(response[..length]);

        Assert.InRange(length, 1, limit);
        Assert.Equal(isTruncated, reply.IsTruncated);
        Assert.Equal(isTruncated ? 0 : 100, reply.Answers.Count);
    }

    [Fact]
    public void Kinds_of_questions_that_are_not_taken_are_refused()
    {
        byte[] transfer = Query("office.internal", DnsTypes.Axfr);
        byte[] chaos = Query("office.internal", DnsTypes.A);
        chaos[^1] = 3;
        byte[] update = Query("office.internal", DnsTypes.A);
        update[2] = 5 << 3;
        byte[] two = Query("office.internal", DnsTypes.A);
        two[5] = 2;
        byte[] answer = Query("office.internal", DnsTypes.A);
        answer[2] |= 0x80;

        Assert.Equal(DnsResponseCode.Refused, Reply.Read(Answer(transfer)).Code);
        Assert.Equal(DnsResponseCode.Refused, Reply.Read(Answer(chaos)).Code);
        Assert.Equal(DnsResponseCode.NotImplemented, Reply.Read(Answer(update)).Code);
        Assert.Equal(DnsResponseCode.FormatError, Reply.Read(Answer(two)).Code);
        Assert.Empty(Answer(answer));
        Assert.Empty(Answer(new byte[11]));
        Assert.Equal(0, Table.Answer(Query("office.internal", DnsTypes.A), new byte[20]));
    }

    [Fact]
    public void Names_that_cannot_be_given_are_named()
    {
        Assert.Equal(3, Table.Conflicts.Count);
        Assert.Contains(Table.Conflicts, line => line == "'db' of Paris is the name of berlin already.");
        Assert.Contains(Table.Conflicts, line => line.StartsWith("'bad name' is no host name", StringComparison.Ordinal));
        Assert.Contains(Table.Conflicts, line => line.StartsWith("'-wrong' is no host name", StringComparison.Ordinal));
        Assert.Throws<ArgumentException>(() => NameTable.Build("a.b", [], [], 1));
    }

    [Fact]
    public void A_peers_own_name_goes_before_anothers_alias()
    {
        NameTable table = NameTable.Build(
            "o", [new("a", ["b"], [OverlayPrefix.Parse("100.64.0.1")]), new("b", [], [OverlayPrefix.Parse("100.64.0.2")])], [], serial: 1);
        byte[] response = new byte[512];

        int length = table.Answer(Query("b.o.internal", DnsTypes.A), response);

        Assert.Equal([100, 64, 0, 2], response[(length - 4)..length]);
    }

    [Theory]
    [InlineData("c00c", "a pointer to itself")]
    [InlineData("c0ff", "a pointer forwards")]
    [InlineData("40", "a label of a kind that is not")]
    [InlineData("0361", "cut off")]
    [InlineData("c0", "half a pointer")]
    public void A_name_that_leads_astray_is_refused(string hex, string because)
    {
        byte[] message = [.. new byte[12], .. Convert.FromHexString(hex)];
        int offset = 12;

        Assert.False(DnsName.TryRead(message, ref offset, new char[DnsName.MaxTextLength], out _, allowPointers: true), because);
    }

    [Fact]
    public void The_longest_name_is_read_and_one_byte_more_is_not()
    {
        byte[] Labels(int last) => [.. Enumerable.Repeat<byte[]>([63, .. Enumerable.Repeat((byte)'a', 63)], 3).SelectMany(label => label), (byte)last, .. Enumerable.Repeat((byte)'a', last), 0];
        int offset = 0;

        Assert.True(DnsName.TryRead(Labels(61), ref offset, new char[DnsName.MaxTextLength], out int length, allowPointers: false));
        Assert.Equal((DnsName.MaxTextLength, DnsName.MaxWireBytes), (length, offset));
        offset = 0;
        Assert.False(DnsName.TryRead(Labels(62), ref offset, new char[DnsName.MaxTextLength], out _, allowPointers: false));
    }

    [Fact]
    public void Spoiled_questions_get_an_answer_that_can_be_read_or_none()
    {
        var random = new Random(2);
        byte[][] corpus = Corpus.Read("dns");
        byte[] response = new byte[1232];
        int answered = 0;
        for (int count = 0; count < 60_000; count++)
        {
            byte[] query = Corpus.Mutate(corpus[random.Next(corpus.Length)], random);
            int length = Table.Answer(query, response);
            if (length > 0)
            {
                answered += Reply.Read(response[..length]).Answers.Count > 0 ? 1 : 0;
                Assert.Equal(query[..2], response[..2]);
            }
        }

        Assert.InRange(answered, 300, 59_700);
    }

    [Fact]
    public void Answering_allocates_nothing()
    {
        byte[][] queries = [Query("berlin.office.internal", DnsTypes.A, 1232), Query("1.0.64.100.in-addr.arpa", DnsTypes.Ptr), Query("no.office.internal", DnsTypes.A), Query("example.com", DnsTypes.A)];
        byte[] response = new byte[1232];
        Array.ForEach(queries, query => Table.Answer(query, response));

        Assert.Equal(0, Allocations.Least(() =>
        {
            for (int count = 0; count < 10_000; count++)
            {
                Table.Answer(queries[count & 3], response);
            }
        }));
    }

    private static byte[] Answer(byte[] query)
    {
        byte[] response = new byte[1232];
        return response[..Table.Answer(query, response)];
    }

    private static Reply Ask(string name, ushort type, ushort edns = 0, byte version = 0) => Reply.Read(Answer(Query(name, type, edns, version)));

    private static byte[] Query(string name, ushort type, ushort edns = 0, byte version = 0)
    {
        byte[] wire = new byte[DnsName.MaxWireBytes];
        Assert.True(DnsName.TryWrite(name, wire, out int length));
        byte[] opt = edns == 0 ? [] : [0, 0, 41, (byte)(edns >> 8), (byte)edns, 0, version, 0, 0, 0, 0];
        return [0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, (byte)(edns == 0 ? 0 : 1), .. wire[..length], (byte)(type >> 8), (byte)type, 0, 1, .. opt];
    }
}
