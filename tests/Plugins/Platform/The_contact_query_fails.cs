using System;
using System.Linq;
#if NETFRAMEWORK
using System.ServiceModel;
#endif
using Microsoft.VisualStudio.TestTools.UnitTesting;
using Microsoft.Xrm.Sdk;

namespace ChatAuth.Plugins.Tests.Platform;

[TestClass]
public class The_contact_query_fails
{
    [TestMethod]
    [DataRow(-2147015902, 1018)]
    [DataRow(-2147015903, 1018)]
    [DataRow(-2147015898, 1018)]
    [DataRow(-2147220960, 1019)]
    [DataRow(-2147187962, 1019)]
    [DataRow(-2147204783, 1020)]
    [DataRow(-2147217149, 2010)]
    [DataRow(-2147217150, 2010)]
    [DataRow(-2147220891, 9001)]
    public void Each_fault_has_its_code_and_the_next_call_succeeds(int fault, int code)
    {
        var call = new Call();
        call.Platform.Answer = _ => throw new FaultException<OrganizationServiceFault>(
            new OrganizationServiceFault { ErrorCode = fault, Message = "Bert Hair" }, "Bert Hair");
        call.IsRefused(code);
        call.Platform.Answer = null;
        Assert.IsNotNull(call.Token());
    }

    [TestMethod]
    public void Throttling_tells_the_portal_to_wait()
    {
        var call = new Call();
        call.Platform.Answer = _ => throw new FaultException<OrganizationServiceFault>(
            new OrganizationServiceFault { ErrorCode = -2147015902 }, "slow down");
        Assert.AreEqual(PluginHttpStatusCode.TooManyRequests, call.IsRefused(1018).HttpStatus);
    }

    [TestMethod]
    public void A_time_out_has_its_code()
    {
        var call = new Call();
        call.Platform.Answer = _ => throw new TimeoutException("Bert Hair");
        call.IsRefused(1020);
    }

    [TestMethod]
    public void An_unexpected_exception_leaves_with_the_correlation_id_and_its_type_in_the_trace_only()
    {
        var call = new Call();
        call.Platform.Answer = _ => throw new InvalidOperationException("Bert Hair");
        StringAssert.Contains(call.IsRefused(9001).Message, "33333333-0000-0000-0000-000000000003");
        Assert.AreEqual("System.InvalidOperationException", call.Platform.Traced.First());
    }

    [TestMethod]
    public void A_column_of_a_type_that_nobody_expected_is_told_by_code()
    {
        var call = new Call();
        call.Contact["statecode"] = "active";
        call.IsRefused(9001);
        call.Contact["statecode"] = new OptionSetValue(0);
        call.Contact["firstname"] = new EntityCollection();
        call.IsRefused(2011);
    }
}

#if !NETFRAMEWORK
/// <summary>.NET has no System.ServiceModel; the plug-in asks for Detail by name, so this one serves.</summary>
internal sealed class FaultException<TDetail>(TDetail detail, string reason) : Exception(reason)
{
    public TDetail Detail { get; } = detail;
}
#endif
