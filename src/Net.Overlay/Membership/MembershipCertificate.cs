using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using Net.Overlay.Identity;

namespace Net.Overlay.Membership;

/// <summary>What a network's key says about a node: that it is a member, by which name, in which groups, with which addresses and subnets, and until when.
/// Its bytes are the version 1, fields in a canonical order (see help/guides/overlay-protocol.md), and the network key's Ed25519 signature over
/// "netmod membership certificate v1", a zero byte and all that comes before the signature. Its text is "nmc1" and Bech32m digits.</summary>
public sealed record MembershipCertificate
{
    /// <summary>The most groups a certificate names.</summary>
    public const int MaxGroups = 64;

    /// <summary>The most addresses a certificate assigns.</summary>
    public const int MaxAddresses = 8;

    /// <summary>The most subnets a certificate allows.</summary>
    public const int MaxSubnets = 256;

    /// <summary>The largest certificate in bytes: more than all fields at their limits.</summary>
    public const int MaxBytes = 12 * 1024;

    /// <summary>The prefix of the text form.</summary>
    public const string TextPrefix = "nmc";

    /// <summary>How far the clocks of issuer and checker may differ before a fresh certificate is not valid yet.</summary>
    public static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(5);

    private const string What = "a membership certificate";

    private static ReadOnlySpan<byte> Domain => "netmod membership certificate v1\0"u8;

    /// <summary>The network's public key, 32 bytes.</summary>
    public required byte[] NetworkKey { get; init; }

    /// <summary>The member's public key, 32 bytes.</summary>
    public required byte[] NodeKey { get; init; }

    /// <summary>A number the network key gives only once; what a revocation names.</summary>
    public required ulong Serial { get; init; }

    /// <summary>The member's name: a DNS label.</summary>
    public required string Name { get; init; }

    /// <summary>Groups for policy: labels, at most 64.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>Overlay addresses the member has, at most 8; none: those that follow from its key.</summary>
    public IReadOnlyList<IPAddress> Addresses { get; init; } = [];

    /// <summary>Prefixes the member may advertise and send from, at most 256.</summary>
    public IReadOnlyList<IPNetwork> Subnets { get; init; } = [];

    /// <summary>From when it is valid, to the second.</summary>
    public required DateTimeOffset NotBefore { get; init; }

    /// <summary>Until when it is valid, to the second.</summary>
    public required DateTimeOffset NotAfter { get; init; }

    /// <summary>What else the member may.</summary>
    public MembershipFlags Flags { get; init; }

    /// <summary>The signature, 64 bytes; empty before <see cref="Sign"/>.</summary>
    public byte[] Signature { get; init; } = [];

    /// <summary>The member's id.</summary>
    public NodeId Node => NodeId.FromPublicKey(NodeKey);

    /// <summary>This certificate with the network key's signature.</summary>
    /// <param name="networkSeed">The network key's private seed, 32 bytes; its public key must be <see cref="NetworkKey"/>.</param>
    /// <param name="signatures">Ed25519.</param>
    /// <exception cref="MembershipFormatException">Something in it cannot be written, or the seed is another key's.</exception>
    public MembershipCertificate Sign(ReadOnlySpan<byte> networkSeed, ISignatures signatures) =>
        this with { Signature = SignedBytes.Sign(Domain, WriteBody(), NetworkKey, networkSeed, signatures) };

    /// <summary>The bytes, signature included.</summary>
    /// <exception cref="MembershipFormatException">Something in it cannot be written, or it is not signed.</exception>
    public byte[] Encode() => SignedBytes.Join(WriteBody(), Signature);

    /// <summary>The text form.</summary>
    /// <exception cref="MembershipFormatException">Something in it cannot be written, or it is not signed.</exception>
    public string ToText() => Bech32.Encode(TextPrefix, Encode());

