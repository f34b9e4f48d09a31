namespace Net.Cli.Hosting;

/// <summary>Ids of the catalogue as constants: the catalogue itself is built only when an error is looked up.</summary>
internal static class ErrorIds
{
    /// <summary>An argument is not usable.</summary>
    public const string ArgumentInvalid = "ArgumentInvalid";
}
