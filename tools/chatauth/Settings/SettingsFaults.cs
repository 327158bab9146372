using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using ChatAuth.Plugins;
using ChatAuth.Plugins.Json;

namespace ChatAuth.Settings;

/// <summary>Every fault of a settings file in one run, each with its line and column.</summary>
/// <remarks>
/// The readers stop at the first fault. Its place is the deepest, last node without which it is not told; that node is
/// taken out, and the rest read again. So no reader has to collect anything, the plug-in's least of all. Of an error's
/// text only its path is read: for the name of a member that is missing, and for numbers that become names.
/// </remarks>
internal static partial class SettingsFaults
{
    // Nobody works through more at once.
    private const int Most = 50;

    // Of a usual file some hundreds of readings.
    private const int MostCharacters = 2_000_000;

    private static readonly Dictionary<string, JsonValue> Required = new(StringComparer.Ordinal)
    {
        ["issuer"] = StandIn(),
        [Callers] = JsonReader.Parse("""{"powerpages":{}}"""),
        ["path"] = JsonReader.Parse("\"/path\""),
        ["redirectUris"] = JsonReader.Parse("""["https://example.com/"]"""),
    };

    private const string Callers = "callers";

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
        void ReadOnce(JsonValue document)
        {
            // Of what is beyond all measure not every fault has its place.
            if (left-- > 0)
            {
                read(document);
            }
        }

        List<CodedError> faults = [];
        Node? last = null;
        while (faults.Count < Most && FaultOf(root, ReadOnce) is [var fault, ..])
        {
            Node place = PlaceOf(root, fault, ReadOnce);

            // What is told of a node because a part of it was taken out is no fault of the file.
            if (place == root || !place.Children.Contains(last!))
            {
                faults.Add(Told(
                    fault, $"{file}:{Position(text, Encoding.UTF8.GetCharCount(bytes, 0, place.Start))}", root, file));
            }

            last = place;
            if (Missing().Match(fault.Fact) is { Success: true } missing && place.Add(missing.Groups[1].Value))
            {
                continue;
            }

            if (place == root)
            {
                break;
            }

            place.State = Without(root, place, fault, ReadOnce) ?? State.Out;
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

    private static IReadOnlyList<CodedError> FaultOf(Node root, Action<JsonValue> read)
    {
        try
        {
            read(root.Value());
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

    private static Node PlaceOf(Node root, CodedError fault, Action<JsonValue> read)
    {
        Node place = root;
        while (place.Children.LastOrDefault(child => Without(root, child, fault, read) != null) is { } deeper)
        {
            place = deeper;
        }

        return place;
    }

    // How a node is to be for a fault not to be told any more: with another text, or out. Null where neither helps.
    private static State? Without(Node root, Node node, CodedError fault, Action<JsonValue> read)
    {
        // Without "unicode" a name is refused for another reason, which is no fault of the file.
        if (node.State != State.AsWritten || node.Name == "unicode")
        {
            return null;
        }

        foreach (State state in node.HasStandIn ? [State.StandsIn, State.Out] : new[] { State.Out })
        {
            node.State = state;
            bool isPlace = !FaultOf(root, read).Contains(fault);
            node.State = State.AsWritten;
            if (isPlace)
            {
                return state;
            }
        }

        return null;
    }

    // A text that passes for a name, a path and an address.
    private static JsonValue StandIn() =>
        new(JsonKind.String, "https://example.com/" + Guid.NewGuid().ToString("D"));

    // Numbers count what is still in; names and numbers of the file are told instead.
    private static CodedError Told(CodedError fault, string position, Node root, string file)
    {
        string fact = fault.Fact;
        foreach (Node list in root.Children.Where(child => child.Children.Count > 0))
        {
            Node[] still = [.. list.Children.Where(child => child.State != State.Out)];
            for (int number = still.Length; number > 0; number--)
            {
                Node child = still[number - 1];
                int original = list.Children.IndexOf(child) + 1;
                bool isShown = list.Name == Callers && child.Name is { } name
                    && (name == "powerpages" || Guid.TryParse(name, out _)
                        || Placeholder().IsMatch(name));
                fact = fact.Replace(
                    string.Create(CultureInfo.InvariantCulture, $"{list.Name}[{number}]"),
                    isShown ? $"{list.Name}.{child.Name}"
                        : string.Create(CultureInfo.InvariantCulture, $"{list.Name}[{original}]"),
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

    private enum State
    {
        AsWritten,
        StandsIn,
        Out,
    }

    private sealed class Node(string? name, JsonValue value, int start)
    {
        private static readonly JsonValue Constant = JsonReader.Parse("""{"value":"x"}""");

        // What takes the place of the node without a fault of its own, so that no number changes.
        private KeyValuePair<string?, JsonValue>? standIn;

        public string? Name => name;

        public int Start => start;

        public bool HasStandIn => standIn != null;

        private bool IsText => value.Kind == JsonKind.String;

        public State State { get; set; }

        public bool IsRoot { get; init; }

        public List<Node> Children { get; } = [];

        // Required members that are missing, and have a stand-in from then on.
        private HashSet<string> Added { get; } = [];

        public bool Add(string missing) => value.Kind == JsonKind.Object && Added.Add(missing);

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
                child.standIn = name switch
                {
                    Callers => new(Guid.NewGuid().ToString("D"), new JsonValue([], [])),
                    "claims" or "contextVariables" => new("x" + Guid.NewGuid().ToString("N"), Constant),
                    _ when child.IsText =>
                        new(child.Name, Required.GetValueOrDefault(child.Name!) ?? StandIn()),
                    _ => null,
                };
                node.Children.Add(child);
            }

            for (int i = 0; value.Kind == JsonKind.Array && i < value.Items.Count; i++)
            {
                reader.Read();
                Node item = Of(value.Items[i], ref reader, null, null);
                item.standIn = name switch
                {
                    "publish" => new(null, JsonReader.Parse(
                        $$"""{"file":"{{Guid.NewGuid():D}}","local":true}""")),
                    "portals" => new(null, JsonReader.Parse($$"""{"site":"{{Guid.NewGuid():D}}"}""")),
                    _ => new(null, StandIn()),
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
            if (State == State.StandsIn)
            {
                return standIn!.Value.Value;
            }

            if (value.Kind == JsonKind.Array)
            {
                return new JsonValue(
                    [.. Children.Where(child => child.State != State.Out).Select(child => child.Value())]);
            }

            if (value.Kind != JsonKind.Object)
            {
                return value;
            }

            List<KeyValuePair<string, JsonValue>> members =
            [
                .. Children.Where(child => child.State != State.Out)
                    .Select(child => KeyValuePair.Create(
                        child.State == State.StandsIn ? child.standIn!.Value.Key! : child.Name!, child.Value())),
            ];
            IEnumerable<string> wanted = Added.Concat(!IsRoot ? [] : Required.Keys.Where(required =>
                Children.Any(child => child.Name == required && child.State == State.Out)));
            members.AddRange(wanted.Select(required => KeyValuePair.Create(
                required, Required.GetValueOrDefault(required) ?? StandIn())));
            return name == Callers && members.Count == 0 && Children.Count > 0 ? Required[Callers]
                : new JsonValue(members, members.ToDictionary(StringComparer.Ordinal));
        }
    }
}
