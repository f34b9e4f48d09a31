namespace Net.Engine.Reconciling;

/// <summary>What a comparison with the kernel found.</summary>
/// <param name="EventId">The id of the event that tells of it.</param>
/// <param name="Found">What was found, in one sentence.</param>
/// <param name="Done">What was done about it, in one sentence.</param>
/// <param name="IsRepaired">Whether actual equals desired again.</param>
internal sealed record DriftReport(string EventId, string Found, string Done, bool IsRepaired);
