using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Runtime.Versioning;
using static Net.Platform.Linux.Interop.IpsecMbApi;

namespace Net.Platform.Linux;

/// <summary>Addresses of a library's AES-128-GCM functions, proven by a known answer; all zero where there is none to use.</summary>
/// <param name="Prepare">aes_gcm_pre_128.</param>
/// <param name="Encrypt">aes_gcm_enc_128.</param>
/// <param name="Decrypt">aes_gcm_dec_128.</param>
/// <param name="Version">What imb_get_version_str says; null where there is none to use.</param>
[SupportedOSPlatform("linux")]
internal readonly unsafe record struct AeadFunctions(nint Prepare, nint Encrypt, nint Decrypt, string? Version)
{
    /// <summary>Whether these can be called.</summary>
    public bool IsUsable => Version is not null;

    /// <summary>Loads the newest library this host has and picks its fastest functions for this processor.</summary>
    public static AeadFunctions Load() => TryLoadNewer(out nint library) && From(library) is { IsUsable: true } functions ? functions
        : TryLoadOlder(out library) ? From(library) : default;

    /// <summary>Loads version 2 of the library.</summary>
    internal static bool TryLoadNewer(out nint library) => NativeLibrary.TryLoad(IpsecMbLibrary, out library);

    /// <summary>Loads version 1 of the library.</summary>
    internal static bool TryLoadOlder(out nint library) => NativeLibrary.TryLoad(OlderIpsecMbLibrary, out library);

    /// <summary>Picks the fastest functions of a library for this processor.</summary>
    /// <param name="library">Its handle.</param>
    internal static AeadFunctions From(nint library)
    {
        AeadFunctions picked = PickedByLibrary(library);
        AeadFunctions wide = picked.IsUsable && HasWideAes ? Wide(library, picked) : default;
        return wide.IsUsable ? wide : picked;
    }

    /// <summary>The functions that the library's own choice by the processor gives.</summary>
    /// <param name="library">Its handle.</param>
    internal static AeadFunctions PickedByLibrary(nint library)
    {
        if (!HasAes
            || !NativeLibrary.TryGetExport(library, "imb_get_version_str", out nint getVersion)
            || !NativeLibrary.TryGetExport(library, "alloc_mb_mgr", out nint allocate)
            || !NativeLibrary.TryGetExport(library, "init_mb_mgr_auto", out nint initialize)
            || !NativeLibrary.TryGetExport(library, "imb_get_errno", out nint getError)
            || !NativeLibrary.TryGetExport(library, "free_mb_mgr", out nint free))
        {
            return default;
        }

        string? version = Marshal.PtrToStringUTF8((nint)((delegate* unmanaged[Cdecl]<byte*>)getVersion)());
        IMB_MGR* manager = IsKnownVersion(version) ? ((delegate* unmanaged[Cdecl]<ulong, IMB_MGR*>)allocate)(0) : null;
        if (manager == null)
        {
            return default;
        }

        try
        {
            // It picks by the processor, and runs its own tests of every algorithm meanwhile.
            int architecture;
            ((delegate* unmanaged[Cdecl]<IMB_MGR*, int*, void>)initialize)(manager, &architecture);
            var functions = new AeadFunctions(manager->gcm128_pre, manager->gcm128_enc, manager->gcm128_dec, version);
            return ((delegate* unmanaged[Cdecl]<IMB_MGR*, int>)getError)(manager) == 0 && functions.GivesKnownAnswer() ? functions : default;
        }
        finally
        {
            // Single-buffer functions need no manager.
            ((delegate* unmanaged[Cdecl]<IMB_MGR*, void>)free)(manager);
        }
    }

    /// <summary>Whether the table of functions of a version is as we know it. The headers of 1.3, 1.4, 1.5 and 2.0 agree where we look; 1.3 and 2.0 are those that were run.</summary>
    /// <param name="version">What imb_get_version_str says.</param>
    internal static bool IsKnownVersion(string? version) =>
        version is not null && (version.StartsWith("1.3.", StringComparison.Ordinal) || version.StartsWith("1.4.", StringComparison.Ordinal)
            || version.StartsWith("1.5.", StringComparison.Ordinal) || version.StartsWith("2.0.", StringComparison.Ordinal));

    // Without them the library's functions are slow and their time depends on the data: bit 25 of ECX of leaf 1.
    private static bool HasAes => X86Base.IsSupported && (X86Base.CpuId(1, 0).Ecx & (1 << 25)) != 0;

    // Two blocks of AES in a register of 256 bits: VAES and VPCLMULQDQ, bits 9 and 10 of ECX of leaf 7 (Intel's manual, volume 2A, CPUID). No class of ahead-of-time compiled code tells.
    private static bool HasWideAes => X86Base.CpuId(0, 0).Eax >= 7 && (X86Base.CpuId(7, 0).Ecx & 0x600) == 0x600;

    // The library has functions for such processors since 2.0, but picks them only where there are other new instructions besides, which AES-GCM has no use for: AMD's Zen 3 has none of
    // those and takes 187 ns for 1440 bytes with them, 359 ns with what the library picks. That it picks those for AVX2 tells that the kernel keeps wide registers.
    private static AeadFunctions Wide(nint library, in AeadFunctions picked) =>
        NativeLibrary.TryGetExport(library, "aes_gcm_enc_128_avx_gen4", out nint narrow) && narrow == picked.Encrypt
        && NativeLibrary.TryGetExport(library, "aes_gcm_pre_128_vaes_avx2", out nint prepare)
        && NativeLibrary.TryGetExport(library, "aes_gcm_enc_128_vaes_avx2", out nint encrypt)
        && NativeLibrary.TryGetExport(library, "aes_gcm_dec_128_vaes_avx2", out nint decrypt)
        && new AeadFunctions(prepare, encrypt, decrypt, picked.Version) is var functions && functions.GivesKnownAnswer() ? functions : default;

    // Test case 4 of "The Galois/Counter Mode of Operation" (McGrew and Viega): its tag depends on every bit before.
    private bool GivesKnownAnswer()
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
        const int TagBytes = AeadLibrary.TagBytes;

        void* prepared = NativeMemory.AlignedAlloc(AeadLibrary.PreparedKeyBytes, AeadLibrary.PreparedKeyAlignment);
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
                ((delegate* unmanaged[Cdecl]<byte*, void*, void>)Prepare)(keyBytes, prepared);
                ((delegate* unmanaged[Cdecl]<void*, gcm_context_data*, byte*, byte*, ulong, byte*, byte*, ulong, byte*, ulong, void>)Encrypt)(
                    prepared, &context, text, text, 60, nonceBytes, additionalBytes, 20, tags, TagBytes);
                ((delegate* unmanaged[Cdecl]<void*, gcm_context_data*, byte*, byte*, ulong, byte*, byte*, ulong, byte*, ulong, void>)Decrypt)(
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
}
