using Net.Contracts;

namespace Net.Engine.State;

/// <summary>Keeps a second engine away from a state folder. The kernel releases it when the process ends, however it ends.</summary>
internal sealed class StateLock : IDisposable
{
    // What a lock held by somebody else looks like: EAGAIN of flock(2) on Linux, ERROR_SHARING_VIOLATION on Windows.
    private const int LinuxAgain = 11;
    private const int SharingViolation = unchecked((int)0x80070020);

    private readonly FileStream _file;

    private StateLock(FileStream file) => _file = file;

    /// <summary>Takes the lock.</summary>
    /// <exception cref="EngineException">Another engine has it, or the folder cannot be written.</exception>
    public static StateLock Take(string stateFolder)
    {
        try
        {
            PrivateFolder.Ensure(stateFolder);

            // FileShare.None is an exclusive flock(2) on Unix and a sharing violation on Windows.
            return new StateLock(new FileStream(Path.Combine(stateFolder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new EngineException(ErrorCatalogue.StateNotWritable, $"The state folder {stateFolder} cannot be written: {exception.Message}", stateFolder, exception);
        }
        catch (IOException exception) when (exception.HResult is not (LinuxAgain or SharingViolation))
        {
            throw new EngineException(ErrorCatalogue.StateNotWritable, $"The state folder {stateFolder} cannot be written: {exception.Message}", stateFolder, exception);
        }
        catch (IOException exception)
        {
            throw new EngineException(ErrorCatalogue.EngineAlreadyRuns, $"The state folder {stateFolder} is in use: {exception.Message}", stateFolder, exception);
        }
    }

    /// <inheritdoc />
    public void Dispose() => _file.Dispose();
}
