using System.Diagnostics.CodeAnalysis;
using System.Text;
using Net.Overlay.Identity;

namespace Net.Overlay.Membership;

/// <summary>What a new node needs to join a network in one command: the network's key, the key and endpoints of the node that issues certificates, and a secret good
/// for one join. Whoever has the text can use it, so it is kept like a password; its <see cref="ToString"/> does not tell the secret. Its bytes are the version 1 and
/// fields (see help/guides/overlay-protocol.md), unsigned, because the key it names is what the joiner will trust. Its text is "nmi1" and Bech32m digits.</summary>
public sealed record Invitation
{
    /// <summary>The length of the secret: 128 bits that nobody can guess through an issuer that answers.</summary>
    public const int SecretBytes = 16;

    /// <summary>The most endpoints an invitation names.</summary>
    public const int MaxEndpoints = 8;

    /// <summary>The longest endpoint: a DNS name of 253 characters, a colon and a port.</summary>
    public const int MaxEndpointCharacters = 259;

    /// <summary>The largest invitation in bytes.</summary>
    public const int MaxBytes = 4096;

    /// <summary>The prefix of the text form.</summary>
    public const string TextPrefix = "nmi";

    private const string What = "an invitation";

    /// <summary>The network's public key, 32 bytes.</summary>
    public required byte[] NetworkKey { get; init; }

    /// <summary>The public key of the node that issues the certificate, 32 bytes: the only peer the joiner talks to before it has one.</summary>
    public required byte[] IssuerKey { get; init; }

    /// <summary>Where the issuer is reached, in the order to try: "host:port" or "[address]:port".</summary>
    public required IReadOnlyList<string> Endpoints { get; init; }

    /// <summary>The secret, 16 random bytes.</summary>
    public required byte[] Secret { get; init; }

    /// <summary>Until when it can be used, to the second.</summary>
    public required DateTimeOffset Expires { get; init; }

    /// <summary>Whether somebody at the issuer has to approve the join.</summary>
    public bool NeedsApproval { get; init; }

    /// <summary>The overlay's name as its issuer calls it: a label, for the joiner's convenience.</summary>
    public string? OverlayName { get; init; }

    /// <summary>What the issuer finds the invitation by. It follows from the secret and does not give it away.</summary>
    public ulong Id => JoinProof.IdOf(Secret);

    /// <summary>The text form, secret included.</summary>
    /// <exception cref="MembershipFormatException">Something in it cannot be written.</exception>
    public string ToText() => Bech32.Encode(TextPrefix, Encode());

    /// <summary>The bytes, secret included.</summary>
    /// <exception cref="MembershipFormatException">Something in it cannot be written.</exception>
    public byte[] Encode()
    {
        SignedBytes.ThrowUnlessKey(NetworkKey, "the network key");
        SignedBytes.ThrowUnlessKey(IssuerKey, "the issuer's key");
        SignedBytes.ThrowIfMore(Endpoints.Count, MaxEndpoints, "endpoints");
        SignedBytes.ThrowUnlessTime(Expires);
        if (Secret.Length != SecretBytes)
        {
            throw new MembershipFormatException($"the secret has {Secret.Length} bytes, not {SecretBytes}");
        }

        var writer = new TlvWriter();
        writer.Raw([SignedBytes.Version]);
        writer.Field(Tags.NetworkKey, NetworkKey);
        writer.Field(Tags.IssuerKey, IssuerKey);
        writer.Field(Tags.Secret, Secret);
        writer.Time(Tags.Expires, Expires);
        writer.Field(Tags.Approval, [NeedsApproval ? (byte)1 : (byte)0]);
        if (OverlayName is not null)
        {
            Labels.ThrowUnlessLabel(OverlayName, "overlay name");
            writer.Text(Tags.OverlayName, OverlayName);
        }

        // Each endpoint has its own tag, because their order means something.
        byte tag = Tags.FirstEndpoint;
        foreach (string endpoint in Endpoints)
        {
            if (!IsEndpoint(endpoint))
            {
                throw new MembershipFormatException($"'{endpoint}' is no endpoint of the form host:port");
            }

            writer.Text(tag++, endpoint);
        }

        return writer.Written.ToArray();
    }

    /// <summary>Reads the text form.</summary>
    /// <param name="text">The text.</param>
    /// <param name="invitation">The invitation.</param>
    /// <param name="problem">What is wrong with the text, or null.</param>
    public static bool TryParse(string? text, [NotNullWhen(true)] out Invitation? invitation, [NotNullWhen(false)] out string? problem)
    {
        invitation = null;
        return Bech32.TryDecode(text, TextPrefix, What, out byte[]? data, out problem) && TryDecode(data, out invitation, out problem);
    }

