using System;
using ChatAuth.LocalDataverse;
using ChatAuth.LocalDataverse.Security;
using ChatAuth.LocalDataverse.State;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using Microsoft.Xrm.Sdk;

namespace ChatAuth.Tools.Tests.LocalDataverse;

[TestClass]
public sealed class Time_passes_by_itself
{
    [TestMethod]
    public void A_plugin_is_constructed_as_on_the_platform()
    {
#pragma warning disable RS0030 // what happens on the system's clock is what is tested
        var organization = new LocalOrganization(TimeProvider.System) { ImportDuration = TimeSpan.Zero };
#pragma warning restore RS0030
        organization.Imports.Start(new TestSolution().Zip());
        organization.Imports.Settle();
        organization.AddRow(
            "sdkmessageprocessingstep",
            Guid.NewGuid(),
            ("mode", 0),
            ("stage", 40),
            ("rank", 1),
            ("supporteddeployment", 0),
            ("invocationsource", 0),
            ("configuration", "u"),
            ("sdkmessageid",
                new EntityReference("sdkmessage", organization.Rows.Now.Named("sdkmessage", "name", "test_Probe")!.Id)),
            ("eventhandler", new EntityReference("plugintype", TestSolution.TypeId("Timed"))));
        var caller = new Caller(
            organization.Administrator, organization.Administrator, Guid.Empty, null, new Call { Message = "test" });
        Assert.AreEqual(
            "own clocku", organization.Pipeline.Run(caller, "test_Probe", new ParameterCollection(), null)["Report"]);
    }
}
