#!/usr/bin/env bash
# Every public header compiles alone, as C11 and as C++17, under the strictest flags.
set -eu
cd "$(dirname "$0")/.."
n=0
for header in include/fangding/*.h; do
    gcc -std=c11 -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Werror -fsyntax-only -Iinclude -x c "$header"
    g++ -std=c++17 -Wall -Wextra -Wshadow -Werror -fsyntax-only -Iinclude -x c++ "$header"
    n=$((n + 1))
done
echo "$n headers"
[ $n -gt 0 ]
