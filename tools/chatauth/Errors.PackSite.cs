namespace ChatAuth;

/// <content>416x: packing what a site needs.</content>
internal static partial class Errors
{
    /// <summary>A component's file is not what its folder says.</summary>
    public static CodedError SiteRowBad(string path) => Of(4160, $"{path} is not a row of that name with the id of its folder. Correct either.");
    /// <summary>A component of another site, or of none.</summary>
    public static CodedError SiteDiffers(string path) => Of(4161, $"{path} belongs to another site than the rest. Pack one site at a time.");
    /// <summary>A component's columns cannot be read.</summary>
    public static CodedError SiteContentBad(string path) => Of(4162, $"{path} has a content that is no JSON object. Correct it.");
    /// <summary>Keys would travel, and an upgrade would put old ones back.</summary>
    public static CodedError SiteKeysInside(string path) => Of(4163, $"{path} is the site setting of the public keys, which deploy alone writes. Take it out.");
    /// <summary>A component's file and what names it do not belong together.</summary>
    public static CodedError SiteFileMissing(string path) => Of(4164, $"{path} is named by a component and not there, or there and named by none. Add or remove it.");
    /// <summary>The zip refers to components that only the site knows.</summary>
    public static CodedError SiteIdsMissing() => Of(4165, $"The zip names components that only the site knows. Give --url of the environment it is made in, or --home-page, --publishing-state, --web-role and each --language.");
    /// <summary>The site cannot travel by solution.</summary>
    public static CodedError SiteNotEnhanced(System.Guid site) => Of(4166, $"The site {site:D} is in the standard data model, which no solution carries. Run chatauth deploy in each environment.");
}
