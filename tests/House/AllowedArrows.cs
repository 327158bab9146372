namespace ChatAuth.House;

/// <summary>The one table of who may know whom. A test reads it; whoever wants another arrow changes it here.</summary>
internal static class AllowedArrows
{
    private const string Sdk = "tools/Microsoft.Xrm.Sdk";

    /// <summary>The projects, each below the ones that stand after it.</summary>
    public static readonly string[] Projects =
        [Sdk, "Plugins", "tools/chatauth", "tools/LocalDataverse", "tools/LocalPortal"];

    /// <summary>The parts of the product and their rooms.</summary>
    /// <remarks>
    /// A room is a folder of the part or a file that lies in the part itself. It knows every room of a lower layer and
    /// none of its own layer. Files of the part itself that are not listed are its ground: every room knows them, they
    /// know only each other.
    /// </remarks>
    public static readonly Part[] Parts =
    [
        new("Plugins")
        {
            Knows = [Sdk],
            Layers =
            [
                ["IssueChatToken.cs", "GetPublicKeys.cs"],
                ["IssueSettings.cs"],
                ["Platform", "Claims", "Jose"],
                ["Json"],
            ],
            Closed = ["Claims", "Jose", "Json"],
        },
        new("tools/chatauth")
        {
            Knows = ["Plugins"],
            Layers =
            [
                ["Program.cs"],
                ["Commands"],
                ["Doctor"],
                ["Deployment"],
                ["Checks"],
                ["Sites", "Probing"],
                ["Publishing"],
                ["Tokens", "Dataverse"],
                ["Settings", "SignIn", "Pack"],
                ["CommandHost.cs"],
                ["Keys"],
            ],
        },
        new("tools/LocalDataverse")
        {
            Knows = [Sdk],
            Layers =
            [
                ["Program.cs"],
                ["LocalDataverseServer.cs", "Sample"],
                ["LocalOrganization.cs"],
                ["WebApi"],
                ["Solutions"],
                ["Pipeline"],
                ["Tables"],
                ["Rows"],
                ["Queries"],
                ["Security"],
                ["State"],
                ["Metadata"],
                ["Refusals"],
            ],
        },
        new("tools/LocalPortal")
        {
            Knows = [Sdk, "tools/chatauth", "tools/LocalDataverse", "samples"],
            Layers =
            [
                ["Program.cs"],
                ["Once.cs"],
                ["Site"],
                ["Stack"],
                ["ChatService", "ServerLogic", "PowerPages"],
            ],
        },
        new("samples") { Layers = [["aspnetcore", "node", "netframework", "powerpages"]] },
    ];

    /// <summary>The wrong arrows of a part: one line for each pair of files, with the first place.</summary>
    public static IEnumerable<string> Wrong(Part part, IEnumerable<Arrow> arrows) => arrows
        .Where(arrow => part.Holds(arrow.From) && Broken(arrow) != null)
        .DistinctBy(arrow => (arrow.From, arrow.To))
        .Select(arrow => $"{arrow}: {Broken(arrow)}");

    /// <summary>What an arrow breaks; null when the table allows it or speaks of neither end.</summary>
    public static string? Broken(Arrow arrow)
    {
        Part? from = Parts.SingleOrDefault(part => part.Holds(arrow.From));
        if (from == null)
        {
            return null;
        }

        if (arrow.To == Arrow.Nowhere)
        {
            return "it means nothing to the compiler of this test";
        }

        string room = from.RoomOf(arrow.From);
        int layer = from.LayerOf(room);
        if (!from.Holds(arrow.To))
        {
            return !from.Knows.Any(part => arrow.To.StartsWith(part + "/", StringComparison.Ordinal))
                ? $"{from.Name} does not know {arrow.To}"
                : from.Closed.Contains(room) ? $"{from.Name}/{room} knows nothing outside {from.Name}" : null;
        }

        string other = from.RoomOf(arrow.To);
        int depth = from.LayerOf(other);
        return layer < 0 ? $"{from.Name}/{room} has no place in the table"
            : depth < 0 ? $"{from.Name}/{other} has no place in the table"
            : room == other || layer < depth || (layer == depth && layer == from.Layers.Length) ? null
            : layer == depth ? $"{room} and {other} do not know each other"
            : $"{room} lies below {other}";
    }
}

/// <summary>A part of the product.</summary>
/// <param name="Name">Its folder in the repository.</param>
internal sealed record Part(string Name)
{
    /// <summary>Other parts that it knows, by folder.</summary>
    public string[] Knows { get; init; } = [];

    /// <summary>Its rooms, from the top down.</summary>
    public required string[][] Layers { get; init; }

    /// <summary>Rooms that know no other part.</summary>
    public string[] Closed { get; init; } = [];

    /// <summary>Whether a file lies in it.</summary>
    /// <param name="file">Path relative to the repository, with slashes.</param>
    public bool Holds(string file) => file.StartsWith(Name + "/", StringComparison.Ordinal);

    /// <summary>The room in which a file of this part lies.</summary>
    public string RoomOf(string file) => file[(Name.Length + 1)..].Split('/')[0];

    /// <summary>0 for the top, the number of layers for the ground, -1 for a folder that has no place.</summary>
    public int LayerOf(string room)
    {
        int layer = Array.FindIndex(Layers, rooms => rooms.Contains(room));
        return layer < 0 && room.EndsWith(".cs", StringComparison.Ordinal) ? Layers.Length : layer;
    }
}
