namespace Net.Engine.State;

/// <summary>A state file is missing, truncated or changed.</summary>
internal sealed class StateDamagedException(string message, Exception? inner = null) : Exception(message, inner);
