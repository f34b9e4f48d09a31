using Net.Overlay.Membership;

namespace Net.Overlay.Tests.Membership;

public sealed class InvitationTests
{
    private static readonly DateTimeOffset Expires = new(2026, 11, 2, 0, 0, 0, TimeSpan.Zero);
    private static readonly byte[] NodeKey = KeyedSignatures.Seed(3);

    [Fact]
    public void An_invitation_comes_back_from_its_text()
    {
        Invitation invitation = Create();

        Assert.True(Invitation.TryParse(invitation.ToText(), out Invitation? read, out string? problem), problem);

        Assert.StartsWith("nmi1", invitation.ToText(), StringComparison.Ordinal);
        Assert.Equal(invitation.Endpoints, read.Endpoints);
        Assert.Equal((invitation.Id, Expires, true, "home"), (read.Id, read.Expires, read.NeedsApproval, read.OverlayName));
        Assert.Equal((invitation.NetworkKey, invitation.IssuerKey, invitation.Secret), (read.NetworkKey, read.IssuerKey, read.Secret), Bytes);
    }

    [Fact]
    public void The_description_does_not_tell_the_secret()
    {
        Invitation invitation = Create();

        Assert.DoesNotContain(Convert.ToHexString(invitation.Secret), invitation.ToString(), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("nmi1", invitation.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_request_of_the_invited_node_is_granted_or_waits_for_approval()
    {
        Invitation invitation = Create();
        JoinRequest request = invitation.CreateRequest(NodeKey, "laptop");

        Assert.Equal(JoinVerdict.NeedsApproval, invitation.Check(request, NodeKey, isUsed: false, Expires).Verdict);
        Assert.Equal(JoinVerdict.Granted, (invitation with { NeedsApproval = false }).Check(request, NodeKey, isUsed: false, Expires).Verdict);
        Assert.Equal(JoinVerdict.Expired, invitation.Check(request, NodeKey, isUsed: false, Expires.AddSeconds(1)).Verdict);
        Assert.Equal(JoinVerdict.Used, invitation.Check(request, NodeKey, isUsed: true, Expires).Verdict);
    }

    [Fact]
    public void A_proof_is_worth_nothing_to_another_node_network_or_issuer()
    {
        Invitation invitation = Create();
        JoinRequest request = invitation.CreateRequest(NodeKey, "laptop");
        byte[] other = KeyedSignatures.Seed(4);

        Assert.Equal(JoinVerdict.BadProof, invitation.Check(request, other, isUsed: false, Expires).Verdict);
        Assert.Equal(JoinVerdict.BadProof, (invitation with { NetworkKey = other }).Check(request, NodeKey, isUsed: false, Expires).Verdict);
        Assert.Equal(JoinVerdict.BadProof, (invitation with { IssuerKey = other }).Check(request, NodeKey, isUsed: false, Expires).Verdict);
        Assert.Equal(JoinVerdict.BadProof, (invitation with { Secret = new byte[16] }).Check(request, NodeKey, isUsed: false, Expires).Verdict);
        Assert.Equal(JoinVerdict.BadProof, invitation.Check(request with { Proof = [] }, NodeKey, isUsed: true, Expires.AddDays(1)).Verdict);
    }

    [Theory]
    [InlineData("host")]
    [InlineData("host:0")]
    [InlineData("host:65536")]
    [InlineData("::1:4000")]
    [InlineData("[::1:4000")]
    [InlineData("a b:4000")]
    [InlineData(":4000")]
    [InlineData("h[o]st:4000")]
    public void Endpoints_that_are_none_are_refused(string endpoint) =>
        Assert.Contains(endpoint, Assert.Throws<MembershipFormatException>(() => (Create() with { Endpoints = [endpoint] }).Encode()).Message, StringComparison.Ordinal);

    [Fact]
    public void What_cannot_be_written_is_refused()
    {
        Assert.Throws<MembershipFormatException>(() => (Create() with { Secret = [1] }).Encode());
        Assert.Throws<MembershipFormatException>(() => (Create() with { OverlayName = "My Home" }).Encode());
        Assert.Throws<MembershipFormatException>(() => (Create() with { Endpoints = [.. Enumerable.Repeat("host:1", 9)] }).Encode());
        Assert.Throws<MembershipFormatException>(() => Create().CreateRequest(NodeKey, "UPPER"));
    }

    [Fact]
    public void Whatever_bytes_come_are_read_or_refused_with_a_reason()
    {
        byte[] good = Create().Encode();
        var random = new Random(7);
        int read = 0;

        for (int round = 0; round < 20_000; round++)
        {
            if (Invitation.TryDecode(Mutation.Of(good, random), out Invitation? invitation, out string? problem))
            {
                read++;
                Assert.NotEmpty(invitation.ToText());
            }
            else
            {
                Assert.NotEmpty(problem);
            }
        }

        Assert.InRange(read, 100, 19_000);
    }

    private static bool Bytes((byte[] First, byte[] Second, byte[] Third) left, (byte[] First, byte[] Second, byte[] Third) right) =>
        left.First.AsSpan().SequenceEqual(right.First) && left.Second.AsSpan().SequenceEqual(right.Second) && left.Third.AsSpan().SequenceEqual(right.Third);

    private static Invitation Create() => new()
    {
        NetworkKey = KeyedSignatures.Seed(1),
        IssuerKey = KeyedSignatures.Seed(2),
        Endpoints = ["vpn.example.org:4242", "[2001:db8::1]:4242", "192.0.2.1:4242"],
        Secret = [.. Enumerable.Range(1, 16).Select(number => (byte)number)],
        Expires = Expires,
        NeedsApproval = true,
        OverlayName = "home",
    };
}
