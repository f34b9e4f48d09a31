using System.Diagnostics;
using System.Globalization;
using Net.Packets.Bytecode;
using Net.Platform.Linux;
using Net.Platform.Linux.Interop;
using Net.Platform.Linux.Relay;
using Net.Testing;
using static Net.Packets.Bytecode.EbpfRegister;

namespace Net.Platform.Tests.Linux;

public sealed class BpfTests
{
    // Every offset that is written or read by number.
    private static readonly (string Expression, int Ours)[] Offsets =
    [
        ("sizeof(union bpf_attr)", 144),
        ("offsetof(union bpf_attr, map_flags)", 16),
        ("offsetof(union bpf_attr, inner_map_fd)", 20),
        ("offsetof(union bpf_attr, map_name)", 28),
        ("offsetof(union bpf_attr, key)", 8),
        ("offsetof(union bpf_attr, value)", 16),
        ("offsetof(union bpf_attr, flags)", 24),
        ("offsetof(union bpf_attr, batch.out_batch)", 8),
        ("offsetof(union bpf_attr, batch.keys)", 16),
        ("offsetof(union bpf_attr, batch.values)", 24),
        ("offsetof(union bpf_attr, batch.count)", 32),
        ("offsetof(union bpf_attr, batch.map_fd)", 36),
        ("offsetof(union bpf_attr, insn_cnt)", 4),
        ("offsetof(union bpf_attr, insns)", 8),
        ("offsetof(union bpf_attr, license)", 16),
        ("offsetof(union bpf_attr, log_level)", 24),
        ("offsetof(union bpf_attr, log_size)", 28),
        ("offsetof(union bpf_attr, log_buf)", 32),
        ("offsetof(union bpf_attr, prog_name)", 48),
        ("offsetof(union bpf_attr, expected_attach_type)", 68),
        ("offsetof(union bpf_attr, bpf_fd)", 8),
        ("offsetof(union bpf_attr, test.retval)", 4),
        ("offsetof(union bpf_attr, test.data_size_in)", 8),
        ("offsetof(union bpf_attr, test.data_size_out)", 12),
        ("offsetof(union bpf_attr, test.data_in)", 16),
        ("offsetof(union bpf_attr, test.data_out)", 24),
        ("offsetof(union bpf_attr, test.repeat)", 32),
        ("offsetof(union bpf_attr, test.duration)", 36),
        ("offsetof(union bpf_attr, test.ctx_size_in)", 40),
        ("offsetof(union bpf_attr, test.ctx_in)", 48),
        ("offsetof(union bpf_attr, test.flags)", 64),
        ("offsetof(union bpf_attr, test.batch_size)", 72),
        ("offsetof(union bpf_attr, info.info_len)", 4),
        ("offsetof(union bpf_attr, info.info)", 8),
        ("offsetof(union bpf_attr, link_create.attach_type)", 8),
        ("offsetof(union bpf_attr, link_create.flags)", 12),
        ("offsetof(union bpf_attr, link_update.new_prog_fd)", 4),
        ("offsetof(struct bpf_prog_info, tag)", 8),
        ("offsetof(struct bpf_map_info, max_entries)", 16),
        ("offsetof(struct bpf_link_info, prog_id)", 8),
        ("offsetof(struct bpf_link_info, xdp.ifindex)", 16),
        ("offsetof(struct __sk_buff, pkt_type)", 4),
        ("offsetof(struct __sk_buff, vlan_present)", 20),
        ("offsetof(struct __sk_buff, ifindex)", 40),
        ("offsetof(struct __sk_buff, data)", 76),
        ("offsetof(struct __sk_buff, data_end)", 80),
        ("offsetof(struct __sk_buff, gso_size)", 176),
        ("offsetof(struct xdp_md, data_end)", 4),
        ("offsetof(struct xdp_md, ingress_ifindex)", 12),
        ("offsetof(struct xdp_md, egress_ifindex)", 20),
        ("BPF_MAP_TYPE_HASH", (int)BpfMapKind.Hash),
        ("BPF_MAP_TYPE_ARRAY", (int)BpfMapKind.Array),
        ("BPF_MAP_TYPE_PERCPU_ARRAY", (int)BpfMapKind.PerCpuArray),
        ("BPF_MAP_TYPE_LPM_TRIE", (int)BpfMapKind.LongestPrefix),
        ("BPF_MAP_TYPE_HASH_OF_MAPS", (int)BpfMapKind.HashOfMaps),
        ("BPF_MAP_TYPE_DEVMAP", (int)BpfMapKind.DeviceArray),
        ("BPF_MAP_TYPE_DEVMAP_HASH", (int)BpfMapKind.DeviceHash),
        ("BPF_PROG_TYPE_SCHED_CLS", (int)BpfProgramKind.TrafficControl),
        ("BPF_PROG_TYPE_XDP", (int)BpfProgramKind.Xdp),
        ("BPF_PROG_TYPE_XDP | BPF_XDP_DEVMAP << 8", (int)BpfProgramKind.XdpDevice),
        ("BPF_FUNC_map_lookup_elem", EbpfHelper.MapLookup),
        ("BPF_FUNC_ktime_get_ns", EbpfHelper.TimeNanoseconds),
        ("BPF_FUNC_l3_csum_replace", EbpfHelper.ReplaceNetworkChecksum),
        ("BPF_FUNC_l4_csum_replace", EbpfHelper.ReplaceTransportChecksum),
        ("BPF_FUNC_clone_redirect", EbpfHelper.CloneRedirect),
        ("BPF_FUNC_redirect", EbpfHelper.Redirect),
        ("BPF_FUNC_skb_pull_data", EbpfHelper.PullData),
        ("BPF_FUNC_csum_update", EbpfHelper.UpdateDeviceChecksum),
        ("BPF_FUNC_redirect_map", EbpfHelper.RedirectMap),
        ("XDP_FLAGS_SKB_MODE", (int)BpfXdpMode.Generic),
        ("XDP_FLAGS_DRV_MODE", (int)BpfXdpMode.Native),
        ("BPF_MAP_LOOKUP_BATCH", BpfApi.BPF_MAP_LOOKUP_BATCH),
        ("BPF_MAP_UPDATE_BATCH", BpfApi.BPF_MAP_UPDATE_BATCH),
        ("BPF_LINK_CREATE", BpfApi.BPF_LINK_CREATE),
        ("BPF_LINK_UPDATE", BpfApi.BPF_LINK_UPDATE),
        ("BPF_LINK_DETACH", BpfApi.BPF_LINK_DETACH),
        ("BPF_OBJ_PIN", BpfApi.BPF_OBJ_PIN),
        ("BPF_OBJ_GET", BpfApi.BPF_OBJ_GET),
        ("BPF_OBJ_GET_INFO_BY_FD", BpfApi.BPF_OBJ_GET_INFO_BY_FD),
        ("BPF_PROG_TEST_RUN", BpfApi.BPF_PROG_TEST_RUN),
        ("BPF_F_TEST_XDP_LIVE_FRAMES", BpfApi.BPF_F_TEST_XDP_LIVE_FRAMES),
    ];

