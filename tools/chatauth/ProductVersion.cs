using System.Reflection;

namespace ChatAuth;

/// <summary>
/// The one version of this product: the top heading of the change log, which the build puts into this command.
/// </summary>
internal static class ProductVersion
{
    /// <summary>The version with three parts, as the change log has it.</summary>
    public static string OfCommand { get; } = typeof(ProductVersion).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!
        .InformationalVersion
        .Split('+')[0];

    /// <summary>The version with four parts, as a solution has it.</summary>
    public static string OfSolution { get; } = OfCommand + ".0";
}
