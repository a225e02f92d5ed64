// SPDX-License-Identifier: Apache-2.0
using System.Data;

namespace Tutti.Dst.Journal;

/// <summary>An SQL statement of the journal, with its parameters in the order in which values are given to it. Prepared once for each connection.</summary>
/// <param name="Sql">The text; parameters are written @name.</param>
/// <param name="Parameters">Names without @, and types.</param>
internal sealed record Statement(string Sql, params (string Name, DbType Type)[] Parameters);
