using Net.Platform.Linux.Interop;

namespace Net.Platform.Linux;

/// <summary>Random bytes straight from the kernel (getrandom(2)), so that a process that needs nothing else of it loads no cryptographic library.</summary>
public static unsafe class KernelRandom
{
    /// <summary>Fills a buffer of at most 256 bytes, which the kernel gives whole or not at all.</summary>
    /// <param name="buffer">The buffer.</param>
    /// <exception cref="IOException">The kernel gave less.</exception>
    public static void Fill(Span<byte> buffer)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(buffer.Length, 256);
        fixed (byte* bytes = buffer)
        {
            nint got = Libc.getrandom(bytes, (nuint)buffer.Length, 0);
            if (got != buffer.Length)
            {
                throw new IOException($"getrandom gave {got} of {buffer.Length} bytes.");
            }
        }
    }

    /// <summary>A random number, each equally likely.</summary>
    /// <returns>64 random bits.</returns>
    public static ulong GetUInt64()
    {
        ulong number = 0;
        Fill(new Span<byte>(&number, sizeof(ulong)));
        return number;
    }

    /// <summary>So many random bytes.</summary>
    /// <param name="count">0 to 256.</param>
    /// <returns>A new array.</returns>
    public static byte[] GetBytes(int count)
    {
        byte[] bytes = new byte[count];
        Fill(bytes);
        return bytes;
    }
}
