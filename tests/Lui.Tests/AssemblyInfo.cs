// SPDX-License-Identifier: Apache-2.0
using Tutti.Testing;

[assembly: AssemblyFixture(typeof(PostgresServer))]
[assembly: AssemblyFixture(typeof(MariaDbServer))]
