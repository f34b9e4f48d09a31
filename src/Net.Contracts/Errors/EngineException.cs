namespace Net.Contracts;

/// <summary>A request failed for a reason the catalogue names. The only exception that crosses the wire.</summary>
public sealed class EngineException : Exception
{
    /// <summary>Creates the failure <paramref name="definition"/> with what happened this time.</summary>
    /// <param name="definition">The entry of <see cref="ErrorCatalogue"/>.</param>
    /// <param name="message">What happened, naming the thing it happened to.</param>
    /// <param name="target">What the user passed that the failure is about, or null.</param>
    /// <param name="inner">The cause, or null. It stays in this process.</param>
    public EngineException(ErrorDefinition definition, string message, string? target = null, Exception? inner = null)
        : base(message, inner)
    {
        ArgumentNullException.ThrowIfNull(definition);
        Code = definition.Code;
        ErrorId = definition.Id;
        RecommendedAction = definition.RecommendedAction;
        Target = target;
    }

    /// <summary>Rebuilds a failure that came over the wire.</summary>
    public EngineException(ErrorCode code, string message, EngineErrorData data)
        : base(message)
    {
        ArgumentNullException.ThrowIfNull(data);
        Code = code;
        ErrorId = data.ErrorId;
        RecommendedAction = data.RecommendedAction;
        Target = data.Target;
    }

    /// <summary>Which kind of failure it is.</summary>
    public ErrorCode Code { get; }

    /// <summary>The catalogue's stable id of the condition.</summary>
    public string ErrorId { get; }

    /// <summary>What the user passed that the failure is about, or null.</summary>
    public string? Target { get; }

    /// <summary>What the user can do about it, or null.</summary>
    public string? RecommendedAction { get; }

    /// <summary>The part of this failure that travels in <c>error.data</c>.</summary>
    public EngineErrorData ToData() => new(ErrorId, Code, Target, RecommendedAction);
}
