using System;
using System.Linq;
using System.Net.Http;
using System.Net.Http.Json;
using System.Text.Json;
using System.Threading.Tasks;
using ChatAuth.LocalDataverse;
using ChatAuth.LocalDataverse.State;
using ChatAuth.LocalPortal.PowerPages;
using ChatAuth.Tools.Tests.Network;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using Microsoft.Xrm.Sdk;

namespace ChatAuth.Tools.Tests.Sites;

[TestClass]
public sealed class A_page_shows_public_keys : IDisposable
{
    private static readonly Uri Address = new("https://contosohelp.com/auth/publickey");

    private readonly MovableClock clock = new(DateTimeOffset.UnixEpoch);
    private readonly LocalOrganization organization;
    private readonly Guid site = Guid.NewGuid();
    private readonly PortalSite portal;
    private readonly DataverseHost dataverse;
    private readonly Hosts hosts = new();
    private readonly HttpClient client;

    public A_page_shows_public_keys()
    {
        organization = new LocalOrganization(clock);
        portal = new PortalSite(organization, site);
        dataverse = new DataverseHost(organization);
        hosts.Add(Address.Host, portal).Add("contoso.crm.dynamics.com", dataverse);
        client = new HttpClient(hosts, disposeHandler: false);
    }

    public void Dispose()
    {
        client.Dispose();
        hosts.Dispose();
        portal.Dispose();
        dataverse.Dispose();
    }

    [TestMethod]
    [DataRow(true, DisplayName = "enhanced data model")]
    [DataRow(false, DisplayName = "standard data model")]
    public async Task Shows_the_site_setting_in_the_type_of_its_template(bool enhanced)
    {
        Write(enhanced);
        using HttpResponseMessage response = await client.GetAsync(Address);
        Assert.AreEqual("[{\"kid\":\"a\"}]", await response.Content.ReadAsStringAsync());
        Assert.AreEqual("application/json", response.Content.Headers.ContentType!.MediaType);
    }

    [TestMethod]
    public async Task Shows_a_change_when_the_cache_has_run_out()
    {
        Guid setting = Write(enhanced: false);
        portal.Visit();
        organization.ChangeRow("adx_sitesetting", setting, ("adx_value", "[]"));
        clock.Move(TimeSpan.FromMinutes(15) - TimeSpan.FromTicks(1));
        Assert.AreEqual("[{\"kid\":\"a\"}]", await client.GetStringAsync(Address));
        clock.Move(TimeSpan.FromTicks(1));
        Assert.AreEqual("[]", await client.GetStringAsync(Address));
    }

    [TestMethod]
    public async Task Of_a_private_site_is_the_sign_in_page()
    {
        Write(enhanced: true);
        portal.IsPrivate = true;
        using HttpResponseMessage response = await client.GetAsync(Address);
        Assert.AreEqual(
            (200, "text/html"), ((int)response.StatusCode, response.Content.Headers.ContentType!.MediaType));
        Assert.Contains("Sign in", await response.Content.ReadAsStringAsync());
    }

    [TestMethod]
    [DataRow("adx_webpage", "statecode")]
    [DataRow("adx_publishingstate", "adx_isvisible")]
    public async Task Is_not_there_unless_it_is_active_and_visible(string table, string column)
    {
        Write(enhanced: false);
        foreach (var row in organization.Rows.Now.All(table))
        {
            organization.ChangeRow(table, row.Id, (column, column == "statecode" ? 1 : false));
        }

        using HttpResponseMessage response = await client.GetAsync(Address);
        Assert.AreEqual(
            (404, "text/html"), ((int)response.StatusCode, response.Content.Headers.ContentType!.MediaType));
    }

    [TestMethod]
    public async Task Within_the_sites_header_and_footer_is_HTML()
    {
        Write(enhanced: false);
        foreach (var row in organization.Rows.Now.All("adx_pagetemplate"))
        {
            organization.ChangeRow("adx_pagetemplate", row.Id, ("adx_usewebsiteheaderandfooter", true));
        }

        using HttpResponseMessage response = await client.GetAsync(Address);
        Assert.AreEqual("text/html", response.Content.Headers.ContentType!.MediaType);
    }

    [TestMethod]
    [DataRow("{% include 'x' %}")]
    [DataRow("{{ settings['ChatAuth/PublicKeys'] | escape }}")]
    [DataRow("{{ user.fullname }}")]
    public async Task With_Liquid_that_is_not_known_is_refused(string source)
    {
        Write(enhanced: false, source);
        await Assert.ThrowsExactlyAsync<NotSupportedException>(() => client.GetStringAsync(Address));
    }

