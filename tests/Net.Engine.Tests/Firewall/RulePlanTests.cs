using System.Reflection;
using Net.Contracts;
using Net.Engine.Firewall;
using Net.Engine.Reconciling;

namespace Net.Engine.Tests.Firewall;

public sealed class RulePlanTests
{
    private static readonly string[] s_notInDocuments =
    [
        nameof(FirewallRule.Id), nameof(FirewallRule.Origin), nameof(FirewallRule.IsActive), nameof(FirewallRule.InactiveReason), nameof(FirewallRule.LastHit),
        nameof(FirewallRule.PacketsPerSecond), nameof(FirewallRule.Position), nameof(FirewallRule.PacketCount), nameof(FirewallRule.ByteCount),
    ];

    public static TheoryData<string> Members() => [.. typeof(FirewallRule).GetProperties().Where(property => property.CanWrite).Select(property => property.Name).Except(s_notInDocuments)];

    [Theory]
    [MemberData(nameof(Members))]
    public void Every_member_of_a_rule_is_compared_and_shows_in_the_plan(string member)
    {
        FirewallRule before = new() { Id = 1, Name = "r" };
        FirewallRule after = Changed(before, typeof(FirewallRule).GetProperty(member)!);
        ConfigurationPlan plan = PlanOf(new FirewallSection { Rules = [before] }, new FirewallSection { Rules = [after] });

        Assert.False(RuleComparer.AreSame(before, after));
        ConfigurationChange change = Assert.Single(plan.Changes);
        Assert.NotEqual(change.Before, change.After);
    }

    [Fact]
    public void A_schedule_reads_well()
    {
        Assert.Equal("every day", new FirewallSchedule().ToString());
        Assert.Equal("every day 22:00-06:00", new FirewallSchedule { From = new TimeOnly(22, 0), Until = new TimeOnly(6, 0) }.ToString());
        Assert.Equal("every day 08:00:30-00:00", new FirewallSchedule { From = new TimeOnly(8, 0, 30) }.ToString());
        Assert.Equal(
            "Mon,Tue 00:00-17:00 from 2026-01-05 to 2026-02-05 in Europe/Berlin",
            new FirewallSchedule
            {
                Day = [DayOfWeek.Monday, DayOfWeek.Tuesday],
                Until = new TimeOnly(17, 0),
                FirstDate = new DateOnly(2026, 1, 5),
                LastDate = new DateOnly(2026, 2, 5),
                TimeZone = "Europe/Berlin",
            }.ToString());
    }

    public static TheoryData<string> ScheduleMembers() => [.. typeof(FirewallSchedule).GetProperties().Where(property => property.CanWrite).Select(property => property.Name)];

    [Theory]
    [MemberData(nameof(ScheduleMembers))]
    public void Every_member_of_a_schedule_is_compared_and_shows_in_the_plan(string member)
    {
        var schedule = new FirewallSchedule();
        FirewallRule before = new() { Id = 1, Name = "r", Schedule = schedule };
        FirewallRule after = before with { Schedule = Changed(schedule, typeof(FirewallSchedule).GetProperty(member)!) };

        Assert.False(RuleComparer.AreSame(before, after));
        ConfigurationChange change = Assert.Single(PlanOf(new FirewallSection { Rules = [before] }, new FirewallSection { Rules = [after] }).Changes);
        Assert.NotEqual(change.Before, change.After);
    }

    [Fact]
    public void Every_member_of_other_items_shows_in_the_plan()
    {
        All(new FirewallZone { Name = "z" }, zone => new FirewallSection { Zones = [zone] }, nameof(FirewallZone.Name));
        All(new FirewallPortList { Name = "p" }, list => new FirewallSection { PortLists = [list] }, nameof(FirewallPortList.Name));
        All(
            new FirewallAddressList { Id = 3, Name = "a" }, list => new FirewallSection { AddressLists = [list] },
            nameof(FirewallAddressList.Id), nameof(FirewallAddressList.EntryCount), nameof(FirewallAddressList.RefreshedAt), nameof(FirewallAddressList.Problem));
        All(new NatRule { Id = 4, Name = "n" }, rule => new FirewallSection { NatRules = [rule] }, nameof(NatRule.Id), nameof(NatRule.Position), nameof(NatRule.ConnectionCount));
        All(
            new PortForward { Id = 5, Name = "f", ToAddress = AddressRange.Parse("10.0.0.1") }, forward => new FirewallSection { PortForwards = [forward] },
            nameof(PortForward.Id), nameof(PortForward.ConnectionCount));
        All(new FirewallProfile(), profile => new FirewallSection { Profile = profile });
        All(new FirewallDetection(), detection => new FirewallSection { Detection = detection });

        static void All<T>(T item, Func<T, FirewallSection> section, params string[] without)
            where T : class
        {
            foreach (PropertyInfo property in typeof(T).GetProperties().Where(property => property.CanWrite && !without.Contains(property.Name)))
            {
                ConfigurationChange[] changes = PlanOf(section(item), section(Changed(item, property))).Changes;
                Assert.True(changes.Length == 1 && changes[0].Before != changes[0].After, $"{typeof(T).Name}.{property.Name}: {string.Join("; ", changes.Select(change => change.ToString()))}");
            }
        }
    }

