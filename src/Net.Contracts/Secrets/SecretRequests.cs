namespace Net.Contracts;

/// <summary>Stores a secret, or replaces it.</summary>
/// <param name="Name">Letters, digits, '-', '_' and '.', at most 64.</param>
/// <param name="Value">The value. It is stored in a file only the engine can read, and never comes back.</param>
public sealed record SetSecret(string Name, string Value);

/// <summary>Asks which secrets are stored.</summary>
public sealed record ListSecrets();

/// <summary>Removes a secret that nothing refers to.</summary>
/// <param name="Name">Its name.</param>
public sealed record RemoveSecret(string Name);

/// <summary>A stored secret, without its value.</summary>
/// <param name="Name">Its name.</param>
/// <param name="ChangedAt">When it was stored.</param>
/// <param name="UsedBy">The settings that refer to it.</param>
public sealed record SecretInfo(string Name, DateTimeOffset ChangedAt, string[] UsedBy);