    /// <summary>Reads the bytes.</summary>
    /// <param name="data">The bytes.</param>
    /// <param name="invitation">The invitation.</param>
    /// <param name="problem">What is wrong with the form, or null.</param>
    public static bool TryDecode(ReadOnlySpan<byte> data, [NotNullWhen(true)] out Invitation? invitation, [NotNullWhen(false)] out string? problem)
    {
        invitation = null;
        if (data.Length is 0 or > MaxBytes || data[0] != SignedBytes.Version)
        {
            problem = data.IsEmpty ? "it is cut off" : data.Length > MaxBytes ? $"it has {data.Length} bytes, more than {MaxBytes}" : $"it is of version {data[0]}, this is version {SignedBytes.Version}";
            return false;
        }

        byte[]? networkKey = null;
        byte[]? issuerKey = null;
        byte[]? secret = null;
        DateTimeOffset? expires = null;
        bool needsApproval = false;
        string? overlayName = null;
        List<string> endpoints = [];
        var reader = new TlvReader(data[1..]);
        while (reader.Next())
        {
            switch (reader.Tag)
            {
                case Tags.NetworkKey:
                    networkKey = reader.Once(NodeId.PublicKeyBytes);
                    break;
                case Tags.IssuerKey:
                    issuerKey = reader.Once(NodeId.PublicKeyBytes);
                    break;
                case Tags.Secret:
                    secret = reader.Once(SecretBytes);
                    break;
                case Tags.Expires:
                    expires = reader.Time();
                    break;
                case Tags.Approval:
                    needsApproval = reader.Once(1)[0] != 0;
                    break;
                case Tags.OverlayName:
                    reader.Once(reader.Value.Length);
                    overlayName = reader.Label();
                    break;
                case >= Tags.FirstEndpoint and < Tags.FirstEndpoint + MaxEndpoints:
                    string endpoint = Encoding.UTF8.GetString(reader.Once(reader.Value.Length));
                    if (!IsEndpoint(endpoint))
                    {
                        reader.Fail("an endpoint in it is not of the form host:port");
                    }

                    endpoints.Add(endpoint);
                    break;
                default:
                    reader.Fail($"it has a field {reader.Tag} that this version does not know");
                    break;
            }
        }

        if (reader.Problem is null && (networkKey is null || issuerKey is null || secret is null || expires is null))
        {
            reader.Fail("a field that must be there is missing");
        }

        if (!reader.Succeeded(out problem))
        {
            return false;
        }

        invitation = new Invitation
        {
            NetworkKey = networkKey!,
            IssuerKey = issuerKey!,
            Endpoints = endpoints,
            Secret = secret!,
            Expires = expires!.Value,
            NeedsApproval = needsApproval,
            OverlayName = overlayName,
        };
        return true;
    }

    /// <summary>The joiner's request, to be sent to the issuer once TLS has proven who that is.</summary>
    /// <param name="nodeKey">The joiner's own public key, which it authenticates to TLS with.</param>
    /// <param name="name">The name it would like: a label.</param>
    public JoinRequest CreateRequest(ReadOnlySpan<byte> nodeKey, string name)
    {
        Labels.ThrowUnlessLabel(name, "name");
        byte[] proof = new byte[JoinProof.Bytes];
        JoinProof.Compute(Secret, NetworkKey, IssuerKey, nodeKey, proof);
        return new JoinRequest(Id, name, proof);
    }

    /// <summary>The issuer's check of a request against the invitation it kept.</summary>
    /// <param name="request">The request.</param>
    /// <param name="nodeKey">The public key by which the joiner authenticated to TLS.</param>
    /// <param name="isUsed">Whether another node joined by the invitation before.</param>
    /// <param name="now">The wall clock's time.</param>
    public JoinCheck Check(JoinRequest request, ReadOnlySpan<byte> nodeKey, bool isUsed, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(request);

        // The proof comes first: who does not know the secret learns nothing about the invitation.
        if (request.InvitationId != Id || !JoinProof.Verify(Secret, NetworkKey, IssuerKey, nodeKey, request.Proof))
        {
            return new(JoinVerdict.BadProof, "the invitation is not known here, or its proof is not this node's");
        }

        return isUsed ? new(JoinVerdict.Used, "the invitation was used by another node")
            : now > Expires ? new(JoinVerdict.Expired, $"the invitation expired at {Expires.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z")
            : NeedsApproval ? new(JoinVerdict.NeedsApproval, "the invitation is right and waits for approval")
            : new(JoinVerdict.Granted, "the invitation is right");
    }

    /// <inheritdoc/>
    public override string ToString() => $"invitation {Id:x16} by {NodeId.FromPublicKey(IssuerKey).ToShortString()} until {Expires.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z";

    private static bool IsEndpoint(string text)
    {
        int colon = text.LastIndexOf(':');
        if (text.Length > MaxEndpointCharacters || colon < 1 || !ushort.TryParse(text.AsSpan(colon + 1), System.Globalization.NumberStyles.None, null, out ushort port) || port == 0)
        {
            return false;
        }

        foreach (char character in text)
        {
            if (!char.IsAsciiLetterOrDigit(character) && character is not ('.' or '-' or ':' or '[' or ']' or '_'))
            {
                return false;
            }
        }

        // An IPv6 address has colons of its own and stands in brackets.
        ReadOnlySpan<char> host = text.AsSpan(0, colon);
        return host.Contains(':') ? host[0] == '[' && host[^1] == ']' : !host.ContainsAny('[', ']');
    }

    private static class Tags
    {
        public const byte NetworkKey = 1;
        public const byte IssuerKey = 2;
        public const byte Secret = 3;
        public const byte Expires = 4;
        public const byte Approval = 5;
        public const byte OverlayName = 6;
        public const byte FirstEndpoint = 16;
    }
}
