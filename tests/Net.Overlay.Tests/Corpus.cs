namespace Net.Overlay.Tests;

/// <summary>Outside bytes to start from, in hexadecimal, one message a line, and ways to spoil them.</summary>
internal static class Corpus
{
    public static byte[][] Read(string name) =>
    [
        .. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "data", "overlay", name + ".hex"))
            .Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => Convert.FromHexString(line.Replace(" ", "", StringComparison.Ordinal))),
    ];

    public static byte[] Mutate(byte[] message, Random random)
    {
        byte[] changed = [.. message];
        for (int count = random.Next(4); count > 0 && changed.Length > 0; count--)
        {
            int at = random.Next(changed.Length);
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
            1 => [.. changed, .. message.AsSpan(random.Next(message.Length + 1))],
            _ => changed,
        };
    }
}
