using System.CommandLine;
using System.Globalization;
using ChatAuth.Sites;
using ChatAuth.Tokens;

namespace ChatAuth.Commands;

/// <summary><c>chatauth builtin</c>: the portal's own token service.</summary>
internal static class BuiltInCommand
{
    private const int ThumbprintDigits = 40; // SHA-1, as the admin center shows it

    /// <summary>The command and what is below it.</summary>
    /// <param name="host">Where they read and write.</param>
    public static Command Create(CommandHost host) => new ExampleCommand(
        "builtin", "Configures and checks the token service that a Power Pages site has of its own.")
    {
        Configure(host), Check(host),
    };

    private static ExampleCommand Configure(CommandHost host)
    {
        Option<string> site = new("--site") { Description = "Name or id of the site.", Required = true };
        Option<string> thumbprint = new("--thumbprint")
        {
            Description = "Thumbprint of the certificate that was uploaded in the Power Pages admin center.",
            HelpName = "HEX",
            Required = true,
        };
        thumbprint.Validators.Add(result =>
        {
            if (Digits(result.GetValueOrDefault<string>()) == null)
            {
                result.AddError($"--thumbprint takes the {ThumbprintDigits} hexadecimal digits of a certificate's.");
            }
        });
        Option<string?> client = RegisteredClient("A client id to register beside those that are.");
        Option<string?> lifetime = new("--lifetime-seconds")
        {
            Description = "How long a token lives, 60 to 3600; left as it is where it is not given (900 usually).",
            HelpName = "SECONDS",
        };
        lifetime.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } text && Seconds(text) == null)
            {
                result.AddError("--lifetime-seconds takes 60 to 3600: the portal would use the nearest.");
            }
        });
        ExampleCommand command = new(
            "configure",
            "Writes the site settings of the portal's own token service. A value that somebody gave stays unless it is "
                + "overridden.",
            "chatauth builtin configure --site Contoso --thumbprint 0F1E2D3C4B5A69788796A5B4C3D2E1F00F1E2D3C --dry-run "
                + "--url https://yourorg.crm.dynamics.com",
            "chatauth builtin configure --site Contoso --thumbprint 0F1E2D3C4B5A69788796A5B4C3D2E1F00F1E2D3C "
                + "--registered-client contoso-chat --url https://yourorg.crm.dynamics.com")
        {
            site, thumbprint, client, lifetime, EnvironmentOptions.Force([Errors.SiteSettingForeignCode]),
        };
        return new EnvironmentOptions().Changing(command, host, async (parsed, dataverse, changes, forced, stop) =>
        {
            string name = parsed.GetRequiredValue(site);
            BuiltInSettings settings = new(
                Digits(parsed.GetValue(thumbprint))!, parsed.GetValue(client), Seconds(parsed.GetValue(lifetime)));
            LiveSite found = await SiteLookup.FindAsync(dataverse, name, stop);
            IReadOnlyList<SitePart> parts = await settings.PartsAsync(
                found, name, forced.Contains(Errors.SiteSettingForeignCode), stop);
            foreach (SitePart part in parts)
            {
                await changes.DoAsync(
                    $"{(part.Current == null ? "create" : "change")} the {part.Name} of the site {name}",
                    () => part.MakeRightAsync(found, stop),
                    part.Current == null
                        ? [new Difference("value", null, part.Row.Text("value"))] : part.Differences);
            }

            changes.Conclude((changes.IsDry, parts.Count) switch
            {
                (_, 0) => "The site has these settings already; nothing was changed.",
                (true, _) => "Nothing was changed.",
                _ => "Configured. Restart the site in the Power Pages admin center, then run chatauth builtin check.",
            });
        });
    }

    private static ExampleCommand Check(CommandHost host)
    {
        Option<string> portal =
            new("--portal-url") { Description = "Address of the site.", HelpName = "URL", Required = true };
        portal.Validators.Add(result =>
        {
            if (SecureAddress.FaultOfSite(result.GetValueOrDefault<string>() ?? string.Empty) is { } fault)
            {
                result.AddError("--portal-url " + fault);
            }
        });
        Option<string?> client = RegisteredClient("A client id that pages name, to be asked with.");
        Option<string?> certificate = new("--certificate")
        {
            Description = "The certificate that was uploaded, to look at its dates and uses and whether it is the one: "
                + $".cer, .pem or .pfx, whose passphrase is read from {KeyCommand.Passphrase}.",
            HelpName = "FILE",
        };
        Option<bool> json = new("--json") { Description = "Writes JSON." };
        ExampleCommand command = new(
            "check",
            "Asks the portal's own token service for its key, explains what is wrong, and says what to paste into Live "
                + "Assist, in the order of its form. Changes nothing and needs no environment.",
            "chatauth builtin check --portal-url https://contoso.powerappsportals.com",
            "chatauth builtin check --portal-url https://contoso.powerappsportals.com --certificate contoso.cer")
        {
            portal, client, certificate, json,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            byte[] given = parsed.GetValue(certificate) is { } named ? DiskFile.Read(named) : [];
            BuiltInService service = await BuiltInService.AskAsync(
                SecureAddress.Parse(parsed.GetRequiredValue(portal))!, parsed.GetValue(client), host.Network,
                cancellation);
            if (parsed.GetValue(certificate) is { } path)
            {
                service = service.With(
                    path, given, host.Environment(KeyCommand.Passphrase), host.Clock.GetUtcNow());
            }

            if (service.Key != null && parsed.GetValue(json))
            {
                await host.Out.WriteLineAsync(service.Json());
            }
            else if (service.Key != null)
            {
                service.Text().ToList().ForEach(host.WriteLine);
            }

            return service.Faults.Count > 0 ? throw new CommandException(service.Faults) : Invocation.Done;
        });
        return command;
    }

    private static Option<string?> RegisteredClient(string description)
    {
        Option<string?> option = new("--registered-client") { Description = description, HelpName = "ID" };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } id
                && (id.Length is 0 or > 36 || !id.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-')))
            {
                result.AddError("--registered-client takes up to 36 letters, digits and hyphens.");
            }
        });
        return option;
    }

    private static int? Seconds(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int seconds)
            && seconds is >= 60 and <= 3600 ? seconds : null;

    // As certificate managers show it, with spaces or colons; a copied one often begins with an invisible mark.
    private static string? Digits(string? text) =>
        string.Concat((text ?? string.Empty).Where(char.IsAsciiHexDigit)) is { Length: ThumbprintDigits } digits
            && text!.All(each => char.IsAsciiHexDigit(each) || each == ':' || char.IsWhiteSpace(each)
                || char.GetUnicodeCategory(each) == UnicodeCategory.Format)
            ? digits.ToUpperInvariant()
            : null;
}
