namespace Net.Relay.Tests;

/// <summary>Outside bytes to start from, in hexadecimal, one frame a line, and ways to spoil them.</summary>
internal static class Corpus
{
    public static string PathOf(string file) => Path.Combine(AppContext.BaseDirectory, "data", "relay", file);

    public static byte[][] Frames() =>
    [
        .. File.ReadLines(PathOf("frames.hex")).Where(line => line.Length > 0 && line[0] != '#').Select(Convert.FromHexString),
    ];

    public static byte[] Mutate(byte[] frame, Random random)
    {
        byte[] changed = [.. frame];
        for (int count = random.Next(4); count > 0 && changed.Length > 0; count--)
        {
            int at = random.Next(Math.Min(changed.Length, random.Next(2) == 0 ? 64 : int.MaxValue));
            changed[at] = random.Next(4) switch
            {
                0 => (byte)random.Next(256),
                1 => (byte)(changed[at] ^ (1 << random.Next(8))),
                2 => 0,
                _ => 255,
            };
        }

        return random.Next(4) switch
        {
            0 => changed[..random.Next(changed.Length + 1)],
            1 => [.. changed, .. frame.AsSpan(random.Next(frame.Length + 1))],
            _ => changed,
        };
    }

    /// <summary>Mends the checksum of an IPv4 header, so that the fuzz comes past it.</summary>
    public static void MendIPv4(byte[] frame, int offset)
    {
        if (frame.Length < offset + 20 || frame[offset] >> 4 != 4)
        {
            return;
        }

        int bytes = (frame[offset] & 0xF) * 4;
        if (bytes < 20 || frame.Length < offset + bytes)
        {
            return;
        }

        frame[offset + 10] = frame[offset + 11] = 0;
        ushort checksum = FrameBuilder.Checksum(frame[offset..(offset + bytes)]);
        frame[offset + 10] = (byte)(checksum >> 8);
        frame[offset + 11] = (byte)checksum;
    }
}
