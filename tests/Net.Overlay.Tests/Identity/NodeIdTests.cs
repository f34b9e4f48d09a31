using System.Security.Cryptography;
using Net.Overlay.Identity;

namespace Net.Overlay.Tests.Identity;

public sealed class NodeIdTests
{
    // The public key of RFC 8032, 7.1, test 1.
    private static readonly byte[] Key = Convert.FromHexString("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");

    [Fact]
    public void An_id_is_the_hash_of_its_key_with_a_name_before_it()
    {
        NodeId id = NodeId.FromPublicKey(Key);

        Assert.Equal(SHA256.HashData([.. "netmod node"u8, .. Key]), id.ToArray());
    }

    [Fact]
    public void An_id_comes_back_from_its_text()
    {
        NodeId id = NodeId.FromPublicKey(Key);

        string text = id.ToString();

        Assert.StartsWith("nm1", text, StringComparison.Ordinal);
        Assert.Equal(61, text.Length);
        Assert.Equal(text[..10], id.ToShortString());
        Assert.Equal(id, NodeId.Parse(text));
        Assert.Equal(id, NodeId.Parse($"  {text.ToUpperInvariant()}\n"));
    }

    [Fact]
    public void The_texts_are_the_ones_of_the_protocol_page()
    {
        Assert.Equal("nm1lhyx4vr5d70mn68jvcgv50gy5fr8y76dtttn0qvtd532xqdydmastc3vaw", NodeId.FromPublicKey(Key).ToString());
        Assert.Equal("nmk16adfsqvzky9t042tlmfujeq88g8wzuhnm2nzxfd0qgdx3ac82ydqrqrqj5", PublicKeyText.Format(Key));
    }

    [Fact]
    public void A_key_comes_back_from_its_text()
    {
        string text = PublicKeyText.Format(Key);

        Assert.StartsWith("nmk1", text, StringComparison.Ordinal);
        Assert.Equal(Key, PublicKeyText.Parse(text));
    }

    [Fact]
    public void Any_one_changed_character_is_noticed()
    {
        string text = NodeId.FromPublicKey(Key).ToString();

        for (int index = 3; index < text.Length; index++)
        {
            foreach (char other in "qpzry9x8gf2tvdw0s3jn54khce6mua7l")
            {
                string changed = $"{text[..index]}{other}{text[(index + 1)..]}";
                Assert.Equal(other == text[index], NodeId.TryParse(changed, out _));
            }
        }
    }

    [Theory]
    [InlineData(null, "a node id is missing: it starts with nm1")]
    [InlineData("hello", "this is not a node id: a node id starts with nm1")]
    [InlineData("nmk1qqqqqqqqq", "this is not a node id: a node id starts with nm1; this is a public key")]
    [InlineData("nm1qQ", "a node id is written in lower case or in upper case, not mixed")]
    [InlineData("nm1qqq", "a node id is cut off after 6 characters")]
    [InlineData("nm1qqqqbqqqq", "character 8 of a node id, 'b', is none that is used there (1, b, i and o are left out because they are misread)")]
    [InlineData("nm1qqqqqqqqqq", "the checksum of a node id does not match: a character was changed, lost or added on the way")]
    public void What_is_wrong_with_a_text_is_said(string? text, string expected)
    {
        Assert.False(NodeId.TryParse(text, out _, out string? problem));

        Assert.Equal(expected, problem);
    }

    [Fact]
    public void A_right_text_of_the_wrong_length_is_refused()
    {
        string text = Bech32.Encode("nm", new byte[31]);

        Assert.False(NodeId.TryParse(text, out _, out string? problem));
        Assert.Contains("61 characters", problem, StringComparison.Ordinal);
        Assert.Throws<FormatException>(() => NodeId.Parse(text));
    }

    [Fact]
    public void The_order_of_ids_is_that_of_their_bytes()
    {
        var random = new Random(2);
        byte[] left = new byte[32];
        byte[] right = new byte[32];

        for (int round = 0; round < 2000; round++)
        {
            random.NextBytes(left);
            left.CopyTo(right, 0);
            right[random.Next(32)] ^= (byte)random.Next(256);
            int order = Math.Sign(left.AsSpan().SequenceCompareTo(right));
            var first = new NodeId(left);
            var second = new NodeId(right);

            Assert.Equal(order, Math.Sign(first.CompareTo(second)));
            Assert.Equal((order < 0, order <= 0, order > 0, order >= 0, order == 0, order != 0), (first < second, first <= second, first > second, first >= second, first == second, first != second));
        }
    }

    [Fact]
    public void Texts_of_bytes_of_every_length_come_back_and_random_texts_do_not_break_the_reader()
    {
        var random = new Random(3);
        for (int length = 0; length < 200; length++)
        {
            byte[] data = new byte[length];
            random.NextBytes(data);
            Assert.True(Bech32.TryDecode(Bech32.Encode("nmc", data), "nmc", "it", out byte[]? decoded, out _));
            Assert.Equal(data, decoded);
        }

        for (int round = 0; round < 20_000; round++)
        {
            char[] text = new char[random.Next(80)];
            for (int index = 0; index < text.Length; index++)
            {
                text[index] = (char)random.Next(1, 0x130);
            }

            Assert.False(NodeId.TryParse("nm1" + new string(text), out _, out string? problem));
            Assert.NotEmpty(problem);
        }
    }

    // BIP 350's own test vectors of right and wrong checksums; prefixes as they are there.
    [Theory]
    [InlineData("A1LQFN3A", "a", true)]
    [InlineData("a1lqfn3a", "a", true)]
    [InlineData("abcdef1l7aum6echk45nj3s0wdvt2fg8x9yrzpqzd3ryx", "abcdef", true)]
    [InlineData("?1v759aa", "?", true)]
    [InlineData("M1VUXWEZ", "m", false)]
    [InlineData("a12uel5l", "a", false)]
    public void Checksums_are_those_of_the_specification(string text, string prefix, bool expected) =>
        Assert.Equal(expected, Bech32.TryDecode(text, prefix, "it", out _, out string? problem) || problem.Contains("length", StringComparison.Ordinal));
}
