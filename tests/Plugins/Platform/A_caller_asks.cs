using System;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using Microsoft.Xrm.Sdk;

namespace ChatAuth.Plugins.Tests.Platform;

[TestClass]
public class A_caller_asks
{
    [TestMethod]
    public void A_listed_application_gets_a_token() =>
        Assert.AreEqual(Call.Bert.ToString("D"), new Call().Payload()["sub"]!.Text);

    [TestMethod]
    public void The_query_runs_as_the_initiating_user_and_there_is_one()
    {
        var call = new Call();
        call.Token();
        Assert.AreEqual(PlatformDouble.PortalUser, call.Platform.ServiceUsers.Single());
        Assert.HasCount(1, call.Platform.Queries);
    }

    [TestMethod]
    public void An_application_id_is_matched_in_any_case() =>
        Assert.IsNotNull(new Call().WithEntry("{}", Call.Caller.ToUpperInvariant()).Token());

    [TestMethod]
    public void An_application_that_is_not_listed_is_refused_by_name()
    {
        var call = new Call();
        call.Platform.InitiatingUserApplicationId = new Guid("99999999-0000-0000-0000-000000000000");
        var refusal = call.IsRefused(1002);
        StringAssert.Contains(refusal.Message, "99999999-0000-0000-0000-000000000000");
        Assert.AreEqual(PluginHttpStatusCode.Forbidden, refusal.HttpStatus);
        Assert.IsEmpty(call.Platform.Queries);
    }

    [TestMethod]
    public void A_user_is_refused_even_where_Power_Pages_is_listed()
    {
        var call = new Call().WithEntry("{}", "powerpages");
        call.Platform.InitiatingUserApplicationId = Guid.Empty;
        call.IsRefused(1002);
    }

    [TestMethod]
    public void A_portals_call_with_an_application_id_that_is_not_listed_is_refused_where_Power_Pages_is_listed()
    {
        var call = new Call().WithEntry("{}", "powerpages");
        call.Platform.IsPortalsClientCall = true;
        call.Platform.PortalsContactId = Call.Bert;
        call.IsRefused(1002);
    }

    [TestMethod]
    public void A_portals_call_without_application_id_is_refused_where_Power_Pages_is_not_listed()
    {
        var call = new Call();
        call.Platform.InitiatingUserApplicationId = Guid.Empty;
        call.Platform.IsPortalsClientCall = true;
        call.Platform.PortalsContactId = Call.Bert;
        call.IsRefused(1002);
    }

    [TestMethod]
    public void A_call_on_behalf_of_a_listed_application_is_refused()
    {
        var call = new Call();
        call.Platform.AuthenticatedUserId = new Guid("77777777-0000-0000-0000-000000000000");
        call.IsRefused(1003);
    }

    [TestMethod]
    public void An_empty_authenticated_user_is_no_impersonation()
    {
        var call = new Call();
        call.Platform.AuthenticatedUserId = Guid.Empty;
        Assert.IsNotNull(call.Token());
    }

    [TestMethod]
    public void An_entry_overrides_each_setting()
    {
        var payload = new Call().WithEntry(
            """
            {"issuer":"other","audience":"chat","tokenLifetimeSeconds":60,"claims":{"nick":"firstname"},
             "contextVariables":{"vip":{"value":true}}}
            """).Payload();
        Assert.AreEqual("other", payload["iss"]!.Text);
        Assert.AreEqual("chat", payload["aud"]!.Text);
        Assert.AreEqual("1542622131", payload["exp"]!.Text);
        Assert.AreEqual("Bert", payload["nick"]!.Text);
        Assert.IsNull(payload["given_name"]);
        Assert.AreEqual("""{"vip":true}""", payload["lwicontexts"]!.Text);
    }
}

[TestClass]
public class A_step_is_registered_otherwise
{
    [TestMethod]
    public void Another_message_is_refused()
    {
        var call = new Call();
        call.Platform.MessageName = "Retrieve";
        call.IsRefused(2009);
    }

