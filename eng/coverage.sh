#!/usr/bin/env bash
# What the tests do not reach: eng/coverage.sh [TEST_FILTER]. Lines and branches per class as artifacts/coverage/Summary.txt, the lines
# themselves as artifacts/coverage/index.html. The whole suite takes several times as long as without.
set -euo pipefail
cd "$(dirname "$0")/.."
dotnet tool restore
dotnet build -c Release -p:Coverage=true tests/Microsoft.ML.NTM.Tests
rm -rf artifacts/coverage
# By itself Coverlet leaves out everything called Microsoft.ML.*, as packages of others: it is told to leave out nothing.
dotnet test -c Release --no-build --project tests/Microsoft.ML.NTM.Tests -- ${1:+--filter "$1"} \
    --results-directory "$PWD/artifacts/coverage" --coverlet --coverlet-output-format cobertura \
    --coverlet-include '[Microsoft.ML.NTM]*' --coverlet-exclude '[none]*' \
    || echo "Some tests failed; what they reached counts."
dotnet reportgenerator "-reports:artifacts/coverage/**/*.cobertura*.xml" -targetdir:artifacts/coverage "-reporttypes:Html;TextSummary"
sed -n '1,20p' artifacts/coverage/Summary.txt
