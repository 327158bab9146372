using System.Xml.Linq;
using ChatAuth.LocalDataverse.State;

namespace ChatAuth.LocalDataverse.Rows;

/// <summary>
/// The environment setting "Block unmanaged customizations" (Learn, power-platform/alm/block-unmanaged-customizations).
/// </summary>
/// <remarks>
/// It blocks unmanaged solutions, new solution components and unmanaged changes; enabling, disabling and removing stay
/// possible. A step is a solution component, secure configuration is none. Learn
/// (power-apps/developer/data-platform/organization-table) says that such settings are XML elements of the column
/// orgdborgsettings; the element's name is the one that environment groups' rules use for it.
/// </remarks>
internal static class UnmanagedCustomizations
{
    private const string Column = "orgdborgsettings";
    private const string Element = "IsLockdownOfUnmanagedCustomizationEnabled";

    /// <summary>Whether the setting is on; it is off where nobody has set it.</summary>
    public static bool AreBlocked(OrganizationState organization) =>
        organization.Settings(organization.Rows.Now).Text(Column) is { } settings
            && XElement.Parse(settings).Element(Element)?.Value == "true";

    /// <summary>Sets it.</summary>
    public static void Set(OrganizationState organization, bool blocked)
    {
        var settings = new XElement("OrgSettings", new XElement(Element, blocked ? "true" : "false"))
            .ToString(SaveOptions.DisableFormatting);
        organization.Rows.Change(draft => draft.Put(organization.Settings(draft.Rows), (Column, settings)));
    }

    /// <summary>The refusal; its number as Learn's troubleshooting of Copilot Studio agents shows it.</summary>
    public static DataverseException Refuse() => new(
        0x80072042, 400, "This environment doesn't allow unmanaged customizations. This was a choice made by your "
            + "admin, and certain actions won't be available or will be view only.");
}
