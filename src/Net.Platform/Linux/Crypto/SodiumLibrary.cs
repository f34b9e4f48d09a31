using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Net.Platform.Linux.Interop;

namespace Net.Platform.Linux;

/// <summary>Loads libsodium at first use, so that a host without it can run everything else.</summary>
[SupportedOSPlatform("linux")]
internal static class SodiumLibrary
{
    private static volatile bool _isReady;

    /// <summary>Makes sure that libsodium is loaded and initialised; any thread, any number of times.</summary>
    /// <exception cref="NativeLibraryMissingException">It is not on this host.</exception>
    public static void Require()
    {
        if (_isReady)
        {
            return;
        }

        // sodium_init is safe to call from several threads and more than once: 0 the first time, 1 afterwards.
        if (!NativeLibrary.TryLoad(SodiumApi.SodiumFile, out _) || SodiumApi.sodium_init() < 0)
        {
            throw new NativeLibraryMissingException([SodiumApi.SodiumFile], ["libsodium23"]);
        }

        _isReady = true;
    }
}
