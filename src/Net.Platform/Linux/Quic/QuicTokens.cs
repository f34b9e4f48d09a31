using System.Runtime.Versioning;
using Net.Platform.Linux.Interop;
using static Net.Platform.Linux.Interop.Ngtcp2Api;
using static Net.Platform.Linux.Interop.Ngtcp2CryptoApi;

namespace Net.Platform.Linux;

/// <summary>
/// Answers to strangers that cost no memory: Retry packets with sealed tokens (RFC 9000 8.1.2), by which a client proves its address before a server keeps anything of it, and
/// version negotiation. The secret lives as long as this object. Any thread.
/// </summary>
[SupportedOSPlatform("linux")]
public sealed unsafe class QuicTokens
{
    /// <summary>Time a client has to come back with a token: a few round trips and retransmissions.</summary>
    private const ulong TokenLifetime = 10_000_000_000;

    /// <summary>sizeof(union ngtcp2_sockaddr_union): a sockaddr_in6.</summary>
    private const int MaxAddressBytes = 28;

    private readonly byte[] _secret = KernelRandom.GetBytes(32);

    /// <summary>Makes tokens under a new random secret.</summary>
    /// <exception cref="NativeLibraryMissingException">A library is not on this host.</exception>
    public QuicTokens() => QuicLibraries.Require();

    /// <summary>Answers a version of QUIC that we do not speak with the one we do (RFC 9000 17.2.1). Only packets of 1200 bytes or more may be answered, lest small ones cause larger.</summary>
    /// <param name="destination">Takes the packet.</param>
    /// <param name="packet">The parsed long packet.</param>
    /// <returns>Bytes written; 0 when it does not fit or the packet is itself a version negotiation.</returns>
    public static int WriteVersionNegotiation(Span<byte> destination, in QuicPacket packet)
    {
        if (!packet.IsLongHeader || packet.Version == 0)
        {
            return 0;
        }

        QuicLibraries.Require();
        uint version = NGTCP2_PROTO_VER_V1;
        byte random;
        SodiumApi.randombytes_buf(&random, 1);
        fixed (byte* target = destination)
        fixed (byte* theirs = packet.SourceId)
        fixed (byte* ours = packet.DestinationId)
        {
            nint written = ngtcp2_pkt_write_version_negotiation(
                target, (nuint)destination.Length, random, theirs, (nuint)packet.SourceId.Length, ours, (nuint)packet.DestinationId.Length, &version, 1);
            return (int)Math.Max(0, written);
        }
    }

    /// <summary>Writes a Retry packet: the client shall come back with the token in it.</summary>
    /// <param name="destination">Takes the packet, about 150 bytes.</param>
    /// <param name="initial">The client's first packet.</param>
    /// <param name="remoteAddress">The sender's socket address, as the kernel gives it; 28 bytes at most.</param>
    /// <param name="newId">A new connection id of ours, to which the client's next packet goes.</param>
    /// <param name="now">The time, in nanoseconds.</param>
    /// <returns>Bytes written; 0 when it does not fit.</returns>
    public int WriteRetry(Span<byte> destination, in QuicInitial initial, ReadOnlySpan<byte> remoteAddress, ulong newId, long now)
    {
        RequireAddress(remoteAddress);
        ngtcp2_cid retryId = QuicConnectionId.Make(newId);
        ngtcp2_cid client = QuicConnectionId.Make(initial.SourceId);
        ngtcp2_cid original = QuicConnectionId.Make(initial.DestinationId);
        byte* token = stackalloc byte[NGTCP2_CRYPTO_MAX_RETRY_TOKENLEN2];
        fixed (byte* secret = _secret)
        fixed (byte* address = remoteAddress)
        fixed (byte* target = destination)
        {
            nint tokenLength = ngtcp2_crypto_generate_retry_token2(
                token, secret, (nuint)_secret.Length, initial.Version, address, (uint)remoteAddress.Length, &retryId, &original, (ulong)now);
            if (tokenLength <= 0)
            {
                return 0;
            }

            nint written = ngtcp2_crypto_write_retry(target, (nuint)destination.Length, initial.Version, &client, &retryId, &original, token, (nuint)tokenLength);
            return (int)Math.Max(0, written);
        }
    }

    /// <summary>Checks the token of a first packet, and on success makes the packet one that <see cref="QuicConnection.Accept"/> takes as the answer to our Retry.</summary>
    /// <param name="initial">The packet; changed on success.</param>
    /// <param name="remoteAddress">The sender's socket address, compared byte by byte with that of the first attempt.</param>
    /// <param name="now">The time, in nanoseconds.</param>
    /// <returns>False when there is no token, it is not ours, it is for another address or id, or it is older than 10 s.</returns>
    public bool VerifyRetry(ref QuicInitial initial, scoped ReadOnlySpan<byte> remoteAddress, long now)
    {
        RequireAddress(remoteAddress);
        if (initial.Token.IsEmpty)
        {
            return false;
        }

        ngtcp2_cid original;
        ngtcp2_cid destinationId = QuicConnectionId.Make(initial.DestinationId);
        fixed (byte* secret = _secret)
        fixed (byte* address = remoteAddress)
        fixed (byte* token = initial.Token)
        {
            int result = ngtcp2_crypto_verify_retry_token2(
                &original, token, (nuint)initial.Token.Length, secret, (nuint)_secret.Length, initial.Version, address, (uint)remoteAddress.Length, &destinationId, TokenLifetime, (ulong)now);
            if (result != 0)
            {
                return false;
            }
        }

        initial = initial.AfterRetry(original);
        return true;
    }

    private static void RequireAddress(ReadOnlySpan<byte> address)
    {
        if (address.IsEmpty || address.Length > MaxAddressBytes)
        {
            throw new ArgumentException($"Must be 1 to {MaxAddressBytes} bytes, is {address.Length}.", nameof(address));
        }
    }
}
