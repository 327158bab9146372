using System.Globalization;

namespace ChatAuth;

/// <summary>Files named on the command line.</summary>
internal static class DiskFile
{
    // Keys, tokens and dlls are far smaller; a device or a wrong file must not fill the memory.
    private const int MaximumLength = 16 * 1024 * 1024;
    private const int PieceLength = 80 * 1024;

    // Who types a passphrase into the shell's <(command) has this long.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>The bytes of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="patience">How long a pipe may take to be written and closed; two minutes unless given.</param>
    /// <exception cref="CommandException">It is not there, may not be read, has more than 16 MB or is a pipe that does
    /// not end.</exception>
    public static byte[] Read(string path, TimeSpan? patience = null)
    {
        using MemoryStream bytes = new();
        bool isEnded = true;
        Try(name => Errors.CannotRead(
            name, isNoSettingsFile: false,
            isEnded ? WhyNot(path, bytes.Length) : "has not come to its end"), path, () =>
        {
            // Elsewhere: to open a pipe that nobody writes into does not return.
            Task reading = Task.Run(() => ReadTo(bytes, path));
            isEnded = Task.WaitAny([reading], patience ?? Patience) == 0;
            (isEnded ? reading : throw new IOException()).GetAwaiter().GetResult();
        });
        return bytes.ToArray();
    }

    private static void ReadTo(MemoryStream bytes, string path)
    {
        // Read piece by piece: a pipe, such as the shell's <(command), does not know its length.
        using FileStream stream = File.OpenRead(path);
        byte[] piece = new byte[PieceLength];
        for (int count = stream.Read(piece); count > 0; count = stream.Read(piece))
        {
            bytes.Write(piece, 0, bytes.Length + count <= MaximumLength ? count : throw new IOException());
        }
    }

    private static string WhyNot(string path, long read) =>
        Directory.Exists(path) ? "is a folder, not a file"
        : !Path.Exists(path) ? "is not there"
        : read > MaximumLength - PieceLength ? "has more than 16 MB"
        : "cannot be read";

    /// <summary>Writes or overwrites a file as a whole, and makes its folder.</summary>
    /// <remarks>
    /// By renaming: whoever reads the file at that moment, or after the command was killed, never sees half of it.
    /// Where the file is a link, it stays one, and what it leads to is written; a device is written to and stays.
    /// </remarks>
    /// <param name="path">The file.</param>
    /// <param name="bytes">What it is to hold.</param>
    /// <param name="ensure">Called when all is written but the name, to refuse in the last moment; not for a device,
    /// which holds nothing that could be lost.</param>
    /// <exception cref="CommandException">It cannot be written.</exception>
    public static void Write(string path, byte[] bytes, Action? ensure = null) => Try(Errors.CannotWrite, path, () =>
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);

        // A name of its own: of two commands at once neither gives the other's bytes its name.
        string target = Target(path);
        if (IsOfSystem(target) && File.Exists(target))
        {
            using FileStream device = new(target, FileMode.Truncate, FileAccess.Write);
            device.Write(bytes);
            return;
        }

