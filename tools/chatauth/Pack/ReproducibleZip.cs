using System.Buffers.Binary;
using System.Text;

namespace ChatAuth.Pack;

/// <summary>Writes a zip that depends on nothing but the names and contents of its entries.</summary>
/// <remarks>
/// <para>Entries are sorted ordinally, carry the format's first date and are deflated (method 8), as those of every
/// exported solution are; but in blocks of the kind "stored", because the bytes that compression makes change with
/// the zlib of the runtime, and a solution of this size (about 80 KB) gains nothing from it. Written here, because
/// System.IO.Compression notes the operating system in every entry.</para>
/// <para>Format: PKWARE APPNOTE 6.3.10, sections 4.3.7, 4.3.12 and 4.3.16; RFC 1951, section 3.2.4.</para>
/// </remarks>
internal static class ReproducibleZip
{
    // APPNOTE 4.4.3: version 2.0 of the format; 4.4.2: the upper byte 0 names the MS-DOS attribute layout.
    private const ushort Version = 20;

    // APPNOTE 4.4.6: days, months and years since 1980 as 7 + 4 + 5 bits: 1980-01-01, 00:00:00.
    private const ushort Date = (1 << 5) | 1;

    // APPNOTE 4.4.4, bit 11: names are UTF-8.
    private const ushort Utf8Names = 0x0800;

    // APPNOTE 4.4.5.
    private const ushort Deflated = 8;

    // RFC 1951 section 3.2.4: a stored block's length has 16 bits.
    private const int LongestBlock = ushort.MaxValue;

    private static readonly uint[] CrcTable = [.. Enumerable.Range(0, 256).Select(CrcOf)];

    /// <summary>The bytes of a zip with these entries.</summary>
    /// <param name="entries">Path (with <c>/</c>) and content of each entry, in any order.</param>
    public static byte[] Write(IEnumerable<KeyValuePair<string, byte[]>> entries)
    {
        using MemoryStream zip = new();
        using MemoryStream directory = new();
        ushort count = 0;
        foreach ((string path, byte[] content) in entries.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            byte[] name = Encoding.UTF8.GetBytes(path);
            byte[] packed = Blocks(content);
            byte[] common = Common(name, content, packed.Length);
            uint offset = (uint)zip.Length;
            Put(zip, 0x04034b50u);
            zip.Write(common);
            zip.Write(name);
            zip.Write(packed);

            Put(directory, 0x02014b50u);
            Put(directory, Version);
            directory.Write(common);
            directory.Write(new byte[10]); // comment length, disk number, attributes: none
            Put(directory, offset);
            directory.Write(name);
            count++;
        }

        uint start = (uint)zip.Length;
        directory.WriteTo(zip);
        Put(zip, 0x06054b50u);
        Put(zip, 0u); // this disk, disk of the directory
        Put(zip, count);
        Put(zip, count);
        Put(zip, (uint)directory.Length);
        Put(zip, start);
        Put(zip, (ushort)0); // no comment
        return zip.ToArray();
    }

    // The part that local header and central directory share (APPNOTE 4.3.7, after the signature).
    private static byte[] Common(byte[] name, byte[] content, int packedLength)
    {
        using MemoryStream header = new();
        Put(header, Version);
        Put(header, Utf8Names);
        Put(header, Deflated);
        Put(header, (ushort)0); // time
        Put(header, Date);
        Put(header, Crc32(content));
        Put(header, (uint)packedLength);
        Put(header, (uint)content.Length);
        Put(header, (ushort)name.Length);
        Put(header, (ushort)0); // no extra field
        return header.ToArray();
    }

    // Of each block a byte that says "stored" and whether it is the last, its length, and the complement of that; one
    // empty block for no content.
    private static byte[] Blocks(byte[] content)
    {
        using MemoryStream packed = new();
        int start = 0;
        do
        {
            ushort length = (ushort)Math.Min(content.Length - start, LongestBlock);
            packed.WriteByte((byte)(start + length == content.Length ? 1 : 0));
            Put(packed, length);
            Put(packed, (ushort)~length);
            packed.Write(content, start, length);
            start += length;
        }
        while (start < content.Length);
        return packed.ToArray();
    }

    private static uint Crc32(byte[] content) =>
        ~content.Aggregate(uint.MaxValue, (crc, value) => CrcTable[(crc ^ value) & 0xff] ^ (crc >> 8));

    // APPNOTE 4.4.7: the CRC-32 with the polynomial 0xedb88320, reflected.
    private static uint CrcOf(int value) =>
        Enumerable.Range(0, 8).Aggregate((uint)value, (crc, _) => (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0xedb88320u);

    private static void Put(MemoryStream stream, ushort value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, value);
        stream.Write(bytes);
    }

    private static void Put(MemoryStream stream, uint value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        stream.Write(bytes);
    }
}