    [TestMethod]
    [DataRow(10)]
    [DataRow(20)]
    [DataRow(30)]
    [DataRow(50)]
    public void Another_stage_is_refused(int stage)
    {
        var call = new Call();
        call.Platform.Stage = stage;
        call.IsRefused(2009);
    }

    [TestMethod]
    public void An_asynchronous_step_is_refused()
    {
        var call = new Call();
        call.Platform.Mode = 1;
        call.IsRefused(2009);
    }

    [TestMethod]
    public void A_host_without_our_context_is_told_by_code()
    {
        var call = new Call();
        call.Platform.Services = type => null;
        Assert.StartsWith(
            "CHATAUTH9002: ", Assert.ThrowsExactly<InvalidPluginExecutionException>(() => call.Token()).Message);
    }

    [TestMethod]
    public void A_host_that_fails_whatever_it_is_asked_for_is_told_by_code()
    {
        var call = new Call();
        call.Platform.Services = type => throw new InvalidOperationException(type.Name);
        Assert.StartsWith(
            "CHATAUTH9001: ", Assert.ThrowsExactly<InvalidPluginExecutionException>(() => call.Token()).Message);
    }

#if NET
    [TestMethod]
    public void A_host_of_the_oldest_context_is_told_so_with_its_correlation_id_and_in_its_trace()
    {
        var call = new Call();
        var oldest = System.Reflection.DispatchProxy.Create<IPluginExecutionContext, Oldest>();
        ((Oldest)(object)oldest).Platform = call.Platform;
        call.Platform.Services = type => type == typeof(IPluginExecutionContext) ? oldest
            : type == typeof(ITracingService) ? call.Platform
            : null;
        var refusal = call.IsRefused(9002);
        Assert.Contains(call.Platform.CorrelationId.ToString("D"), refusal.Message);
        Assert.IsTrue(call.Platform.Traced.Any(line => line.StartsWith("CHATAUTH9002: ", StringComparison.Ordinal)));
    }

    /// <summary>Answers as the platform's double does, and is no later interface.</summary>
#pragma warning disable CA1812, CA1852 // DispatchProxy derives from it and makes it
    internal class Oldest : System.Reflection.DispatchProxy
#pragma warning restore CA1812, CA1852 // DispatchProxy derives from it and makes it
    {
        internal PlatformDouble Platform { get; set; } = null!;

        protected override object? Invoke(System.Reflection.MethodInfo? targetMethod, object?[]? args) =>
            targetMethod!.Invoke(Platform, args);
    }
#endif

    [TestMethod]
    public void A_host_that_offers_the_context_by_the_oldest_name_only_is_served()
    {
        var call = new Call();
        call.Platform.Services = type => type == typeof(
            IPluginExecutionContext) || type == typeof(IOrganizationServiceFactory) ? call.Platform : null;
        Assert.IsNotNull(call.Token());
    }

    [TestMethod]
    public void A_host_without_an_organization_service_is_told_by_code()
    {
        var call = new Call();
        call.Platform.Services = type => type == typeof(
            IOrganizationServiceFactory) ? null : type.IsInstanceOfType(call.Platform) ? call.Platform : null;
        call.IsRefused(9001);
    }

    [TestMethod]
    public void A_host_that_offers_the_newer_context_by_its_own_name_only_is_served()
    {
        var call = new Call();
        call.Platform.Services = type => type == typeof(
            IPluginExecutionContext) ? null : type.IsInstanceOfType(call.Platform) ? call.Platform : null;
        Assert.IsNotNull(call.Token());
    }

    [TestMethod]
    [DataRow(600, 0)]
    [DataRow(1, 0)]
    [DataRow(3600, 0)]
    [DataRow(0, 1002)]
    [DataRow(-1, 1002)]
    [DataRow(3601, 1002)]
    public void A_user_of_an_entry_for_a_moment_gets_a_token_until_it_ends(int seconds, int code) =>
        Told(ForMoment(Call.NowNumeric + seconds), code);

