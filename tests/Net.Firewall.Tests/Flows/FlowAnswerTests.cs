namespace Net.Firewall.Tests.Flows;

/// <summary>What the sender of a refused packet is told; that the kernel tells the same is for <see cref="FlowKernelTests"/>.</summary>
public sealed class FlowAnswerTests
{
    [Theory]
    [InlineData(RejectKind.Default, 6, false, "a TCP reset")]
    [InlineData(RejectKind.Default, 17, false, "ICMP 'destination unreachable' of code 3")]
    [InlineData(RejectKind.Default, 132, true, "ICMP 'destination unreachable' of code 4")]
    [InlineData(RejectKind.Default, 47, false, "ICMP 'destination unreachable' of code 13")]
    [InlineData(RejectKind.Default, 47, true, "ICMP 'destination unreachable' of code 1")]
    [InlineData(RejectKind.TcpReset, 17, true, "ICMP 'destination unreachable' of code 4")]
    [InlineData(RejectKind.PortUnreachable, 6, false, "ICMP 'destination unreachable' of code 3")]
    [InlineData(RejectKind.HostUnreachable, 6, false, "ICMP 'destination unreachable' of code 1")]
    [InlineData(RejectKind.HostUnreachable, 6, true, "ICMP 'destination unreachable' of code 3")]
    [InlineData(RejectKind.NoRoute, 1, false, "ICMP 'destination unreachable' of code 0")]
    [InlineData(RejectKind.AdminProhibited, 58, true, "ICMP 'destination unreachable' of code 1")]
    public void Protocol_version_and_rule_say_the_answer(RejectKind kind, int protocol, bool isIPv6, string answer)
    {
        var packet = new FlowPacket { Protocol = (byte)protocol, IsIPv6 = isIPv6, TcpFlags = 2, IcmpType = isIPv6 ? (byte)128 : (byte)8 };

        Assert.Equal(answer, FlowAnswer.Of(Rejecting(kind), packet).ToString());
    }

    [Theory]
    [InlineData(6, false, 4, 0)]
    [InlineData(6, true, 20, 0)]
    [InlineData(1, false, 0, 3)]
    [InlineData(1, false, 0, 11)]
    [InlineData(58, true, 0, 1)]
    [InlineData(58, true, 0, 137)]
    public void Neither_resets_nor_errors_are_answered(int protocol, bool isIPv6, int flags, int type)
    {
        var packet = new FlowPacket { Protocol = (byte)protocol, IsIPv6 = isIPv6, TcpFlags = (byte)flags, IcmpType = (byte)type };

        Assert.Null(FlowAnswer.Of(Rejecting(RejectKind.Default), packet));
    }

    private static Rule Rejecting(RejectKind kind) => new()
    {
        Id = 1,
        Name = "no",
        Direction = RuleDirection.Inbound,
        Action = RuleAction.Reject,
        Effects = kind == RejectKind.Default ? null : new RuleEffects { RejectWith = kind },
    };
}
