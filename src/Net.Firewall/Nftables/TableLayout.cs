using System.Collections.Immutable;

namespace Net.Firewall;

/// <summary>
/// Which rule is in which chain, per direction and in order. The layout of a changed model is computed from the layout
/// before, so that rules stay where they are and a change touches the chains it is in and no others.
/// </summary>
/// <param name="Roots">What is written into the base chain of each direction, by the direction's number.</param>
/// <param name="Hoisted">Rules at the start of each direction that are lines of the base chain itself.</param>
internal sealed record TableLayout(ImmutableArray<RuleBranch> Roots, ImmutableArray<ImmutableArray<Rule>> Hoisted)
{
    /// <summary>Rules at the start of a direction that go into the base chain at most.</summary>
    private const int MaxHoisted = 8;

    /// <summary>The directions, by their number.</summary>
    public static ImmutableArray<RuleDirection> Directions { get; } = [RuleDirection.Inbound, RuleDirection.Outbound, RuleDirection.Forward];

    /// <summary>No rules.</summary>
    public static TableLayout Empty { get; } = new([.. Directions.Select(direction => new RuleBranch(direction, RuleBranch.RootNumber, [], []))], [[], [], []]);

    /// <summary>What is written into the base chain of a direction.</summary>
    /// <param name="direction">The direction.</param>
    public RuleBranch Of(RuleDirection direction) => Roots[(int)direction];

    /// <summary>Rules of a direction that are lines of the base chain itself.</summary>
    /// <param name="direction">The direction.</param>
    public ImmutableArray<Rule> HoistedOf(RuleDirection direction) => Hoisted[(int)direction];

    /// <summary>The layout of a model; depends on nothing but the layout before and the model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="previous">The layout before.</param>
    public static TableLayout For(FirewallModel model, TableLayout previous)
    {
        List<Rule>[] byDirection = [[], [], []];
        foreach (Rule rule in model.Rules)
        {
            byDirection[(int)rule.Direction].Add(rule);
        }

        ImmutableArray<RuleBranch>.Builder roots = ImmutableArray.CreateBuilder<RuleBranch>();
        ImmutableArray<ImmutableArray<Rule>>.Builder hoisted = ImmutableArray.CreateBuilder<ImmutableArray<Rule>>();
        foreach (RuleDirection direction in Directions)
        {
            List<Rule> rules = byDirection[(int)direction];
            int count = CountHoisted(rules);
            hoisted.Add([.. rules.Take(count)]);
            roots.Add(new LayoutBuilder(direction, previous.Of(direction)).Arrange(rules.GetRange(count, rules.Count - count)));
        }

        return new TableLayout(roots.DrainToImmutable(), hoisted.DrainToImmutable());
    }

    // What established connections meet comes before every question: rules at the start that ask for nothing but the state, and the one for the way back, which no jump has to lead to.
    private static int CountHoisted(List<Rule> rules)
    {
        int hoisted = 0;
        for (int i = 0; i < Math.Min(rules.Count, MaxHoisted); i++)
        {
            Rule rule = rules[i];
            if (!rule.Enabled)
            {
                continue;
            }

            bool isWide = rule.Conditions is { SourceLists.IsEmpty: true, DestinationLists.IsEmpty: true } conditions && (conditions.ConnectionStates != ConnectionStates.None || conditions.IsReversePathMissing)
                && rule.SourceAddresses.IsEmpty && rule.DestinationAddresses.IsEmpty && rule.SourcePorts.IsEmpty && rule.DestinationPorts.IsEmpty;
            if (!isWide)
            {
                break;
            }

            hoisted = i + 1;
        }

        return hoisted;
    }
}
