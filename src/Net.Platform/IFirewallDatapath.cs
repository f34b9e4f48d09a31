using System.Text;

namespace Net.Platform;

/// <summary>Puts rule sets into the kernel, each in one atomic transaction.</summary>
public interface IFirewallDatapath
{
    /// <summary>Applies a rule set text whole or not at all.</summary>
    /// <param name="nftText">Commands in nft's language.</param>
    /// <param name="cancellationToken">Kills the program; the transaction may or may not have been made.</param>
    /// <returns>Who did it and how long it took.</returns>
    /// <exception cref="FirewallDatapathException">The text was refused; nothing changed.</exception>
    Task<FirewallApplyResult> ApplyAsync(string nftText, CancellationToken cancellationToken);

    /// <summary>The same with a text that is encoded already, so that a large one is not copied.</summary>
    /// <param name="utf8Text">Commands in nft's language.</param>
    /// <param name="cancellationToken">Kills the program; the transaction may or may not have been made.</param>
    /// <returns>Who did it and how long it took.</returns>
    /// <exception cref="FirewallDatapathException">The text was refused; nothing changed.</exception>
    Task<FirewallApplyResult> ApplyAsync(ReadOnlyMemory<byte> utf8Text, CancellationToken cancellationToken) =>
        ApplyAsync(Encoding.UTF8.GetString(utf8Text.Span), cancellationToken);

    /// <summary>Asks whether a rule set text would be accepted, without applying it.</summary>
    /// <param name="nftText">Commands in nft's language.</param>
    /// <param name="cancellationToken">Kills the program.</param>
    /// <returns>A task that fails when the text is refused.</returns>
    /// <exception cref="FirewallDatapathException">The text was refused.</exception>
    Task CheckAsync(string nftText, CancellationToken cancellationToken);
}
