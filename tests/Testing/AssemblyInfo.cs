// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;

[assembly: SuppressMessage("Security", "CA2100", Justification = "Names of databases that the fixture numbers itself.")]
