using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Net.Platform.Linux.Interop;
using static Net.Platform.Linux.Interop.Ngtcp2Api;

namespace Net.Platform.Linux;

/// <summary>Loads ngtcp2 and GnuTLS at first use and keeps what all connections share: the callbacks, the virtual path and the TLS priorities, in native memory until the process ends.</summary>
[SupportedOSPlatform("linux")]
internal static unsafe class QuicLibraries
{
    /// <summary>1.11.0 as ngtcp2 encodes it: the oldest version whose structures are ours.</summary>
    private const int OldestVersion = 0x010b00;

    // TLS 1.3 only, as RFC 9001 demands; AES first, because GnuTLS's ChaCha20 costs 18 times more; raw keys (RFC 7250) with Ed25519 (RFC 8410) and nothing else, so that
    // there is one way to prove who one is. The compatibility mode of TLS 1.3 is forbidden in QUIC (RFC 9001 8.4).
    private static ReadOnlySpan<byte> Priorities =>
        "NORMAL:-VERS-ALL:+VERS-TLS1.3:-CIPHER-ALL:+AES-128-GCM:+AES-256-GCM:+CHACHA20-POLY1305:-GROUP-ALL:+GROUP-X25519:-SIGN-ALL:+SIGN-EDDSA-ED25519:-CTYPE-ALL:+CTYPE-RAWPK:%DISABLE_TLS13_COMPAT_MODE\0"u8;

    private static readonly Lock Loading = new();
    private static volatile bool _isReady;

    /// <summary>The callbacks of every connection.</summary>
    public static ngtcp2_callbacks* Callbacks { get; private set; }

    /// <summary>The callbacks of connections that use <see cref="AeadLibrary"/>; null without it.</summary>
    public static ngtcp2_callbacks* AcceleratedCallbacks { get; private set; }

    /// <summary>The one path that ngtcp2 sees: addresses are opaque to it, and which real path is used is decided below it.</summary>
    public static ngtcp2_path* Path { get; private set; }

    /// <summary>The parsed TLS priorities, read-only and therefore shared by all threads.</summary>
    public static nint PriorityCache { get; private set; }

    /// <summary>Makes sure that all of it is loaded; any thread, any number of times.</summary>
    /// <exception cref="NativeLibraryMissingException">A library is not on this host or too old.</exception>
    public static void Require()
    {
        if (_isReady)
        {
            return;
        }

        lock (Loading)
        {
            if (!_isReady)
            {
                Load();
                _isReady = true;
            }
        }
    }

    private static void Load()
    {
        SodiumLibrary.Require();
        List<string> libraries = [];
        List<string> packages = [];
        if (!NativeLibrary.TryLoad(GnutlsApi.GnutlsLibrary, out _))
        {
            libraries.Add(GnutlsApi.GnutlsLibrary);
            packages.Add("libgnutls30");
        }

        if (!NativeLibrary.TryLoad(Ngtcp2Api.Ngtcp2Library, out _) || ngtcp2_version(0)->version_num < OldestVersion)
        {
            libraries.Add(Ngtcp2Api.Ngtcp2Library + " 1.11 or later");
            packages.Add("libngtcp2-16");
        }

        if (!NativeLibrary.TryLoad(Ngtcp2CryptoApi.CryptoLibrary, out nint crypto))
        {
            libraries.Add(Ngtcp2CryptoApi.CryptoLibrary);
            packages.Add("libngtcp2-crypto-gnutls8");
        }

        if (libraries.Count > 0)
        {
            throw new NativeLibraryMissingException(libraries, packages);
        }

        PriorityCache = ParsePriorities();
        Path = MakePath();
        ngtcp2_callbacks* callbacks = (ngtcp2_callbacks*)NativeMemory.AllocZeroed((nuint)sizeof(ngtcp2_callbacks));
        QuicCallbacks.Fill(callbacks, crypto);
        Callbacks = callbacks;
        if (AeadLibrary.IsAvailable)
        {
            ngtcp2_callbacks* accelerated = (ngtcp2_callbacks*)NativeMemory.AllocZeroed((nuint)sizeof(ngtcp2_callbacks));
            *accelerated = *callbacks;
            AeadCallbacks.Override(accelerated);
            AcceleratedCallbacks = accelerated;
        }
    }

    private static nint ParsePriorities()
    {
        nint cache;
        byte* position;
        int result;
        fixed (byte* priorities = Priorities)
        {
            result = GnutlsApi.gnutls_priority_init(&cache, priorities, &position);
        }

        return result == 0 ? cache : throw new PlatformNotSupportedException($"GnuTLS cannot do TLS 1.3 with raw Ed25519 keys here: {Marshal.PtrToStringUTF8((nint)GnutlsApi.gnutls_strerror(result))}");
    }

    private static ngtcp2_path* MakePath()
    {
        // Two IPv4 socket addresses behind the structure: 16 bytes each, 127.0.0.1 with the ports 1 and 2.
        const int addressBytes = 16;
        ngtcp2_path* path = (ngtcp2_path*)NativeMemory.AllocZeroed((nuint)(sizeof(ngtcp2_path) + (2 * addressBytes)));
        byte* addresses = (byte*)(path + 1);
        for (int index = 0; index < 2; index++)
        {
            var address = new Span<byte>(addresses + (index * addressBytes), addressBytes);
            MemoryMarshal.Write(address, (ushort)Libc.AF_INET);
            BinaryPrimitives.WriteUInt16BigEndian(address[2..], (ushort)(index + 1));
            BinaryPrimitives.WriteUInt32BigEndian(address[4..], 0x7f000001);
        }

        path->local = new ngtcp2_addr { addr = addresses, addrlen = addressBytes };
        path->remote = new ngtcp2_addr { addr = addresses + addressBytes, addrlen = addressBytes };
        return path;
    }
}
