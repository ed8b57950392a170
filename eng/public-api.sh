#!/usr/bin/env bash
# Brings the lists of the public surface (PublicAPI.*.txt) up to date: eng/public-api.sh [PROJECT_FOLDER...], all below src by default.
set -euo pipefail
cd "$(dirname "$0")/.."
[ $# -gt 0 ] || set -- src/*/
for folder in "$@"; do
    project=$(ls "$folder"/*.csproj)
    for list in Shipped Unshipped; do
        [ -f "$folder/PublicAPI.$list.txt" ] || echo '#nullable enable' > "$folder/PublicAPI.$list.txt"
    done
    dotnet restore "$project" -v q
    dotnet format analyzers "$project" --no-restore --diagnostics RS0016 RS0017 RS0036 RS0037
done
