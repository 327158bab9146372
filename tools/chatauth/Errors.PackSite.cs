namespace ChatAuth;

/// <content>416x: packing what a site needs.</content>
internal static partial class Errors
{
    /// <summary>Some of the components that the zip refers to are given, others not.</summary>
    public static CodedError SiteIdsMissing() => Of(4165, $"Of --home-page, --publishing-state and --web-role some are given and others not. Give all three, or --url of the environment the zip is made in, or none.");
    /// <summary>The site cannot travel by solution.</summary>
    public static CodedError SiteNotEnhanced(System.Guid site) => Of(4166, $"The site {site:D} is in the standard data model, which no solution carries. Run chatauth deploy in each environment.");
}
