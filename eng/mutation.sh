#!/usr/bin/env bash
# What the tests do not notice: eng/mutation.sh TESTS FILE...
#
#   eng/mutation.sh Training Training/BestWeights.cs
#   eng/mutation.sh Training.LearningRate Training/LearningRateSchedule.cs
#
# Stryker changes the files (paths below src/Microsoft.ML.NTM) in one place after the other, and each change should fail one of the tests
# whose names begin with Tests.TESTS: a room's, or those of a class, which is faster. What survives is in artifacts/mutation/TESTS/reports.
# Texts are left alone.
#
# It works on a copy of the tree, in which every other file begins with a comment that keeps Stryker out: its switches make kernels slow.
set -euo pipefail
cd "$(dirname "$0")/.."
[ $# -gt 1 ] || { sed -n '2,9s/^# \{0,1\}//p' eng/mutation.sh; exit 1; }
tests=$1
shift
output=$PWD/artifacts/mutation/$tests
tree=$output/tree

# Build outputs of the last run stay, sources do not.
mkdir -p "$tree"
find "$tree" -type f -not -path '*/bin/*' -not -path '*/obj/*' -delete
git ls-files -z --cached --others --exclude-standard | tar -c --null --ignore-failed-read -T - | tar -x -C "$tree"
cd "$tree/src/Microsoft.ML.NTM"
arguments=()
for file in "$@"; do
    [ -f "$file" ] || { echo "There is no src/Microsoft.ML.NTM/$file."; exit 1; }
    arguments+=(--mutate "$file")
done
find . -name '*.cs' -not -path './bin/*' -not -path './obj/*' | sed 's|^\./||' | while read -r file; do
    [[ " $* " == *" $file "* ]] || sed -i '1s|^\(\xef\xbb\xbf\)\?|\1// Stryker disable all\n|' "$file"
done

# A test of the tiles compares their source with its template and would see the comment.
cd "$tree/tests/Microsoft.ML.NTM.Tests"
dotnet tool restore
echo '{ "stryker-config": { "ignore-mutations": [ "string" ] } }' > stryker-config.json
dotnet stryker --project Microsoft.ML.NTM.csproj --configuration Release --test-runner mtp --concurrency 1 --skip-version-check \
    --test-case-filter "FullyQualifiedName~Tests.$tests&FullyQualifiedName!~TilesTests" \
    --output "$output" --reporter progress --reporter json --reporter html "${arguments[@]}"
