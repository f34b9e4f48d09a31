namespace Net.Lab.Tests;

/// <summary>Brings a lab up with a process inside, says so, and waits to be killed.</summary>
internal static class LabOwnerProgram
{
    public static async Task<int> RunAsync(string instance)
    {
        Lab lab = await Lab.UpAsync(LabTopologies.Pair(), new LabOptions { Instance = instance });
        LabProcess sleeper = lab.Node("left").Start("sleep", ["1000"]);
        await Console.Out.WriteLineAsync($"up {sleeper.Id}");
        await Console.In.ReadToEndAsync();
        return 0;
    }
}
