using Net.Contracts;
using Net.Engine.Firewall.Items;
using Net.Engine.Firewall.Lists;
using Net.Engine.Rpc;

namespace Net.Engine;

/// <content>The API of the firewall beyond its rules, as far as it edits the document and lists.</content>
internal sealed partial class NetEngine
{
    private void BindFirewall(EngineMethods methods)
    {
        FirewallItemService items = _firewall.Items;
        AddressEntryService entries = _firewall.Entries;
        methods
            .Add(EngineApi.FirewallListAddressLists, (request, _) => items.List(request))
            .Add(EngineApi.FirewallCreateAddressLists, (request, actor, token) => items.CreateAsync(actor, request, token))
            .Add(EngineApi.FirewallSetAddressLists, (request, actor, token) => items.SetAsync(actor, request, token))
            .Add(EngineApi.FirewallRemoveAddressLists, (request, actor, token) => items.RemoveAsync(actor, request, token))
            .Add(EngineApi.FirewallListPortLists, (request, _) => items.List(request))
            .Add(EngineApi.FirewallCreatePortLists, (request, actor, token) => items.CreateAsync(actor, request, token))
            .Add(EngineApi.FirewallSetPortLists, (request, actor, token) => items.SetAsync(actor, request, token))
            .Add(EngineApi.FirewallRemovePortLists, (request, actor, token) => items.RemoveAsync(actor, request, token))
            .Add(EngineApi.FirewallListZones, (request, _) => items.List(request))
            .Add(EngineApi.FirewallCreateZones, (request, actor, token) => items.CreateAsync(actor, request, token))
            .Add(EngineApi.FirewallSetZones, (request, actor, token) => items.SetAsync(actor, request, token))
            .Add(EngineApi.FirewallRemoveZones, (request, actor, token) => items.RemoveAsync(actor, request, token))
            .Add(EngineApi.FirewallListNatRules, (request, _) => items.List(request))
            .Add(EngineApi.FirewallCreateNatRules, (request, actor, token) => items.CreateAsync(actor, request, token))
            .Add(EngineApi.FirewallSetNatRules, (request, actor, token) => items.SetAsync(actor, request, token))
            .Add(EngineApi.FirewallRemoveNatRules, (request, actor, token) => items.RemoveAsync(actor, request, token))
            .Add(EngineApi.FirewallListPortForwards, (request, _) => items.List(request))
            .Add(EngineApi.FirewallCreatePortForwards, (request, actor, token) => items.CreateAsync(actor, request, token))
            .Add(EngineApi.FirewallSetPortForwards, (request, actor, token) => items.SetAsync(actor, request, token))
            .Add(EngineApi.FirewallRemovePortForwards, (request, actor, token) => items.RemoveAsync(actor, request, token))
            .Add(EngineApi.FirewallListAddressEntries, (request, _) => entries.List(request))
            .Add(EngineApi.FirewallAddAddresses, (request, actor, token) => entries.AddAsync(actor, request, token))
            .Add(EngineApi.FirewallRemoveAddresses, (request, actor, token) => entries.RemoveAsync(actor, request, token))
            .Add(EngineApi.FirewallGetProfile, (_, _) => items.GetProfile())
            .Add(EngineApi.FirewallSetProfile, (request, actor, token) => items.SetAsync(actor, request, token))
            .Add(EngineApi.FirewallGetDetection, (_, _) => items.GetDetection())
            .Add(EngineApi.FirewallSetDetection, (request, actor, token) => items.SetAsync(actor, request, token))
            .Add(EngineApi.FirewallSetGroups, (request, actor, token) => items.SetAsync(actor, request, token));
    }
}
