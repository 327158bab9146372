using System;
using System.IO;

namespace ChatAuth;

/// <summary>Files named on the command line.</summary>
internal static class DiskFile
{
    // Keys, tokens and dlls are far smaller; a device or a wrong file must not fill the memory.
    private const int MaximumLength = 16 * 1024 * 1024;

    /// <summary>The bytes of a file.</summary>
    /// <exception cref="CommandException">It is not there, may not be read or has more than 16 MB.</exception>
    public static byte[] Read(string path)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            byte[] bytes = new byte[stream.Length <= MaximumLength ? (int)stream.Length : throw new IOException()];
            stream.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new CommandException(Errors.CannotRead(path));
        }
    }

    /// <summary>Writes or overwrites a file, and makes its folder.</summary>
    /// <exception cref="CommandException">It cannot be written.</exception>
    public static void Write(string path, byte[] bytes)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            File.WriteAllBytes(path, bytes);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new CommandException(Errors.CannotWrite(path));
        }
    }
}
