using System.Runtime.InteropServices;

namespace Net.Platform.Linux.Interop;

/// <summary>
/// Intel's multi-buffer cryptography library (intel-ipsec-mb.h): only its single-buffer AES-GCM, whose functions the header reaches through a table. Not every host has it; call
/// <see cref="AeadLibrary.IsAvailable"/> before anything here.
/// </summary>
internal static unsafe partial class IpsecMbApi
{
    internal const string IpsecMbLibrary = "libIPSec_MB.so.1";

    internal const int IMB_ARCH_SSE = 2;

    [LibraryImport(IpsecMbLibrary)]
    internal static partial byte* imb_get_version_str();

    [LibraryImport(IpsecMbLibrary)]
    internal static partial IMB_MGR* alloc_mb_mgr(ulong flags);

    [LibraryImport(IpsecMbLibrary)]
    internal static partial void free_mb_mgr(IMB_MGR* manager);

    [LibraryImport(IpsecMbLibrary)]
    internal static partial void init_mb_mgr_auto(IMB_MGR* manager, int* architecture);

    [LibraryImport(IpsecMbLibrary)]
    internal static partial int imb_get_errno(IMB_MGR* manager);

    /// <summary>
    /// IMB_MGR of 1.3, of which we read three functions. The headers of 1.0 to 1.5 and of 2.0 were compared: those are at the same place in all of them, the size is not. Never
    /// allocated here.
    /// </summary>
    [StructLayout(LayoutKind.Explicit, Size = 52520)]
    internal struct IMB_MGR
    {
        [FieldOffset(256)]
        public nint gcm128_enc;

        [FieldOffset(280)]
        public nint gcm128_dec;

        [FieldOffset(448)]
        public nint gcm128_pre;
    }

    /// <summary>gcm_context_data: scratch memory of one call.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct gcm_context_data
    {
        public fixed byte aad_hash[16];
        public ulong aad_length;
        public ulong in_length;
        public fixed byte partial_block_enc_key[16];
        public fixed byte orig_IV[16];
        public fixed byte current_counter[16];
        public ulong partial_block_length;
    }
}
