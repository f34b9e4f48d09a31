using System.Text.Json.Serialization;
using Net.Contracts.Json;

namespace Net.Contracts;

/// <summary>Asks for a configuration.</summary>
/// <param name="Generation">A kept generation; null for the one in force.</param>
public sealed record GetConfiguration(long? Generation = null);

/// <summary>A configuration with where it comes from.</summary>
/// <param name="Info">The generation.</param>
/// <param name="Document">The document.</param>
/// <param name="Locked">The settings a policy of the administrator locks, each with the file that does.</param>
public sealed record ConfigurationSnapshot(GenerationInfo Info, NetConfiguration Document, LockedSetting[] Locked);

/// <summary>A setting that a policy of the administrator locks.</summary>
/// <param name="Setting">The setting, such as <c>metrics.listen</c>.</param>
/// <param name="Value">The value it is locked to, as JSON.</param>
/// <param name="Source">The policy file.</param>
public sealed record LockedSetting(string Setting, string Value, string Source);

/// <summary>Replaces the whole document in one transaction.</summary>
/// <param name="Document">The new document.</param>
/// <param name="Change">How to make the change; null means at once.</param>
public sealed record ApplyConfiguration(NetConfiguration Document, ChangeOptions? Change = null);

/// <summary>Keeps a change that waits for its confirmation.</summary>
/// <param name="Generation">The generation to keep; null for the one that waits.</param>
public sealed record ConfirmConfiguration(long? Generation = null);

/// <summary>Goes back to a kept generation, in one transaction.</summary>
/// <param name="Generation">The generation; null takes back the change that waits for its confirmation.</param>
/// <param name="Change">How to make the change; null means at once.</param>
public sealed record RestoreConfiguration(long? Generation = null, ChangeOptions? Change = null);

/// <summary>Compares two generations.</summary>
/// <param name="From">The older generation.</param>
/// <param name="To">The newer generation; null for the one in force.</param>
public sealed record CompareConfiguration(long From, long? To = null);

/// <summary>Asks for the kept generations.</summary>
public sealed record ListGenerations();

/// <summary>How a document is written.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<ConfigurationFormat>))]
public enum ConfigurationFormat
{
    /// <summary>JSON (RFC 8259).</summary>
    Json,

    /// <summary>YAML 1.2, its JSON schema.</summary>
    Yaml,
}

/// <summary>Asks for a configuration as text.</summary>
/// <param name="Format">How to write it.</param>
/// <param name="Generation">A kept generation; null for the one in force.</param>
public sealed record ExportConfiguration(ConfigurationFormat Format = ConfigurationFormat.Json, long? Generation = null);

/// <summary>A configuration as text. Secrets stand in it as references.</summary>
/// <param name="Text">The text.</param>
/// <param name="Format">How it is written.</param>
/// <param name="Generation">The generation it is of.</param>
public sealed record ConfigurationText(string Text, ConfigurationFormat Format, long Generation);

/// <summary>Replaces the whole document by one read from text.</summary>
/// <param name="Text">JSON or YAML.</param>
/// <param name="Format">How it is written; null finds out.</param>
/// <param name="Change">How to make the change; null means at once.</param>
public sealed record ImportConfiguration(string Text, ConfigurationFormat? Format = null, ChangeOptions? Change = null);

/// <summary>Checks a document without applying it.</summary>
/// <param name="Text">JSON or YAML; null checks the one in force.</param>
/// <param name="Format">How it is written; null finds out.</param>
public sealed record TestConfiguration(string? Text = null, ConfigurationFormat? Format = null);

/// <summary>What a check of a document found.</summary>
/// <param name="IsValid">Whether it could be applied.</param>
/// <param name="Problems">What is wrong, each with its place.</param>
/// <param name="InDesiredState">Whether applying it would change nothing.</param>
/// <param name="Plan">What applying it would change; null when it is not valid.</param>
public sealed record ConfigurationTestResult(bool IsValid, ConfigurationProblem[] Problems, bool InDesiredState, ConfigurationPlan? Plan = null);

/// <summary>Something wrong in a document.</summary>
/// <param name="Place">Where, such as <c>firewall.rules[3].localPort</c>.</param>
/// <param name="ErrorId">The catalogue's id of the condition.</param>
/// <param name="Message">What is wrong and what would be right.</param>
public sealed record ConfigurationProblem(string Place, string ErrorId, string Message);

/// <summary>Makes an archive of document and secrets, encrypted.</summary>
/// <param name="Passphrase">What the archive is encrypted with, at least 12 characters. Never logged.</param>
public sealed record CreateBackup(string Passphrase);

/// <summary>An archive.</summary>
/// <param name="Content">Its bytes.</param>
/// <param name="Generation">The generation in it.</param>
public sealed record BackupArchive(byte[] Content, long Generation);

/// <summary>Restores document and secrets from an archive.</summary>
/// <param name="Content">The archive's bytes.</param>
/// <param name="Passphrase">What it was encrypted with. Never logged.</param>
/// <param name="Change">How to make the change; null means at once.</param>
public sealed record RestoreBackup(byte[] Content, string Passphrase, ChangeOptions? Change = null);
