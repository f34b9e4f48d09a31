namespace Net.Engine.Firewall.Translation;

/// <summary>Something in the document that cannot be turned into the model.</summary>
/// <param name="Place">Where, such as <c>firewall.rules[3].zone</c>.</param>
/// <param name="ErrorId">The id of the error.</param>
/// <param name="Message">What is wrong, in a sentence.</param>
internal sealed record TranslationProblem(string Place, string ErrorId, string Message);
