using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Net.Platform.Linux.Interop;

namespace Net.Platform.Linux;

/// <summary>Who is at the other end of a Unix socket, as the kernel recorded it when the connection was made.</summary>
/// <param name="ProcessId">Process; it may have ended and its number may belong to another by now.</param>
/// <param name="UserId">Effective user.</param>
/// <param name="GroupId">Effective group.</param>
/// <param name="SupplementaryGroups">Its other groups.</param>
[SupportedOSPlatform("linux")]
public sealed record PeerCredentials(int ProcessId, uint UserId, uint GroupId, ValueList<uint> SupplementaryGroups)
{
    /// <summary>Asks for the peer of a connected Unix socket.</summary>
    /// <param name="socket">The socket.</param>
    /// <returns>Who it is.</returns>
    public static unsafe PeerCredentials Get(Socket socket)
    {
        ArgumentNullException.ThrowIfNull(socket);
        Libc.ucred credentials;
        uint length = (uint)sizeof(Libc.ucred);
        if (Libc.getsockopt(socket.SafeHandle, Libc.SOL_SOCKET, Libc.SO_PEERCRED, &credentials, &length) < 0)
        {
            throw Failure(Marshal.GetLastPInvokeError());
        }

        return new PeerCredentials(credentials.pid, credentials.uid, credentials.gid, GetGroups(socket.SafeHandle));
    }

    /// <summary>Whether the peer belongs to a group.</summary>
    /// <param name="groupId">The group.</param>
    /// <returns>True when it is its own or one of the others.</returns>
    public bool IsInGroup(uint groupId) => GroupId == groupId || SupplementaryGroups.Contains(groupId);

    private static unsafe ValueList<uint> GetGroups(SafeSocketHandle handle)
    {
        // ERANGE brings the length that is needed; 65,536 is the most a process can have.
        uint[] groups = new uint[32];
        while (true)
        {
            uint length = (uint)(groups.Length * sizeof(uint));
            int result;
            fixed (uint* first = groups)
            {
                result = Libc.getsockopt(handle, Libc.SOL_SOCKET, Libc.SO_PEERGROUPS, first, &length);
            }

            if (result == 0)
            {
                return ValueList.Create<uint>(groups.AsSpan(0, (int)(length / sizeof(uint))));
            }

            int error = Marshal.GetLastPInvokeError();
            if (error != Libc.ERANGE || length <= groups.Length * sizeof(uint))
            {
                throw Failure(error);
            }

            groups = new uint[length / sizeof(uint)];
        }
    }

    private static IOException Failure(int error) => new($"ask for the peer of a socket: {Libc.Describe(error)} (errno {error})", error);
}
