#!/usr/bin/env bash
# What the tests do not notice: eng/mutation.sh FILE... (paths below src/Microsoft.ML.NTM, such as Training/BestWeights.cs). Each change
# that Stryker makes to these files should fail a test; what survives is listed in artifacts/mutation.
set -euo pipefail
cd "$(dirname "$0")/.."
[ $# -gt 0 ] || { echo "Say which files: Training/BestWeights.cs, Kernels/Weighting.cs ..."; exit 1; }
dotnet tool restore
arguments=()
for file in "$@"; do arguments+=(--mutate "$file"); done
cd tests/Microsoft.ML.NTM.Tests
dotnet stryker --project Microsoft.ML.NTM.csproj --configuration Release --test-runner mtp --concurrency 1 \
    --output ../../artifacts/mutation --reporter cleartext --reporter html "${arguments[@]}"
