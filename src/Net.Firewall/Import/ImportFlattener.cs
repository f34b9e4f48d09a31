namespace Net.Firewall;

/// <summary>
/// Makes one list of rules out of chains that call each other: a rule of a called chain asks for what the call asked as well. A conditional return goes on, for the packets it
/// takes, with what follows the call, down to the policy, before the rest of the chain is written: that is exact, and may multiply rules, so their number is bounded.
/// </summary>
/// <param name="builder">Where rules go.</param>
/// <param name="chains">The chains by name.</param>
/// <param name="emit">Writes a rule for a statement that ends a packet's way or does something on it.</param>
internal sealed class ImportFlattener(ImportBuilder builder, IReadOnlyDictionary<string, ImportChain> chains, Action<ImportStatement, ImportMatch> emit)
{
    private const int MaxDepth = 16;
    private const int MaxSteps = 200_000;
    private int _steps;

    /// <summary>Writes a base chain.</summary>
    /// <param name="chain">The chain.</param>
    public void Flatten(ImportChain chain)
    {
        if (!Walk(new ImportFrame(chain, 0, null), ImportMatch.Any, 0))
        {
            End(chain, ImportMatch.Any);
        }
    }

    // Writes the statements of a chain for packets that match; true when none of them gets to its end.
    private bool Walk(ImportFrame frame, ImportMatch match, int depth)
    {
        for (int i = frame.Next; i < frame.Chain.Statements.Count; i++)
        {
            ImportStatement statement = frame.Chain.Statements[i];
            if (++_steps > MaxSteps || builder.IsFull)
            {
                builder.Full(statement);
                return true;
            }

            foreach (ImportMatch asked in statement.Matches)
            {
                ImportMatch? both = match.And(asked, out string? problem);
                if (problem is not null)
                {
                    builder.Problem(statement.Line, statement.Text, problem);
                }

                if (both is null)
                {
                    continue;
                }

                ImportOutcome outcome = Do(statement, frame with { Next = i + 1 }, both, asked, depth);
                if (outcome != ImportOutcome.Next && asked == ImportMatch.Any)
                {
                    return outcome == ImportOutcome.Closed;
                }
            }
        }

        return false;
    }

    // Writes one statement for packets that match.
    private ImportOutcome Do(ImportStatement statement, ImportFrame after, ImportMatch match, ImportMatch asked, int depth)
    {
        switch (statement.Target)
        {
            case ImportTarget.Continue:
                emit(statement, match);
                return ImportOutcome.Next;
            case ImportTarget.Accept or ImportTarget.Drop or ImportTarget.Reject or ImportTarget.Nat:
                emit(statement, match);
                return match.HasLimit ? ImportOutcome.Next : ImportOutcome.Closed;
            case ImportTarget.Return:
                return DoReturn(statement, after, match, asked, depth);
            case ImportTarget.Jump or ImportTarget.Goto:
                return DoCall(statement, after, match, depth);
            default:
                return ImportOutcome.Next;
        }
    }

    private ImportOutcome DoReturn(ImportStatement statement, ImportFrame after, ImportMatch match, ImportMatch asked, int depth)
    {
        WriteEffects(statement, match);
        if (asked == ImportMatch.Any && after.Caller is not null)
        {
            // The end of the chain, from where the caller goes on by itself.
            return ImportOutcome.Returned;
        }

        if (match.HasLimit)
        {
            builder.Problem(statement.Line, statement.Text, "a return with a limit cannot be expressed");
            return ImportOutcome.Next;
        }

        if (after.Caller is null)
        {
            End(after.Chain, match);
        }
        else
        {
            GoOn(statement, after.Caller, match, depth);
        }

        return ImportOutcome.Closed;
    }

    private ImportOutcome DoCall(ImportStatement statement, ImportFrame after, ImportMatch match, int depth)
    {
        if (!chains.TryGetValue(statement.Chain ?? "", out ImportChain? target))
        {
            builder.Problem(statement.Line, statement.Text, $"there is no chain {statement.Chain}");
            return ImportOutcome.Next;
        }

        if (match.HasLimit)
        {
            builder.Problem(statement.Line, statement.Text, "a limit on a jump cannot be expressed: each rule of the chain would count for itself");
            return ImportOutcome.Next;
        }

        if (depth >= MaxDepth)
        {
            builder.Problem(statement.Line, statement.Text, FormattableString.Invariant($"chains call each other more than {MaxDepth} deep"));
            return ImportOutcome.Next;
        }

        WriteEffects(statement, match);
        if (statement.Target == ImportTarget.Jump)
        {
            return Walk(new ImportFrame(target, 0, after), match, depth + 1) ? ImportOutcome.Closed : ImportOutcome.Next;
        }

        if (Walk(new ImportFrame(target, 0, after.Caller ?? new ImportFrame(after.Chain, after.Chain.Statements.Count, null)), match, depth + 1))
        {
            return ImportOutcome.Closed;
        }

        if (after.Caller is null)
        {
            End(after.Chain, match);
        }
        else
        {
            GoOn(statement, after.Caller, match, depth);
        }

        return ImportOutcome.Closed;
    }

    // What follows a call, for some of the packets only: they must come to an end there, since the rules after are not for them.
    private void GoOn(ImportStatement statement, ImportFrame frame, ImportMatch match, int depth)
    {
        if (depth >= MaxDepth)
        {
            builder.Problem(statement.Line, statement.Text, FormattableString.Invariant($"chains call each other more than {MaxDepth} deep"));
            return;
        }

        for (ImportFrame? next = frame; next is not null; next = next.Caller)
        {
            if (Walk(next, match, depth + 1))
            {
                return;
            }

            if (next.Caller is null)
            {
                End(next.Chain, match);
            }
        }
    }

    private void WriteEffects(ImportStatement statement, ImportMatch match)
    {
        if (statement.Effects is not null)
        {
            emit(statement with { Target = ImportTarget.Continue }, match);
        }
    }

    private void End(ImportChain chain, ImportMatch match)
    {
        // At the very end what passes passes without a rule; before that a rule must keep it from those that follow.
        if (chain.Policy == ImportTarget.Drop || (chain.Policy == ImportTarget.Accept && match != ImportMatch.Any))
        {
            emit(
                new ImportStatement(chain.PolicyLine, $"policy of {chain.Name}", $"{chain.Name} policy") { Target = chain.Policy },
                match);
        }
    }
}