    [Fact]
    public void Items_that_come_go_and_move_show_in_the_plan()
    {
        FirewallSection from = new() { Zones = [new FirewallZone { Name = "a" }], NatRules = [Nat(1, "x"), Nat(2, "y")], DisabledGroups = ["g"] };
        FirewallSection to = new() { Zones = [new FirewallZone { Name = "b", Masquerade = true }], NatRules = [Nat(2, "y"), Nat(1, "x")] };
        Assert.Equal(
            [
                "- firewall: zone 'a': empty",
                "+ firewall: zone 'b': masquerade true",
                "~ firewall: NAT rules: x, y -> y, x",
                "~ firewall: disabled groups: g -> none",
            ],
            PlanOf(from, to).Changes.Select(change => change.ToString()));
        Assert.Empty(PlanOf(to, to with { Zones = [.. to.Zones.Select(zone => zone with { })] }).Changes);
    }

    [Fact]
    public void Large_lists_show_how_much_differs()
    {
        AddressRange[] many = [.. Enumerable.Range(0, 50_000).Select(number => AddressRange.Parse($"10.{number >> 16}.{(number >> 8) & 255}.{number & 255}"))];
        FirewallAddressList list = new() { Id = 1, Name = "big", Address = many };
        ConfigurationPlan plan = PlanOf(new FirewallSection { AddressLists = [list] }, new FirewallSection { AddressLists = [list with { Address = [.. many[1..], AddressRange.Parse("192.0.2.1")] }] });
        Assert.Equal("~ firewall: address list 'big': 50000 addresses, without 10.0.0.0 -> 50000 addresses, with 192.0.2.1", Assert.Single(plan.Changes).ToString());
    }

    private static NatRule Nat(long id, string name) => new() { Id = id, Name = name };

    private static ConfigurationPlan PlanOf(FirewallSection from, FirewallSection to)
    {
        var plan = new PlanBuilder();
        FirewallPlan.Describe(from, to, plan);
        return plan.Build(1);
    }

    private static T Changed<T>(T item, PropertyInfo property)
        where T : class
    {
        T copy = (T)typeof(T).GetMethod("<Clone>$", BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)!.Invoke(item, null)!;
        property.SetValue(copy, Other(property.PropertyType, property.GetValue(item)));
        return copy;
    }

    private static object Other(Type type, object? now)
    {
        Type plain = Nullable.GetUnderlyingType(type) ?? type;
        return plain switch
        {
            _ when plain == typeof(string) => $"{now}x",
            _ when plain == typeof(bool) => !(bool)(now ?? false),
            _ when plain == typeof(int) => (int)(now ?? 0) + 1,
            _ when plain == typeof(long) => (long)(now ?? 0L) + 1,
            _ when plain == typeof(TimeSpan) => (TimeSpan)(now ?? TimeSpan.Zero) + TimeSpan.FromSeconds(1),
            _ when plain == typeof(DateTimeOffset) => new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero),
            _ when plain == typeof(TimeOnly) => new TimeOnly(7, 0),
            _ when plain == typeof(DateOnly) => new DateOnly(2027, 1, 1),
            _ when plain == typeof(PortRange) => new PortRange(77),
            _ when plain == typeof(AddressRange) => AddressRange.Parse("192.0.2.77"),
            _ when plain == typeof(FirewallSchedule) => new FirewallSchedule { From = new TimeOnly(8, 0) },
            _ when plain.IsEnum => Enum.GetValues(plain).Cast<object>().First(value => !value.Equals(now ?? -77)),
            _ when plain.IsArray => Filled(plain),
            _ => throw new NotSupportedException($"The test knows no other value of {type}."),
        };
    }

    private static Array Filled(Type type)
    {
        Type element = type.GetElementType()!;
        Array array = Array.CreateInstance(element, 1);
        array.SetValue(element == typeof(string) ? "x" : Other(element, null), 0);
        return array;
    }
}
