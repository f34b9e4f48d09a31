using System.Globalization;
using System.Net;

namespace Net.Overlay.Control;

/// <summary>The first frame each way. The TLS client's comes first; the other side answers with its own once it has accepted it, or with <see cref="HelloRefused"/>.
/// Nothing else may come before it. Its first two numbers mean the same in all versions; the rest are fields of which unknown ones are skipped.</summary>
public sealed record Hello : ControlMessage
{
    /// <summary>The version of the protocol this code speaks.</summary>
    public const int CurrentVersion = 1;

    /// <summary>The oldest version this code speaks.</summary>
    public const int OldestVersion = 1;

    /// <summary>The most addresses a node has.</summary>
    public const int MaxAddresses = 8;

    /// <summary>The longest name of a node or a software, in bytes of UTF-8.</summary>
    public const int MaxTextBytes = 128;

    /// <summary>The largest membership certificate, succession or other opaque field, in bytes.</summary>
    public const int MaxOpaqueBytes = 16 * 1024;

    /// <inheritdoc/>
    public override ControlFrameType Type => ControlFrameType.Hello;

    /// <summary>The newest version the sender speaks.</summary>
    public int Version { get; init; } = CurrentVersion;

    /// <summary>The oldest version the sender speaks.</summary>
    public int MinVersion { get; init; } = OldestVersion;

    /// <summary>What the sender can do.</summary>
    public OverlayCapabilities Capabilities { get; init; }

    /// <summary>The sender's name: a label, or empty when it has none.</summary>
    public string NodeName { get; init; } = string.Empty;

    /// <summary>The sender's overlay addresses.</summary>
    public IReadOnlyList<IPAddress> Addresses { get; init; } = [];

    /// <summary>The sender's membership certificate, or empty.</summary>
    public byte[] Certificate { get; init; } = [];

    /// <summary>The proof that the sender's key follows another, or empty.</summary>
    public byte[] Succession { get; init; } = [];

    /// <summary>The hash of the sender's policy.</summary>
    public ulong PolicyHash { get; init; }

    /// <summary>The sequence of the revocation list the sender has; 0 for none.</summary>
    public ulong RevocationSequence { get; init; }

    /// <summary>The largest inner packet the sender takes, in bytes.</summary>
    public int InnerMtuBytes { get; init; }

    /// <summary>A random number of this run of the sender: another one means that it started anew and remembers no connection.</summary>
    public ulong Instance { get; init; }

    /// <summary>The number of the connection between the two nodes, as its TLS client counts: the higher takes the place of the lower.</summary>
    public ulong Ordinal { get; init; }

    /// <summary>Name and version of the sender's software, or empty.</summary>
    public string Software { get; init; } = string.Empty;

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"Hello(version {MinVersion}..{Version}, {Capabilities}, name '{NodeName}', addresses {string.Join(' ', Addresses)}, certificate {Certificate.Length} bytes, succession {Succession.Length} bytes, policy {PolicyHash:x16}, revocations {RevocationSequence}, inner MTU {InnerMtuBytes}, instance {Instance:x16}, ordinal {Ordinal}, '{Software}')");

    /// <inheritdoc/>
    internal override void WriteBody(BodyWriter writer)
    {
        writer.Number((ulong)Version);
        writer.Number((ulong)MinVersion);
        writer.Field(Tags.Capabilities, (ulong)Capabilities);
        writer.Field(Tags.NodeName, NodeName, MaxTextBytes);
        BodyWriter.ThrowIfMore(Addresses.Count, MaxAddresses, "addresses");
        foreach (IPAddress address in Addresses)
        {
            writer.Field(Tags.Address, address.GetAddressBytes());
        }

        writer.Field(Tags.Certificate, Certificate, MaxOpaqueBytes);
        writer.Field(Tags.Succession, Succession, MaxOpaqueBytes);
        writer.Field(Tags.PolicyHash, PolicyHash);
        writer.Field(Tags.RevocationSequence, RevocationSequence);
        writer.Field(Tags.InnerMtu, (ulong)InnerMtuBytes);
        writer.Field(Tags.Instance, Instance);
        writer.Field(Tags.Ordinal, Ordinal);
        writer.Field(Tags.Software, Software, MaxTextBytes);
    }

    /// <summary>Reads the body.</summary>
    internal static Hello? Read(ref BodyReader reader)
    {
        int version = reader.Int32();
        int minVersion = reader.Int32();
        List<IPAddress> addresses = [];
        var hello = new Hello { Version = version, MinVersion = minVersion };
        if (version < minVersion || minVersion < 1)
        {
            reader.Fail("the versions are out of order");
        }

        while (reader.NextField(out ulong tag, out BodyReader value))
        {
            switch (tag)
            {
                case Tags.Capabilities:
                    hello = hello with { Capabilities = (OverlayCapabilities)value.FixedNumber() };
                    break;
                case Tags.NodeName:
                    hello = hello with { NodeName = value.RemainingText(MaxTextBytes) };
                    break;
                case Tags.Address when addresses.Count < MaxAddresses:
                    addresses.Add(value.RemainingAddress());
                    break;
                case Tags.Address:
                    value.Fail("there are too many addresses");
                    break;
                case Tags.Certificate:
                    hello = hello with { Certificate = value.Remaining(MaxOpaqueBytes) };
                    break;
                case Tags.Succession:
                    hello = hello with { Succession = value.Remaining(MaxOpaqueBytes) };
                    break;
                case Tags.PolicyHash:
                    hello = hello with { PolicyHash = value.FixedNumber() };
                    break;
                case Tags.RevocationSequence:
                    hello = hello with { RevocationSequence = value.FixedNumber() };
                    break;
                case Tags.InnerMtu:
                    ulong bytes = value.FixedNumber();
                    hello = hello with { InnerMtuBytes = (int)Math.Min(bytes, ushort.MaxValue) };
                    break;
                case Tags.Instance:
                    hello = hello with { Instance = value.FixedNumber() };
                    break;
                case Tags.Ordinal:
                    hello = hello with { Ordinal = value.FixedNumber() };
                    break;
                case Tags.Software:
                    hello = hello with { Software = value.RemainingText(MaxTextBytes) };
                    break;
                default:
                    break;
            }

            reader.Take(value);
        }

        return reader.IsFailed ? null : hello with { Addresses = addresses };
    }

    private static class Tags
    {
        public const ulong Capabilities = 1;
        public const ulong NodeName = 2;
        public const ulong Address = 3;
        public const ulong Certificate = 4;
        public const ulong PolicyHash = 5;
        public const ulong RevocationSequence = 6;
        public const ulong InnerMtu = 7;
        public const ulong Instance = 8;
        public const ulong Ordinal = 9;
        public const ulong Software = 10;
        public const ulong Succession = 11;
    }
}
