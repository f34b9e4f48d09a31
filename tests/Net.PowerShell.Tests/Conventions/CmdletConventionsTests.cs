using System.Reflection;
using Net.Maml;

namespace Net.PowerShell.Tests.Conventions;

public sealed class CmdletConventionsTests
{
    // Get-Verb of PowerShell 7.6.
    private static readonly HashSet<string> ApprovedVerbs = [.. (
        "Add Approve Assert Backup Block Build Checkpoint Clear Close Compare Complete Compress Confirm Connect Convert ConvertFrom ConvertTo Copy "
        + "Debug Deny Deploy Disable Disconnect Dismount Edit Enable Enter Exit Expand Export Find Format Get Grant Group Hide Import Initialize "
        + "Install Invoke Join Limit Lock Measure Merge Mount Move New Open Optimize Out Ping Pop Protect Publish Push Read Receive Redo Register "
        + "Remove Rename Repair Request Reset Resize Resolve Restart Restore Resume Revoke Save Search Select Send Set Show Skip Split Start Step "
        + "Stop Submit Suspend Switch Sync Test Trace Unblock Undo Uninstall Unlock Unprotect Unpublish Unregister Update Use Wait Watch Write").Split(' ')];

    private static readonly HashSet<string> ChangingVerbs =
        ["New", "Set", "Remove", "Enable", "Disable", "Import", "Export", "Restore", "Confirm", "Start", "Stop", "Restart", "Add", "Clear", "Install", "Uninstall",
            "Join", "Update", "Revoke", "Approve", "Deny", "Reset"];

    private static readonly HashSet<string> QuietVerbs =
        ["Set", "Enable", "Disable", "Import", "Export", "Restore", "Confirm", "Remove", "Start", "Stop", "Restart", "Revoke", "Approve", "Deny", "Reset"];

    // A stream of what is seen: nothing is changed by it, and writing is all it does.
    private static readonly HashSet<string> Streams = ["Start-PacketTrace"];

    public static TheoryData<string> Names => ModuleUnderTest.CmdletNames;

    [Theory]
    [MemberData(nameof(Names))]
    public void The_verb_is_approved_and_the_noun_singular(string name)
    {
        CmdletModel cmdlet = ModuleUnderTest.Cmdlet(name);

        Assert.Contains(cmdlet.Verb, ApprovedVerbs);
        Assert.False(cmdlet.Noun.EndsWith('s') && !cmdlet.Noun.EndsWith("ss", StringComparison.Ordinal), $"{name}: say it in the singular");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_class_is_named_after_the_cmdlet_and_sealed(string name) => Assert.True(ModuleUnderTest.TypeOf(ModuleUnderTest.Cmdlet(name)).IsSealed);

    [Theory]
    [MemberData(nameof(Names))]
    public void What_changes_something_asks_first_and_nothing_else_does(string name)
    {
        CmdletModel cmdlet = ModuleUnderTest.Cmdlet(name);

        Assert.Equal(ChangingVerbs.Contains(cmdlet.Verb) && !Streams.Contains(name), cmdlet.Parameters.Any(parameter => parameter.Name == "WhatIf"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void What_it_writes_is_declared(string name) =>
        Assert.Contains(ModuleUnderTest.TypeOf(ModuleUnderTest.Cmdlet(name)).CustomAttributes, attribute => attribute.AttributeType.Name == "OutputTypeAttribute");

    [Theory]
    [MemberData(nameof(Names))]
    public void Verbs_that_write_nothing_take_PassThru_where_there_is_something_to_write(string name)
    {
        CmdletModel cmdlet = ModuleUnderTest.Cmdlet(name);
        bool has = cmdlet.Parameters.Any(parameter => parameter.Name == "PassThru");

        Assert.Equal(QuietVerbs.Contains(cmdlet.Verb) && !Streams.Contains(name) && cmdlet.OutputTypes.Count > 0, has);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Parameters_are_switches_rather_than_booleans_and_secrets_rather_than_strings(string name)
    {
        foreach (ParameterModel parameter in ModuleUnderTest.Cmdlet(name).Parameters)
        {
            Assert.NotEqual("Boolean", parameter.TypeName);
            if (parameter.Name is "Passphrase" or "Value" or "Password" or "Token")
            {
                Assert.Equal("SecureString", parameter.TypeName);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void At_most_one_parameter_of_a_set_takes_whole_objects(string name)
    {
        CmdletModel cmdlet = ModuleUnderTest.Cmdlet(name);

        Assert.All(cmdlet.Sets, set => Assert.InRange(cmdlet.ParametersOf(set).Count(pair => pair.Use.ByValue), 0, 1));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Texts_of_a_pipeline_are_not_bound_by_properties_every_text_has(string name)
    {
        CmdletModel cmdlet = ModuleUnderTest.Cmdlet(name);
        (ParameterModel Parameter, ParameterUse Use)[] uses = [.. cmdlet.Sets.SelectMany(cmdlet.ParametersOf)];
        bool takesTexts = uses.Any(pair => pair.Use.ByValue && pair.Parameter.TypeName.StartsWith("String", StringComparison.Ordinal));
        string[] ofTexts = [.. typeof(string).GetProperties().Select(property => property.Name)];

        Assert.DoesNotContain(uses, pair => takesTexts && pair.Use.ByPropertyName && ofTexts.Contains(pair.Parameter.Name));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Durations_are_read_as_people_write_them(string name)
    {
        Type type = ModuleUnderTest.TypeOf(ModuleUnderTest.Cmdlet(name));
        IEnumerable<PropertyInfo> durations = type.GetProperties()
            .Where(property => property.CustomAttributes.Any(attribute => attribute.AttributeType.Name == "ParameterAttribute"))
            .Where(property => (Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType) == typeof(TimeSpan));

        Assert.All(durations, property => Assert.Contains(
            property.CustomAttributes, attribute => attribute.AttributeType.Name == "DurationTransformationAttribute"));
    }

    [Fact]
    public void No_name_collides_with_a_cmdlet_of_Windows()
    {
        string[] windows = File.ReadAllLines(Path.Combine(ModuleUnderTest.Root, "tests", "data", "powershell", "windows-cmdlets.txt"));

        Assert.Empty(ModuleUnderTest.Cmdlets.Select(cmdlet => cmdlet.Name).Intersect(windows, StringComparer.OrdinalIgnoreCase));
    }

    [Fact]
    public void Nothing_static_changes_but_the_table_of_sessions()
    {
        IEnumerable<string> mutable = ModuleUnderTest.Assembly.GetTypes()
            .Where(type => !type.Name.StartsWith('<') && type.Namespace?.StartsWith("Coverlet.", StringComparison.Ordinal) != true)
            .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .Where(field => !field.IsInitOnly && !field.IsLiteral && !field.Name.StartsWith('<'))
            .Select(field => $"{field.DeclaringType!.Name}.{field.Name}");

        Assert.Empty(mutable);
    }
}
