namespace Net.Build;

/// <summary>One word after <c>./build.sh</c>.</summary>
internal interface IBuildTask
{
    /// <summary>The word.</summary>
    public string Name { get; }

    /// <summary>What may follow it.</summary>
    public string Arguments { get; }

    /// <summary>What it does, in one line.</summary>
    public string Summary { get; }

    public Task<int> RunAsync(BuildContext context, CancellationToken cancellationToken);
}
