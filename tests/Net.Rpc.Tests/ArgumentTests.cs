using System.Text.Json;

namespace Net.Rpc.Tests;

/// <summary>How params become the request of a handler, and what is refused.</summary>
public sealed class ArgumentTests
{
    private static readonly RpcParameter<int> s_a = RpcParameter.Value("a", CamelJson.Default.Int32);
    private static readonly RpcParameter<int> s_b = RpcParameter.Optional("b", CamelJson.Default.Int32, 40);

    [Theory]
    [InlineData("""{"a":1,"b":2}""", 3)]
    [InlineData("""{"b":2,"a":1}""", 3)]
    [InlineData("""[1,2]""", 3)]
    [InlineData(""" [ 1 , 2 ] """, 3)]
    public async Task Named_and_positional_arguments_reach_the_members_of_the_request(string arguments, int expected)
    {
        await using Rig rig = CreateRig();
        JsonElement answer = await rig.Peer.AskAsync($$"""{"jsonrpc":"2.0","id":1,"method":"pair","params":{{arguments}}}""");
        Assert.Equal(expected, answer.GetProperty("result").GetInt32());
    }

    [Theory]
    [InlineData("pair", """{"a":1}""", "The argument 'b' is required.")]
    [InlineData("pair", """[1]""", "The argument 'b' is required.")]
    [InlineData("pair", "null", "The argument 'a' is required.")]
    [InlineData("pair", """{"a":1,"b":2,"c":3}""", "There is no argument named 'c'.")]
    [InlineData("pair", """{"A":1,"b":2}""", "There is no argument named 'A'.")]
    [InlineData("pair", """[1,2,3]""", "Too many arguments: the method takes 2.")]
    [InlineData("pair", """{"a":"x","b":2}""", "The value of the argument 'a' is not valid.")]
    [InlineData("pair", """[1,{}]""", "The value of the argument 'b' is not valid.")]
    [InlineData("pair", "7", "The params are neither an array nor an object.")]
    [InlineData("named", """{"name":"n"}""", "The argument 'size' is required.")]
    [InlineData("blob", """{"text":"t","numbers":[1,"x"]}""", "The value of the argument 'numbers' is not valid at $.numbers[1].")]
    [InlineData("add", """[1,2,3]""", "Too many arguments: the method takes 2.")]
    [InlineData("add", """{"c":1}""", "There is no argument named 'c'.")]
    [InlineData("add", "[]", "The argument 'a' is required.")]
    [InlineData("add", """["x"]""", "The value of the argument 'a' is not valid.")]
    [InlineData("echo", "[]", "The method takes one argument.")]
    [InlineData("echo", """["a","b"]""", "Too many arguments: the method takes 1.")]
    [InlineData("echo", """{"text":"a"}""", "The method takes one argument by position, not by name.")]
    [InlineData("ping", "[1]", "Too many arguments: the method takes 0.")]
    [InlineData("ping", """{"a":1}""", "There is no argument named 'a'.")]
    public async Task Arguments_that_do_not_fit_are_refused_by_name(string method, string arguments, string message)
    {
        await using Rig rig = CreateRig();
        JsonElement answer = await rig.Peer.AskAsync($$"""{"jsonrpc":"2.0","id":1,"method":"{{method}}","params":{{arguments}}}""");
        Assert.Equal(RpcErrorCodes.InvalidParams, RawPeer.ErrorCode(answer));
        Assert.Equal(message, RawPeer.ErrorMessage(answer));
    }

    [Fact]
    public async Task Optional_arguments_have_their_defaults()
    {
        await using Rig rig = CreateRig();
        Assert.Equal(42, (await rig.Peer.AskAsync("""{"id":1,"method":"add","params":[2]}""")).GetProperty("result").GetInt32());
        Assert.Equal("n", (await rig.Peer.AskAsync("""{"id":2,"method":"named","params":{"name":"n","size":1}}""")).GetProperty("result").GetString());
        Assert.Equal("pong", (await rig.Peer.AskAsync("""{"id":3,"method":"ping"}""")).GetProperty("result").GetString());
        Assert.Equal("pong", (await rig.Peer.AskAsync("""{"id":4,"method":"ping","params":{}}""")).GetProperty("result").GetString());
    }

    [Theory]
    [InlineData("\"text\"")]
    [InlineData("\"\\u00e4 \\/\"")]
    [InlineData("-7")]
    [InlineData("123456789012345678901234567890")]
    [InlineData("1.50")]
    [InlineData("1e3")]
    [InlineData("null")]
    public async Task Ids_are_echoed_exactly_as_they_came(string id)
    {
        await using Rig rig = CreateRig();
        await rig.Peer.SendAsync($$"""{"jsonrpc":"2.0","id":{{id}},"method":"ping"}""");
        Assert.Equal($$"""{"jsonrpc":"2.0","id":{{id}},"result":"pong"}""", await rig.Peer.ReadAsync());
    }

    [Fact]
    public async Task A_call_may_be_refused_before_its_arguments_are_read()
    {
        RpcDispatcher dispatcher = CreateDispatcher();
        dispatcher.Authorize = (context, method) => method == "ping" ? null : new RpcException(-32050, $"Not for {context.State}.");
        await using var rig = new Rig(dispatcher);
        rig.Connection.State = "guests";
        JsonElement refused = await rig.Peer.AskAsync("""{"id":1,"method":"pair","params":"nonsense"}""");
        Assert.Equal((-32050, "Not for guests."), (RawPeer.ErrorCode(refused), RawPeer.ErrorMessage(refused)));
        Assert.Equal("pong", (await rig.Peer.AskAsync("""{"id":2,"method":"ping"}""")).GetProperty("result").GetString());
    }

    private static Rig CreateRig() => new(CreateDispatcher());

    private static RpcDispatcher CreateDispatcher()
    {
        var dispatcher = new RpcDispatcher();
        dispatcher.Add("pair", CamelJson.Default.Pair, CamelJson.Default.Int32, (pair, _, _) => ValueTask.FromResult(pair.A + pair.B));
        dispatcher.Add("named", CamelJson.Default.Named, CamelJson.Default.String, (named, _, _) => ValueTask.FromResult(named.Name));
        dispatcher.Add("blob", CamelJson.Default.Blob, CamelJson.Default.String, (blob, _, _) => ValueTask.FromResult(blob.Text));
        dispatcher.Add("echo", CamelJson.Default.String, CamelJson.Default.String, (text, _, _) => ValueTask.FromResult(text));
        dispatcher.Add("ping", RpcNothing.TypeInfo, CamelJson.Default.String, (_, _, _) => ValueTask.FromResult("pong"));
        dispatcher.AddPositional("add", [s_a, s_b], CamelJson.Default.Int32, (args, _, _) => ValueTask.FromResult(args.Get(s_a) + args.Get(s_b)));
        return dispatcher;
    }
}