    /// <summary>Reads the bytes. Nothing is checked but their form: ask <see cref="Check"/>.</summary>
    /// <param name="data">The bytes.</param>
    /// <param name="certificate">The certificate.</param>
    /// <param name="problem">What is wrong with the form, or null.</param>
    public static bool TryDecode(ReadOnlySpan<byte> data, [NotNullWhen(true)] out MembershipCertificate? certificate, [NotNullWhen(false)] out string? problem)
    {
        certificate = null;
        if (!SignedBytes.TrySplit(data, MaxBytes, out ReadOnlySpan<byte> fields, out ReadOnlySpan<byte> signature, out problem))
        {
            return false;
        }

        byte[]? networkKey = null;
        byte[]? nodeKey = null;
        ulong? serial = null;
        string? name = null;
        List<string> groups = [];
        List<IPAddress> addresses = [];
        List<IPNetwork> subnets = [];
        DateTimeOffset? notBefore = null;
        DateTimeOffset? notAfter = null;
        var flags = MembershipFlags.None;
        var reader = new TlvReader(fields);
        while (reader.Next())
        {
            switch (reader.Tag)
            {
                case Tags.NetworkKey:
                    networkKey = reader.Once(NodeId.PublicKeyBytes);
                    break;
                case Tags.NodeKey:
                    nodeKey = reader.Once(NodeId.PublicKeyBytes);
                    break;
                case Tags.Serial:
                    serial = reader.Number();
                    break;
                case Tags.Name:
                    reader.Once(reader.Value.Length);
                    name = reader.Label();
                    break;
                case Tags.Group:
                    reader.Add(groups, reader.Label(), MaxGroups);
                    break;
                case Tags.Address:
                    reader.Add(addresses, reader.Address(), MaxAddresses);
                    break;
                case Tags.Subnet:
                    reader.Add(subnets, reader.Prefix(), MaxSubnets);
                    break;
                case Tags.NotBefore:
                    notBefore = reader.Time();
                    break;
                case Tags.NotAfter:
                    notAfter = reader.Time();
                    break;
                case Tags.Flags:
                    uint bits = BinaryPrimitives.ReadUInt32BigEndian(reader.Once(sizeof(uint)));
                    flags = (MembershipFlags)bits;
                    if (bits == 0 || (flags & ~(MembershipFlags.DefaultGateway | MembershipFlags.Relay)) != 0)
                    {
                        reader.Fail("its flags are not of this version");
                    }

                    break;
                default:
                    // A field that is not understood may limit what the certificate allows: refuse it rather than read half.
                    reader.Fail($"it has a field {reader.Tag} that this version does not know");
                    break;
            }
        }

        if (reader.Problem is null && (networkKey is null || nodeKey is null || serial is null || name is null || notBefore is null || notAfter is null))
        {
            reader.Fail("a field that must be there is missing");
        }

        if (!reader.Succeeded(out problem))
        {
            return false;
        }

        certificate = new MembershipCertificate
        {
            NetworkKey = networkKey!,
            NodeKey = nodeKey!,
            Serial = serial!.Value,
            Name = name!,
            Groups = groups,
            Addresses = addresses,
            Subnets = subnets,
            NotBefore = notBefore!.Value,
            NotAfter = notAfter!.Value,
            Flags = flags,
            Signature = signature.ToArray(),
        };
        return true;
    }

    /// <summary>Reads the text form. Nothing is checked but its form: ask <see cref="Check"/>.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out MembershipCertificate? certificate, [NotNullWhen(false)] out string? problem)
    {
        certificate = null;
        return Bech32.TryDecode(text, TextPrefix, What, out byte[]? data, out problem) && TryDecode(data, out certificate, out problem);
    }

