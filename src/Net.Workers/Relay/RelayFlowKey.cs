namespace Net.Workers.Relay;

/// <summary>What a worker knows a flow by.</summary>
/// <param name="RuleId">The rule's id.</param>
/// <param name="InterfaceIndex">The interface of its input.</param>
public readonly record struct RelayFlowKey(int RuleId, int InterfaceIndex);
