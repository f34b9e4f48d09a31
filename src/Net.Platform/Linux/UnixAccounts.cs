using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Net.Platform.Linux.Interop;

namespace Net.Platform.Linux;

/// <summary>Users and groups by name and number, from wherever the system keeps them (files, LDAP, systemd).</summary>
[SupportedOSPlatform("linux")]
public static unsafe class UnixAccounts
{
    private const int FirstBufferBytes = 1024;
    private const int LastBufferBytes = 1 << 20;

    private delegate int Lookup(byte* buffer, nuint length, out bool isFound);

    /// <summary>Whether the process runs as root.</summary>
    public static bool IsRoot => Libc.geteuid() == 0;

    /// <summary>Name of a user.</summary>
    /// <param name="userId">Its number.</param>
    /// <returns>The name, or null.</returns>
    public static string? GetUserName(uint userId)
    {
        string? name = null;
        Find((byte* buffer, nuint length, out bool isFound) =>
        {
            Libc.passwd entry;
            Libc.passwd* result;
            int error = Libc.getpwuid_r(userId, &entry, buffer, length, &result);
            isFound = error == 0 && result is not null;
            name = isFound ? Marshal.PtrToStringUTF8((nint)entry.pw_name) : null;
            return error;
        });
        return name;
    }

    /// <summary>Number of a user.</summary>
    /// <param name="userName">Its name.</param>
    /// <returns>The number, or null.</returns>
    public static uint? GetUserId(string userName) => FindUser(userName)?.UserId;

    /// <summary>Number of a group.</summary>
    /// <param name="groupName">Its name.</param>
    /// <returns>The number, or null.</returns>
    public static uint? GetGroupId(string groupName)
    {
        ArgumentException.ThrowIfNullOrEmpty(groupName);
        uint id = 0;
        bool found = Find((byte* buffer, nuint length, out bool isFound) =>
        {
            Libc.group entry;
            Libc.group* result;
            int error = Libc.getgrnam_r(groupName, &entry, buffer, length, &result);
            isFound = error == 0 && result is not null;
            id = isFound ? entry.gr_gid : 0;
            return error;
        });
        return found ? id : null;
    }

    /// <summary>Name of a group.</summary>
    /// <param name="groupId">Its number.</param>
    /// <returns>The name, or null.</returns>
    public static string? GetGroupName(uint groupId)
    {
        string? name = null;
        Find((byte* buffer, nuint length, out bool isFound) =>
        {
            Libc.group entry;
            Libc.group* result;
            int error = Libc.getgrgid_r(groupId, &entry, buffer, length, &result);
            isFound = error == 0 && result is not null;
            name = isFound ? Marshal.PtrToStringUTF8((nint)entry.gr_name) : null;
            return error;
        });
        return name;
    }

    /// <summary>Groups a user belongs to, as a new login would have them.</summary>
    /// <param name="userId">The user's number.</param>
    /// <returns>The groups; empty when there is no such user.</returns>
    public static IReadOnlyList<uint> GetGroupsOfUser(uint userId)
    {
        if (GetUserName(userId) is not string name || FindUser(name) is not { } user)
        {
            return [];
        }

        int count = 32;
        while (true)
        {
            uint[] groups = new uint[count];
            fixed (uint* first = groups)
            {
                // Too small a list brings -1 and the length that is needed.
                if (Libc.getgrouplist(name, user.GroupId, first, &count) >= 0)
                {
                    return groups[..count];
                }
            }

            count = Math.Max(count, groups.Length * 2);
        }
    }

    private static (uint UserId, uint GroupId)? FindUser(string userName)
    {
        ArgumentException.ThrowIfNullOrEmpty(userName);
        (uint, uint) user = default;
        bool found = Find((byte* buffer, nuint length, out bool isFound) =>
        {
            Libc.passwd entry;
            Libc.passwd* result;
            int error = Libc.getpwnam_r(userName, &entry, buffer, length, &result);
            isFound = error == 0 && result is not null;
            user = isFound ? (entry.pw_uid, entry.pw_gid) : default;
            return error;
        });
        return found ? user : null;
    }

    // The caller brings the memory for the strings; ERANGE asks for more.
    private static bool Find(Lookup lookup)
    {
        for (int size = FirstBufferBytes; size <= LastBufferBytes; size *= 4)
        {
            byte[] memory = new byte[size];
            fixed (byte* buffer = memory)
            {
                if (lookup(buffer, (nuint)size, out bool isFound) != Libc.ERANGE)
                {
                    return isFound;
                }
            }
        }

        return false;
    }
}
