namespace Net.Relay;

/// <summary>Finds packets that would come back: by a rule's own output, or around several rules.</summary>
internal static class LoopChecks
{
    /// <summary>Adds a problem for each output that feeds its own rule, and one for each circle of rules.</summary>
    /// <param name="rules">The rules.</param>
    /// <param name="index">Their index.</param>
    /// <param name="problems">Takes the problems.</param>
    public static void Check(IReadOnlyList<RelayRuleDefinition> rules, RuleIndex index, List<RelayProblem> problems)
    {
        var next = new List<int>[rules.Count];
        var found = new List<int>();
        for (int from = 0; from < rules.Count; from++)
        {
            RelayRuleDefinition rule = rules[from];
            next[from] = [];
            for (int output = 0; rule.IsEnabled && output < rule.Outputs.Count; output++)
            {
                RelayOutputDefinition target = rule.Outputs[output];
                index.Find(target.Interface, target.DestinationFor(rule), target.Port != 0 ? target.Port : rule.PortFrom, target.Port != 0 ? target.Port : rule.PortTo, rule.Protocol, found);
                foreach (int to in found)
                {
                    if (!SourceFlow.CanReach(rule, target, rules[to]))
                    {
                        continue;
                    }

                    if (to == from)
                    {
                        problems.Add(new RelayProblem(RelayProblemKind.Loop, rule.RuleId, rule.Name, $"Outputs[{output}]", $"The output {target.Interface} sends the packets the rule takes on {rule.Interface}, which would go round for ever; change its interface, destination or port."));
                    }
                    else if (!next[from].Contains(to))
                    {
                        next[from].Add(to);
                    }
                }
            }
        }

        foreach (List<int> circle in Circles(next))
        {
            RelayRuleDefinition last = rules[circle.Max()];
            string names = string.Join(" -> ", circle.Append(circle[0]).Select(rule => $"'{rules[rule].Name}'"));
            problems.Add(new RelayProblem(RelayProblemKind.Loop, last.RuleId, last.Name, "Outputs", $"Packets would go round in a circle: {names}; change an interface, destination, port or source of one of them."));
        }
    }

    // A circle is in one strongly connected component (Tarjan 1972), without recursion, as chains of 10,000 rules are legal.
    private static IEnumerable<List<int>> Circles(List<int>[] next)
    {
        var order = new int[next.Length];
        var low = new int[next.Length];
        var component = new int[next.Length];
        var open = new Stack<int>();
        var path = new Stack<(int Rule, int Edge)>();
        int counter = 0;
        int components = 0;
        for (int root = 0; root < next.Length; root++)
        {
            if (order[root] != 0)
            {
                continue;
            }

            path.Push((root, 0));
            while (path.Count > 0)
            {
                (int rule, int edge) = path.Pop();
                if (edge == 0)
                {
                    order[rule] = low[rule] = ++counter;
                    open.Push(rule);
                }
                else
                {
                    low[rule] = Math.Min(low[rule], low[next[rule][edge - 1]]);
                }

                while (edge < next[rule].Count && order[next[rule][edge]] != 0)
                {
                    int seen = next[rule][edge++];
                    low[rule] = component[seen] == 0 ? Math.Min(low[rule], order[seen]) : low[rule];
                }

                if (edge < next[rule].Count)
                {
                    path.Push((rule, edge + 1));
                    path.Push((next[rule][edge], 0));
                    continue;
                }

                if (low[rule] == order[rule])
                {
                    components++;
                    int members = 0;
                    int member;
                    do
                    {
                        member = open.Pop();
                        component[member] = components;
                        members++;
                    }
                    while (member != rule);

                    if (members > 1)
                    {
                        yield return ShortestCircle(next, component, rule);
                    }
                }
            }
        }
    }

    private static List<int> ShortestCircle(List<int>[] next, int[] component, int start)
    {
        var previous = new Dictionary<int, int>();
        var queue = new Queue<int>([start]);
        while (queue.TryDequeue(out int rule))
        {
            foreach (int to in next[rule])
            {
                if (to == start)
                {
                    var circle = new List<int>();
                    for (int back = rule; back != start; back = previous[back])
                    {
                        circle.Add(back);
                    }

                    circle.Add(start);
                    circle.Reverse();
                    return circle;
                }

                if (component[to] == component[start] && previous.TryAdd(to, rule))
                {
                    queue.Enqueue(to);
                }
            }
        }

        return [start];
    }
}
