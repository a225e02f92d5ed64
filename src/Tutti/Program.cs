// SPDX-License-Identifier: Apache-2.0
using Tutti.Commands;

return await CommandLine.Run(args);
