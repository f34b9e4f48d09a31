namespace Net.Relay;

/// <summary>A frame that is ready to leave, as a part of the buffer it came in.</summary>
/// <param name="Offset">Where it begins: tags of the input are left out, so it need not be where the input began.</param>
/// <param name="Length">Its length; padding of the input is left out.</param>
/// <param name="NetworkOffset">Where in the buffer its IP header begins.</param>
/// <param name="IsOversize">Whether it is larger than the MTU, so that <see cref="RelayFragmenter"/> must cut it.</param>
public readonly record struct RelayFrame(int Offset, int Length, int NetworkOffset, bool IsOversize);
