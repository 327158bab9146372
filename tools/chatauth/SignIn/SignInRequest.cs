namespace ChatAuth.SignIn;

/// <summary>How a command is to sign in, and as whom.</summary>
/// <param name="Way">Which way; never <see cref="SignInWay.Environment"/> or another that stands for several.</param>
internal sealed record SignInRequest(SignInWay Way)
{
    /// <summary>The environment that a connection string names; null when none does.</summary>
    public string? Url { get; init; }

    /// <summary>Id or domain of the tenant; null for the one that the environment belongs to.</summary>
    public string? TenantId { get; init; }

    /// <summary>Id of the application; null where the way has one of its own.</summary>
    public string? ClientId { get; init; }

    /// <summary>The client secret, or the ready access token.</summary>
    public string? Secret { get; init; }

    /// <summary>The certificate of an application.</summary>
    public CertificateSource? Certificate { get; init; }

    /// <summary>Who is expected to sign in; a person's name, so never shown.</summary>
    public string? UserName { get; init; }

    /// <summary>Where the secret or certificate was read, so that an error can say what to mend.</summary>
    public string Source { get; init; } = string.Empty;

    /// <summary>What was given and is not used, in lines to be shown; nothing secret.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The way: a record would print the secret too.</summary>
    public override string ToString() => Way.Name();
}
