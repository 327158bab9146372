namespace ChatAuth.LocalDataverse.Sample;

/// <summary>Contacts that hurt: every one has broken some token service.</summary>
internal static class SampleData
{
    /// <summary>The contact of Microsoft's sample payload ("Create chat authentication settings", step 3b).</summary>
    public static readonly Guid BertHair = new("87b4d06c-abc2-e811-a9b0-000d3a10e09e");

    /// <summary>Name of the chat widget.</summary>
    public const string Widget = "Contoso chat";

    /// <summary>Name of the Power Pages site.</summary>
    public const string Site = "Contoso";

    /// <summary>The site's domain; nothing answers there.</summary>
    public const string SiteHost = "contosohelp.com";

    /// <summary>The context variables of the widget's workstream.</summary>
    public static IReadOnlyList<string> Variables { get; } = ["msdyn_cartvalue", "msdyn_isvip", "portalcontactid"];

    private static readonly Guid Account = new("5b0e1c8e-3f0a-4b57-8f3c-9d1f4ad0c001");

    private static readonly Sample[] Samples =
    [
        new(BertHair, "Bert", "Hair", "admin@contosohelp.com", "1234567", "bert"),
        new(Id(2), "Jürgen", "Müßig-Özdemir", "juergen@contosohelp.com", "+49 30 1234567", "juergen"),
        new(Id(3), "美咲", "渡辺", "misaki@contosohelp.com", "+81 3 1234 5678", "misaki"),
        new(Id(4), "Zoë 🦊", "👩‍👩‍👧 Åström", "zoe@contosohelp.com", null, "zoe"),
        new(Id(5), "Robert \"Bobby\"", "O'Neil\\Tables", "bobby@contosohelp.com", "555\\1234", "bobby"),
        new(Id(6), null, "Madonna", "madonna@contosohelp.com", null, "madonna"),
        new(Id(7), "Inga", "Inactive", "inga@contosohelp.com", "7654321", "inga", IsActive: false),
        new(Id(8), "Erika", "Extern", null, null, null, ExternalUserName: "erika@fabrikam.example"),
        new(Id(9), "Tom", "Twin", "tom@contosohelp.com", null, "twin"),
        new(Id(10), "Tim", "Twin", "tim@contosohelp.com", null, "twin"),
        new(Id(11), "שירה \u202e", "line\u2028break", "shira@contosohelp.com", null, "shira"),
    ];

    /// <summary>The columns of contact that these rows fill.</summary>
    public static IReadOnlyList<string> Columns { get; } =
        ["contactid", "statecode", "firstname", "lastname", "emailaddress1", "telephone1", "adx_identity_username"];

    /// <summary>Every contact, with the name that people see.</summary>
    public static IReadOnlyList<(Guid Id, string Name)> Contacts { get; } =
        [.. Samples.Select(sample => (sample.ContactId, sample.Label))];

    /// <summary>Adds the rows to an organization.</summary>
    public static void AddTo(LocalOrganization organization)
    {
        organization.AddRow("account", Account, ("name", "Contoso Help"));
        AddWorkstream(organization);
        foreach (var sample in Samples)
        {
            // Empty columns are absent, as Dataverse has it.
            var values = new (string Column, object? Value)[]
            {
                ("firstname", sample.FirstName),
                ("lastname", sample.LastName),
                ("emailaddress1", sample.Email),
                ("telephone1", sample.Telephone),
                ("adx_identity_username", sample.UserName),
                ("parentcustomerid", new EntityReference("account", Account)),
            };
            organization.AddRow("contact", sample.ContactId, [.. values.Where(value => value.Value != null)]);
            if (!sample.IsActive)
            {
                organization.ChangeRow(
                    "contact",
                    sample.ContactId,
                    ("statecode", new OptionSetValue(1)),
                    ("statuscode", new OptionSetValue(2)));
            }

            if (sample.ExternalUserName != null)
            {
                organization.AddRow(
                    "adx_externalidentity",
                    Guid.NewGuid(),
                    ("adx_username", sample.ExternalUserName),
                    ("adx_identityprovidername", "https://login.fabrikam.example"),
                    ("adx_contactid", new EntityReference("contact", sample.ContactId)));
            }
        }
    }

    // The widget's workstream knows its variables as rows (facts 7).
    private static void AddWorkstream(LocalOrganization organization)
    {
        EntityReference workstream = new("msdyn_liveworkstream", Guid.NewGuid());
        organization.AddRow(workstream.LogicalName, workstream.Id, ("msdyn_name", "Contoso chats"));
        organization.AddRow(
            "msdyn_livechatconfig",
            Guid.NewGuid(),
            ("msdyn_name", Widget),
            ("msdyn_liveworkstreamid", workstream));
        foreach (var name in Variables)
        {
            organization.AddRow(
                "msdyn_ocliveworkstreamcontextvariable",
                Guid.NewGuid(),
                ("msdyn_name", name),
                ("msdyn_displayname", name),
                ("msdyn_liveworkstreamid", workstream));
        }
    }

    private static Guid Id(int number) => new($"5b0e1c8e-3f0a-4b57-8f3c-{number:x12}");

    private sealed record Sample(
        Guid ContactId,
        string? FirstName,
        string LastName,
        string? Email,
        string? Telephone,
        string? UserName,
        string? ExternalUserName = null,
        bool IsActive = true)
    {
        public string Label => string.Join(' ', new[] { FirstName, LastName }.OfType<string>())
            + (IsActive ? string.Empty : " (inactive)");
    }
}
