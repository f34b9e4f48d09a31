using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using Net.Contracts;
using Net.Engine.Access;
using Net.Firewall;

namespace Net.Engine.Firewall.Translation;

/// <summary>Turns a section of the document into the model of an instant. It remembers what it made last: asked for the same again it gives the same instances, and of a changed
/// section only changed rules are translated anew. Calls may come from any thread.</summary>
/// <param name="clock">The time, and this host's time zone.</param>
/// <param name="contents">What lists hold besides what the document says.</param>
/// <param name="accounts">Users and groups by name; null knows none.</param>
/// <param name="connectedPrefix">The prefix of this host's own networks that holds an address, for hairpins; null where the network is not known.</param>
internal sealed class FirewallTranslator(
    TimeProvider clock, IAddressListContents? contents = null, IAccountNames? accounts = null, Func<IPAddress, IPNetwork?>? connectedPrefix = null)
{
    private readonly Lock _gate = new();
    private readonly IAddressListContents _contents = contents ?? NoContents.Instance;
    private FirewallSection? _section;
    private long _version;
    private DateTimeOffset _from;
    private TranslatedFirewall? _last;
    private AddressLists? _lists;
    private Dictionary<FirewallRule, Known> _known = new(ReferenceEqualityComparer.Instance);

    /// <summary>The model of a section now.</summary>
    public TranslatedFirewall Translate(FirewallSection section) => Translate(section, clock.GetUtcNow());

    /// <summary>The model of a section at an instant.</summary>
    public TranslatedFirewall Translate(FirewallSection section, DateTimeOffset now)
    {
        lock (_gate)
        {
            long version = _contents.Version;
            bool isSame = ReferenceEquals(section, _section) && version == _version && now >= _from && (_last!.NextChange is not { } next || now < next);
            if (isSame)
            {
                return _last!;
            }

            bool hasSameNames = _section is { } before && ReferenceEquals(before.Zones, section.Zones) && ReferenceEquals(before.PortLists, section.PortLists)
                && ReferenceEquals(before.AddressLists, section.AddressLists);
            if (!hasSameNames)
            {
                _known = new(ReferenceEqualityComparer.Instance);
            }

            _lists = hasSameNames && version == _version ? _lists! : AddressLists.Resolve(section.AddressLists, _contents, _lists);
            _last = TranslateAll(section, now, _lists);
            _section = section;
            _version = version;
            _from = now;
            return _last;
        }
    }

    private TranslatedFirewall TranslateAll(FirewallSection section, DateTimeOffset now, AddressLists lists)
    {
        var ids = new GeneratedIds();
        var implied = new ImpliedRules(section, ids, connectedPrefix);
        var translator = new RuleTranslator(section, lists, accounts, clock.LocalTimeZone);
        ImmutableArray<TranslationProblem>.Builder problems = ImmutableArray.CreateBuilder<TranslationProblem>();
        int capacity = section.Rules.Length + 64;
        ImmutableArray<Rule>.Builder model = ImmutableArray.CreateBuilder<Rule>(capacity);
        ImmutableArray<FirewallRule>.Builder rules = ImmutableArray.CreateBuilder<FirewallRule>(capacity);
        ImmutableArray<RuleActivity>.Builder activities = ImmutableArray.CreateBuilder<RuleActivity>(capacity);
        Dictionary<FirewallRule, Known> known = new(section.Rules.Length, ReferenceEqualityComparer.Instance);
        DateTimeOffset? nextChange = null;
        List<FirewallRule> before = implied.Before();
        bool[] isFirst = before.Count > 0 ? WhichGoFirst(section.Rules) : new bool[section.Rules.Length];

        AddUsers(isFirst, wanted: true);
        before.ForEach(AddImplied);
        AddUsers(isFirst, wanted: false);
        implied.After().ForEach(AddImplied);
        _known = known;
        return new TranslatedFirewall
        {
            Model = new FirewallModel(model.DrainToImmutable())
            {
                AddressLists = lists.Lists,
                NatRules = [.. new NatTranslator(section, ids, connectedPrefix).Translate()],
            },
            Problems = problems.DrainToImmutable(),
            Rules = rules.DrainToImmutable(),
            Activities = activities.DrainToImmutable(),
            NextChange = nextChange,
        };

        void AddUsers(bool[] first, bool wanted)
        {
            for (int index = 0; index < section.Rules.Length; index++)
            {
                if (first[index] == wanted)
                {
                    AddUser(section.Rules[index], index);
                }
            }
        }

        void AddUser(FirewallRule rule, int index)
        {
            RuleActivity activity = translator.ActivityOf(rule, now);
            // Accounts are asked for anew: they change without the document.
            bool isRemembered = _known.TryGetValue(rule, out Known? remembered) && rule.User.Length + rule.UserGroup.Length == 0 && remembered!.Problems.IsEmpty;
            Known item = isRemembered ? remembered! : TranslateOne(translator, rule, index);
            problems.AddRange(item.Problems);
            if (activity.IsActive && (item.EmptyReason ?? item.Problems.FirstOrDefault()?.Message) is { } reason)
            {
                activity = activity with { IsActive = false, Reason = reason };
            }

            Rule result = item.Rule.Enabled == activity.IsActive ? item.Rule : item.Rule with { Enabled = activity.IsActive };
            known[rule] = ReferenceEquals(result, item.Rule) ? item : item with { Rule = result };
            nextChange = activity.NextChange is { } change && (nextChange is null || change < nextChange) ? change : nextChange;
            model.Add(result);
            rules.Add(rule);
            activities.Add(activity);
        }

        void AddImplied(FirewallRule rule)
        {
            Rule result = translator.Translate(rule, (_, message) => throw new InvalidOperationException(message), out _);
            model.Add(result);
            rules.Add(rule);
            activities.Add(new RuleActivity(rule.Enabled, rule.Enabled ? null : "disabled", null));
        }
    }

    private static Known TranslateOne(RuleTranslator translator, FirewallRule rule, int index)
    {
        List<TranslationProblem>? problems = null;
        string place = string.Create(CultureInfo.InvariantCulture, $"firewall.rules[{index}].");
        Rule result = translator.Translate(
            rule, (property, message) => (problems ??= []).Add(new TranslationProblem(place + property, ErrorCatalogue.FirewallRuleInvalid.Id, message)), out string? empty);
        return new Known(result, problems is null ? [] : [.. problems], empty);
    }

    // Rules that continue and stand before all of their direction that decide see every packet wherever the rules of the profile are. Behind "established" they would see the
    // first packet of a connection only: no clamped SYN-ACK, no code point on the rest.
    private static bool[] WhichGoFirst(FirewallRule[] rules)
    {
        var isFirst = new bool[rules.Length];
        Span<bool> isDecided = stackalloc bool[3];
        for (int index = 0; index < rules.Length; index++)
        {
            int direction = Math.Clamp((int)rules[index].Direction, 0, 2);
            isDecided[direction] |= rules[index].Action != Contracts.RuleAction.Continue;
            isFirst[index] = !isDecided[direction];
        }

        return isFirst;
    }

    private sealed record Known(Rule Rule, ImmutableArray<TranslationProblem> Problems, string? EmptyReason);

    private sealed class NoContents : IAddressListContents
    {
        public static NoContents Instance { get; } = new();

        public long Version => 0;

        public ImmutableArray<Net.Firewall.AddressRange> ContentOf(FirewallAddressList list) => [];
    }
}
