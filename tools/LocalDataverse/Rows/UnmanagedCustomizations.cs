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

    private static readonly string[] Allowed = ["statecode", "statuscode"];

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

    /// <summary>Ensures that a step may be written.</summary>
    /// <param name="organization">Whose setting counts.</param>
    /// <param name="isNew">Whether the step is created.</param>
    /// <param name="columns">The columns written.</param>
    public static void Check(OrganizationState organization, bool isNew, IEnumerable<string> columns)
    {
        if (AreBlocked(organization) && (isNew || columns.Except(Allowed).Any()))
        {
            throw Refuse();
        }
    }

    /// <summary>The refusal; its number as Learn's troubleshooting of Copilot Studio agents shows it.</summary>
    public static DataverseException Refuse() => new(
        0x80072042, 400, "This environment doesn't allow unmanaged customizations. This was a choice made by your "
            + "admin, and certain actions won't be available or will be view only.");
}
