namespace Net.Platform.Linux;

/// <summary>Makes an object of a message of a dump.</summary>
/// <typeparam name="T">Type of the object.</typeparam>
/// <param name="message">The message.</param>
/// <param name="item">The object.</param>
/// <returns>False when the message holds none.</returns>
public delegate bool NetlinkParser<T>(in NetlinkMessage message, out T item);
