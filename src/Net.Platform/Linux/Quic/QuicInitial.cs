using System.Diagnostics.CodeAnalysis;
using System.Runtime.Versioning;
using static Net.Platform.Linux.Interop.Ngtcp2Api;

namespace Net.Platform.Linux;

/// <summary>A client's first packet, as far as a server needs it to answer with a connection, a Retry or nothing. Valid as long as the packet's memory.</summary>
[SupportedOSPlatform("linux")]
public readonly ref struct QuicInitial
{
    private readonly ngtcp2_cid _original;

    private QuicInitial(uint version, ReadOnlySpan<byte> destinationId, ReadOnlySpan<byte> sourceId, ReadOnlySpan<byte> token, scoped in ngtcp2_cid original, bool isRetried)
    {
        Version = version;
        DestinationId = destinationId;
        SourceId = sourceId;
        Token = token;
        IsAddressValidated = isRetried;
        _original = original;
    }

    /// <summary>The QUIC version.</summary>
    public uint Version { get; }

    /// <summary>The id the client chose for the server, 8 to 20 bytes; after a Retry the id that we gave it there. The client's next packets may still carry it.</summary>
    public ReadOnlySpan<byte> DestinationId { get; }

    /// <summary>The id the client chose for itself.</summary>
    public ReadOnlySpan<byte> SourceId { get; }

    /// <summary>The token from a Retry; empty in a first attempt.</summary>
    public ReadOnlySpan<byte> Token { get; }

    /// <summary>Whether <see cref="QuicTokens.VerifyRetry"/> found that the client receives at the address it sends from.</summary>
    public bool IsAddressValidated { get; }

    /// <summary>The id of the client's first attempt, of which both sides' TLS must hear (RFC 9000 7.3).</summary>
    [UnscopedRef]
    internal ref readonly ngtcp2_cid Original => ref _original;

    /// <summary>Reads a first packet.</summary>
    /// <param name="packet">The UDP payload.</param>
    /// <param name="initial">What it says.</param>
    /// <returns>False when no connection may begin with it: not an Initial of version 1, shorter than 1200 bytes, or malformed.</returns>
    /// <exception cref="NativeLibraryMissingException">A library is not on this host.</exception>
    public static unsafe bool TryRead(ReadOnlySpan<byte> packet, out QuicInitial initial)
    {
        initial = default;
        QuicLibraries.Require();
        if (!QuicPacket.TryParse(packet, out QuicPacket parsed) || !parsed.IsInitial)
        {
            return false;
        }

        fixed (byte* bytes = packet)
        {
            ngtcp2_pkt_hd header;
            if (ngtcp2_accept(&header, bytes, (nuint)packet.Length) != 0)
            {
                return false;
            }

            ReadOnlySpan<byte> token = header.tokenlen == 0 ? default : packet.Slice((int)(header.token - bytes), (int)header.tokenlen);
            initial = new QuicInitial(header.version, parsed.DestinationId, parsed.SourceId, token, header.dcid, isRetried: false);
            return true;
        }
    }

    /// <summary>The same, known to answer our Retry to an attempt under this id.</summary>
    internal QuicInitial AfterRetry(scoped in ngtcp2_cid original) => new(Version, DestinationId, SourceId, Token, original, isRetried: true);
}
