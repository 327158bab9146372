using System;
using System.Collections.Generic;
using System.Data.Common;
using System.Linq;
using ChatAuth.SignIn;

namespace ChatAuth.Fuzz;

/// <summary>Connection strings, against the builder that Microsoft's client takes them apart with.</summary>
internal sealed class ConnectionStringParser : Parser
{
    private const string Id = "6f0c1f0e-0000-0000-0000-000000000001";

    private static readonly string[] Texts =
    [
        $"AuthType=ClientSecret;Url=https://contoso.crm.dynamics.com;ClientId={Id};ClientSecret=mArKeD~7Qx2",
        $"authtype = ClientSecret; Service Uri = https://contoso.crm.dynamics.com; AppId = {Id}; Secret = 'mAr;KeD~7'",
        $"AuthType=Certificate;Url=https://contoso.crm.dynamics.com;ApplicationId={Id};Thumbprint=00112233445566778899",
        $"AuthType=Certificate;Server=https://contoso.crm.dynamics.com;ClientId={Id};CertificatePath=a.pfx;"
            + "CertificatePassword=\"mArKeD\"\"7Qx2\"",
        "AuthType=OAuth;Url=https://contoso.crm.dynamics.com;UserName=bert@contoso.com;LoginPrompt=Auto;"
            + "RedirectUri=app://58145B91-0C36-4500-8554-080854F2AC97;RequireNewInstance=True;Domain=x",
        $"AuthType=S2S;Url=https://contoso.crm.dynamics.com;ClientId={Id};Secret=mArKeD~7Qx2;MaxRetryCount=3",
        "AuthType=Office365;Username=bert;Password=mArKeD~7Qx2;Url=https://contoso.crm.dynamics.com",
    ];

    // In the order of Microsoft's client (ConnectionStringConstants).
    private static readonly Dictionary<string, string[]> Aliases = new()
    {
        ["Url"] = ["ServiceUri", "Url", "Server"],
        ["ClientId"] = ["ClientId", "AppId", "ApplicationId"],
        ["Secret"] = ["ClientSecret", "Secret"],
        ["TenantId"] = ["TenantId"],
        ["Passwords"] = ["Password", "CertificatePassword"],
    };

    // The product's own words: names, and what to write instead.
    private static readonly string[] Own =
    [
        "CertificatePassword", "CertificateThumbprint", "ClientSecret", "AuthType", "Thumbprint", "Certificate",
        "ClientId", "LoginPrompt", "Password", "OAuth",
    ];

    /// <inheritdoc/>
    public override string Name => "connection";

    /// <inheritdoc/>
    public override int Share => 40;

    /// <inheritdoc/>
    public override string Make(Dice dice) => TextMutation.Of(dice, dice.Pick(Texts), Texts);

    /// <inheritdoc/>
    public override object Read(object prepared) => ConnectionString.Parse((string)prepared, "a file");

    /// <summary>All but the remedy, an AuthType of three words, and the names of a connection string.</summary>
    public override string Confidential(Refusal refusal) => refusal.Code == "CHATAUTH5027" ? string.Empty
        : Own.Aggregate(
            refusal.Text.Split(" Write ")[0], (text, name) => text.Replace(name, "\uffff", StringComparison.Ordinal));

    /// <inheritdoc/>
    public override string? Disagreement(string input, object? result, Refusal? refusal)
    {
        if (refusal != null)
        {
            return refusal.Code is "CHATAUTH5026" or "CHATAUTH5027" ? null : "CHATAUTH5026 or 5027 is right";
        }

        SignInRequest request = (SignInRequest)result!;
        string whole = input.Trim().Trim('\uFEFF').Trim();
        whole = whole.Length > 1 && whole[0] == whole[^1] && whole[0] is '"' or '\'' ? whole[1..^1] : whole;
        DbConnectionStringBuilder builder = [];
        try
        {
            builder.ConnectionString = whole;
        }
        catch (ArgumentException)
        {
            return "the builder refuses it";
        }

        string? Of(string name) => Aliases[name]
            .Select(alias => builder.Keys.Cast<string>()
                .LastOrDefault(key => key.Replace(" ", string.Empty, StringComparison.Ordinal)
                    .Equals(alias, StringComparison.OrdinalIgnoreCase)))
            .Where(key => key != null).Select(key => (string)builder[key!]).FirstOrDefault(value => value.Length > 0);

        string[] secrets = [.. new[] { Of("Secret"), Of("Passwords") }.OfType<string>().Where(each => each.Length > 8)];
        return request.Url != Of("Url") ? "another environment was read"
            : request.ClientId != Of("ClientId") ? "another application was read"
            : request.TenantId != Of("TenantId") ? "another tenant was read"
            : request.Secret != null && request.Secret != Of("Secret") ? "another secret was read"
            : request.Notes.Any(
                note => secrets.Any(secret => note.Contains(secret, StringComparison.OrdinalIgnoreCase)))
            ? "a note repeats a secret"
            : request.Notes.Any(note => note.Contains("mArKeD", StringComparison.OrdinalIgnoreCase))
            ? "a note repeats a piece of a secret"
            : null;
    }
}
