using System.CommandLine;
using Net.Cli.Hosting;
using Net.Cli.Parsing;

namespace Net.Cli.Commands;

/// <summary>The options that stand for the members of a thing. One that is not on the command line leaves its member as it is; an empty list or text takes a value away.</summary>
/// <typeparam name="T">The record of the thing.</typeparam>
/// <param name="command">The command the options are added to.</param>
/// <param name="isNew">Whether it makes a thing rather than changing one.</param>
internal sealed class ItemFields<T>(Command command, bool isNew)
    where T : class
{
    private readonly List<(Option Option, Action<CliCall, T> Write)> _fields = [];

    /// <summary>Whether the command makes a thing rather than changing one.</summary>
    public bool IsNew => isNew;

    /// <summary>A text.</summary>
    public ItemFields<T> Text(string name, string valueName, string description, Action<T, string?> write)
    {
        Option<string?> option = Options.OfText(name, valueName, description);
        return Add(option, (call, item) => write(item, string.IsNullOrEmpty(call.Get(option)) ? null : call.Get(option)));
    }

    /// <summary>Something that is on or off.</summary>
    public ItemFields<T> Switch(string name, string description, Action<T, bool> write)
    {
        Option<OnOff?> option = OverlayArguments.OfSwitch(name, description);
        return Add(option, (call, item) => write(item, call.Get(option) == OnOff.On));
    }

    /// <summary>A member of an enum.</summary>
    public ItemFields<T> Choice<TEnum>(string name, string description, Action<T, TEnum> write, bool required = false)
        where TEnum : struct, Enum
    {
        Option<TEnum?> option = Options.OfChoice<TEnum>(name, description);
        option.Required = required && isNew;
        return Add(option, (call, item) => write(item, call.Get(option)!.Value));
    }

    /// <summary>A whole number within bounds.</summary>
    public ItemFields<T> Number(string name, string valueName, string description, long least, long most, Action<T, long> write)
    {
        Option<long?> option = Options.OfNumber(name, valueName, description, least, most);
        return Add(option, (call, item) => write(item, call.Get(option)!.Value));
    }

    /// <summary>A duration.</summary>
    public ItemFields<T> Duration(string name, string description, Action<CliCall, T, TimeSpan> write)
    {
        Option<TimeSpan?> option = Options.OfDuration(name, description);
        return Add(option, (call, item) => write(call, item, call.Get(option)!.Value));
    }

    /// <summary>A list.</summary>
    public ItemFields<T> List<TValue>(string name, string valueName, string description, Func<string, TValue> parse, Action<T, TValue[]> write)
    {
        Option<TValue[]?> option = Options.OfList(name, valueName, description, parse);
        return Add(option, (call, item) => write(item, call.Get(option) ?? []));
    }

    /// <summary>A list of words.</summary>
    public ItemFields<T> Words(string name, string valueName, string description, Action<T, string[]> write) => List(name, valueName, description, text => text, write);

    /// <summary>One value; none is written when the text is empty.</summary>
    public ItemFields<T> One<TValue>(string name, string valueName, string description, Func<string, TValue> parse, Action<T, TValue[]> write, bool required = false)
    {
        Option<TValue[]?> option = Options.OfOne(name, valueName, description, parse);
        option.Required = required && isNew;
        return Add(option, (call, item) => write(item, call.Get(option) ?? []));
    }

    /// <summary>Something that is done to the thing where the option stands.</summary>
    public ItemFields<T> Flag(string name, string description, Action<T> write) => Add(Options.OfFlag(name, description), (_, item) => write(item));

    /// <summary>Writes what the command line says into the caller's own copy, in the order in which the options were added.</summary>
    public T ApplyTo(CliCall call, T item)
    {
        foreach ((Option option, Action<CliCall, T> write) in _fields)
        {
            if (call.Has(option))
            {
                write(call, item);
            }
        }

        return item;
    }

    private ItemFields<T> Add(Option option, Action<CliCall, T> write)
    {
        command.Add(option);
        _fields.Add((option, write));
        return this;
    }
}