    [Fact]
    public void Numbers_are_as_the_headers_say()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/gcc"), "needs gcc and linux-libc-dev");

        int[] theirs = Evaluate();

        Assert.Empty(Offsets.Zip(theirs).Where(pair => pair.First.Ours != pair.Second).Select(pair => $"{pair.First.Expression} is {pair.Second}"));
    }

    [Fact]
    public void Maps_keep_what_is_written()
    {
        TestNamespace.SkipUnlessPossible();
        using BpfMap hash = BpfMap.Create(BpfMapKind.Hash, 4, 8, 10_000, "t_hash");
        byte[] keys = [.. Enumerable.Range(0, 9000).SelectMany(BitConverter.GetBytes)];
        byte[] values = [.. Enumerable.Range(0, 9000).SelectMany(i => BitConverter.GetBytes(i * 3L))];

        hash.WriteMany(9000, keys, values);

        Assert.Equal(9000, hash.ReadAll().Count);
        Assert.All(hash.ReadAll(), entry => Assert.Equal(BitConverter.ToInt32(entry.Key) * 3L, BitConverter.ToInt64(entry.Value)));
        byte[] value = new byte[8];
        Assert.True(hash.TryRead(BitConverter.GetBytes(77), value));
        Assert.True(hash.Delete(BitConverter.GetBytes(77)));
        Assert.False(hash.TryRead(BitConverter.GetBytes(77), value));
        Assert.False(hash.Delete(BitConverter.GetBytes(77)));
    }

    [Fact]
    public void Arrays_by_cpu_are_read_whole()
    {
        TestNamespace.SkipUnlessPossible();
        using BpfMap array = BpfMap.Create(BpfMapKind.PerCpuArray, 4, 24, 300, "t_percpu");
        byte[] one = [.. Enumerable.Range(0, array.ReadBytes).Select(i => (byte)i)];

        array.Write(BitConverter.GetBytes(299), one);

        byte[] all = new byte[300 * array.ReadBytes];
        array.ReadArray(300, all);
        Assert.Equal(24 * BpfMap.PossibleCpus, array.ReadBytes);
        Assert.Equal(one, all[(299 * array.ReadBytes)..]);
    }

    [Fact]
    public void Tries_find_the_longest_prefix()
    {
        TestNamespace.SkipUnlessPossible();
        using BpfMap trie = BpfMap.Create(BpfMapKind.LongestPrefix, 8, 1, 100, "t_trie");
        trie.WriteMany(2, [8, 0, 0, 0, 10, 0, 0, 0, 16, 0, 0, 0, 10, 1, 0, 0], [8, 16]);
        byte[] value = new byte[1];

        Assert.True(trie.TryRead([32, 0, 0, 0, 10, 1, 2, 3], value));
        Assert.Equal(16, value[0]);
        Assert.True(trie.TryRead([32, 0, 0, 0, 10, 2, 2, 3], value));
        Assert.Equal(8, value[0]);
        Assert.False(trie.TryRead([32, 0, 0, 0, 11, 2, 2, 3], value));
        Assert.Equal(2, trie.ReadAll().Count);
    }

    [Fact]
    public void A_refused_program_comes_with_the_verifiers_words()
    {
        TestNamespace.SkipUnlessPossible();

        BpfException refused = Assert.Throws<BpfException>(() => BpfProgram.Load(BpfProgramKind.Xdp, new EbpfAssembler().Exit().Build(), "t_bad"));

        Assert.Contains("R0 !read_ok", refused.VerifierLog, StringComparison.Ordinal);
        Assert.False(refused.IsDenied);
    }

    [Fact]
    public void A_link_holds_its_program_until_it_is_detached()
    {
        TestNamespace.SkipUnlessPossible();
        using var space = new TestNamespace();

        space.In(() =>
        {
            using BpfProgram first = BpfProgram.Load(BpfProgramKind.TrafficControl, new EbpfAssembler().Move(R0, -1).Exit().Build(), "t_first");
            using BpfProgram second = BpfProgram.Load(BpfProgramKind.TrafficControl, new EbpfAssembler().Move(R0, -1).Exit().Build(), "t_second");
            using BpfLink link = BpfLink.Attach(first, 1, BpfAttachPoint.TcxIngress);
            Assert.Equal(new BpfLinkInfo(first.Id, 1), link.Read());

            link.Replace(second);
            Assert.Equal(new BpfLinkInfo(second.Id, 1), link.Read());
            Assert.Equal(first.Tag, second.Tag);

            link.Detach();
            Assert.Equal(0, link.Read().InterfaceIndex);
            Assert.Throws<BpfException>(() => link.Replace(first));
            return 0;
        });
    }

    [Fact]
    public void What_is_pinned_outlives_its_descriptors()
    {
        TestNamespace.SkipUnlessPossible();
        string mount = Directory.CreateTempSubdirectory("netmod-bpf-").FullName;
        try
        {
            Assert.False(BpfFileSystem.Contains(mount));
            BpfFileSystem.Mount(mount);
            Assert.True(BpfFileSystem.Contains($"{mount}/below"));
            using (BpfMap map = BpfMap.Create(BpfMapKind.Array, 4, 4, 1, "t_pin"))
            {
                map.Write(new byte[4], [1, 2, 3, 4]);
                map.Pin($"{mount}/map");
            }

            using BpfMap again = BpfMap.OpenPinned($"{mount}/map");
            byte[] value = new byte[4];
            Assert.True(again.TryRead(new byte[4], value));
            Assert.Equal([1, 2, 3, 4], value);
            Assert.Throws<BpfException>(() => BpfMap.OpenPinned($"{mount}/other"));
        }
        finally
        {
            BpfFileSystem.Unmount(mount);
            Directory.Delete(mount);
        }
    }

    [Fact]
    public void Live_frames_differ_as_asked_and_keep_right_checksums()
    {
        TestNamespace.SkipUnlessPossible();
        using var space = new TestNamespace();
        space.Ip("link add g0 type veth peer name i0");
        space.Ip("link set g0 addrgenmode none up");
        space.Ip("link set i0 addrgenmode none up");
        space.Exec("ethtool", "-K i0 gro on");
        byte[] frame = Convert.FromHexString("01005e01010102000000000108004500004000004000101100000a090001ef0101019c401388002c0001" + new string('5', 72));

        List<byte[]> received = space.In(() =>
        {
            using var netlink = new RouteNetlink();
            int sender = netlink.GetLinks().Single(link => link.Name == "g0").Index;
            using var tap = new PacketTap(netlink.GetLinks().Single(link => link.Name == "i0").Index);
            FrameVariation[] variations =
            [
                new FrameVariation(36, 2, First: 5000, Count: 10),
                new FrameVariation(33, 1, First: 1, Count: 10),
                new FrameVariation(44, 8, Every: 10),
                new FrameVariation(52, 8, IsTime: true),
            ];
            long sent = XdpLiveFrames.Send(frame, sender, 10_000, TimeSpan.FromMilliseconds(100), variations, CancellationToken.None);
            Assert.InRange(sent, 500, 1001);
            var frames = new List<byte[]>();
            while (frames.Count < sent && tap.Receive(candidate => candidate[12] == 8) is byte[] one)
            {
                frames.Add(one);
            }

            Assert.Equal(sent, frames.Count);
            return frames;
        });

        for (int i = 0; i < received.Count; i++)
        {
            byte[] one = received[i];
            Assert.Equal(5000 + (i % 10), (one[36] << 8) | one[37]);
            Assert.Equal(1 + (i % 10), one[33]);
            Assert.Equal(i / 10, (one[50] << 8) | one[51]);
            Assert.Equal(0, Sum(one.AsSpan(14, 20)));
            Assert.Equal(0, Sum([.. one[26..34], 0, 17, one[38], one[39], .. one[34..78]]));
        }
    }

    private static int Sum(ReadOnlySpan<byte> data)
    {
        int sum = 0;
        for (int i = 0; i < data.Length; i++)
        {
            sum += i % 2 == 0 ? data[i] << 8 : data[i];
        }

        while (sum >> 16 != 0)
        {
            sum = (sum & 0xffff) + (sum >> 16);
        }

        return ~sum & 0xffff;
    }

    private static int[] Evaluate()
    {
        string folder = Directory.CreateTempSubdirectory("netmod-bpf-").FullName;
        try
        {
            string lines = string.Concat(Offsets.Select(offset => $"printf(\"%d\\n\", (int)({offset.Expression}));\n"));
            File.WriteAllText($"{folder}/t.c", $"#include <stddef.h>\n#include <stdio.h>\n#include <sys/socket.h>\n#include <linux/bpf.h>\n#include <linux/if_link.h>\nint main(void) {{\n{lines}return 0;\n}}\n");
            Run("gcc", $"-o {folder}/t {folder}/t.c");
            return [.. Run($"{folder}/t", "").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => int.Parse(line, CultureInfo.InvariantCulture))];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Run(string program, string arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return output;
    }
}
