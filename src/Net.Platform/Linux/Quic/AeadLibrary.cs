using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using static Net.Platform.Linux.Interop.IpsecMbApi;

namespace Net.Platform.Linux;

/// <summary>
/// AES-128-GCM (NIST SP 800-38D) by Intel's multi-buffer library, where this host has it: 1440 bytes take it 110 ns with AVX-512 and 285 ns with SSE, GnuTLS 346 ns; 64 bytes 21, 58 and
/// 127 ns. It is looked for once, at the first use of this type; without it everything works the same by GnuTLS.
/// </summary>
[SupportedOSPlatform("linux")]
internal static unsafe class AeadLibrary
{
    /// <summary>Bytes of a key.</summary>
    public const int KeyBytes = 16;

    /// <summary>Bytes of a nonce (RFC 5116 5.1).</summary>
    public const int NonceBytes = 12;

    /// <summary>Bytes of a tag (RFC 5116 5.1).</summary>
    public const int TagBytes = 16;

    /// <summary>Bytes of a prepared key: sizeof(struct gcm_key_data) is 1024 in 1.3, 1280 from 1.4 on.</summary>
    public const int PreparedKeyBytes = 1280;

    /// <summary>Where a prepared key must begin, a multiple of bytes.</summary>
    public const int PreparedKeyAlignment = 64;

    private static readonly Functions Loaded = Load();

    /// <summary>gcm128_pre: prepares a key of 16 bytes into memory of <see cref="PreparedKeyBytes"/>.</summary>
    public static readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<byte*, void*, void> Prepare =
        (delegate* unmanaged[Cdecl, SuppressGCTransition]<byte*, void*, void>)Loaded.Prepare;

    /// <summary>gcm128_enc: prepared key, scratch, destination, source (which may be the destination), its length, nonce, additional data, its length, tag, its length.</summary>
    public static readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<void*, gcm_context_data*, byte*, byte*, ulong, byte*, byte*, ulong, byte*, ulong, void> Encrypt =
        (delegate* unmanaged[Cdecl, SuppressGCTransition]<void*, gcm_context_data*, byte*, byte*, ulong, byte*, byte*, ulong, byte*, ulong, void>)Loaded.Encrypt;

    /// <summary>gcm128_dec: as <see cref="Encrypt"/>; it gives the tag that the message should have and compares nothing.</summary>
    public static readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<void*, gcm_context_data*, byte*, byte*, ulong, byte*, byte*, ulong, byte*, ulong, void> Decrypt =
        (delegate* unmanaged[Cdecl, SuppressGCTransition]<void*, gcm_context_data*, byte*, byte*, ulong, byte*, byte*, ulong, byte*, ulong, void>)Loaded.Decrypt;

    /// <summary>Whether the library is there, of a known version, on a processor with AES instructions, and gives right results.</summary>
    public static bool IsAvailable => Loaded.Encrypt != 0;

    /// <summary>The library's version, such as <c>1.3.0</c>; null when it is not used.</summary>
    public static string? Version => Loaded.Version;

    /// <summary>Whether the table of functions of a version is as we know it. The headers of 1.3, 1.4 and 1.5 agree where we look; 1.3 is the one that was run.</summary>
    /// <param name="version">What imb_get_version_str says.</param>
    internal static bool IsKnownVersion(string? version) =>
        version is not null && (version.StartsWith("1.3.", StringComparison.Ordinal) || version.StartsWith("1.4.", StringComparison.Ordinal) || version.StartsWith("1.5.", StringComparison.Ordinal));

    private static Functions Load()
    {
        if (RuntimeInformation.ProcessArchitecture != Architecture.X64 || !NativeLibrary.TryLoad(IpsecMbLibrary, out _))
        {
            return default;
        }

        string? version = Marshal.PtrToStringUTF8((nint)imb_get_version_str());
        if (!IsKnownVersion(version))
        {
            return default;
        }

        IMB_MGR* manager = alloc_mb_mgr(0);
        if (manager == null)
        {
            return default;
        }

        try
        {
            // It picks by the processor, and runs its own tests of every algorithm meanwhile.
            int architecture = 0;
            init_mb_mgr_auto(manager, &architecture);
            var functions = new Functions { Prepare = manager->gcm128_pre, Encrypt = manager->gcm128_enc, Decrypt = manager->gcm128_dec, Version = version };
            return imb_get_errno(manager) == 0 && architecture >= IMB_ARCH_SSE && GivesKnownAnswer(functions) ? functions : default;
        }
        finally
        {
            // Single-buffer functions need no manager.
            free_mb_mgr(manager);
        }
    }

