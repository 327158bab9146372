using System;

namespace ChatAuth.LocalPortal;

/// <summary>What <c>LocalPortal --once</c> is asked for.</summary>
/// <param name="ContactId">The visitor; null is the anonymous one.</param>
/// <param name="ContextVariables">JSON as the visitor's page would send it, unchecked on purpose; or null.</param>
/// <param name="Folder">Where public keys, contacts and the zip are written; or null.</param>
internal sealed record OnceOptions(Guid? ContactId, string? ContextVariables, string? Folder);
