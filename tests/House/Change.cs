namespace ChatAuth.House;

/// <summary>A change that somebody who is new here makes, and the files that it touches.</summary>
/// <param name="Name">What is added or changed.</param>
/// <param name="Files">Files of the product, relative to the repository; tests and documents are not counted.</param>
internal sealed record Change(string Name, params string[] Files)
{
    /// <summary>The changes that the house is built for.</summary>
    public static readonly Change[] Every = [];
}
