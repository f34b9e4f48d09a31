using System.Net;
using Net.Overlay.Identity;
using Net.Overlay.Membership;

namespace Net.Overlay.Tests.Membership;

public sealed class MembershipCertificateTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly KeyedSignatures _signatures = new();
    private readonly byte[] _networkSeed = KeyedSignatures.Seed(1);
    private readonly byte[] _networkKey;
    private readonly byte[] _nodeKey;

    public MembershipCertificateTests()
    {
        _networkKey = _signatures.PublicKey(_networkSeed);
        _nodeKey = _signatures.PublicKey(KeyedSignatures.Seed(2));
    }

    [Fact]
    public void A_certificate_comes_back_from_its_text_with_everything_in_it()
    {
        MembershipCertificate certificate = Issue();

        Assert.True(MembershipCertificate.TryParse(certificate.ToText(), out MembershipCertificate? read, out string? problem), problem);

        Assert.StartsWith("nmc1", certificate.ToText(), StringComparison.Ordinal);
        Assert.Equal((42UL, "laptop", MembershipFlags.DefaultGateway), (read.Serial, read.Name, read.Flags));
        Assert.Equal(["servers", "administrators"], read.Groups);
        Assert.Equal([IPAddress.Parse("100.64.1.2"), IPAddress.Parse("fd00::2")], read.Addresses);
        Assert.Equal(["10.1.0.0/16", "10.2.0.0/16"], read.Subnets.Select(subnet => subnet.ToString()));
        Assert.Equal((Start, Start.AddDays(30)), (read.NotBefore, read.NotAfter));
        Assert.Equal(_networkKey, read.NetworkKey);
        Assert.Equal(NodeId.FromPublicKey(_nodeKey), read.Node);
        Assert.Equal(certificate.Encode(), read.Encode());
    }

    [Fact]
    public void The_order_groups_are_named_in_changes_nothing()
    {
        byte[] first = (Issue() with { Groups = ["b", "a", "c"] }).Sign(_networkSeed, _signatures).Encode();

        byte[] second = (Issue() with { Groups = ["c", "b", "a", "a"] }).Sign(_networkSeed, _signatures).Encode();

        Assert.Equal(first, second);
    }

    [Fact]
    public void A_good_certificate_proves_membership_while_it_is_valid()
    {
        MembershipCertificate certificate = Issue();

        Assert.Equal(MembershipVerdict.Valid, Check(certificate, Start).Verdict);
        Assert.Equal(MembershipVerdict.Valid, Check(certificate, Start.AddDays(30)).Verdict);
        Assert.Equal(MembershipVerdict.Expired, Check(certificate, Start.AddDays(30).AddSeconds(1)).Verdict);
        Assert.Equal(MembershipVerdict.Valid, Check(certificate, Start - MembershipCertificate.ClockTolerance).Verdict);
        Assert.Equal(MembershipVerdict.NotYetValid, Check(certificate, Start - MembershipCertificate.ClockTolerance - TimeSpan.FromSeconds(1)).Verdict);
    }

    [Fact]
    public void The_reason_says_when_a_certificate_expired()
    {
        MembershipCheck check = Check(Issue(), Start.AddDays(31));

        Assert.Equal("certificate 42 expired at 2026-12-01 00:00:00Z; here it is 2026-12-02 00:00:00Z", check.Reason);
        Assert.False(check.IsValid);
    }

    [Fact]
    public void A_certificate_of_another_network_or_node_is_refused()
    {
        MembershipCertificate certificate = Issue();
        byte[] other = _signatures.PublicKey(KeyedSignatures.Seed(9));

        Assert.Equal(MembershipVerdict.WrongNetwork, certificate.Check(Start, other, _nodeKey, null, _signatures).Verdict);
        Assert.Equal(MembershipVerdict.WrongNode, certificate.Check(Start, _networkKey, other, null, _signatures).Verdict);
    }

    [Fact]
    public void Any_field_changed_after_signing_spoils_the_signature()
    {
        MembershipCertificate certificate = Issue();
        MembershipCertificate[] changed =
        [
            certificate with { Serial = 43 },
            certificate with { Name = "desktop" },
            certificate with { Groups = ["servers"] },
            certificate with { Addresses = [] },
            certificate with { Subnets = [IPNetwork.Parse("0.0.0.0/0")] },
            certificate with { NotBefore = Start.AddSeconds(-1) },
            certificate with { NotAfter = Start.AddDays(31) },
            certificate with { Flags = MembershipFlags.None },
            certificate with { Signature = new byte[64] },
            certificate with { Signature = [] },
        ];

        Assert.All(changed, forged => Assert.Equal(MembershipVerdict.BadSignature, Check(forged, Start).Verdict));
    }

    [Fact]
    public void A_revoked_serial_or_node_is_refused_with_the_list_that_says_so()
    {
        MembershipCertificate certificate = Issue();
        var bySerial = new RevocationList(_networkKey, 7, Start, [41, 42], []);
        var byNode = new RevocationList(_networkKey, 8, Start, [], [certificate.Node]);
        var other = new RevocationList(_networkKey, 9, Start, [1], [NodeId.FromPublicKey(_networkKey)]);

        Assert.Equal(new MembershipCheck(MembershipVerdict.Revoked, "certificate 42 was revoked by revocation list 7"), Check(certificate, Start, bySerial));
        Assert.Equal(MembershipVerdict.Revoked, Check(certificate, Start, byNode).Verdict);
        Assert.Equal(MembershipVerdict.Valid, Check(certificate, Start, other).Verdict);
    }

    [Fact]
    public void What_cannot_be_written_is_refused_with_the_reason()
    {
        Assert.Contains("Big Name", Assert.Throws<MembershipFormatException>(() => (Issue() with { Name = "Big Name" }).Encode()).Message, StringComparison.Ordinal);
        Assert.Throws<MembershipFormatException>(() => (Issue() with { Groups = ["-x"] }).Encode());
        Assert.Throws<MembershipFormatException>(() => (Issue() with { Groups = [.. Enumerable.Range(0, 65).Select(number => $"g{number}")] }).Encode());
        Assert.Throws<MembershipFormatException>(() => (Issue() with { NodeKey = new byte[31] }).Encode());
        Assert.Throws<MembershipFormatException>(() => (Issue() with { Signature = [] }).Encode());
        Assert.Throws<MembershipFormatException>(() => (Issue() with { NotBefore = DateTimeOffset.UnixEpoch.AddSeconds(-1) }).Encode());
        Assert.Throws<MembershipFormatException>(() => Issue().Sign(KeyedSignatures.Seed(3), _signatures));
    }

    [Fact]
    public void A_certificate_with_everything_at_its_limit_fits()
    {
        MembershipCertificate largest = (Issue() with
        {
            Name = new string('n', 63),
            Groups = [.. Enumerable.Range(0, 64).Select(number => $"{number:d63}")],
            Addresses = [.. Enumerable.Range(0, 8).Select(number => IPAddress.Parse($"fd00::{number}"))],
            Subnets = [.. Enumerable.Range(0, 256).Select(number => IPNetwork.Parse($"fd00:{number:x}::/48"))],
        }).Sign(_networkSeed, _signatures);

        Assert.True(MembershipCertificate.TryParse(largest.ToText(), out MembershipCertificate? read, out string? problem), problem);
        Assert.Equal(MembershipVerdict.Valid, Check(read, Start).Verdict);
        Assert.InRange(largest.Encode().Length, 9000, MembershipCertificate.MaxBytes);
    }

    [Theory]
    [InlineData("02", "it is of version 2, this is version 1")]
    [InlineData("01", "a field that must be there is missing")]
    [InlineData("01ff0000", "it has a field 255 that this version does not know")]
    [InlineData("01030008000000000000002a010020", "field 1 is cut off")]
    [InlineData("01030008000000000000002a0100010a", "field 1 is out of order")]
    [InlineData("0103000100", "field 3 has 1 bytes, not 8")]
    [InlineData("01030008000000000000002a030008000000000000002b", "field 3 stands more than once")]
    [InlineData("0105000162050001610a", "the values of field 5 are out of order")]
    [InlineData("01050001410a", "field 5 is no label of lower case letters, digits and hyphens")]
    [InlineData("01060003010203", "field 6 is no address of 4 or 16 bytes")]
    [InlineData("01070005080a000001", "field 7 is no prefix: a length and an address without host bits")]
    [InlineData("010a000400000000", "its flags are not of this version")]
    [InlineData("010a000480000000", "its flags are not of this version")]
    public void What_is_wrong_with_the_bytes_is_said(string body, string expected)
    {
        byte[] data = [.. Convert.FromHexString(body), .. new byte[64]];

        Assert.False(MembershipCertificate.TryDecode(data, out _, out string? problem));
        Assert.Equal(expected, problem);
    }

    [Fact]
    public void Whatever_bytes_come_are_read_to_the_same_bytes_or_refused()
    {
        byte[] good = Issue().Encode();
        var random = new Random(5);
        int read = 0;

        for (int round = 0; round < 20_000; round++)
        {
            byte[] data = Mutation.Of(good, random);
            if (MembershipCertificate.TryDecode(data, out MembershipCertificate? certificate, out _))
            {
                read++;
                Assert.Equal(data, certificate.Encode());
                Assert.True(data.AsSpan().SequenceEqual(good) || Check(certificate, Start).Verdict is not MembershipVerdict.Valid);
            }
        }

        Assert.InRange(read, 100, 19_000);
    }

    [Fact]
    public void Bytes_and_check_go_together_in_one_call()
    {
        MembershipCheck good = MembershipCertificate.CheckEncoded(Issue().Encode(), Start, _networkKey, _nodeKey, null, _signatures, out MembershipCertificate? certificate);
        MembershipCheck bad = MembershipCertificate.CheckEncoded([1, 2, 3], Start, _networkKey, _nodeKey, null, _signatures, out _);

        Assert.True(good.IsValid);
        Assert.Equal("laptop", certificate!.Name);
        Assert.Equal(new MembershipCheck(MembershipVerdict.Malformed, "the certificate cannot be read: it is cut off"), bad);
    }

    private MembershipCheck Check(MembershipCertificate certificate, DateTimeOffset now, RevocationList? revocations = null) =>
        certificate.Check(now, _networkKey, _nodeKey, revocations, _signatures);

    private MembershipCertificate Issue() => new MembershipCertificate
    {
        NetworkKey = _networkKey,
        NodeKey = _nodeKey,
        Serial = 42,
        Name = "laptop",
        Groups = ["administrators", "servers"],
        Addresses = [IPAddress.Parse("fd00::2"), IPAddress.Parse("100.64.1.2")],
        Subnets = [IPNetwork.Parse("10.2.0.0/16"), IPNetwork.Parse("10.1.0.0/16")],
        NotBefore = Start,
        NotAfter = Start.AddDays(30),
        Flags = MembershipFlags.DefaultGateway,
    }.Sign(_networkSeed, _signatures);
}
