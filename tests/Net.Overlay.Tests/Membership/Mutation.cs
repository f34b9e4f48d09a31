namespace Net.Overlay.Tests.Membership;

/// <summary>Bytes like good ones with something wrong: flipped, cut, doubled or written over.</summary>
internal static class Mutation
{
    public static byte[] Of(ReadOnlySpan<byte> good, Random random)
    {
        List<byte> data = [.. good];
        int changes = random.Next(1, 4);
        for (int change = 0; change < changes && data.Count > 0; change++)
        {
            int at = random.Next(data.Count);
            switch (random.Next(5))
            {
                case 0:
                    data[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    data[at] = (byte)random.Next(256);
                    break;
                case 2:
                    data.RemoveRange(at, random.Next(Math.Min(8, data.Count - at) + 1));
                    break;
                case 3:
                    data.InsertRange(at, data.GetRange(at, random.Next(Math.Min(40, data.Count - at) + 1)));
                    break;
                default:
                    data.RemoveRange(at, data.Count - at);
                    break;
            }
        }

        return [.. data];
    }
}
