namespace Net.Platform.Linux;

/// <summary>Takes one IP packet that carries IGMP or MLD. Called from the thread that receives; the bytes are valid during the call only. It must not throw.</summary>
/// <param name="packet">The packet from its IP header on.</param>
public delegate void RawGroupHandler(ReadOnlySpan<byte> packet);
