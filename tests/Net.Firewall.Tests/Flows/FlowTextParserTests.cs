using System.Text;

namespace Net.Firewall.Tests.Flows;

/// <summary>What tcpdump prints of packets is read as the packets themselves are: tests/data/captures has one capture, printed in several ways.</summary>
public sealed class FlowTextParserTests
{
    // Lines that are no packet rules see: ARP and the later fragments of a datagram.
    private static readonly string[] s_noPackets = ["ARP,", "ip-proto-17"];

    [Theory]
    [InlineData("plain.txt", false)]
    [InlineData("ether.txt", false)]
    [InlineData("any.txt", false)]
    [InlineData("verbose.txt", true)]
    public void A_line_says_the_same_as_the_bytes_where_it_says_anything(string file, bool isVerbose)
    {
        string[] lines = Packets(file);
        string[] dumps = Packets("hexether.txt");
        int compared = 0;

        // The capture of all interfaces is another one, of the same packets.
        Assert.Equal(dumps.Length, lines.Length);
        for (int index = 0; index < lines.Length; index++)
        {
            bool isPacket = !s_noPackets.Any(dumps[index].Contains);

            // With the header of the link, IPv6 in IPv4 is shown as two addresses behind two others, and that is all.
            isPacket &= file != "ether.txt" || !lines[index].Contains("[|hbhopt]", StringComparison.Ordinal);
            bool isRead = FlowTextParser.TryParse(lines[index], out FlowPacket read, out string? problem);
            Assert.True(isRead == isPacket, $"{problem} {lines[index]}");
            if (!isPacket)
            {
                continue;
            }

            Assert.True(FlowTextParser.TryParse(dumps[index], out FlowPacket expected, out problem), problem);
            compared++;
            expected = expected with
            {
                SourceMac = file is "ether.txt" ? expected.SourceMac : null,
                Dscp = isVerbose ? expected.Dscp : (byte)0,
                InputInterface = file == "any.txt" && !lines[index].Contains(" Out ", StringComparison.Ordinal) ? "eth0" : null,
                OutputInterface = file == "any.txt" && lines[index].Contains(" Out ", StringComparison.Ordinal) ? "eth0" : null,

                // Options of TCP, extension headers and the bodies of some protocols are not in the line, which tells the whole datagram's length of a first fragment.
                Length = isVerbose || (expected.Protocol == 17 && expected.Length < 1500) ? expected.Length : read.Length,
            };
            Assert.True(expected == read, $"{lines[index]}\n{expected}\n{read}");
        }

        Assert.InRange(compared, 40, 60);
    }

    [Fact]
    public void Bytes_are_read_with_and_without_the_header_of_the_link_and_as_one_row_of_digits()
    {
        string[] raw = Packets("hex.txt");
        string[] frames = Packets("hexether.txt");
        for (int index = 0; index < raw.Length; index++)
        {
            bool isPacket = FlowTextParser.TryParse(frames[index], out FlowPacket frame, out _);
            Assert.Equal(!s_noPackets.Any(raw[index].Contains), isPacket);
            if (!isPacket)
            {
                continue;
            }

            Assert.True(FlowTextParser.TryParse(raw[index], out FlowPacket packet, out string? problem), problem);
            Assert.Equal(frame with { SourceMac = null }, packet with { SourceMac = null });

            // With IPv6 in IPv4 tcpdump shows the header of the link whatever it is asked for.
            Assert.Equal(packet.Protocol == 41, packet.SourceMac is not null);
            Assert.NotNull(frame.SourceMac);
            string digits = string.Concat(raw[index].Split('\n').Skip(1).Select(line => line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Replace(" ", "", StringComparison.Ordinal)));
            Assert.True(FlowTextParser.TryParse(digits, out FlowPacket row, out problem), problem);
            Assert.Equal(packet, row);
            Assert.True(FlowTextParser.TryParse("0x" + digits, out row, out problem), problem);
            Assert.Equal(packet, row);
        }
    }

    [Fact]
    public void A_connection_that_begins_is_read_whole()
    {
        Assert.True(FlowTextParser.TryParse("12:00:00.000001 wan0  In  IP 198.51.100.7.50000 > 203.0.113.1.443: Flags [S.UEW], seq 1, win 64240, length 5", out FlowPacket packet, out _));

        Assert.Equal(("198.51.100.7", "203.0.113.1"), (packet.SourceAddress.ToString(), packet.DestinationAddress.ToString()));
        Assert.Equal((50_000, 443, 6, 0xf2, 45, "wan0"), (packet.SourcePort, packet.DestinationPort, packet.Protocol, packet.TcpFlags, packet.Length, packet.InputInterface));
    }

