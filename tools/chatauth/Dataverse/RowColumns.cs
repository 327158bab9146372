using System.Text.Json.Nodes;

namespace ChatAuth.Dataverse;

/// <summary>The values of a row, or of a function's answer, which Dataverse may give in another type.</summary>
internal static class RowColumns
{
    /// <summary>A column's value; null where it is empty or not there.</summary>
    /// <typeparam name="T">Its type; a nullable one for what is no text.</typeparam>
    /// <param name="row">The row.</param>
    /// <param name="name">The column's name.</param>
    /// <exception cref="CommandException">5002 it has another type.</exception>
    public static T? Column<T>(this JsonNode row, string name) => Read(row, name, value => value.GetValue<T>());

    /// <summary>A column's value, which each row has.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="row">The row.</param>
    /// <param name="name">The column's name.</param>
    /// <exception cref="CommandException">5002 it is empty, not there or has another type.</exception>
    public static T Required<T>(this JsonNode row, string name) =>
        Read(row, name, value => value) == null ? throw Odd(name, "nothing") : row.Column<T>(name)!;

    /// <summary>A column's bytes, which are base64; null where it is empty or not there.</summary>
    /// <param name="row">The row.</param>
    /// <param name="name">The column's name.</param>
    /// <exception cref="CommandException">5002 it has another type.</exception>
    public static byte[]? Bytes(this JsonNode row, string name) =>
        Read(row, name, value => Convert.FromBase64String(value.GetValue<string>()));

    /// <summary>Rows in a row's or an answer's member.</summary>
    /// <param name="row">The row or the answer.</param>
    /// <param name="name">The member's name.</param>
    /// <exception cref="CommandException">5002 it is not there, or holds something else.</exception>
    public static IReadOnlyList<JsonObject> Rows(this JsonNode row, string name) =>
        Read(row, name, value => (JsonObject[])[.. value.AsArray().Select(each =>
            each as JsonObject ?? throw new InvalidOperationException())])
        ?? throw Odd(name, "nothing");

    private static T? Read<T>(JsonNode row, string name, Func<JsonNode, T> read)
    {
        try
        {
            return row[name] is { } value ? read(value) : default;
        }
        catch (Exception exception) when (exception is InvalidOperationException or FormatException)
        {
            throw Odd(name, "a value of another type");
        }
    }

    /// <summary>What ends a command whose environment answers as none does.</summary>
    /// <param name="name">The column's name.</param>
    /// <param name="fact">What it answered with.</param>
    public static CommandException Odd(string name, string fact) =>
        new(Errors.RequestFailed("Reading " + name, $"the environment answered with {fact} there"));
}
