using System.Text.Json.Nodes;
using ChatAuth.Keys;
using ChatAuth.Plugins;

namespace ChatAuth.Dataverse;

/// <summary>The row of the secure configuration that both steps read: the environment's keys.</summary>
/// <remarks>
/// Its id is fixed, so that a command finds what an earlier one made, and two commands that begin at once cannot make
/// two. The text never leaves this type but as keys.
/// </remarks>
internal sealed class KeyRow
{
    /// <summary>Its address below the service root.</summary>
    public const string Path = Set + "(" + Id + ")";

    /// <summary>Its id.</summary>
    public const string Id = "8b3f0f6e-5c0d-4b43-9e57-0d3b6a1f7c10";

    private const string Set = "sdkmessageprocessingstepsecureconfigs";
    private const string IdColumn = "sdkmessageprocessingstepsecureconfigid";

    private readonly string? text;
    private readonly string? etag;

    private KeyRow(string? etag, string? text)
    {
        this.etag = etag;
        this.text = text;
    }

    /// <summary>The row; null when it is not there.</summary>
    /// <exception cref="CommandException">5001, 5002.</exception>
    public static async Task<KeyRow?> ReadAsync(WebApi dataverse, CancellationToken cancellation)
    {
        JsonObject? row =
            await dataverse.FindAsync($"{Set}?$select={WebApi.SecretColumn}&$filter={IdColumn} eq {Id}", cancellation);
        return row == null ? null
            : new KeyRow(row.Column<string>("@odata.etag"), row.Column<string>(WebApi.SecretColumn));
    }

    /// <summary>Creates the row.</summary>
    /// <exception cref="CommandException">3002 to 3007 the plug-in would refuse the keys; 5006 another command has
    /// made it; 5001, 5002.</exception>
    public static async Task<KeyRow> CreateAsync(WebApi dataverse, KeyFile keys, CancellationToken cancellation)
    {
        string text = TextOf(keys);
        JsonObject body = new() { [IdColumn] = Id, [WebApi.SecretColumn] = text };
        return new KeyRow(await dataverse.CreateAsync($"{Set}?$select={IdColumn}", body, cancellation), text);
    }

    /// <summary>The keys.</summary>
    /// <exception cref="CommandException">5304 the row has no text that this user may read, or no keys.</exception>
    public KeyFile Keys()
    {
        try
        {
            return KeyFile.Parse(text);
        }
        catch (ChatAuthException)
        {
            // Never overwritten: the column reads as empty for whoever is no system administrator.
            throw new CommandException(Errors.KeysUnreadable());
        }
    }

    /// <summary>Whether it says what another reading of it said; null for a row that was not there.</summary>
    public static bool AreSame(KeyRow? one, KeyRow? other) => one?.text == other?.text && one is null == other is null;

    /// <summary>Replaces the keys, if nobody has changed the row since it was read.</summary>
    /// <exception cref="CommandException">3002 to 3007 the plug-in would refuse the keys; 5006 somebody has; 5001,
    /// 5002.</exception>
    public async Task<KeyRow> ReplaceAsync(WebApi dataverse, KeyFile keys, CancellationToken cancellation)
    {
        string replaced = TextOf(keys);
        string? version = await dataverse.PatchAsync(
            $"{Path}?$select={IdColumn}",
            etag,
            new JsonObject { [WebApi.SecretColumn] = replaced },
            async () => (await ReadAsync(dataverse, cancellation))?.text == text,
            cancellation);
        return new KeyRow(version, replaced);
    }

    // Never one that the plug-in refuses: nothing would be issued any more, nor could it be read to be mended.
    private static string TextOf(KeyFile keys)
    {
        try
        {
            string text = keys.Write(keys.Organization);
            _ = KeyFile.Parse(text);
            return text;
        }
        catch (ChatAuthException exception)
        {
            throw new CommandException(CodedError.Of(exception));
        }
    }
}
