using System.Runtime.InteropServices;
using Net.Platform.Linux.Interop;

namespace Net.Platform.Linux;

/// <summary>Owns a gnutls_certificate_credentials_t.</summary>
internal sealed class QuicCredentialsHandle : SafeHandle
{
    /// <summary>Takes it over.</summary>
    /// <param name="credentials">The pointer.</param>
    public QuicCredentialsHandle(nint credentials)
        : base(0, ownsHandle: true) => SetHandle(credentials);

    /// <summary>Whether there is none.</summary>
    public override bool IsInvalid => handle == 0;

    /// <summary>Frees it.</summary>
    protected override bool ReleaseHandle()
    {
        GnutlsApi.gnutls_certificate_free_credentials(handle);
        return true;
    }
}
