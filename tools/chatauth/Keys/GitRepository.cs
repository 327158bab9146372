using System.ComponentModel;
using System.Diagnostics;

namespace ChatAuth.Keys;

/// <summary>Whether a file would be taken into a git repository.</summary>
internal static class GitRepository
{
    /// <summary>
    /// Whether the file lies in a work tree of git and no ignore rule names it, so that <c>git add</c> takes it.
    /// </summary>
    /// <param name="path">The file; it need not exist.</param>
    /// <remarks>Git itself is asked; where it is not installed, a folder <c>.git</c> above is enough.</remarks>
    public static bool WouldTake(string path)
    {
        FileInfo file = new(path);
        if (!Holds(file.Directory))
        {
            return false;
        }

        // git-check-ignore(1): 0 it is ignored, 1 it is not, 128 there is no repository after all.
        ProcessStartInfo start = new("git", ["-C", file.DirectoryName!, "check-ignore", "--quiet", "--", file.FullName])
        {
            RedirectStandardError = true,
        };
        try
        {
            using Process git = Process.Start(start)!;
            git.StandardError.ReadToEnd();
            git.WaitForExit();
            return git.ExitCode == 1;
        }
        catch (Win32Exception)
        {
            return true;
        }
    }

    private static bool Holds(DirectoryInfo? folder) =>
        folder != null && (Path.Exists(Path.Combine(folder.FullName, ".git")) || Holds(folder.Parent));
}
