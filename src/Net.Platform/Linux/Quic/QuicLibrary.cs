using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Net.Platform.Linux.Interop;

namespace Net.Platform.Linux;

/// <summary>The QUIC library of this host.</summary>
[SupportedOSPlatform("linux")]
public static unsafe class QuicLibrary
{
    /// <summary>Its version, such as <c>ngtcp2 1.11.0</c>.</summary>
    /// <exception cref="NativeLibraryMissingException">A library is not on this host.</exception>
    public static string Version
    {
        get
        {
            QuicLibraries.Require();
            return $"ngtcp2 {Marshal.PtrToStringUTF8((nint)Ngtcp2Api.ngtcp2_version(0)->version_str)}";
        }
    }

    /// <summary>The library that does AES-128-GCM faster than GnuTLS, such as <c>libIPSec_MB 1.3.0</c>; null when this host has none, and everything works without.</summary>
    /// <exception cref="NativeLibraryMissingException">A library that is needed is not on this host.</exception>
    public static string? Accelerator
    {
        get
        {
            QuicLibraries.Require();
            return AeadLibrary.Version is string version ? $"libIPSec_MB {version}" : null;
        }
    }
}