    /// <summary>Whether the certificate proves that a node is a member now.</summary>
    /// <param name="now">The wall clock's time.</param>
    /// <param name="networkKey">The public key of the network it should be of.</param>
    /// <param name="nodeKey">The public key of the node that showed it.</param>
    /// <param name="revocations">The newest revocation list, or null if there is none; it is trusted, so verify it when it comes.</param>
    /// <param name="signatures">Ed25519.</param>
    public MembershipCheck Check(DateTimeOffset now, ReadOnlySpan<byte> networkKey, ReadOnlySpan<byte> nodeKey, RevocationList? revocations, ISignatures signatures)
    {
        ArgumentNullException.ThrowIfNull(signatures);
        if (!networkKey.SequenceEqual(NetworkKey))
        {
            return new(MembershipVerdict.WrongNetwork, $"the certificate is of network {PublicKeyText.Format(NetworkKey)}, not of ours");
        }

        if (!nodeKey.SequenceEqual(NodeKey))
        {
            return new(MembershipVerdict.WrongNode, $"the certificate is node {Node.ToShortString()}'s, shown by {NodeId.FromPublicKey(nodeKey).ToShortString()}");
        }

        byte[] body;
        try
        {
            body = WriteBody();
        }
        catch (MembershipFormatException failure)
        {
            return new(MembershipVerdict.Malformed, failure.Message);
        }

        if (!SignedBytes.Verify(Domain, body, NetworkKey, Signature, signatures))
        {
            return new(MembershipVerdict.BadSignature, $"the network key did not sign certificate {Number(Serial)}");
        }

        if (revocations?.FindReason(Serial, Node) is { } reason)
        {
            return new(MembershipVerdict.Revoked, reason);
        }

        if (now < NotBefore - ClockTolerance)
        {
            return new(MembershipVerdict.NotYetValid, $"certificate {Number(Serial)} is not valid before {Time(NotBefore)}; here it is {Time(now)}");
        }

        return now > NotAfter
            ? new(MembershipVerdict.Expired, $"certificate {Number(Serial)} expired at {Time(NotAfter)}; here it is {Time(now)}")
            : new(MembershipVerdict.Valid, $"certificate {Number(Serial)} of {Name} is valid until {Time(NotAfter)}");
    }

    /// <summary>Reads bytes a node showed and checks them: <see cref="TryDecode"/> and <see cref="Check"/> in one.</summary>
    public static MembershipCheck CheckEncoded(
        ReadOnlySpan<byte> data, DateTimeOffset now, ReadOnlySpan<byte> networkKey, ReadOnlySpan<byte> nodeKey, RevocationList? revocations, ISignatures signatures, out MembershipCertificate? certificate) =>
        TryDecode(data, out certificate, out string? problem)
            ? certificate.Check(now, networkKey, nodeKey, revocations, signatures)
            : new MembershipCheck(MembershipVerdict.Malformed, $"the certificate cannot be read: {problem}");

    private static string Number(ulong value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private byte[] WriteBody()
    {
        SignedBytes.ThrowUnlessKey(NetworkKey, "the network key");
        SignedBytes.ThrowUnlessKey(NodeKey, "the node key");
        Labels.ThrowUnlessLabel(Name, "name");
        SignedBytes.ThrowIfMore(Groups.Count, MaxGroups, "groups");
        SignedBytes.ThrowIfMore(Addresses.Count, MaxAddresses, "addresses");
        SignedBytes.ThrowIfMore(Subnets.Count, MaxSubnets, "subnets");
        foreach (string group in Groups)
        {
            Labels.ThrowUnlessLabel(group, "group");
        }

        SignedBytes.ThrowUnlessTime(NotBefore);
        SignedBytes.ThrowUnlessTime(NotAfter);
        var writer = new TlvWriter();
        writer.Raw([SignedBytes.Version]);
        writer.Field(Tags.NetworkKey, NetworkKey);
        writer.Field(Tags.NodeKey, NodeKey);
        writer.Number(Tags.Serial, Serial);
        writer.Text(Tags.Name, Name);
        writer.Set(Tags.Group, Groups.Select(System.Text.Encoding.ASCII.GetBytes));
        writer.Set(Tags.Address, Addresses.Select(address => address.GetAddressBytes()));
        writer.Set(Tags.Subnet, Subnets.Select(Prefixes.ToBytes));
        writer.Time(Tags.NotBefore, NotBefore);
        writer.Time(Tags.NotAfter, NotAfter);
        if (Flags != MembershipFlags.None)
        {
            Span<byte> bits = stackalloc byte[sizeof(uint)];
            BinaryPrimitives.WriteUInt32BigEndian(bits, (uint)Flags);
            writer.Field(Tags.Flags, bits);
        }

        return writer.Written.ToArray();
    }

    private static class Tags
    {
        public const byte NetworkKey = 1;
        public const byte NodeKey = 2;
        public const byte Serial = 3;
        public const byte Name = 4;
        public const byte Group = 5;
        public const byte Address = 6;
        public const byte Subnet = 7;
        public const byte NotBefore = 8;
        public const byte NotAfter = 9;
        public const byte Flags = 10;
    }
}
