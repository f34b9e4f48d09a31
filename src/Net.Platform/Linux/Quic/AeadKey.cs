using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Net.Platform.Linux.Interop;

namespace Net.Platform.Linux;

/// <summary>
/// A prepared AES-128-GCM key in native memory, as ngtcp2 holds it: a handle that is odd, by which it differs from the handles of GnuTLS, which are addresses of allocated memory
/// and therefore even. ngtcp2 copies handles and never looks behind them.
/// </summary>
[SupportedOSPlatform("linux")]
internal static unsafe class AeadKey
{
    private const nint Mark = 1;

    private static long _count;

    /// <summary>Prepared keys that were made and not freed.</summary>
    public static long Count => Interlocked.Read(ref _count);

    /// <summary>Prepares a key. The caller clears its own copy and frees the handle.</summary>
    /// <param name="key">16 bytes.</param>
    /// <exception cref="OutOfMemoryException">There is no memory.</exception>
    public static nint Make(byte* key)
    {
        void* prepared = NativeMemory.AlignedAlloc(AeadLibrary.PreparedKeyBytes, AeadLibrary.PreparedKeyAlignment);
        AeadLibrary.Prepare(key, prepared);
        Interlocked.Increment(ref _count);
        return (nint)prepared | Mark;
    }

    /// <summary>Whether a handle is ours and not one of GnuTLS.</summary>
    public static bool IsOurs(nint handle) => (handle & Mark) != 0;

    /// <summary>Clears and frees a key of ours.</summary>
    public static void Free(nint handle)
    {
        void* prepared = (void*)(handle - Mark);
        SodiumApi.sodium_memzero(prepared, AeadLibrary.PreparedKeyBytes);
        NativeMemory.AlignedFree(prepared);
        Interlocked.Decrement(ref _count);
    }

    /// <summary>Seals a message.</summary>
    /// <param name="handle">A key of ours.</param>
    /// <param name="destination">Takes the message and 16 bytes of tag; may be the message.</param>
    /// <param name="message">The message.</param>
    /// <param name="length">Its bytes.</param>
    /// <param name="nonce">12 bytes.</param>
    /// <param name="additional">Data that is authenticated too.</param>
    /// <param name="additionalLength">Its bytes.</param>
    [SkipLocalsInit]
    public static void Seal(nint handle, byte* destination, byte* message, nuint length, byte* nonce, byte* additional, nuint additionalLength)
    {
        IpsecMbApi.gcm_context_data context;
        AeadLibrary.Encrypt((void*)(handle - Mark), &context, destination, message, length, nonce, additional, additionalLength, destination + length, AeadLibrary.TagBytes);
    }

    /// <summary>Opens a message. What a wrong one leaves in the destination is cleared.</summary>
    /// <param name="handle">A key of ours.</param>
    /// <param name="destination">Takes the message; may be the sealed one.</param>
    /// <param name="message">The sealed message.</param>
    /// <param name="length">Its bytes, the tag included.</param>
    /// <param name="nonce">12 bytes.</param>
    /// <param name="additional">Data that is authenticated too.</param>
    /// <param name="additionalLength">Its bytes.</param>
    /// <returns>Whether the message is genuine. How long it takes to say no does not depend on where the tags differ.</returns>
    [SkipLocalsInit]
    public static bool Open(nint handle, byte* destination, byte* message, nuint length, byte* nonce, byte* additional, nuint additionalLength)
    {
        if (length < AeadLibrary.TagBytes)
        {
            return false;
        }

        // In place the tag stays where it is, behind the text, but is read first all the same: nothing here then depends on the order.
        nuint textLength = length - AeadLibrary.TagBytes;
        UInt128 received = Unsafe.ReadUnaligned<UInt128>(message + textLength);
        UInt128 computed;
        IpsecMbApi.gcm_context_data context;
        AeadLibrary.Decrypt((void*)(handle - Mark), &context, destination, message, textLength, nonce, additional, additionalLength, (byte*)&computed, AeadLibrary.TagBytes);
        UInt128 difference = received ^ computed;
        if (((ulong)difference | (ulong)(difference >> 64)) == 0)
        {
            return true;
        }

        NativeMemory.Clear(destination, textLength);
        return false;
    }

    /// <summary>HKDF-Expand-Label of TLS 1.3 (RFC 8446 7.1) with an empty context, by which QUIC makes its keys (RFC 9001 5.1).</summary>
    /// <param name="destination">Takes the bytes.</param>
    /// <param name="length">How many, below 256.</param>
    /// <param name="hash">ngtcp2_crypto_md.</param>
    /// <param name="secret">The secret.</param>
    /// <param name="secretLength">Its bytes.</param>
    /// <param name="label">The label without <c>tls13 </c>, at most 16 bytes.</param>
    /// <returns>Whether GnuTLS could do it.</returns>
    public static bool Expand(byte* destination, int length, nint* hash, byte* secret, nuint secretLength, ReadOnlySpan<byte> label)
    {
        ReadOnlySpan<byte> prefix = "tls13 "u8;
        byte* info = stackalloc byte[32];
        var text = new Span<byte>(info, 32);
        BinaryPrimitives.WriteUInt16BigEndian(text, (ushort)length);
        text[2] = (byte)(prefix.Length + label.Length);
        prefix.CopyTo(text[3..]);
        label.CopyTo(text[(3 + prefix.Length)..]);
        int end = 3 + prefix.Length + label.Length;
        text[end] = 0;
        return Ngtcp2CryptoApi.ngtcp2_crypto_hkdf_expand(destination, (nuint)length, hash, secret, secretLength, info, (nuint)(end + 1)) == 0;
    }
}
