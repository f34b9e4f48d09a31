using Net.Contracts;
using Net.Engine.Access;

namespace Net.Engine.Tests;

public sealed class AccessTests
{
    [Theory]
    [InlineData(0u, new uint[0], EngineRole.Admin)]
    [InlineData(70u, new uint[0], EngineRole.Admin)]
    [InlineData(1000u, new uint[] { 900 }, EngineRole.Reader)]
    [InlineData(1000u, new uint[] { 900, 901 }, EngineRole.Operator)]
    [InlineData(1001u, new uint[] { 5 }, EngineRole.Admin)]
    [InlineData(1002u, new uint[0], EngineRole.Operator)]
    [InlineData(1003u, new uint[] { 77 }, EngineRole.Reader)]
    [InlineData(1004u, new uint[] { 1 }, EngineRole.None)]
    public async Task Roles_come_from_users_and_groups_by_name_and_number(uint user, uint[] groups, EngineRole expected)
    {
        var access = new AccessSubsystem(new FakeHost(), engineUserId: 70);
        await access.ApplyAsync(null, new NetConfiguration
        {
            Access = new AccessSection { Readers = ["group:netmod", "group:77", "user:nobody-knows"], Operators = ["group:ops", "user:1002"], Admins = ["user:alice"] },
        }, EngineRig.Token);
        Assert.Equal(expected, access.RoleOf(new CallerIdentity { UserId = user, GroupIds = groups, ProcessId = 1, UserName = "x" }));
    }

    [Theory]
    [InlineData("alice")]
    [InlineData("user:")]
    [InlineData("group:")]
    [InlineData("role:admin")]
    [InlineData("")]
    public async Task Entries_that_say_neither_user_nor_group_are_refused(string entry)
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        EngineException exception = await EngineRig.Refused(ErrorCatalogue.ConfigurationInvalid, () =>
            rig.ChangeAsync(document => document with { Access = document.Access with { Operators = ["user:1", entry] } }));
        Assert.Equal("access.operators[1]", exception.Target);
    }
}
