using Net.Platform.Linux;
using static Net.Platform.Linux.Interop.Ngtcp2Api;

namespace Net.Platform.Tests.Linux.Quic;

/// <summary>The memory of sent stream bytes against a plain list.</summary>
public sealed class QuicSendBufferTests
{
    [Fact]
    public unsafe void Bytes_stay_where_they_are_until_they_are_released()
    {
        using var buffer = new QuicSendBuffer();
        var random = new Random(20261103);
        var sent = new List<(nint Where, int Length, byte Value, long End)>();
        ngtcp2_vec* pieces = stackalloc ngtcp2_vec[QuicSendBuffer.MaxPieces];
        long released = 0;
        byte value = 0;
        for (int round = 0; round < 20_000; round++)
        {
            byte[] data = new byte[random.Next(0, 9000)];
            data.AsSpan().Fill(++value);
            int staged = buffer.Stage(data, random.Next(1, 9000), pieces, out int count);
            int taken = random.Next(0, staged + 1);
            int rest = taken;
            long end = buffer.End;
            for (int piece = 0; piece < count && rest > 0; piece++)
            {
                int length = Math.Min(rest, (int)pieces[piece].len);
                end += length;
                sent.Add(((nint)pieces[piece].@base, length, value, end));
                rest -= length;
            }

            buffer.Commit(taken);
            Assert.Equal(end, buffer.End);
            if (random.Next(3) == 0)
            {
                released = random.NextInt64(released, buffer.End + 1);
                buffer.Release(released);
                sent.RemoveAll(item => item.End <= released);
            }

            foreach ((nint where, int length, byte expected, _) in sent.Where(item => item.End - item.Length >= released))
            {
                Assert.False(new ReadOnlySpan<byte>((void*)where, length).ContainsAnyExcept(expected));
            }

            Assert.InRange(buffer.HeldBytes, 0, buffer.End - released + (4 * QuicSendBuffer.ChunkBytes));
            if (sent.Count > 100)
            {
                released = buffer.End;
                buffer.Release(released);
                sent.Clear();
                Assert.Equal(0, buffer.HeldBytes);
            }
        }
    }
}
