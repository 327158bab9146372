namespace ChatAuth.LocalDataverse.Refusals;

/// <summary>
/// All refusals that several parts share, with Dataverse's numbers (Microsoft Learn: web service error codes).
/// </summary>
/// <remarks>Messages never carry a column's value: rows hold personal data and keys.</remarks>
internal static class Refusal
{
    /// <summary>Nothing known says how Dataverse would answer, so nobody may rely on an answer.</summary>
    public static DataverseException NotKnown(string what) =>
        new(0x80004001, 501, $"LocalDataverse does not know {what}.");

    /// <summary>The request contradicts a rule of the platform (InvalidArgument).</summary>
    public static DataverseException Invalid(string message) => new(0x80040203, 400, message);

    /// <summary>The body is not what the model says (Web API payload error).</summary>
    public static DataverseException Payload(string message) =>
        new(0x80048d19, 400, "Error identified in Payload provided by the user: " + message);

    /// <summary>The query does not fit the model (Web API query error).</summary>
    public static DataverseException Query(string message) => new(0x80060888, 400, message);

    /// <summary>No such table (QueryBuilderNoEntity).</summary>
    public static DataverseException UnknownTable(string? name) =>
        new(
            0x80041102, 400,
            $"The entity with a name = '{name}' with namemapping = 'Logical' was not found in the MetadataCache.");

    /// <summary>No such column (QueryBuilderNoAttribute).</summary>
    public static DataverseException UnknownColumn(string table, string column) =>
        new(
            0x80041103, 400,
            $"'{table}' entity doesn't contain attribute with Name = '{column}' and NameMapping = 'Logical'.");

    /// <summary>No such row (ObjectDoesNotExist).</summary>
    public static DataverseException NoRow(string table, Guid id) =>
        new(0x80040217, 404, $"Entity '{table}' With Id = {id:D} Does Not Exist");

    /// <summary>No such path (Microsoft Learn: compose HTTP requests, 404).</summary>
    public static DataverseException NoResource(string segment) =>
        new(0x8006088a, 404, $"Resource not found for the segment '{segment}'.");

    /// <summary>The path is there, and takes another method.</summary>
    public static DataverseException Method(string method) =>
        new(0x80060888, 405, $"The method {method} is not allowed here.");

    /// <summary>Service protection (Microsoft Learn: service protection API limits).</summary>
    public static DataverseException Limited(uint code, TimeSpan retryAfter, string message) =>
        new(code, 429, message) { RetryAfter = retryAfter };

    /// <summary>A row with that id is there already (DuplicateRecord).</summary>
    public static DataverseException Duplicate() =>
        new(0x80040237, 412, "A record with matching key values already exists.");

    /// <summary>The row has another version than the caller has seen (ConcurrencyVersionMismatch).</summary>
    public static DataverseException VersionMismatch() =>
        new(0x80060882, 412, "The version of the existing record doesn't match the RowVersion property provided.");
}
