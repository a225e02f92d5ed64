#!/bin/sh
# The runtime that Tutti was built with lies beside it.
export DOTNET_ROOT=/usr/lib/tutti/runtime
export DOTNET_NOLOGO=1
exec /usr/lib/tutti/tutti "$@"
