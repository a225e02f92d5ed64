// SPDX-License-Identifier: Apache-2.0

// Every test runs whole servers: one after the other.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
