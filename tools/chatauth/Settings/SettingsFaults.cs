using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using ChatAuth.Plugins;
using ChatAuth.Plugins.Json;

namespace ChatAuth.Settings;

/// <summary>Every fault of a settings file in one run, each with its line and column.</summary>
/// <remarks>
/// The readers stop at the first fault. Its place is the deepest, last node without which it is not told; something
/// sound takes its place, or it is taken out, and the rest read again. So no reader has to collect anything, the
/// plug-in's least of all. What takes a place may be wrong itself: whatever leaves no fault, or one that it leaves
/// together with others, is taken before what leaves one of its own. Of an error's text only its path is read: for the
/// name of a member that is missing, and for numbers of
/// callers, which become names.
/// </remarks>
internal static partial class SettingsFaults
{
    // Nobody works through more at once.
    private const int Most = 50;

    // Of a usual file some hundreds of readings.
    private const int MostCharacters = 2_000_000;

    private const string Callers = "callers";

    private const string File = """{"file":"{0}","local":true}""";

    private const string FileOfJwks = """{"file":"{0}","url":"https://example.com/{0}","format":"jwks"}""";

    // Required at the top.
    private static readonly string[] Required = ["issuer", Callers];

    // Sound values of members for which not every text, path and address at once is one.
    private static readonly Dictionary<string, string[]> Sound = new(StringComparer.Ordinal)
    {
        [Callers] = ["""{"powerpages":{}}"""],
        ["path"] = ["\"/path\""],
        ["redirectUris"] = ["""["https://example.com/"]"""],
        ["key"] = ["\"line\"", "\"jwks\""],
        ["testContact"] = ["\"{0}\""],
        ["method"] = ["\"authoriseChatWithCallback\""],
        ["format"] = ["\"jwks\""],
        ["publish"] = [$"[{FileOfJwks}]"],
    };

    /// <summary>All faults of a file that is JSON.</summary>
    /// <param name="text">The file's text; a space for each character of a comment.</param>
    /// <param name="file">As which file it is read.</param>
    /// <param name="read">Reads a document, and refuses it.</param>
    public static IReadOnlyList<CodedError> Of(string text, string file, Action<JsonValue> read)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        Utf8JsonReader reader = new(bytes);
        reader.Read();
        Node root = Node.Of(JsonReader.Parse(text), ref reader, null, null);
        int left = int.Max(50, MostCharacters / text.Length);
        void ReadOnce(Node document)
        {
            // Of what is beyond all measure not every fault has its place.
            if (left-- > 0)
            {
                read(document.Value());
            }
        }

        List<(CodedError Fault, Node Place)> found = [];
        List<CodedError> faults = [];
        Node? last = null;
        while (faults.Count < Most && FaultOf(root, ReadOnce) is [var fault, ..])
        {
            (Node place, Substitute instead) = PlaceOf(root, fault, ReadOnce);

            // What is told of a node because a part of it was taken out is no fault of the file.
            if ((place == root || !place.Children.Contains(last!))
                && !found.Exists(earlier => earlier.Fault == fault && place.Holds(earlier.Place)))
            {
                faults.Add(Told(
                    fault, $"{file}:{Position(text, Encoding.UTF8.GetCharCount(bytes, 0, place.Start))}", root, file));
            }

            found.Add((fault, place));
            last = place;
            if (Missing().Match(fault.Fact) is { Success: true } missing
                && Add(root, place, missing.Groups[1].Value, ReadOnce))
            {
                continue;
            }

            if (place == root)
            {
                break;
            }

            place.Instead = instead;
        }

