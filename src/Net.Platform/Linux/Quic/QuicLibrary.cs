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
}