    [TestMethod]
    public void An_entry_for_a_moment_is_for_no_other_call()
    {
        Told(ForMoment(), 0);
        Told(ForMoment(), 1002, call => call.Platform.Depth = 2);
        Told(ForMoment(), 1002, call => call.Platform.IsPortalsClientCall = true);
        Told(ForMoment(), 1002, call => call.Platform.Runs = Guid.NewGuid());
        Told(ForMoment(), 1003, call => call.Platform.AuthenticatedUserId = Guid.NewGuid());
        Told(ForMoment(), 0, call => call.Platform.AuthenticatedUserId = Guid.Empty);
        Told(ForMoment(), 1002, call => call.Platform.InputParameters["ContactId"] = Guid.NewGuid());
        Told(ForMoment(), 1002, call => call.Platform.InputParameters.Remove("ContactId"));
        Told(ForMoment(), 1002, call =>
            (call.Platform.InitiatingUserId, call.Platform.AuthenticatedUserId) = (Call.Bert, Call.Bert));

        // An application with the id of the user is not that user.
        Told(ForMoment(), 1002, call =>
        {
            call.Platform.InitiatingUserApplicationId = PlatformDouble.PortalUser;
            (call.Platform.InitiatingUserId, call.Platform.AuthenticatedUserId) = (Call.Bert, Call.Bert);
        });
    }

    [TestMethod]
    public void An_entry_for_a_moment_replaces_none_of_a_listed_application()
    {
        var call = new Call
        {
            Settings = $"{{\"issuer\":\"i\",\"callers\":{{\"{Moment}\":{{\"contact\":{{\"only\":\"{Call.Bert:D}\"}},"
                + $"\"until\":{Call.NowNumeric + 9}}},\"{Call.Caller}\":{{\"contact\":\"context\"}}}}}}",
        };
        Told(call, 1001);
    }

    [TestMethod]
    [DataRow("user:", """{"contact":{"only":"87b4d06c-abc2-e811-a9b0-000d3a10e09e"},"until":1}""")]
    [DataRow("user:x", """{"contact":{"only":"87b4d06c-abc2-e811-a9b0-000d3a10e09e"},"until":1}""")]
    [DataRow(Moment, """{"contact":"parameter","until":1}""")]
    [DataRow(Moment, """{"contact":{"only":"bert"},"until":1}""")]
    [DataRow(Moment, """{"contact":{"only":"87b4d06c-abc2-e811-a9b0-000d3a10e09e","column":"x"},"until":1}""")]
    [DataRow(Moment, """{"contact":{"only":"87b4d06c-abc2-e811-a9b0-000d3a10e09e"}}""")]
    [DataRow(Moment, """{"contact":{"only":"87b4d06c-abc2-e811-a9b0-000d3a10e09e"},"until":"1"}""")]
    [DataRow(Moment, """{"contact":{"only":"87b4d06c-abc2-e811-a9b0-000d3a10e09e"},"until":-1}""")]
    [DataRow(Moment, """{"contact":{"only":"87b4d06c-abc2-e811-a9b0-000d3a10e09e"},"until":1e9}""")]
    [DataRow(Moment, """{"until":1}""")]
    [DataRow(Call.Caller, """{"contact":{"only":"87b4d06c-abc2-e811-a9b0-000d3a10e09e"}}""")]
    public void An_entry_for_a_moment_that_is_malformed_is_refused(string caller, string entry) =>
        new Call().WithEntry(entry, caller).IsRefused(2005);

    private const string Moment = "user:22222222-0000-0000-0000-000000000002";

    private static Call ForMoment(long until = Call.NowNumeric + 600)
    {
        var call = new Call().WithEntry(
            $"{{\"contact\":{{\"only\":\"{Call.Bert:D}\"}},\"until\":{until}}}", Moment);
        return call;
    }

    private static void Told(Call call, int code, Action<Call>? change = null)
    {
        change?.Invoke(call);
        if (code == 0)
        {
            Assert.AreEqual(Call.Bert.ToString("D"), call.Payload()["sub"]!.Text);
        }
        else
        {
            call.IsRefused(code);
        }
    }
}
