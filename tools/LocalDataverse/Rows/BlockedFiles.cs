using ChatAuth.LocalDataverse.State;

namespace ChatAuth.LocalDataverse.Rows;

/// <summary>The file types that an organization blocks, in notes and in file columns.</summary>
/// <remarks>
/// Learn, files-images-overview, "Block certain types of files": organization.blockedattachments, file extensions and
/// semicolons.
/// </remarks>
internal static class BlockedFiles
{
    /// <summary>Part of the platform's own list: <c>js</c> is in it.</summary>
    public const string Usual = "asp;aspx;bat;cmd;com;dll;exe;hta;jar;js;jse;vbs;ws";

    /// <summary>Ensures that a file of that name may be stored.</summary>
    public static void Check(OrganizationState organization, RowSnapshot rows, string name)
    {
        var blocked = organization.Settings(rows).Text("blockedattachments") ?? string.Empty;
        if (blocked.Split(';').Contains(Path.GetExtension(name).TrimStart('.'), StringComparer.OrdinalIgnoreCase))
        {
            // AttachmentBlocked
            throw new DataverseException(
                0x80043e09, 400,
                "The attachment is either not a valid type or is too large. It cannot be uploaded or downloaded.");
        }
    }
}
