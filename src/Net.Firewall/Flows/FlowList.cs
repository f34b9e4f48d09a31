namespace Net.Firewall;

/// <summary>An address list as the flow test asks it.</summary>
/// <param name="List">The list.</param>
/// <param name="Addresses">Its addresses, or what a dynamic list holds at the moment.</param>
internal sealed record FlowList(AddressList List, FlowAddresses Addresses);
