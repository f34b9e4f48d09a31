namespace Net.Cli.Hosting;

/// <summary>What the process ends with. What a failure of the engine becomes is in <see cref="Net.Contracts.ErrorCodes"/>.</summary>
internal static class ExitCodes
{
    /// <summary>It was done.</summary>
    public const int Ok = 0;

    /// <summary>It failed, or the answer of a test is no.</summary>
    public const int Failed = 1;

    /// <summary>The command line is not usable.</summary>
    public const int BadArguments = 2;

    /// <summary>The engine cannot be reached.</summary>
    public const int NotReachable = 3;

    /// <summary>The caller may not do it.</summary>
    public const int NotPermitted = 4;

    /// <summary>Ctrl+C: 128 and SIGINT's number, as shells count.</summary>
    public const int Interrupted = 130;
}
