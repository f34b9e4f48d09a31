using System.Runtime.InteropServices;

namespace Net.Platform.Linux.Interop;

/// <summary>
/// Intel's multi-buffer cryptography library (intel-ipsec-mb.h): only its single-buffer AES-GCM, whose functions the header reaches through a table. Not every host has it, and those
/// that do have one of two binary interfaces, so that its functions are looked up by name: <see cref="AeadLibrary"/> is where they are used.
/// </summary>
internal static unsafe class IpsecMbApi
{
    /// <summary>Versions 2.x, from Debian 13 on.</summary>
    internal const string IpsecMbLibrary = "libIPSec_MB.so.2";

    /// <summary>Versions 1.x, Debian 12.</summary>
    internal const string OlderIpsecMbLibrary = "libIPSec_MB.so.1";

    /// <summary>
    /// The beginning of IMB_MGR, of which we read three functions. The headers of 1.0 to 1.5 and of 2.0 were compared: those are at the same place in all of them. Never allocated
    /// here.
    /// </summary>
    [StructLayout(LayoutKind.Explicit)]
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
