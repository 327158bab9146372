using System;
using System.Collections.Generic;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;
using Azure.Core;
using ChatAuth.Dataverse;
using ChatAuth.SignIn;
using ChatAuth.Tools.Tests.Network;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.SignIn;

[TestClass]
public sealed class Tokens_are_renewed : SignedIn
{
    [TestMethod]
    public async Task Five_minutes_before_they_expire()
    {
        List<string> issued = [];
        TokenCredential credential = DelegatedTokenCredential.Create((_, _) =>
        {
            issued.Add(Organization.NewToken(Pipeline, TimeSpan.FromHours(1)));
            return new AccessToken(issued[^1], Clock.GetUtcNow().AddHours(1));
        });
        using DataverseHost dataverse = new(Organization);
        using WebApi api = new(
            new Uri(Url), new CredentialTokens(
                new Uri(Url), Clock, _ => Task.FromResult(credential), _ => Errors.NotDeployed()), Clock, dataverse);

        await api.GetAsync("WhoAmI", CancellationToken.None);
        Clock.Move(TimeSpan.FromMinutes(54));
        await api.GetAsync("WhoAmI", CancellationToken.None);
        Assert.HasCount(1, issued);
        Clock.Move(TimeSpan.FromMinutes(2));
        await api.GetAsync("WhoAmI", CancellationToken.None);
        Assert.HasCount(2, issued);
        Clock.Move(TimeSpan.FromMinutes(50));
        await api.GetAsync("WhoAmI", CancellationToken.None);
        Assert.HasCount(2, issued);
    }

    [TestMethod]
    public async Task By_the_tenant_when_they_live_shorter_than_a_command()
    {
        GiveSecret();
        Entra.ExpiresIn = 60;
        await EnterAsync("--url", Url);
        Assert.IsGreaterThan(1, Entra.Issued);
    }

    [TestMethod]
    public async Task Once_when_the_environment_refuses_one()
    {
        GiveSecret();
        string? first = null;
        Issue = () => first == null ? first = "refused" : Organization.NewToken(Pipeline, TimeSpan.FromHours(1));
        await EnterAsync("--url", Url);
        Assert.AreEqual(2, Entra.Issued);
    }

    [TestMethod]
    public async Task And_not_again_when_it_refuses_the_second_too()
    {
        GiveSecret();
        Issue = () => "refused";
        StringAssert.Contains(await FailAsync("CHATAUTH5014", "--url", Url), "Check --url and --tenant-id");
        Assert.AreEqual(2, Entra.Issued);
    }

    [TestMethod]
    public async Task After_a_tenant_that_was_busy()
    {
        GiveSecret();
        int asked = 0;
        Entra.Before = request =>
        {
            if (request.Method == HttpMethod.Get || ++asked > 1)
            {
                return null;
            }

            HttpResponseMessage busy = new(System.Net.HttpStatusCode.TooManyRequests);
            busy.Headers.Add("Retry-After", "1");
            return busy;
        };
#pragma warning disable RS0030 // Azure.Identity waits by the clock of the system
        long started = TimeProvider.System.GetTimestamp();
        await EnterAsync("--url", Url);
        Assert.AreEqual(2, asked);
        Assert.IsGreaterThanOrEqualTo(TimeSpan.FromSeconds(0.9), TimeProvider.System.GetElapsedTime(started));
#pragma warning restore RS0030
    }

    private void GiveSecret()
    {
        Variables["AZURE_CLIENT_ID"] = Application;
        Variables["AZURE_CLIENT_SECRET"] = Entra.Secret!;
    }
}
