#!/usr/bin/env bash
# What the tests do not notice: eng/mutation.sh ROOM FILE...
#
#   eng/mutation.sh Training Training/BestWeights.cs Training/LearningRateSchedule.cs
#
# Stryker changes the files (paths below src/Microsoft.ML.NTM) in one place after the other, and each change should fail a test of the room
# (Tests.ROOM). What survives is in artifacts/mutation/ROOM/reports. Texts are left alone. A file of a hundred lines takes some ten minutes.
#
# It works on a copy of the tree, in which every other file begins with a comment that keeps Stryker out: its switches make kernels slow.
set -euo pipefail
cd "$(dirname "$0")/.."
[ $# -gt 1 ] || { sed -n '2,5s/^# \{0,1\}//p' eng/mutation.sh; exit 1; }
room=$1
shift
output=$PWD/artifacts/mutation/$room
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
    --test-case-filter "FullyQualifiedName~Tests.$room.&FullyQualifiedName!~TilesTests" \
    --output "$output" --reporter progress --reporter json --reporter html "${arguments[@]}"
