using System.Globalization;
using Net.Platform.Linux.Relay;
using Net.Relay;
using Net.Relay.Bytecode;

namespace Net.Engine.Relay.Kernel;

/// <content>Programs on interfaces.</content>
internal sealed partial class KernelEngine
{
    // Interfaces that ought to have our program, also those where attaching it failed.
    private HashSet<int> _interfaces = [];

    // What a change of flows put back on its way, to be told of by the next repair.
    private readonly List<string> _putBack = [];

    private void Connect(HashSet<int> interfaces, List<KernelRefusal> refusals)
    {
        foreach ((int index, BpfLink link) in _links.Where(pair => !interfaces.Contains(pair.Key)).ToList())
        {
            Disconnect(index, link);
            _links.Remove(index);
        }

        _interfaces = interfaces;
        foreach (int index in interfaces)
        {
            try
            {
                Connect(index);
            }
            catch (BpfException exception)
            {
                foreach (RelayFlow flow in _flows.Where(flow => flow.Input.InterfaceIndex == index))
                {
                    refusals.Add(new KernelRefusal(flow.RuleId, exception.Message));
                }

                _flows.RemoveAll(flow => flow.Input.InterfaceIndex == index);
            }
        }
    }

    // True when something had to be done that is not told of already.
    private bool Connect(int index)
    {
        if (_links.TryGetValue(index, out BpfLink? link))
        {
            BpfLinkInfo info = link.Read();
            if (info.InterfaceIndex != 0)
            {
                bool isOurs = info.ProgramId == _set!.Program.Id;
                if (!isOurs)
                {
                    link.Replace(_set.Program);
                }

                if (!_pins.HasLink(index))
                {
                    _pins.Pin(link, index);
                    return true;
                }

                return !isOurs;
            }

            link.Dispose();
            _pins.Unpin(index);
            _links.Remove(index);
        }

        bool wasTakenOff = link is not null;
        link = Attach(index);
        _links.Add(index, link);
        _pins.Pin(link, index);
        if (wasTakenOff)
        {
            _putBack.Add(string.Create(CultureInfo.InvariantCulture, $"The {Name} program had been taken off interface {index}; it is on it again."));
        }

        return !wasTakenOff;
    }

    private BpfLink Attach(int index)
    {
        if (Kind != RelayEngineKind.Xdp)
        {
            return BpfLink.Attach(_set!.Program, index, BpfAttachPoint.TcxIngress);
        }

        try
        {
            return BpfLink.Attach(_set!.Program, index, BpfAttachPoint.Xdp, BpfXdpMode.Native);
        }
        catch (BpfException)
        {
            // The driver has no XDP: who asked for it gets the kernel's own.
            return BpfLink.Attach(_set!.Program, index, BpfAttachPoint.Xdp, BpfXdpMode.Generic);
        }
    }

    private void Disconnect(int index, BpfLink link)
    {
        try
        {
            link.Detach();
        }
        catch (BpfException)
        {
            // The interface is gone, and the program with it.
        }

        link.Dispose();
        _pins.Unpin(index);
    }
}