    [TestMethod]
    [DataRow(true, DisplayName = "enhanced data model")]
    [DataRow(false, DisplayName = "standard data model")]
    public async Task May_be_a_web_file(bool enhanced)
    {
        Write(enhanced);
        byte[] keys = "[]"u8.ToArray();
        if (enhanced)
        {
            Row home = organization.Rows.Now.All("powerpagecomponent").Single(r => r.Text("name") == "Home");
            Row state =
                organization.Rows.Now.All("powerpagecomponent").Single(r => r.Number("powerpagecomponenttype") == 1);
            string content = JsonSerializer.Serialize(
                new { partialurl = "key.json", parentpageid = home.Id, publishingstateid = state.Id });
            Guid file = organization.AddRow(
                "powerpagecomponent", Guid.NewGuid(), ("name", "key.json"), ("powerpagecomponenttype", 3),
                ("content", content), ("powerpagesiteid", new EntityReference("powerpagesite", site))).Id;
            using HttpRequestMessage upload = new(HttpMethod.Patch,
                $"https://contoso.crm.dynamics.com/api/data/v9.2/powerpagecomponents({file})/filecontent")
            {
                Content = new ByteArrayContent(keys),
            };
            upload.Content.Headers.ContentType = new("application/octet-stream");
            upload.Headers.Add("x-ms-file-name", "key.json");
            upload.Headers.Authorization = new("Bearer", organization.Administrator.Token);
            using HttpResponseMessage uploaded = await client.SendAsync(upload);
            Assert.AreEqual(204, (int)uploaded.StatusCode);
        }
        else
        {
            EntityReference Only(string table) => new(table,
                organization.Rows.Now.All(table).First(r => table != "adx_webpage" || r.Text("adx_name") == "Home").Id);
            Guid file = organization.AddRow(
                "adx_webfile", Guid.NewGuid(), ("adx_name", "key.json"), ("adx_partialurl", "key.json"),
                ("adx_parentpageid", Only("adx_webpage")), ("adx_publishingstateid", Only("adx_publishingstate")),
                ("adx_websiteid", Only("adx_website"))).Id;
            organization.AddRow(
                "annotation", Guid.NewGuid(), ("filename", "key.json"),
                ("documentbody", Convert.ToBase64String(keys)), ("objectid", new EntityReference("adx_webfile", file)));
        }

        using HttpResponseMessage response = await client.GetAsync(new Uri(Address, "/key.json"));
        Assert.AreEqual("[]", await response.Content.ReadAsStringAsync());
        Assert.AreEqual(
            ("application/json", 3600.0), (response.Content.Headers.ContentType!.MediaType,
                response.Headers.CacheControl!.MaxAge!.Value.TotalSeconds));
    }

    [TestMethod]
    public async Task Is_written_over_the_same_network()
    {
        using HttpRequestMessage request =
            new(HttpMethod.Post, "https://contoso.crm.dynamics.com/api/data/v9.2/powerpagesites")
            {
                Content = JsonContent.Create(new { powerpagesiteid = site, name = "Contoso" }),
            };
        request.Headers.Authorization = new("Bearer", organization.Administrator.Token);
        using HttpResponseMessage response = await client.SendAsync(request);
        Assert.AreEqual((204, "Contoso"),
            ((int)response.StatusCode, organization.Rows.Now.Get("powerpagesite", site).Text("name")));
        Assert.AreEqual($"https://contoso.crm.dynamics.com/api/data/v9.2/powerpagesites({site})",
            string.Join(',', response.Headers.GetValues("OData-EntityId")));
    }

    // Home page, folder, page, page template, web template, publishing state and setting; returns the setting's id.
    private Guid Write(bool enhanced, string source = "{{ settings['ChatAuth/PublicKeys'] }}")
    {
        organization.AddRow(
            enhanced ? "powerpagesite" : "adx_website", site, (enhanced ? "name" : "adx_name", "Contoso"));
        Guid state = Add(1, "publishingstate", "Published", ("isvisible", true));
        Guid web = Add(8, "webtemplate", "Key", ("source", source), ("mimetype", "application/json"));
        Guid template = Add(6, "pagetemplate", "Key", ("type", 756150001), ("usewebsiteheaderandfooter", false),
            ("webtemplateid", web));
        Guid home = Add(2, "webpage", "Home", ("partialurl", "/"), ("isroot", true), ("publishingstateid", state));
        Guid folder = Add(2, "webpage", "Auth", ("partialurl", "auth"), ("isroot", true), ("parentpageid", home),
            ("publishingstateid", state));
        Add(
            2, "webpage", "Key", ("partialurl", "publickey"), ("isroot", true), ("parentpageid", folder),
            ("publishingstateid", state), ("pagetemplateid", template));
        return Add(9, "sitesetting", "ChatAuth/PublicKeys", ("value", "[{\"kid\":\"a\"}]"));

        Guid Add(int type, string kind, string name, params (string Column, object Value)[] columns)
        {
            if (enhanced)
            {
                string content = JsonSerializer.Serialize(columns.ToDictionary(c => c.Column, c => c.Value));
                return organization.AddRow(
                    "powerpagecomponent", Guid.NewGuid(), ("name", name), ("powerpagecomponenttype", type),
                    ("content", content), ("powerpagesiteid", new EntityReference("powerpagesite", site))).Id;
            }

            var values = Array.ConvertAll(
                columns, c => (
                    "adx_" + c.Column, c.Value is Guid id
                        ? new EntityReference(c.Column == "parentpageid" ? "adx_webpage" : "adx_" + c.Column[..^2], id)
                        : c.Value));
            return organization.AddRow("adx_" + kind, Guid.NewGuid(),
                [("adx_name", name), ("adx_websiteid", new EntityReference("adx_website", site)), .. values]).Id;
        }
    }
}
