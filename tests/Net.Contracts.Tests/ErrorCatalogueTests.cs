using System.Reflection;

namespace Net.Contracts.Tests;

public sealed class ErrorCatalogueTests
{
    private static readonly ErrorDefinition[] Fields = [.. typeof(ErrorCatalogue).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (ErrorDefinition)field.GetValue(null)!)];

    [Fact]
    public void Every_condition_is_found_by_its_id()
    {
        Assert.Equal(Fields.Select(error => error.Id).Order(), ErrorCatalogue.ById.Keys.Order());
        Assert.All(Fields, error => Assert.Same(error, ErrorCatalogue.ById[error.Id]));
    }

    [Fact]
    public void Ids_are_the_names_of_their_fields_in_Pascal_case() =>
        Assert.All(typeof(ErrorCatalogue).GetFields(BindingFlags.Public | BindingFlags.Static), field =>
        {
            Assert.Equal(field.Name, ((ErrorDefinition)field.GetValue(null)!).Id);
            Assert.Matches("^([A-Z][a-z0-9]+)+$", field.Name);
        });

    [Fact]
    public void Every_condition_says_what_it_means_and_what_to_do() =>
        Assert.All(Fields, error =>
        {
            Assert.EndsWith(".", error.Meaning, StringComparison.Ordinal);
            Assert.EndsWith(".", error.RecommendedAction, StringComparison.Ordinal);
        });

    [Theory]
    [InlineData(ErrorCode.NotFound, 1000, 1)]
    [InlineData(ErrorCode.AlreadyExists, 1001, 1)]
    [InlineData(ErrorCode.InvalidArgument, 1002, 2)]
    [InlineData(ErrorCode.PermissionDenied, 1003, 4)]
    [InlineData(ErrorCode.NotSupported, 1004, 1)]
    [InlineData(ErrorCode.Conflict, 1005, 1)]
    [InlineData(ErrorCode.Timeout, 1006, 1)]
    [InlineData(ErrorCode.Unavailable, 1007, 3)]
    [InlineData(ErrorCode.Internal, 1008, 1)]
    [InlineData(ErrorCode.ProtocolMismatch, 1009, 3)]
    public void Codes_have_fixed_numbers_on_the_wire_and_at_the_command_line(ErrorCode code, int rpc, int exit)
    {
        Assert.Equal((rpc, exit, code), (ErrorCodes.ToRpcCode(code), ErrorCodes.ToExitCode(code), ErrorCodes.FromRpcCode(rpc)));
        Assert.Equal(10, Enum.GetValues<ErrorCode>().Length);
    }

    [Theory]
    [InlineData(-32602, ErrorCode.InvalidArgument)]
    [InlineData(-32601, ErrorCode.NotSupported)]
    [InlineData(-32603, ErrorCode.Internal)]
    [InlineData(999, ErrorCode.Internal)]
    [InlineData(1010, ErrorCode.Internal)]
    public void Codes_of_the_protocol_become_codes_of_ours(int rpc, ErrorCode code) => Assert.Equal(code, ErrorCodes.FromRpcCode(rpc));

    [Fact]
    public void Methods_are_named_by_area_and_listed_once_in_order()
    {
        string[] names = [.. EngineApi.All.Select(method => method.Name)];
        Assert.Equal(names.Order(StringComparer.Ordinal).Distinct(), names);
        Assert.All(names, name => Assert.Matches("^[a-z]+\\.[a-z][A-Za-z]+$", name));
        Assert.Equal(typeof(EngineApi).GetFields(BindingFlags.Public | BindingFlags.Static).Count(field => field.GetValue(null) is ApiMethod), names.Length);
    }
}
