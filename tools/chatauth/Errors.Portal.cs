namespace ChatAuth;

/// <content>56xx: the sites that give tokens.</content>
internal static partial class Errors
{
    /// <summary>Nobody is told from an anonymous visitor on the site.</summary>
    public static CodedError NoAuthenticatedRole(string site) => Of(5601, $"The site {site} has no web role for authenticated users. Switch \"Authenticated Users Role\" on for one of its web roles, then run the command again.");
    /// <summary>Somebody else has a component of the same name.</summary>
    public static CodedError ComponentForeign(string part, string site) => Of(5602, $"The site {site} has another {part}, which is not overwritten. Rename or delete it, then run the command again.");
    /// <summary>The piece between the marks is not what deploy writes.</summary>
    public static CodedError HeaderEdited(string site) => Of(5603, $"The snippet Head/Bottom of the site {site} was edited between the marks <!-- chatauth --> and <!-- /chatauth -->. Delete the marks and keep your own tag, or delete all of it.");
    /// <summary>A site setting has another value, perhaps for a reason.</summary>
    public static CodedError SiteSettingForeign(string site, string setting, string value) => Of(5604, $"The site {site} has another {setting} than {value}, without which it gives no tokens. Set it to {value}, then run the command again.");
    /// <summary>The environment takes no file of the type.</summary>
    public static CodedError FileTypeBlocked(string extension) => Of(5605, $"The environment blocks files of type {extension}. Take it out of the blocked attachments (settings of the environment, Privacy + Security) for the run.");
    /// <summary>The environment has no table for the server logic of the standard data model.</summary>
    public static CodedError ServerLogicUnknown(System.Guid site) => Of(5606, $"This environment has no server logic for the site {site:D} of the standard data model. Update the portal solutions, or migrate the site to the enhanced data model.");
    /// <summary>Which of two snippets a site shows is not known.</summary>
    public static CodedError HeaderTwice(string site) => Of(5607, $"The site {site} has two snippets Head/Bottom of one language, and shows one of them. Put their text into one and delete the other, or pack with --no-header-snippet.");
    /// <summary>A site setting of the standard data model is too short for the keys.</summary>
    public static CodedError KeysTooLong(int length, int limit) => Of(5608, $"The published keys have {length} characters, a site setting of this site holds {limit}. Revoke keys that retired, or migrate the site to the enhanced data model.");
}
