namespace Net.Testing.Faults;

/// <summary>What came of one fault in all its rounds. Times in seconds; null where nothing recovered.</summary>
public sealed record FaultResult(
    string Area,
    string Fault,
    int Tried,
    int Recovered,
    double? Median,
    double? Max,
    double Target,
    bool Met,
    IReadOnlyList<string> Errors);
