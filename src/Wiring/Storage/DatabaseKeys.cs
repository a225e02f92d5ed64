// SPDX-License-Identifier: Apache-2.0
using System.Xml.Linq;
using Dapper;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace Tutti.Wiring.Storage;

/// <summary>
/// The keys of cookies and forms in a component's database, so that every node on it reads what another one issued.
/// Table: <c>data_protection_key (name TEXT PRIMARY KEY, xml TEXT)</c>.
/// </summary>
public sealed class DatabaseKeys(Database database) : IXmlRepository
{
    /// <inheritdoc/>
    public IReadOnlyCollection<XElement> GetAllElements() => Task.Run(async () =>
    {
        await using var connection = await database.Open(CancellationToken.None);
        return (await connection.QueryAsync<string>("SELECT xml FROM data_protection_key ORDER BY name")).Select(XElement.Parse).ToList();
    }).GetAwaiter().GetResult();

    /// <inheritdoc/>
    public void StoreElement(XElement element, string friendlyName)
    {
        ArgumentNullException.ThrowIfNull(element);
        Task.Run(() => database.Write(
            transaction => transaction.Connection!.ExecuteAsync(
                "INSERT INTO data_protection_key (name, xml) VALUES (@friendlyName, @xml) ON CONFLICT (name) DO UPDATE SET xml = excluded.xml",
                new { friendlyName, xml = element.ToString(SaveOptions.DisableFormatting) },
                transaction),
            CancellationToken.None)).GetAwaiter().GetResult();
    }
}
