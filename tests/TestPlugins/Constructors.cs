using System;
using System.Globalization;
using Microsoft.Xrm.Sdk;

namespace ChatAuth.TestPlugins;

/// <summary>Says through the response property Report how it was constructed.</summary>
public abstract class Constructed(string how) : IPlugin
{
    public void Execute(IServiceProvider serviceProvider) =>
        (
            (IPluginExecutionContext)(serviceProvider ?? throw new ArgumentNullException(nameof(serviceProvider)))
                .GetService(typeof(IPluginExecutionContext))).OutputParameters["Report"] = how;
}

/// <summary>Takes the unsecure configuration only.</summary>
public sealed class OneArgument(string unsecure) : Constructed("one:" + unsecure);

/// <summary>Takes nothing.</summary>
public sealed class NoArgument() : Constructed("none");

/// <summary>Takes its time from outside when it is tested.</summary>
public sealed class Timed : Constructed
{
    public Timed(string unsecure, string secure)
        : base("own clock" + unsecure + secure)
    {
    }

    internal Timed(string unsecure, string secure, Func<DateTime> clock)
        : base(unsecure + secure + clock?.Invoke().ToString("O", CultureInfo.InvariantCulture))
    {
    }
}

/// <summary>Breaks when it is constructed.</summary>
public sealed class Broken : IPlugin
{
    public Broken() => throw new InvalidOperationException("inner text");

    public void Execute(IServiceProvider serviceProvider)
    {
        // never reached
    }
}

/// <summary>Not public, so the platform does not see it.</summary>
#pragma warning disable CA1812 // it is there to be refused
internal sealed class Hidden() : Constructed("hidden");
#pragma warning restore CA1812

/// <summary>Public, but no plug-in.</summary>
public sealed class NoPlugin
{
    public string Name => nameof(NoPlugin);
}
