namespace Net.Packets.Tests;

public sealed class TrafficHeaderTests
{
    [Fact]
    public void A_header_reads_back_as_it_was_written()
    {
        byte[] payload = [.. Enumerable.Range(0, 77).Select(number => (byte)number)];
        TrafficHeader written = new(0x01020304, 0x1122334455667788, 1_234_567_890_123) { IsTai = true, IsEnd = true, Remaining = 15 };

        written.Write(payload, TrafficHeader.HashBody(payload));

        Assert.True(TrafficHeader.TryRead(payload, out TrafficHeader read));
        Assert.Equal(written, read);
        Assert.True(TrafficHeader.IsIntact(payload));
    }

    [Fact]
    public void The_bytes_are_those_of_the_page()
    {
        byte[] payload = new byte[40];

        new TrafficHeader(7, 1, 2).Write(payload, TrafficHeader.HashBody(payload));

        Assert.Equal("4e4d54460100002800000007", Convert.ToHexStringLower(payload.AsSpan(0, 12)));
        Assert.Equal("00000000000000010000000000000002", Convert.ToHexStringLower(payload.AsSpan(16, 16)));

        // CRC32C of eight zero bytes.
        Assert.Equal(0x8C28B28Au, TrafficHeader.HashBody(payload));
    }

    [Fact]
    public void The_hash_of_a_body_is_the_CRC_that_everybody_computes()
    {
        byte[] payload = [.. new byte[TrafficHeader.Bytes], .. "123456789"u8];

        // The check value of CRC-32/ISCSI in catalogues of CRCs.
        Assert.Equal(0xE3069283, TrafficHeader.HashBody(payload));
    }

    [Fact]
    public void What_the_kernel_stamps_is_left_out_of_the_check()
    {
        byte[] payload = new byte[64];
        new TrafficHeader(7, 0, 0) { IsStampedInKernel = true }.Write(payload, TrafficHeader.HashBody(payload));

        payload[TrafficHeader.StreamOffset + 3] = 9;
        payload[TrafficHeader.SequenceOffset] = 1;
        payload[TrafficHeader.TimeOffset + 7] = 1;

        Assert.True(TrafficHeader.IsIntact(payload));
        Assert.True(TrafficHeader.TryRead(payload, out TrafficHeader header));
        Assert.Equal((9u, 1ul << 56, 1L), (header.Stream, header.Sequence, header.SentNanoseconds));

        payload[40] = 1;

        Assert.False(TrafficHeader.IsIntact(payload));
    }

    [Fact]
    public void What_is_not_ours_or_not_whole_is_not_read()
    {
        byte[] payload = new byte[64];
        new TrafficHeader(7, 0, 0).Write(payload, TrafficHeader.HashBody(payload));

        Assert.False(TrafficHeader.TryRead(payload.AsSpan(0, 63), out _));
        Assert.False(TrafficHeader.TryRead(payload.AsSpan(0, 31), out _));
        Assert.True(TrafficHeader.IsOurs(payload.AsSpan(0, 5)));
        Assert.False(TrafficHeader.IsOurs(payload.AsSpan(0, 4)));
        payload[4] = 2;
        Assert.False(TrafficHeader.TryRead(payload, out _));
        Assert.False(TrafficHeader.IsOurs(payload));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TrafficHeader(7, 0, 0).Write(new byte[70_000], 0));
    }
}
