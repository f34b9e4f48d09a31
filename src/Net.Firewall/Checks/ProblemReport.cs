using System.Collections.Immutable;

namespace Net.Firewall;

/// <summary>Takes the problems of one rule or list.</summary>
/// <param name="subject">What it is.</param>
/// <param name="id">Its id.</param>
/// <param name="name">Its name.</param>
/// <param name="problems">Where problems go.</param>
internal sealed class ProblemReport(ProblemSubject subject, long id, string name, ImmutableArray<RuleProblem>.Builder problems)
{
    /// <summary>The id of what is checked.</summary>
    public long Id => id;

    /// <summary>Adds a problem.</summary>
    /// <param name="property">The property.</param>
    /// <param name="errorId">The kind.</param>
    /// <param name="message">What is wrong.</param>
    /// <param name="recommendedAction">What to do.</param>
    public void Add(string property, string errorId, string message, string recommendedAction) =>
        problems.Add(new RuleProblem(id, name, property, errorId, message, recommendedAction) { Subject = subject });
}
