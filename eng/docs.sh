#!/usr/bin/env bash
# The reference, the pages of docs/ and those beside the sources as a site in artifacts/site; a link that leads nowhere is an error.
# docfx knows only what lies below its configuration, so the pages are laid out in artifacts/pages as in the repository first.
set -euo pipefail
cd "$(dirname "$0")/.."
dotnet tool restore
if [ "${1:-}" != "--no-build" ]; then
    for project in src/*/*.csproj; do
        dotnet build -c Release "$project"
    done
fi
pages=artifacts/pages
rm -rf "$pages" artifacts/site
mkdir -p "$pages"
git ls-files --cached --others --exclude-standard '*.md' 'docs/*.svg' 'docs/*.png' 'samples/*.svg' 'samples/*.png' |
    while read -r page; do
        mkdir -p "$pages/$(dirname "$page")"
        cp "$page" "$pages/$page"
    done
mv "$pages/README.md" "$pages/index.md"
cp docs/docfx.json docs/toc.yml "$pages"
dotnet docfx "$pages/docfx.json" --warningsAsErrors