    // Test case 4 of "The Galois/Counter Mode of Operation" (McGrew and Viega): its tag depends on every bit before.
    private static bool GivesKnownAnswer(Functions functions)
    {
        ReadOnlySpan<byte> key = [0xfe, 0xff, 0xe9, 0x92, 0x86, 0x65, 0x73, 0x1c, 0x6d, 0x6a, 0x8f, 0x94, 0x67, 0x30, 0x83, 0x08];
        ReadOnlySpan<byte> nonce = [0xca, 0xfe, 0xba, 0xbe, 0xfa, 0xce, 0xdb, 0xad, 0xde, 0xca, 0xf8, 0x88];
        ReadOnlySpan<byte> additional = [0xfe, 0xed, 0xfa, 0xce, 0xde, 0xad, 0xbe, 0xef, 0xfe, 0xed, 0xfa, 0xce, 0xde, 0xad, 0xbe, 0xef, 0xab, 0xad, 0xda, 0xd2];
        ReadOnlySpan<byte> message =
        [
            0xd9, 0x31, 0x32, 0x25, 0xf8, 0x84, 0x06, 0xe5, 0xa5, 0x59, 0x09, 0xc5, 0xaf, 0xf5, 0x26, 0x9a, 0x86, 0xa7, 0xa9, 0x53, 0x15, 0x34, 0xf7, 0xda, 0x2e, 0x4c, 0x30, 0x3d, 0x8a, 0x31,
            0x8a, 0x72, 0x1c, 0x3c, 0x0c, 0x95, 0x95, 0x68, 0x09, 0x53, 0x2f, 0xcf, 0x0e, 0x24, 0x49, 0xa6, 0xb5, 0x25, 0xb1, 0x6a, 0xed, 0xf5, 0xaa, 0x0d, 0xe6, 0x57, 0xba, 0x63, 0x7b, 0x39,
        ];
        ReadOnlySpan<byte> expectedTag = [0x5b, 0xc9, 0x4f, 0xbc, 0x32, 0x21, 0xa5, 0xdb, 0x94, 0xfa, 0xe9, 0x5a, 0xe7, 0x12, 0x1a, 0x47];

        void* prepared = NativeMemory.AlignedAlloc(PreparedKeyBytes, PreparedKeyAlignment);
        try
        {
            gcm_context_data context;
            byte* text = stackalloc byte[60];
            byte* tags = stackalloc byte[2 * TagBytes];
            message.CopyTo(new Span<byte>(text, 60));
            fixed (byte* keyBytes = key)
            fixed (byte* nonceBytes = nonce)
            fixed (byte* additionalBytes = additional)
            {
                ((delegate* unmanaged[Cdecl]<byte*, void*, void>)functions.Prepare)(keyBytes, prepared);
                ((delegate* unmanaged[Cdecl]<void*, gcm_context_data*, byte*, byte*, ulong, byte*, byte*, ulong, byte*, ulong, void>)functions.Encrypt)(
                    prepared, &context, text, text, 60, nonceBytes, additionalBytes, 20, tags, TagBytes);
                ((delegate* unmanaged[Cdecl]<void*, gcm_context_data*, byte*, byte*, ulong, byte*, byte*, ulong, byte*, ulong, void>)functions.Decrypt)(
                    prepared, &context, text, text, 60, nonceBytes, additionalBytes, 20, tags + TagBytes, TagBytes);
            }

            return new ReadOnlySpan<byte>(tags, TagBytes).SequenceEqual(expectedTag)
                && new ReadOnlySpan<byte>(tags + TagBytes, TagBytes).SequenceEqual(expectedTag)
                && new ReadOnlySpan<byte>(text, 60).SequenceEqual(message);
        }
        finally
        {
            NativeMemory.AlignedFree(prepared);
        }
    }

    /// <summary>Addresses of what is used; zero without the library.</summary>
    private readonly struct Functions
    {
        public nint Prepare { get; init; }

        public nint Encrypt { get; init; }

        public nint Decrypt { get; init; }

        public string? Version { get; init; }
    }
}
