using Net.Contracts;

namespace Net.Engine;

/// <summary>Reads what this process may do, from the kernel.</summary>
internal interface IPrivilegeReader
{
    /// <summary>The privileges of every thread together.</summary>
    PrivilegeStatus Read();

    /// <summary>The name of the user the process runs as.</summary>
    string UserName { get; }
}
