namespace Net.Platform;

/// <summary>Asks drivers about their links.</summary>
public interface ILinkFactsReader
{
    /// <summary>Reads what is known about an interface.</summary>
    /// <param name="interfaceName">Its name.</param>
    /// <returns>The facts; all unknown when the interface does not exist.</returns>
    LinkFacts Read(string interfaceName);
}
