// SPDX-License-Identifier: Apache-2.0
namespace Tutti.System.Tests.Matrix;

/// <summary>How a component comes to be away.</summary>
public enum Way
{
    /// <summary><c>tutti component stop</c>: its process goes on and says so.</summary>
    ComponentStop,

    /// <summary>SIGTERM for its process.</summary>
    Terminate,

    /// <summary>SIGKILL for its process.</summary>
    Kill,
}