    [Theory]
    [InlineData("", "no packet as tcpdump -nn prints it")]
    [InlineData("hello there", "no packet as tcpdump -nn prints it")]
    [InlineData("12:00 ARP, Request who-has 192.0.2.2 tell 192.0.2.1, length 28", "This is ARP")]
    [InlineData("IP web.example.org.50000 > 203.0.113.1.443: Flags [S]", "'web.example.org.50000' is not an address; let tcpdump print numbers with -nn.")]
    [InlineData("IP 198.51.100.7.50000 > 203.0.113.1.https: Flags [S]", "'https' is the name of a port")]
    [InlineData("IP 198.51.100.7.50000 > 203.0.113.1.70000: Flags [S]", "'70000' is the name of a port")]
    [InlineData("IP 198.51.100.7.50000 > 2001:db8::1.443: Flags [S]", "different versions of IP")]
    [InlineData("IP 198.51.100.7.50000 > 203.0.113.1.443: Flags [SX]", "has no TCP flags")]
    [InlineData("IP 198.51.100.7.50000 > 203.0.113.1.443: Flags [S", "has no TCP flags")]
    [InlineData("IP 198.51.100.7 > 203.0.113.1: ip-proto-17", "later fragment")]
    [InlineData("IP 198.51.100.7 > 203.0.113.1: ICMP something new, length 8", "type of ICMP message cannot be told")]
    [InlineData("IP 198.51.100.7 > 203.0.113.1: what is this", "protocol cannot be told")]
    [InlineData("IP 198.51.100.7.1 > 203.0.113.1.2: ip-proto-47", "protocol 47 has no ports")]
    [InlineData("4500003c000040004006000000000000000000", "no packet as tcpdump -nn prints it")]
    [InlineData("6500003c00004000400600000000000000000000", "no whole IP packet")]
    public void What_is_no_packet_is_refused_with_what_would_be_right(string text, string problem)
    {
        Assert.False(FlowTextParser.TryParse(text, out _, out string? said));
        Assert.Contains(problem, said, StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_without_end_is_refused()
    {
        Assert.False(FlowTextParser.TryParse(new string('0', FlowTextParser.MostCharacters + 1), out _, out string? problem));
        Assert.Contains("at most", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Changed_texts_are_read_or_refused()
    {
        string[] samples = [.. new[] { "plain.txt", "ether.txt", "any.txt", "verbose.txt", "quiet.txt", "hex.txt", "hexether.txt" }.SelectMany(Packets)];
        string[] words = [" > ", ": ", "IP ", "Flags [", "]", "0x0000:", "ICMP ", "length ", "(tos 0x", "::", "255.255.255.255", ".65535", ".65536", "99999999999999999999", "\0", "\ud800", "\n\t", "ip-proto-", "In", "Out"];
        var random = new Random(41);
        int read = 0;
        for (int round = 0; round < 20_000; round++)
        {
            var text = new StringBuilder(samples[random.Next(samples.Length)]);
            for (int edits = random.Next(5); edits > 0 && text.Length > 0; edits--)
            {
                int place = random.Next(text.Length);
                switch (random.Next(4))
                {
                    case 0:
                        text.Insert(place, words[random.Next(words.Length)]);
                        break;
                    case 1:
                        text.Remove(place, Math.Min(random.Next(12), text.Length - place));
                        break;
                    case 2:
                        text[place] = (char)random.Next(1, 128);
                        break;
                    default:
                        text.Length = place;
                        break;
                }
            }

            if (FlowTextParser.TryParse(text.ToString(), out FlowPacket packet, out string? problem))
            {
                read++;
                Assert.InRange(packet.Length, 1, 65_575);
            }
            else
            {
                Assert.EndsWith(".", problem, StringComparison.Ordinal);
            }
        }

        Assert.InRange(read, 2_000, 19_000);
    }

    // Lines that are indented belong to the packet before them.
    private static string[] Packets(string file)
    {
        List<string> packets = [];
        foreach (string line in File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "data", "captures", file)))
        {
            if (line.Length > 0 && char.IsWhiteSpace(line[0]))
            {
                packets[^1] += "\n" + line;
            }
            else
            {
                packets.Add(line);
            }
        }

        return [.. packets];
    }
}
