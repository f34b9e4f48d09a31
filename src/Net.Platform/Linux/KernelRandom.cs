using Net.Platform.Linux.Interop;

namespace Net.Platform.Linux;

/// <summary>Random bytes straight from the kernel (getrandom(2)), so that a process that needs nothing else of it loads no cryptographic library.</summary>
internal static unsafe class KernelRandom
{
    /// <summary>Fills a buffer of at most 256 bytes, which the kernel gives whole or not at all.</summary>
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

    /// <summary>So many random bytes.</summary>
    public static byte[] GetBytes(int count)
    {
        byte[] bytes = new byte[count];
        Fill(bytes);
        return bytes;
    }
}
