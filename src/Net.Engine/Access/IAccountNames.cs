namespace Net.Engine.Access;

/// <summary>Names of users and groups, as the host knows them.</summary>
internal interface IAccountNames
{
    /// <summary>The id of a user, or null.</summary>
    uint? FindUser(string name);

    /// <summary>The id of a group, or null.</summary>
    uint? FindGroup(string name);
}
