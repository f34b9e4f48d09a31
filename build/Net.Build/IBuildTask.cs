namespace Net.Build;

/// <summary>One word after <c>./build.sh</c>.</summary>
internal interface IBuildTask
{
    /// <summary>The word.</summary>
    string Name { get; }

    /// <summary>What may follow it.</summary>
    string Arguments { get; }

    /// <summary>What it does, in one line.</summary>
    string Summary { get; }

    Task<int> RunAsync(BuildContext context, CancellationToken cancellationToken);
}
