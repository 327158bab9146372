using System;
using System.IO;

namespace ChatAuth.Tools.Tests;

/// <summary>The repository that these tests were built in.</summary>
internal static class RepositoryRoot
{
    /// <summary>Full path of a file or folder in it.</summary>
    public static string File(string relative)
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder != null && !System.IO.File.Exists(Path.Combine(folder.FullName, "ChatAuth.Plugins.sln")))
        {
            folder = folder.Parent;
        }

        return Path.Combine(
            folder?.FullName ?? throw new InvalidOperationException("The tests do not lie below the repository."),
            relative);
    }
}
