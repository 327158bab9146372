using System.Collections.Concurrent;
using System.Reflection;
using ChatAuth.LocalDataverse.State;

namespace ChatAuth.LocalDataverse.Pipeline;

/// <summary>One plug-in instance for each step, shared by threads and kept until its step changes.</summary>
/// <remarks>
/// Facts 1: instances are cached; whether a changed secure-configuration row renews them is unknown, so here it does
/// not.
/// </remarks>
internal sealed class PluginInstances(OrganizationState organization)
{
    private static readonly int[] ConstructorLengths = [2, 1, 0];

    private readonly ConcurrentDictionary<Guid, (Version Of, Lazy<IPlugin> Plugin)> instances = new();

    /// <summary>
    /// Whether a change of the secure-configuration row renews the instance: the other answer to what is unknown.
    /// </summary>
    public bool SecureConfigurationRenews { get; set; }

    /// <summary>The instance that serves a step.</summary>
    public IPlugin For(RowSnapshot rows, Row step)
    {
        var type = rows.Get("plugintype", step.Reference("eventhandler"));
        var assembly = rows.Get("pluginassembly", type.Reference("pluginassemblyid"));
        var secure =
            rows.Find("sdkmessageprocessingstepsecureconfig", step.Reference("sdkmessageprocessingstepsecureconfigid"));
        var version = new Version(step.Version, assembly.Version, SecureConfigurationRenews ? secure?.Version : null);
        if (instances.TryGetValue(step.Id, out var instance) && instance.Of == version)
        {
            return instance.Plugin.Value;
        }

        return instances.AddOrUpdate(
            step.Id, _ => Made(), (_, cached) => cached.Of == version ? cached : Made()).Plugin.Value;

        (Version, Lazy<IPlugin>) Made() => (version, new Lazy<IPlugin>(() =>
            New(assembly, type.Text("typename")!, step.Text("configuration"), secure?.Text("secureconfig"))));
    }

    private IPlugin New(Row assembly, string typeName, string? configuration, string? secure)
    {
        var type = PluginLoader.Load(assembly.Text("content")!).GetType(typeName, throwOnError: true)!;
        if (organization.Unknowns.SigningFails
            && UnsigningPlugin.TryMake(type, configuration, secure, () => organization.UtcNow) is { } plugin)
        {
            return plugin;
        }

        // This stand-in's only liberty: on a test's clock a plug-in may take its time from the same clock.
        var timed = organization.IsOnSystemClock ? null : type.GetConstructor(
            BindingFlags.Instance | BindingFlags.NonPublic, [typeof(string), typeof(string), typeof(Func<DateTime>)]);

        // Microsoft Learn: write a plug-in, pass configuration data: (unsecure, secure), (unsecure) or ().
        object?[] arguments = [configuration, secure, () => organization.UtcNow];
        var constructor = timed
            ?? ConstructorLengths.Select(n => type.GetConstructor([.. Enumerable.Repeat(typeof(string), n)]))
                .FirstOrDefault(c => c != null)
            ?? throw new MissingMethodException(typeName, ".ctor");
        return (IPlugin)constructor.Invoke(
            BindingFlags.DoNotWrapExceptions, null, arguments[..constructor.GetParameters().Length], null);
    }

    private readonly record struct Version(long Step, long Assembly, long? Secure);
}
