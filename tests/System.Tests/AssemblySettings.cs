// SPDX-License-Identifier: Apache-2.0

// Every test runs whole servers, which wait more than they work: three at a time fill two cores.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.Collections, MaxThreads = 3)]
