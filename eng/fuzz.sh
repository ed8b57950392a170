#!/usr/bin/env bash
# Coverage-guided fuzzing of what reads untrusted files: eng/fuzz.sh weights|state|model [SECONDS]. Needs afl-fuzz (AFL++). Whatever is
# neither taken nor refused with one clear error is in artifacts/fuzz/KIND/out/default/crashes, what takes longer than 2 s in hangs.
set -euo pipefail
cd "$(dirname "$0")/.."
kind=${1:?weights, state or model}
seconds=${2:-600}
command -v afl-fuzz > /dev/null || { echo "Expected afl-fuzz (AFL++) on the path, found none."; exit 1; }
dotnet tool restore
out=artifacts/fuzz/$kind
rm -rf "$out" artifacts/fuzz/app
dotnet publish eng/fuzz/Fuzz.csproj -c Release -v q -nologo -o artifacts/fuzz/app
dotnet artifacts/fuzz/app/Fuzz.dll seeds "$kind" "$out/in"
dotnet sharpfuzz artifacts/fuzz/app/Microsoft.ML.NTM.dll
AFL_SKIP_BIN_CHECK=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_SKIP_CPUFREQ=1 AFL_NO_AFFINITY=1 AFL_NO_UI=1 \
    afl-fuzz -i "$out/in" -o "$out/out" -t 2000 -m none -V "$seconds" -- dotnet artifacts/fuzz/app/Fuzz.dll "$kind"
grep -E "execs_done|execs_per_sec|saved_crashes|saved_hangs|corpus_count" "$out/out/default/fuzzer_stats"
