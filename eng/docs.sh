#!/usr/bin/env bash
# The reference and the pages of docs/ as a site in artifacts/site.
set -euo pipefail
cd "$(dirname "$0")/.."
dotnet tool restore
for project in src/*/*.csproj; do
    dotnet build -c Release "$project"
done
dotnet docfx docs/docfx.json --warningsAsErrors
