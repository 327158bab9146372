using Microsoft.OData.Edm;

namespace ChatAuth.LocalDataverse.Metadata;

/// <summary>The entity data model by which OData requests are parsed.</summary>
/// <remarks>Types are not open, so that the parser refuses columns it does not find.</remarks>
internal static class EdmModelOf
{
    /// <summary>Namespace of Dataverse's own model; it shows in messages and annotations.</summary>
    public const string Namespace = "Microsoft.Dynamics.CRM";

    /// <summary>The model of those tables.</summary>
    public static IEdmModel Of(IEnumerable<Table> tables)
    {
        var model = new EdmModel();
        var container = new EdmEntityContainer(Namespace, "System");
        model.AddElement(container);
        foreach (var table in tables)
        {
            var type = new EdmEntityType(Namespace, table.Name);
            foreach (var column in table.Columns.Values.Where(c => c.Type != ColumnType.File))
            {
                var property = type.AddStructuralProperty(
                    column.WireName, Kind(column.Type), isNullable: column.Name != table.IdColumn);
                if (column.Name == table.IdColumn)
                {
                    type.AddKeys(property);
                }
            }

            model.AddElement(type);
            container.AddEntitySet(table.SetName, type);
        }

        return model;
    }

    /// <summary>The wire type of a column.</summary>
    public static EdmPrimitiveTypeKind Kind(ColumnType type) => type switch
    {
        ColumnType.String => EdmPrimitiveTypeKind.String,
        ColumnType.Integer or ColumnType.Choice => EdmPrimitiveTypeKind.Int32,
        ColumnType.Boolean => EdmPrimitiveTypeKind.Boolean,
        ColumnType.DateTime => EdmPrimitiveTypeKind.DateTimeOffset,
        ColumnType.Date => EdmPrimitiveTypeKind.Date,
        ColumnType.Money => EdmPrimitiveTypeKind.Decimal,
        ColumnType.Double => EdmPrimitiveTypeKind.Double,
        _ => EdmPrimitiveTypeKind.Guid,
    };
}
