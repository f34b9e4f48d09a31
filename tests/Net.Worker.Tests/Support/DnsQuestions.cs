using System.Buffers.Binary;
using System.Text;

namespace Net.Worker.Tests.Support;

/// <summary>Questions as stub resolvers ask them (RFC 1035 section 4).</summary>
internal static class DnsQuestions
{
    public static byte[] ForAddress(string name, ushort id)
    {
        List<byte> bytes = [.. new byte[12]];
        foreach (string label in name.Split('.'))
        {
            bytes.Add((byte)label.Length);
            bytes.AddRange(Encoding.ASCII.GetBytes(label));
        }

        // The root, type A, class IN.
        bytes.AddRange([0, 0, 1, 0, 1]);
        byte[] question = [.. bytes];
        BinaryPrimitives.WriteUInt16BigEndian(question, id);

        // Recursion desired, one question.
        question[2] = 1;
        question[5] = 1;
        return question;
    }
}
