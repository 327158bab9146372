using System;
using ChatAuth.LocalDataverse;
using Microsoft.Xrm.Sdk;

namespace ChatAuth.LocalPortal.PowerPages;

/// <summary>The rows of a site of the enhanced data model that has a home page and nothing else.</summary>
internal static class EmptySite
{
    /// <summary>Adds them.</summary>
    /// <param name="organization">Where.</param>
    /// <param name="name">The site's name.</param>
    /// <param name="host">Its primary domain.</param>
    /// <returns>Id of the site.</returns>
    public static Guid AddTo(LocalOrganization organization, string name, string host)
    {
        Guid site = organization.AddRow("powerpagesite", Guid.NewGuid(), ("name", name), ("primarydomainname", host)).Id;
        Guid published = Add(1, "Published", """{"isvisible":true}""");
        Add(2, "Home", $$"""{"partialurl":"/","isroot":true,"publishingstateid":"{{published}}"}""");
        return site;

        Guid Add(int type, string component, string content) => organization.AddRow(
            "powerpagecomponent",
            Guid.NewGuid(),
            ("name", component),
            ("powerpagecomponenttype", type),
            ("content", content),
            ("powerpagesiteid", new EntityReference("powerpagesite", site))).Id;
    }
}
