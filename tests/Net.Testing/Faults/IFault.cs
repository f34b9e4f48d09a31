namespace Net.Testing.Faults;

/// <summary>Something that goes wrong in the world around the engine, and how one sees that it is over.</summary>
public interface IFault
{
    /// <summary>The capability it belongs to, as in <c>soak firewall</c>.</summary>
    string Area { get; }

    /// <summary>What happens, in a few words: "our table is flushed".</summary>
    string Name { get; }

    /// <summary>Recovery within this is what we promise; waiting goes on to ten times of it, to tell slow from never.</summary>
    TimeSpan Target { get; }

    /// <summary>Makes the world whole before each round; called before every injection.</summary>
    Task PrepareAsync(CancellationToken cancellationToken);

    /// <summary>Does the damage.</summary>
    Task InjectAsync(CancellationToken cancellationToken);

    /// <summary>True once everything is as before, without anyone's help. Must be false right after the injection.</summary>
    Task<bool> IsRecoveredAsync(CancellationToken cancellationToken);
}
