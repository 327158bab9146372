using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Plugins.Tests;

[TestClass]
public class A_step_traces
{
    [TestMethod]
    public void A_token_leaves_one_line_with_its_kid()
    {
        var call = new Call { Keys = TestKeys.Set(TestKeys.Jwk(TestKeys.Rfc7515, "{0} {kid}".Replace(" ", "-"))) };
        call.Token();
        Assert.AreEqual("Issued a token with Key \"{0}-{kid}\".", call.Platform.Traced.Single());
    }

    [TestMethod]
    public void Without_a_tracing_service_the_token_is_issued_all_the_same()
    {
        var call = new Call();
        call.Platform.Services = type => type == typeof(
            Microsoft.Xrm.Sdk.ITracingService) ? null : type.IsInstanceOfType(call.Platform) ? call.Platform : null;
        Assert.IsNotNull(call.Token());
    }
}
