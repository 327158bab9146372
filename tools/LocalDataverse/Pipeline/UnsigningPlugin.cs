using System.Reflection;
using System.Security.Cryptography;

namespace ChatAuth.LocalDataverse.Pipeline;

/// <summary>
/// A plug-in of this product in a sandbox where no RSA class signs: the other answer to what is unknown (facts 2).
/// </summary>
/// <remarks>
/// The runtime's own classes cannot be taken away. So the plug-in's own import of keys is given numbers that no class
/// takes, and refuses as it would there.
/// </remarks>
internal static class UnsigningPlugin
{
    private const BindingFlags Hidden = BindingFlags.Instance | BindingFlags.Static | BindingFlags.NonPublic;

    /// <summary>The plug-in; null when its type does not sign.</summary>
    public static IPlugin? TryMake(Type type, string? configuration, string? secure, Func<DateTime> utcNow)
    {
        Type[] signature = [
            typeof(string), typeof(string), typeof(Func<DateTime>), typeof(Func<Guid>),
            typeof(Func<RSAParameters, string, RSA>),
        ];
        if (type.GetConstructor(Hidden, signature) is not { } constructor)
        {
            return null;
        }

        Type[] takes = [typeof(RSAParameters), typeof(string)];
        var import = type.Assembly.GetTypes().SelectMany(t => t.GetMethods(Hidden | BindingFlags.Public))
            .Single(m => m.IsStatic && m.ReturnType == typeof(RSA)
                && m.GetParameters().Select(p => p.ParameterType).SequenceEqual(takes))
            .CreateDelegate<Func<RSAParameters, string, RSA>>();
        Func<RSAParameters, string, RSA> fails = (_, label) => import(default, label);
        return (IPlugin)constructor.Invoke(
            BindingFlags.DoNotWrapExceptions, null,
            [configuration, secure, utcNow, (Func<Guid>)Guid.NewGuid, fails], null);
    }
}