        string unfinished = $"{target}.{Path.GetRandomFileName()}.unfinished";
        try
        {
            // A new file: a link of that name is not followed.
            using (FileStream stream = new(unfinished, FileMode.CreateNew, FileAccess.Write))
            {
                stream.Write(bytes);
            }

            ensure?.Invoke();
            File.Move(unfinished, target, overwrite: true);
        }
        finally
        {
            File.Delete(unfinished);
        }
    });

    /// <summary>Whether two paths lead to one file: by links, or by case where the system ignores it.</summary>
    /// <exception cref="CommandException">Links that lead in a circle.</exception>
    public static bool AreOne(string path, string other)
    {
        bool areOne = false;
        Try(
            name => Errors.CannotRead(name, isNoSettingsFile: false, "is a link that leads in a circle"), path,
            () => areOne = string.Equals(
                Resolved(path), Resolved(other),
                OperatingSystem.IsLinux() ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase));
        return areOne;
    }

    /// <summary>Sees whether a file could be written, and leaves nothing behind.</summary>
    /// <exception cref="CommandException">It cannot.</exception>
    public static void EnsureWritable(string path) => Try(Errors.CannotWrite, path, () =>
    {
        string full = Path.GetFullPath(path);
        if (Directory.Exists(full) || (File.Exists(full) && File.GetAttributes(full).HasFlag(FileAttributes.ReadOnly)))
        {
            throw new IOException();
        }

        string folder = Path.GetDirectoryName(full)!;
        while (!Path.Exists(folder))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        using FileStream trial = new(
            Path.Combine(folder, Path.GetRandomFileName() + ".unfinished"), FileMode.CreateNew, FileAccess.Write,
            FileShare.None, 1, FileOptions.DeleteOnClose);
    });

    /// <summary>Removes a file, if it is there; of a link what it leads to.</summary>
    /// <exception cref="CommandException">It cannot be removed.</exception>
    public static void Delete(string path) => Try(Errors.CannotWrite, path, () =>
    {
        if (IsOfSystem(Target(path)))
        {
            throw new IOException();
        }

        File.Delete(Target(path));
    });

    /// <summary>Writes a new file, and makes its folder.</summary>
    /// <exception cref="CommandException">It exists, or cannot be written.</exception>
    public static void WriteNew(string path, byte[] bytes)
    {
        Try(Errors.CannotWrite, path, () => Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!));
        WriteNew(path, bytes, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write });
    }

    /// <summary>Writes a new file that only its owner can read and write.</summary>
    /// <remarks>
    /// Never overwrites: a lost private key cannot be had again. On Windows the folder's permissions hold.
    /// </remarks>
    /// <exception cref="CommandException">It exists, or cannot be written.</exception>
    public static void WriteSecret(string path, byte[] bytes)
    {
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        WriteNew(path, bytes, options);
    }

    private static void WriteNew(string path, byte[] bytes, FileStreamOptions options)
    {
        FileStream? stream = null;
        Try(taken => Path.Exists(taken) ? Errors.FileExists(taken) : Errors.CannotWrite(taken), path,
            () => stream = new FileStream(path, options));
        try
        {
            Try(Errors.CannotWrite, path, () =>
            {
                using (stream)
                {
                    stream!.Write(bytes);
                }
            });
        }
        catch (CommandException)
        {
            // Half a file, on a full disk, would stand in the way of the next try.
            File.Delete(path);
            throw;
        }
    }

    // Where devices are: whoever may, as an administrator in a container, would put a file in the place of /dev/null.
    private static bool IsOfSystem(string path) => !OperatingSystem.IsWindows() && Path.GetFullPath(path) is var full
        && (full.StartsWith("/dev/", StringComparison.Ordinal) || full.StartsWith("/proc/", StringComparison.Ordinal));

    private static string Target(string path) => new FileInfo(path) is { LinkTarget: not null } link
        ? link.ResolveLinkTarget(returnFinalTarget: true)!.FullName : path;

    // With every folder above it.
    private static string Resolved(string path) => Target(path) is var target
        && Path.GetDirectoryName(target) is { } folder
            ? Path.Combine(Resolved(folder), Path.GetFileName(target))
            : target;

    private static void Try(Func<string, CodedError> error, string path, Action action)
    {
        try
        {
            action();
        }
        catch (Exception exception) when (
            exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new CommandException(error(Named(path)));
        }
    }

    // Somebody pastes the key itself, a token or a passphrase where its file is asked for: only what can be no secret
    // is repeated, a path into a folder that is there or a name with an extension.
    private static string Named(string path) =>
        path.Length <= 260 && !path.Any(char.IsControl)
        && (Path.Exists(path) || Path.Exists(Path.GetDirectoryName(path)) || IsExtension(Path.GetExtension(path)))
            ? path
            : string.Create(CultureInfo.InvariantCulture, $"The file that was named ({path.Length} characters)");

    private static bool IsExtension(string extension) =>
        extension.Length is > 1 and <= 9 && extension.AsSpan(1).IndexOfAnyExceptInRange('a', 'z') < 0;
}
