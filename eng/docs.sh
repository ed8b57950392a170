#!/usr/bin/env bash
# The reference and the pages of docs/ as a site in artifacts/site.
set -euo pipefail
cd "$(dirname "$0")/.."
dotnet tool restore
dotnet build -c Release src/Microsoft.ML.NTM
dotnet docfx docs/docfx.json --warningsAsErrors
