namespace ChatAuth.LocalDataverse.Metadata;

/// <summary>What a column may hold.</summary>
internal static class ColumnValue
{
    /// <summary>The value in the column's SDK type, refused when it does not fit.</summary>
    public static object Check(Table table, Column column, object value) => (column.Type, value) switch
    {
        // StringLengthTooLong
        (ColumnType.String, string text) when text.Length > column.MaxLength => throw new DataverseException(
            0x80044331, 400, $"A validation error occurred. The length of the '{column.Name}' attribute of the "
                + $"'{table.Name}' entity exceeded the maximum allowed length of '{column.MaxLength}'."),
        (ColumnType.String or ColumnType.File, string) or (ColumnType.Integer, int) or (ColumnType.Boolean, bool)
            or (ColumnType.Guid, Guid) or (ColumnType.Money, Money) => value,
        (ColumnType.Money, decimal amount) => new Money(amount),
        (ColumnType.DateTime, DateTime time) => Utc(time),
        (ColumnType.Date, DateTime day) => Utc(day.Date),
        (ColumnType.Choice, int number) => Check(table, column, new OptionSetValue(number)),
        (ColumnType.Choice, OptionSetValue choice) when column.Choices.Contains(choice.Value) => choice,

        // PicklistValueOutOfRange
        (ColumnType.Choice, OptionSetValue) => throw new DataverseException(
            0x8004431a, 400, $"A validation error occurred. The value of '{column.Name}' on record of type "
                + $"'{table.Name}' is outside the valid range. Accepted Values: {string.Join(',', column.Choices)}"),
        (ColumnType.Lookup, EntityReference reference) when column.Targets.Contains(reference.LogicalName) => reference,
        _ => throw Refusal.Invalid(
            $"Incorrect attribute value type {value.GetType().FullName} for '{table.Name}.{column.Name}'."),
    };

    /// <summary>A copy that its reader may change.</summary>
    public static object Copy(object value) => value switch
    {
        EntityReference r => new EntityReference(r.LogicalName, r.Id) { Name = r.Name },
        OptionSetValue o => new OptionSetValue(o.Value),
        Money m => new Money(m.Value),
        _ => value,
    };

    private static DateTime Utc(DateTime time) =>
        time.Kind == DateTimeKind.Local ? time.ToUniversalTime() : DateTime.SpecifyKind(time, DateTimeKind.Utc);
}
