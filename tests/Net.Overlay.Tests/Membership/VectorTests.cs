using System.Net;
using Net.Overlay.Identity;
using Net.Overlay.Membership;

namespace Net.Overlay.Tests.Membership;

/// <summary>Bytes made by another implementation, with real Ed25519 keys: those of RFC 8032, 7.1, tests 1 (node) and 2 (network).</summary>
public sealed class VectorTests
{
    private static readonly byte[] NetworkKey = Convert.FromHexString("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
    private static readonly byte[] NodeKey = Convert.FromHexString("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");

    [Fact]
    public void A_certificate_made_elsewhere_is_read_and_written_alike()
    {
        string[] lines = VectorFile.Lines("membership-certificate.txt");
        byte[] data = Convert.FromHexString(lines[0]);

        Assert.True(MembershipCertificate.TryParse(lines[1], out MembershipCertificate? certificate, out string? problem), problem);

        Assert.Equal(data, certificate.Encode());
        Assert.Equal(lines[1], certificate.ToText());
        Assert.Equal((42UL, "laptop", MembershipFlags.DefaultGateway), (certificate.Serial, certificate.Name, certificate.Flags));
        Assert.Equal((["servers"], [IPAddress.Parse("100.64.1.2")], [IPNetwork.Parse("10.1.0.0/16")]), (certificate.Groups.ToArray(), certificate.Addresses.ToArray(), certificate.Subnets.ToArray()), Same);
        Assert.Equal(new DateTimeOffset(2026, 11, 1, 0, 0, 0, TimeSpan.Zero), certificate.NotBefore);
    }

    [Fact]
    public void The_signature_is_asked_for_over_the_domain_and_the_body()
    {
        byte[] data = Convert.FromHexString(VectorFile.Lines("membership-certificate.txt")[0]);
        byte[] list = Convert.FromHexString(VectorFile.Lines("revocation-list.txt")[0]);
        var spy = new Spy();

        MembershipCertificate.CheckEncoded(data, DateTimeOffset.UnixEpoch, NetworkKey, NodeKey, null, spy, out _);
        Assert.True(RevocationList.TryDecode(list, out RevocationList? revocations, out string? problem), problem);
        revocations.Verify(NetworkKey, spy);

        Assert.Equal([.. "netmod membership certificate v1\0"u8, .. data[..^64]], spy.Messages[0]);
        Assert.Equal([.. "netmod revocation list v1\0"u8, .. list[..^64]], spy.Messages[1]);
        Assert.All(spy.Keys, key => Assert.Equal(NetworkKey, key));
        Assert.Equal([3UL, 5UL], revocations.Serials);
    }

    [Fact]
    public void An_invitation_made_elsewhere_is_read_and_written_alike()
    {
        string[] lines = VectorFile.Lines("invitation.txt");

        Assert.True(Invitation.TryParse(lines[1], out Invitation? invitation, out string? problem), problem);

        Assert.Equal(lines[0], Convert.ToHexStringLower(invitation.Encode()));
        Assert.Equal(["vpn.example.org:4242", "[2001:db8::1]:4242"], invitation.Endpoints);
        Assert.Equal(0x2f953df144e5fa08UL, invitation.Id);
        Assert.Equal(NodeId.FromPublicKey(NodeKey), NodeId.FromPublicKey(invitation.IssuerKey));
    }

    [Fact]
    public void A_proof_made_elsewhere_is_right()
    {
        byte[] secret = [.. Enumerable.Range(1, 16).Select(number => (byte)number)];
        byte[] proof = Convert.FromHexString("d949a6169bb0c2dd2be0e98f199f5149b61e6fad88e1a99b45fad9e51b1976a6");

        Assert.True(JoinProof.Verify(secret, KeyedSignatures.Seed(1), KeyedSignatures.Seed(2), KeyedSignatures.Seed(3), proof));
    }

    private static bool Same((string[] Groups, IPAddress[] Addresses, IPNetwork[] Subnets) left, (string[] Groups, IPAddress[] Addresses, IPNetwork[] Subnets) right) =>
        left.Groups.SequenceEqual(right.Groups) && left.Addresses.SequenceEqual(right.Addresses) && left.Subnets.SequenceEqual(right.Subnets);

    private sealed class Spy : ISignatures
    {
        public List<byte[]> Messages { get; } = [];

        public List<byte[]> Keys { get; } = [];

        public void Sign(ReadOnlySpan<byte> seed, ReadOnlySpan<byte> message, Span<byte> signature) => throw new InvalidOperationException("nothing is signed here");

        public bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
        {
            Messages.Add(message.ToArray());
            Keys.Add(publicKey.ToArray());
            return true;
        }

        public void GetPublicKey(ReadOnlySpan<byte> seed, Span<byte> publicKey) => throw new InvalidOperationException("nothing is signed here");
    }
}