        return faults;
    }

    /// <summary>A position in a text, as editors say it: line and column from 1.</summary>
    public static string Position(string text, int at)
    {
        int line = text.AsSpan(0, at).Count('\n') + 1;
        int column = at - (at == 0 ? -1 : text.LastIndexOf('\n', at - 1));
        return string.Create(CultureInfo.InvariantCulture, $"{line}:{column}");
    }

    private static IReadOnlyList<CodedError> FaultOf(Node root, Action<Node> read)
    {
        try
        {
            read(root);
            return [];
        }
        catch (CommandException exception)
        {
            return exception.Errors;
        }
        catch (ChatAuthException exception)
        {
            return [CodedError.Of(exception)];
        }
    }

    // The node, and what is to take its place.
    private static (Node Place, Substitute Instead) PlaceOf(Node root, CodedError fault, Action<Node> read)
    {
        (Node Place, Substitute Instead, CodedError? Next) found = (root, Substitute.Out, null);
        while (true)
        {
            List<(Node Place, Substitute Instead, CodedError? Next)> cures =
            [
                .. found.Place.Children.AsEnumerable().Reverse().SelectMany(child => Cures(root, child, fault, read)),
            ];
            if (cures.Count == 0)
            {
                return (found.Place, found.Instead);
            }

            CodedError? next = cures.Exists(cure => cure.Next == null) ? null
                : cures.Exists(cure => cure.Next == found.Next) ? found.Next
                : cures.GroupBy(cure => cure.Next).MaxBy(group => group.Count())!.Key;
            found = cures.Find(cure => cure.Next == next);
        }
    }

    // What may take a node's place so that a fault is not told any more, and what is told then; none where the node has
    // no part in it.
    private static List<(Node Place, Substitute Instead, CodedError? Next)> Cures(
        Node root, Node node, CodedError fault, Action<Node> read)
    {
        // Without "unicode" a name is refused for another reason, which is no fault of the file.
        if (node.Instead != null || node.Name == "unicode"
            || (!node.IsNumbered && Tried(root, node, Substitute.Out, read).Contains(fault)))
        {
            return [];
        }

        return
        [
            .. node.Substitutes.Select(instead => (Instead: instead, Next: Tried(root, node, instead, read)))
                .Where(each => !each.Next.Contains(fault))
                .Select(each => (node, each.Instead, each.Next is [var first, ..] ? first : null)),
        ];
    }

    private static IReadOnlyList<CodedError> Tried(Node root, Node node, Substitute instead, Action<Node> read)
    {
        node.Instead = instead;
        IReadOnlyList<CodedError> next = FaultOf(root, read);
        node.Instead = null;
        return next;
    }

    // Puts in what is missing: of its sound values the one that leaves no other fault, if there is one.
    private static bool Add(Node root, Node place, string missing, Action<Node> read)
    {
        if (!place.Lacks(missing))
        {
            return false;
        }

        foreach (JsonValue value in SoundOf(missing).Reverse())
        {
            place.Add(missing, value);
            if (FaultOf(root, read).Count == 0)
            {
                break;
            }
        }

        return true;
    }

    private static IEnumerable<JsonValue> SoundOf(string? name) =>
        name != null && Sound.TryGetValue(name, out string[]? texts) ? texts.Select(Unique) : [StandIn()];

    // A value that no other one is the same as.
    private static JsonValue Unique(string text) => JsonReader.Parse(
        text.Replace("{0}", Guid.NewGuid().ToString("D"), StringComparison.Ordinal));

    // A text that passes for a name, a path and an address.
    private static JsonValue StandIn() =>
        new(JsonKind.String, "https://example.com/" + Guid.NewGuid().ToString("D"));

    // Of callers names are told instead of numbers, where they may be.
    private static CodedError Told(CodedError fault, string position, Node root, string file)
    {
        string fact = fault.Fact;
        List<Node> callers = root.Children.Find(child => child.Name == Callers)?.Children ?? [];
        for (int number = callers.Count; number > 0; number--)
        {
            if (callers[number - 1].Name is { } name
                && (name == "powerpages" || Guid.TryParse(name, out _) || Placeholder().IsMatch(name)))
            {
                fact = fact.Replace(
                    string.Create(CultureInfo.InvariantCulture, $"{Callers}[{number}]"), $"{Callers}.{name}",
                    StringComparison.Ordinal);
            }
        }

        return fault with
        {
            Fact = $"{fact.TrimEnd('.')} ({position}).",
            Remedy = fault.Remedy.Replace("chatauth.json", file, StringComparison.Ordinal)
                .Replace("run chatauth deploy", "run the command again", StringComparison.Ordinal),
        };
    }

    // The last part of the path is the member's name.
    [GeneratedRegex(@"^\S*?([A-Za-z]+) is missing\.")]
    private static partial Regex Missing();

    [GeneratedRegex(@"^\$\{[A-Za-z_][A-Za-z0-9_]*\}$")]
    private static partial Regex Placeholder();

    // What takes the place of a node: a member or item without a fault of its own, so that no number changes; no value
    // for nothing at all.
    private sealed record Substitute(string? Name, JsonValue? Value)
    {
        public static readonly Substitute Out = new(null, null);
    }

    private sealed class Node(string? name, JsonValue value, int start)
    {
        private static readonly JsonValue Constant = JsonReader.Parse("""{"value":"x"}""");

        // Required members that are missing, and are there from then on.
        private readonly Dictionary<string, JsonValue> added = new(StringComparer.Ordinal);

        public string? Name => name;

        public int Start => start;

        /// <summary>What may take its place, the likeliest first.</summary>
        public IReadOnlyList<Substitute> Substitutes { get; private set; } = [];

        /// <summary>What takes its place; null where it stands as written.</summary>
        public Substitute? Instead { get; set; }

        public bool IsRoot { get; init; }

        /// <summary>Whether errors tell it by its number among others, which must stay.</summary>
        public bool IsNumbered { get; private set; }

        public List<Node> Children { get; } = [];

        /// <summary>Whether a node is this one or lies in it.</summary>
        public bool Holds(Node node) => node == this || Children.Exists(child => child.Holds(node));

        /// <summary>Whether a member that is missing can be put in, and is not yet.</summary>
        public bool Lacks(string missing) => value.Kind == JsonKind.Object && !added.ContainsKey(missing);

        /// <summary>Puts a member in that is missing.</summary>
        public void Add(string missing, JsonValue sound) => added[missing] = sound;

        // The reader stands on the first token of the value.
        public static Node Of(JsonValue value, ref Utf8JsonReader reader, string? name, int? start)
        {
            Node node = new(name, value, start ?? (int)reader.TokenStartIndex) { IsRoot = reader.CurrentDepth == 0 };
            for (int i = 0; value.Kind == JsonKind.Object && i < value.Members.Count; i++)
            {
                reader.Read();
                int at = (int)reader.TokenStartIndex;
                reader.Read();
                Node child = Of(value.Members[i].Value, ref reader, value.Members[i].Key, at);
                Substitute[] sound = name switch
                {
                    Callers => [new(Guid.NewGuid().ToString("D"), new JsonValue([], []))],
                    "claims" or "contextVariables" => [new("x" + Guid.NewGuid().ToString("N"), Constant)],
                    _ => [.. SoundOf(child.Name).Select(each => new Substitute(child.Name, each))],
                };

                // A text is most likely to be meant as one.
                child.IsNumbered = name is Callers or "claims" or "contextVariables";
                child.Substitutes = child.IsNumbered ? sound
                    : child.IsText ? [.. sound, Substitute.Out]
                    : [Substitute.Out, .. sound];
                node.Children.Add(child);
            }

            for (int i = 0; value.Kind == JsonKind.Array && i < value.Items.Count; i++)
            {
                reader.Read();
                Node item = Of(value.Items[i], ref reader, null, null);
                item.IsNumbered = true;
                item.Substitutes = name switch
                {
                    "publish" => [new(null, Unique(FileOfJwks)), new(null, Unique(File))],
                    "portals" => [new(null, Unique("""{"site":"{0}"}"""))],
                    "applications" => [new(null, Unique("\"{0}\""))],
                    _ => [new(null, StandIn())],
                };
                node.Children.Add(item);
            }

            if (value.Kind is JsonKind.Object or JsonKind.Array)
            {
                reader.Read();
            }

            return node;
        }

        public JsonValue Value()
        {
            Node[] left = [.. Children.Where(child => child.Instead != Substitute.Out)];
            if (value.Kind == JsonKind.Array)
            {
                return new JsonValue([.. left.Select(child => child.Instead?.Value ?? child.Value())]);
            }

            if (value.Kind != JsonKind.Object)
            {
                return value;
            }

            List<KeyValuePair<string, JsonValue>> members =
            [
                .. left.Select(child => KeyValuePair.Create(
                    child.Instead?.Name ?? child.Name!, child.Instead?.Value ?? child.Value())),
                .. added,
                .. !IsRoot ? [] : Required.Except(left.Select(child => child.Name)).Except(added.Keys)
                    .Where(required => Children.Exists(child => child.Name == required))
                    .Select(required => KeyValuePair.Create(required!, SoundOf(required).First())),
            ];
            return name == Callers && members.Count == 0 && Children.Count > 0 ? SoundOf(Callers).First()
                : new JsonValue(members, members.ToDictionary(StringComparer.Ordinal));
        }

        private bool IsText => value.Kind == JsonKind.String;
    }
}
