#!/usr/bin/env bash
# The server as clients see it: every documented status of every route once, the roles, and what attackers try.
#   tests/golden/serve.sh FANGDING
set -uo pipefail
fangding=$(realpath "$1")
command -v curl >/dev/null || { echo "no curl"; exit 77; }
command -v sqlite3 >/dev/null || { echo "no sqlite3"; exit 77; }
work=$(mktemp -d)
good=0 bad=0
servers=""
finish() { for p in $servers; do kill "$p" 2>/dev/null; done; wait 2>/dev/null; rm -rf "$work"; }
trap finish EXIT
cd "$work" || exit 1

ok() { good=$((good + 1)); }
wrong() { bad=$((bad + 1)); echo "WRONG $*"; }
check() { # WHAT CONDITION…
    local what=$1
    shift
    if "$@"; then ok; else wrong "$what"; fi
}
json() { sqlite3 -noheader :memory: "SELECT json_extract(readfile('$1'), '$2')"; }

start() { # NAME [option…]: sets $base and $cert
    local name=$1 i
    shift
    "$fangding" serve --city city.fangding --port 0 --setup-token setup-token-0123 "$@" >"$name.out" 2>"$name.log" &
    pid=$!
    servers="$servers $pid"
    for i in $(seq 100); do
        base=$(grep -oE 'https?://[^ ]+[0-9]/' "$name.out" | head -1)
        [ -n "$base" ] && break
        sleep 0.1
    done
    base=${base%/}
    [ -n "$base" ] || { echo "no server"; cat "$name.out" "$name.log"; exit 1; }
}

# call METHOD PATH STATUS [curl option…]: the answer is in body, its headers in head; what came is noted.
call() {
    local method=$1 path=$2 expected=$3 got route
    shift 3
    [ "$method" = HEAD ] && set -- --head "$@"
    got=$(curl -sS --path-as-is --cacert city.fangding.cert.pem -X "$method" -o body -D head -w '%{http_code}' --max-time 60 "$@" "$base$path" 2>curl.err)
    route=$(printf '%s' "${path%%\?*}" | sed -E 's#^(/api/v1/verbs)/.+#\1/*#; s#(/jobs)/[^/]+#\1/{id}#; s#(/files)/[^/]+#\1/{file}#; s#(/users|/tokens|/proposals)/[^/]+#\1/{id}#')
    echo "$method $route $got" >>seen
    if [ "$got" = "$expected" ]; then ok; else wrong "$method $path: expected $expected, got $got $(head -c 300 body 2>/dev/null) $(cat curl.err)"; fi
}
J='Content-Type: application/json'
sign_in() { # USER: cookies in USER.jar, $csrf
    curl -sS --cacert city.fangding.cert.pem -c "$1.jar" -H "$J" -d "{\"user\":\"$1\",\"password\":\"kettle drum forty two\"}" -o "$1.session" "$base/api/v1/session"
    csrf=$(json "$1.session" '$.csrf')
    echo "$csrf" >"$1.csrf"
}
write() { # USER METHOD PATH STATUS [curl option…]
    local user=$1 method=$2 path=$3 status=$4
    shift 4
    call "$method" "$path" "$status" -b "$user.jar" -H "X-CSRF-Token: $(cat "$user.csrf")" -H "$J" "$@"
}

"$fangding" new city.fangding --example huanzhou --months 2 --light >new.log 2>&1 || { cat new.log; exit 1; }
start main --rate 0

echo "— set-up and sessions"
call GET /healthz 200
call GET /metrics 200
call GET /api/v1/openapi.json 200
cp body openapi.json
call GET /api/v1/openapi.json 304 -H "If-None-Match: $(grep -i '^etag:' head | tr -d '\r' | cut -d' ' -f2)"
call GET /api/v1/session 200
check "set-up is needed" [ "$(json body '$.setup_needed')" = 1 ]
call POST /api/v1/setup 403 -H "$J" -d '{"token":"wrong-token-0000000","user":"admin","password":"kettle drum forty two"}'
call POST /api/v1/setup 400 -H "$J" -d '{"token":"setup-token-0123","user":"admin","password":"short"}'
call POST /api/v1/setup 415 -H 'Content-Type: text/plain' -d '{}'
call POST /api/v1/setup 201 -c admin.jar -H "$J" -d '{"token":"setup-token-0123","user":"admin","password":"kettle drum forty two","name":"管理员"}'
json body '$.csrf' >admin.csrf
call POST /api/v1/setup 409 -H "$J" -d '{"token":"setup-token-0123","user":"evil","password":"kettle drum forty two"}'
check "cookie flags" grep -qiE '^set-cookie: __Host-fangding=[0-9a-f]{64}; Path=/; HttpOnly; SameSite=Strict; Secure' <(curl -sS --cacert city.fangding.cert.pem -D - -o /dev/null -H "$J" -d '{"user":"admin","password":"kettle drum forty two"}' "$base/api/v1/session")
call POST /api/v1/session 401 -H "$J" -d '{"user":"admin","password":"wrong password"}'
call POST /api/v1/session 401 -H "$J" -d "{\"user\":\"' OR 1=1 --\",\"password\":\"' OR 1=1 --\"}"
call POST /api/v1/session 400 -H "$J" -d '{"user":"admin"}'
call POST /api/v1/session 400 -H "$J" -d '{"user":'
call POST /api/v1/session 403 -H "$J" -H 'Origin: https://evil.example' -d '{"user":"admin","password":"x"}'
call POST /api/v1/session 415 -d 'user=admin'
head -c 2000000 /dev/zero | tr '\0' a >big
call POST /api/v1/session 413 -H "$J" --data-binary @big
call POST /api/v1/session 200 -c throw.jar -H "$J" -d '{"user":"admin","password":"kettle drum forty two"}'
json body '$.csrf' >throw.csrf
call DELETE /api/v1/session 403 -b throw.jar -H 'X-CSRF-Token: 0000'
call DELETE /api/v1/session 403 -b throw.jar
call DELETE /api/v1/session 401
write throw DELETE /api/v1/session 204
call GET /api/v1/verbs 401 -b throw.jar

echo "— users, roles, tokens"
own=洹东区 other=洹西区
sqlite3 city.fangding "SELECT s.code FROM subject s JOIN attribute a ON a.subject = s.id WHERE s.kind = 'enterprise' AND a.attribute = 'county' AND a.value IN ('$own', (SELECT code FROM subject WHERE kind = 'county' LIMIT 1)) LIMIT 1" >own.code
sqlite3 city.fangding "SELECT s.code FROM subject s JOIN attribute a ON a.subject = s.id WHERE s.kind = 'enterprise' AND a.attribute = 'county' AND a.value IN ('$other', (SELECT code FROM subject WHERE kind = 'county' LIMIT 1 OFFSET 1)) LIMIT 1" >other.code
mine=$(cat own.code) theirs=$(cat other.code)
check "two enterprises" [ -n "$mine" -a -n "$theirs" ]
for role in viewer industry statistics department county enterprise administrator; do
    extra=
    [ $role = county ] && extra=",\"county\":\"$own\""
    [ $role = enterprise ] && extra=",\"enterprise\":\"$mine\""
    write admin POST /api/v1/users 201 -d "{\"user\":\"u-$role\",\"password\":\"kettle drum forty two\",\"name\":\"<script>alert(1)</script>'; DROP TABLE user; --\",\"role\":\"$role\"$extra}"
    json body '$.id' >"u-$role.id"
    sign_in "u-$role"
done
write admin POST /api/v1/users 409 -d '{"user":"u-viewer","password":"kettle drum forty two"}'
write admin POST /api/v1/users 400 -d '{"user":"x","password":"kettle drum forty two","role":"county"}'
write admin POST /api/v1/users 400 -d '{"user":"<b>","password":"kettle drum forty two"}'
write admin POST /api/v1/users 400 -d '{"user":"x","password":"kettle drum forty two","rights":"all"}'
call POST /api/v1/users 401 -H "$J" -d '{}'
call POST /api/v1/users 403 -b admin.jar -H "$J" -d '{}'
call POST /api/v1/users 415 -b admin.jar -H "X-CSRF-Token: $(cat admin.csrf)" -H 'Content-Type: text/plain' -d '{}'
write u-industry POST /api/v1/users 403 -d '{}'
call GET /api/v1/users 200 -b admin.jar
check "names come back as they were" grep -qF "<script>alert(1)</script>'; DROP TABLE user; --" body
check "and no page is made of them" grep -qiE '^content-type: application/json' head
check "no password in the list" [ -z "$(grep -o 'argon2' body)" ]
call GET /api/v1/users 401
call GET /api/v1/users 403 -b u-industry.jar
viewer=$(cat u-viewer.id)
write admin PATCH "/api/v1/users/$viewer" 200 -d '{"name":"改名"}'
old_tag=$(json body '$.etag')
write admin PATCH "/api/v1/users/$viewer" 200 -H "If-Match: $old_tag" -d '{"name":"又改"}'
write admin PATCH "/api/v1/users/$viewer" 412 -H "If-Match: $old_tag" -d '{"name":"迟了"}'
call GET /api/v1/verbs 401 -b u-viewer.jar # changed by the administrator: its sessions are over
sign_in u-viewer
write admin PATCH "/api/v1/users/$viewer" 400 -d '{"role":"king"}'
write admin PATCH /api/v1/users/999 404 -d '{}'
call PATCH "/api/v1/users/$viewer" 401 -H "$J" -d '{}'
write u-viewer PATCH "/api/v1/users/$viewer" 403 -d '{"role":"administrator"}'
write u-viewer PATCH "/api/v1/users/1" 403 -d '{"password":"a phrase taken over"}'
write u-viewer PATCH "/api/v1/users/$viewer" 403 -d '{"password":"a phrase of my own","current":"wrong"}'
write u-viewer PATCH "/api/v1/users/$viewer" 200 -d '{"password":"kettle drum forty two","current":"kettle drum forty two"}'
write admin DELETE /api/v1/users/999 404
write admin DELETE /api/v1/users/1 409
call DELETE "/api/v1/users/$viewer" 401
write u-industry DELETE "/api/v1/users/$viewer" 403
write admin DELETE "/api/v1/users/$(cat u-administrator.id)" 204
call GET /api/v1/users 401 -b u-administrator.jar

write u-industry POST /api/v1/tokens 201 -d '{"name":"抽数","days":30}'
token=$(json body '$.token') token_id=$(json body '$.id')
check "the token is shown" [ "${#token}" = 51 ]
write u-industry POST /api/v1/tokens 201 -d '{"name":"写入","read_only":false}'
writer=$(json body '$.token')
write u-industry POST /api/v1/tokens 400 -d '{"name":"x","days":9999}'
call POST /api/v1/tokens 401 -H "$J" -d '{}'
call POST /api/v1/tokens 403 -b u-industry.jar -H "$J" -d '{}'
call POST /api/v1/tokens 403 -H "Authorization: Bearer $writer" -H "$J" -d '{"name":"x"}'
call GET /api/v1/tokens 200 -b u-industry.jar
check "the list has no secret" [ -z "$(grep -o "$token" body)" ]
call GET /api/v1/tokens 401
call GET /api/v1/verbs/status 200 -H "Authorization: Bearer $token"
call GET /api/v1/verbs/status 401 -H "Authorization: Bearer fd_0000"
call GET /api/v1/verbs/status 401 -H "Authorization: Basic YWRtaW46YQ=="
call POST /api/v1/verbs/correct 403 -H "Authorization: Bearer $token" -H "$J" -d '{}'
write u-statistics DELETE "/api/v1/tokens/$token_id" 404 # somebody else's
call DELETE "/api/v1/tokens/$token_id" 401
call DELETE "/api/v1/tokens/$token_id" 403 -b u-industry.jar
write u-industry DELETE "/api/v1/tokens/$token_id" 204
call GET /api/v1/verbs/status 401 -H "Authorization: Bearer $token"

echo "— verbs"
call GET /api/v1/verbs 200 -b u-industry.jar
call GET /api/v1/verbs/status 401
call GET /api/v1/verbs/status 200 -b u-industry.jar
tag=$(grep -i '^etag:' head | tr -d '\r' | cut -d' ' -f2)
call GET /api/v1/verbs/status 304 -b u-industry.jar -H "If-None-Match: $tag"
call GET /api/v1/verbs/status 200 -b u-industry.jar -H 'Accept-Encoding: gzip'
check "compressed when asked" grep -qi '^content-encoding: gzip' head
call HEAD /api/v1/verbs/status 200 -b u-industry.jar
call GET "/api/v1/verbs/measure?ids=dispatch_output_total&by=county&limit=2" 200 -b u-industry.jar
check "a page of two" [ "$(json body '$.tables[0].total')" -gt 2 -a "$(sqlite3 :memory: "SELECT json_array_length(readfile('body'), '\$.tables[0].rows')")" = 2 ]
next=$(json body '$.next')
call GET "/api/v1/verbs/measure?ids=dispatch_output_total&by=county&limit=2&cursor=$next" 200 -b u-industry.jar
call GET "/api/v1/verbs/measure?ids=dispatch_output_total&cursor=nonsense" 400 -b u-industry.jar
call GET "/api/v1/verbs/measure?ids=dispatch_output_total&format=csv" 200 -b u-industry.jar
check "csv is a download" grep -qi '^content-disposition: attachment; filename="measure.csv"' head
call GET "/api/v1/verbs/measure?ids=dispatch_output_total&format=xlsx" 200 -b u-industry.jar
check "xlsx is a zip" [ "$(head -c 2 body)" = PK ]
call GET "/api/v1/verbs/measure?ids=nonsense" 404 -b u-industry.jar
call GET "/api/v1/verbs/measure?idz=x" 400 -b u-industry.jar
call GET "/api/v1/verbs/measure?ids=dispatch_output_total&at=neverday" 400 -b u-industry.jar
call GET "/api/v1/verbs/measure?ids=dispatch_output_total&as_of=99999" 404 -b u-industry.jar
call GET "/api/v1/verbs/measure?ids=dispatch_output_total&where=$(printf '调度营业收入 > 5 吨标准煤' | od -An -tx1 -v | tr -d ' \n' | sed 's/../%&/g')" 422 -b u-industry.jar
call GET /api/v1/verbs/nonsense 404 -b u-industry.jar
call GET /api/v1/verbs/new 404 -b admin.jar
call GET /api/v1/verbs/audit 403 -b u-industry.jar
call GET /api/v1/verbs/audit 200 -b admin.jar
call GET /api/v1/verbs/correct 405 -b u-industry.jar
write u-industry POST /api/v1/verbs/status 405 -d '{}'
check "what is allowed instead" grep -qi '^allow: GET' head

item=dispatch_revenue period=2024-01..12
fix() { echo "{\"subject\":\"$mine\",\"item\":\"$item\",\"value\":\"$1\",\"at\":\"$period\",\"reason\":\"电话核实\"}"; }
write u-industry POST /api/v1/verbs/correct 200 -H "If-Match: $tag" -d "$(fix 123)"
write u-industry POST /api/v1/verbs/correct 412 -H "If-Match: $tag" -d "$(fix 124)"
write u-industry POST /api/v1/verbs/correct 200 -H 'Idempotency-Key: k1' -d "$(fix 125)"
first=$(json body '$.snapshot')
write u-industry POST /api/v1/verbs/correct 200 -H 'Idempotency-Key: k1' -d "$(fix 125)"
check "the same key, the same answer" [ "$first" = "$(json body '$.snapshot')" ]
write u-industry POST /api/v1/verbs/correct 422 -H 'Idempotency-Key: k1' -d "$(fix 126)"
write u-industry POST /api/v1/verbs/correct 409 -d "{\"subject\":\"洹\",\"item\":\"$item\",\"value\":\"1\",\"at\":\"$period\",\"reason\":\"x\"}"
write u-industry POST /api/v1/verbs/correct 400 -d '{"subject":"x"}'
write u-industry POST /api/v1/verbs/correct 400 -d '[1]'
write u-industry POST /api/v1/verbs/correct 413 --data-binary @big
call POST /api/v1/verbs/correct 415 -b u-industry.jar -H "X-CSRF-Token: $(cat u-industry.csrf)" -H 'Content-Type: application/xml' -d '<a/>'
write u-industry POST /api/v1/verbs/nonsense 404 -d '{}'
call POST /api/v1/verbs/correct 401 -H "$J" -d "$(fix 1)"
call POST /api/v1/verbs/correct 403 -b u-industry.jar -H "$J" -d "$(fix 1)"
write u-industry POST /api/v1/verbs/correct 403 -H 'Origin: https://evil.example' -d "$(fix 1)"
write u-viewer POST /api/v1/verbs/correct 403 -d "$(fix 1)"
call GET /api/v1/verbs/status 200 -b u-industry.jar -H "If-None-Match: $tag" # a write makes a new answer

echo "— files and jobs"
wait_job() { # USER ID
    local i
    for i in $(seq 300); do
        curl -sS --cacert city.fangding.cert.pem -b "$1.jar" -o body "$base/api/v1/jobs/$2"
        case $(json body '$.state') in waiting | running) sleep 0.1 ;; *) return ;; esac
    done
}
returns=$(find city-来表 -name '*.csv' | sort | head -1)
call POST /api/v1/verbs/import 202 -b u-industry.jar -H "X-CSRF-Token: $(cat u-industry.csrf)" -F "paths=@$returns" -F dry-run=true -F rejects=true
job=$(json body '$.id')
check "where to look" grep -qi "^location: /api/v1/jobs/$job" head
wait_job u-industry "$job"
check "the job is done" [ "$(json body '$.state')" = done ]
call GET "/api/v1/jobs/$job" 200 -b u-industry.jar
call GET /api/v1/jobs 200 -b u-industry.jar
call GET "/api/v1/jobs/$job" 404 -b u-statistics.jar # somebody else's
call GET "/api/v1/jobs/$job" 401
call GET /api/v1/jobs 401
write u-industry DELETE "/api/v1/jobs/$job" 409
write u-statistics DELETE "/api/v1/jobs/$job" 404
call DELETE "/api/v1/jobs/$job" 401
call DELETE "/api/v1/jobs/$job" 403 -b u-industry.jar
# A sheet in GBK with one credit code that cannot be: it is returned as a file with the reason.
sheet=$(find city-来表 -path '*2024-12*' -name '重点企业调度表_*.csv' | sort | head -1)
sed '2s/^"\{0,1\}[0-9A-Z]\{18\}/91990508MABKL0C4XX/; s/^\xef\xbb\xbf//' "$sheet" >bad.csv
iconv -f UTF-8 -t GB18030 bad.csv >bad-gbk.csv
call POST /api/v1/verbs/import 202 -b u-industry.jar -H "X-CSRF-Token: $(cat u-industry.csrf)" -F "paths=@bad-gbk.csv;filename=../../调度表.csv" -F form=dispatch -F period=2024-01..12 -F rejects=true
job=$(json body '$.id')
wait_job u-industry "$job"
if [ "$(json body '$.files[0].href')" ]; then
    call GET "/api/v1/jobs/$job/files/0" 200 -b u-industry.jar
else
    wrong "no returned file: $(head -c 600 body)"
fi
call GET "/api/v1/jobs/$job/files/99" 404 -b u-industry.jar
call GET "/api/v1/jobs/$job/files/..%2f..%2fcity.fangding" 404 -b u-industry.jar
call GET "/api/v1/jobs/$job/files/0" 404 -b u-statistics.jar
call GET "/api/v1/jobs/$job/files/0" 401
check "a name with dots stayed inside" [ ! -e ../调度表.csv -a ! -e ../../调度表.csv ]
write u-industry POST /api/v1/verbs/import 400 -d '{"paths":"/etc/passwd"}' # no file of the server by name
call POST /api/v1/verbs/import 400 -b u-industry.jar -H "X-CSRF-Token: $(cat u-industry.csrf)" -H 'Content-Type: multipart/form-data; boundary=B' --data-binary 'garbage'
# A paper is a job whose file lies in the job's folder, named by the client or not; nothing is put beside the city.
before=$(ls | sort | md5sum)
for named in '{"out":"../../承诺.docx"}' '{}'; do
    write u-industry POST /api/v1/verbs/paper/promises 202 -d "$named"
    job=$(json body '$.id')
    wait_job u-industry "$job"
    check "a paper: $(head -c 300 body)" [ "$(json body '$.state')" = done ]
    call GET "/api/v1/jobs/$job/files/0" 200 -b u-industry.jar
    check "which is a docx" [ "$(head -c 2 body)" = PK ]
done
check "no file beside the city" [ "$before" = "$(ls | sort | md5sum)" ]
write u-viewer POST /api/v1/verbs/paper/promises 202 -d '{}'
wait_job u-viewer "$(json body '$.id')"
check "the viewer gets no paper" [ "$(json body '$.problem.code')" = denied ]
# Many imports at once: one runs, the others wait. The last of them is cancelled, unless the machine was quicker than
# the question: then once more.
cancelled=
for burst in 1 2 3 4 5 6; do
    uploads=()
    for i in 1 2 3 4 5 6; do
        curl -sS --cacert city.fangding.cert.pem -b u-industry.jar -H "X-CSRF-Token: $(cat u-industry.csrf)" $(find city-来表 -name '*.csv' | sort | sed 's/^/-F paths=@/') -F dry-run=true -o "job$i" "$base/api/v1/verbs/import" &
        uploads[i]=$!
    done
    wait "${uploads[@]}"
    for i in 6 5 4 3 2 1; do
        job=$(json "job$i" '$.id')
        got=$(curl -sS --cacert city.fangding.cert.pem -b u-industry.jar -H "X-CSRF-Token: $(cat u-industry.csrf)" -X DELETE -o body -w '%{http_code}' "$base/api/v1/jobs/$job")
        [ "$got" = 204 ] && cancelled=$job && break 2
    done
done
check "one of many jobs was cancelled" [ -n "$cancelled" ]
echo 'DELETE /api/v1/jobs/{id} 204' >>seen
wait_job u-industry "$cancelled"
check "cancelled" [ "$(json body '$.state')" = cancelled ]
for i in 1 2 3 4 5 6; do wait_job u-industry "$(json "job$i" '$.id')"; done

echo "— four eyes"
# Two users hold the right: publish waits for the second, correct does not, until the city says so.
cube='{"cube":"va_county_chain","at":"2024"}'
decide() { # USER ID STATUS DECISION [REASON]
    write "$1" POST "/api/v1/proposals/$2" "$3" -d "{\"decision\":\"$4\",\"reason\":\"${5:-}\"}"
}
write u-statistics POST /api/v1/verbs/publish 202 -d "$cube"
asked=$(json body '$.proposal.id')
check "publish waits for a second person" [ "$(json body '$.proposal.state')" = waiting ]
check "where it waits" grep -qi "^location: /api/v1/proposals/$asked" head
call GET "/api/v1/verbs/published?cube=va_county_chain" 200 -b u-viewer.jar
check "nothing was published" [ "$(sqlite3 :memory: "SELECT json_array_length(readfile('body'), '\$.tables[0].rows')")" = 0 ]
call GET /api/v1/proposals 200 -b u-industry.jar
check "the second person sees what is asked" [ "$(json body '$[0].params.cube') $(json body '$[0].by') $(json body '$[0].can_decide')" = "va_county_chain u-statistics 1" ]
call GET /api/v1/proposals 200 -b u-viewer.jar
check "others do not" [ "$(cat body)" = "[]" ]
call GET /api/v1/proposals 401
decide u-statistics "$asked" 403 confirm # the same person
decide u-statistics "$asked" 403 refuse
decide u-industry "$asked" 403 withdraw
decide u-viewer "$asked" 404 confirm # not told that it is there
decide admin "$asked" 403 confirm
decide u-industry 999 404 confirm
decide u-industry abc 404 confirm
decide u-industry "$asked" 400 perhaps
write u-industry POST "/api/v1/proposals/$asked" 400 -d '{"reason":"x"}'
call POST "/api/v1/proposals/$asked" 401 -H "$J" -d '{"decision":"confirm"}'
call POST "/api/v1/proposals/$asked" 403 -b u-industry.jar -H "$J" -d '{"decision":"confirm"}'
call POST "/api/v1/proposals/$asked" 403 -H "Authorization: Bearer $writer" -H "$J" -d '{"decision":"confirm"}'
call POST "/api/v1/proposals/$asked" 415 -b u-industry.jar -H "X-CSRF-Token: $(cat u-industry.csrf)" -H 'Content-Type: text/plain' -d 'confirm'
decide u-industry "$asked" 202 confirm 核对过
job=$(json body '$.id')
wait_job u-industry "$job"
check "now it is published: $(head -c 300 body)" [ "$(json body '$.state')" = done ]
decide u-industry "$asked" 409 confirm
call GET "/api/v1/verbs/audit?last=20" 200 -b admin.jar
check "the chain names both" grep -qF 'u-statistics + u-industry' body
write u-industry POST /api/v1/verbs/four-eyes 403 -d '{"verbs":"none"}'
write admin POST /api/v1/verbs/four-eyes 400 -d '{"verbs":"status"}'
write admin POST /api/v1/verbs/four-eyes 200 -d '{"verbs":"publish,correct"}'
write u-industry POST /api/v1/verbs/correct 202 -d "$(fix 77)"
asked=$(json body '$.proposal.id')
check "a correction waits, too" [ "$(json body '$.proposal.params.value')" = 77 ]
decide u-statistics "$asked" 200 refuse "<img src=x onerror=alert(1)>'; DROP TABLE proposal;--"
check "refused, with the reason as it was" [ "$(json body '$.proposal.state') $(json body '$.proposal.reason')" = "refused <img src=x onerror=alert(1)>'; DROP TABLE proposal;--" ]
write u-industry POST /api/v1/verbs/correct 202 -d "$(fix 78)"
decide u-industry "$(json body '$.proposal.id')" 200 withdraw
write u-industry POST /api/v1/verbs/correct 202 -d "$(fix 79)"
asked=$(json body '$.proposal.id')
decide u-statistics "$asked" 200 confirm
check "done at once" [ "$(json body '$.verb')" = correct ]
write u-industry POST /api/v1/verbs/correct 202 -d "$(fix 80)"
sqlite3 city.fangding.users "UPDATE proposal SET expires = 1 WHERE state = 'waiting'"
decide u-statistics "$(json body '$.proposal.id')" 409 confirm
write admin POST /api/v1/verbs/four-eyes 200 -d '{"verbs":"default"}'
write u-industry POST /api/v1/verbs/correct 200 -d "$(fix 81)"

echo "— policies over a table that is sent along"
printf '企业,营业收入[-1],规上在库,直供电\n甲厂,5000,是,是\n乙厂,,否,\n' | iconv -f UTF-8 -t GB18030 >firms-gbk.csv
: >empty.csv
call POST /api/v1/verbs/policy/check 200 -b u-industry.jar -H "X-CSRF-Token: $(cat u-industry.csrf)" -F data=@firms-gbk.csv -F policy=fullload_2026q1 -F on=2026-03-31
check "the enterprises of the table" [ "$(grep -oE '甲厂|乙厂' body | sort -u | wc -l)" = 2 ]
check "not those of the city" [ "$(json body '$.tables[0].rows.length')" = 2 -o "$(grep -c 9199 body)" = 0 ]
call POST /api/v1/verbs/policy/check 422 -b u-industry.jar -H "X-CSRF-Token: $(cat u-industry.csrf)" -F data=@empty.csv -F policy=fullload_2026q1 -F on=2026-03-31
call POST /api/v1/verbs/policy/check 404 -b u-industry.jar -H "X-CSRF-Token: $(cat u-industry.csrf)" -F data=@firms-gbk.csv -F policy=nosuch -F on=2026-03-31
write u-industry POST /api/v1/verbs/policy/check 400 -d '{"data":"/etc/passwd","policy":"hte","on":"2026-03-31"}' # no file of the server by name
call POST /api/v1/verbs/policy/check 403 -b u-industry.jar -F data=@firms-gbk.csv -F policy=hte # without the token of the form

# form PATH STATUS [-F NAME=VALUE…]: a verb asked over a form with a table
form() {
    local path=$1 status=$2
    shift 2
    call POST "/api/v1/verbs/$path" "$status" -b u-industry.jar -H "X-CSRF-Token: $(cat u-industry.csrf)" "$@"
}
# cells TABLE ROW: a row of the answer, its cells joined (· is a state instead of a value); cells TABLE is how many rows there are
cells() {
    if [ $# = 1 ]; then
        sqlite3 -noheader :memory: "SELECT count(*) FROM json_each(readfile('body'), '\$.tables[$1].rows')"
    else
        sqlite3 -noheader :memory: "SELECT group_concat(CASE type WHEN 'object' THEN '·' WHEN 'null' THEN '' ELSE value END, '|') FROM json_each(readfile('body'), '\$.tables[$1].rows[$2]')"
    fi
}
row() { # TABLE ROW EXPECTED
    check "row $2 of table $1: expected $3, got $(cells "$1" "$2")" [ "$(cells "$1" "$2")" = "$3" ]
}
cat >giants.csv <<'END'
企业,名称,县区,产业链,细分市场年限,主营业务收入[-1],主营业务收入[-2],主营业务收入[-3],营业收入[-1],营业收入[-2],营业收入[-3],研发费用[-1],研发费用[-2],负债合计[-1],资产总计[-1],Ⅰ类知识产权,有效专精特新,细分市场占有率,发展质量得分,核心业务上系统,体系或产品认证,自主品牌,自建或共建研发机构,国家奖前三,专精特新有效期至,小巨人有效期至,项目总投资[-1],设备软件投资[-1],有效小巨人
A,甲公司,甲县,L1,4,9500,9000,8000,10000,9500,9000,800,700,7200,10000,4,是,11,70,是,是,是,是,否,2026-07-15,,6000,4000,是
B,乙公司,甲县,L1,4,8500,8000,7500,10000,9500,9000,800,700,6500,10000,2,是,11,70,是,是,是,是,否,2027-09-01,,6000,,是
C,丙公司,乙县,L2,4,9900,9000,8000,10000,9500,9000,500,700,6500,10000,5,是,11,70,是,是,是,是,否,,2026-09-20,4999,4000,是
END
table=(-F data=@giants.csv -F on=2026-06-30)
form policy/check 200 "${table[@]}" -F policy=giant
row 0 0 "A|giant|2026|待人工|||·||·"
row 0 1 "B|giant|2026|不符合|主营占比;知识产权||500|万元|·"
check "three firms" [ "$(cells 0)" = 3 ]
form policy/check 200 "${table[@]}" -F policy=giant -F enterprise=丙公司
check "one firm" [ "$(cells 0)" = 1 ]
form policy/why 200 "${table[@]}" -F firm=B -F id=giant
check "the share" grep -qF '85 %' body
check "how much is short" grep -qF '应达 9000 万元,实际 8500 万元,差 500 万元' body
check "the clause" grep -qF '2026办法 四' body
form policy/why 404 "${table[@]}" -F firm=nosuch -F id=giant
form policy/why 404 "${table[@]}" -F firm=B -F id=nosuch
form policy/grants 200 "${table[@]}" -F policy=giant_renovation
row 0 0 "A|5000000.0|5000000.0"
row 0 1 "B|·|·"
form policy/grants 200 "${table[@]}" -F policy=giant_renovation,renovation_2025
check "by hand: not yet a claim" [ "$(cells 0)" = 3 ]
row 0 0 "A||giant_renovation|5000000.0|5000000.0|"
form policy/what-if 200 "${table[@]}" -F id=giant -F set=主营占比下限=80%,Ⅰ类知识产权下限=2项
row 0 0 "B|不符合|待人工|得|主营占比;知识产权|·|·"
check "one gains" [ "$(cells 0)" = 1 ]
row 1 0 "city||1|0|0.0|0.0|0.0|0"
row 1 1 "county|甲县|1|0|0.0|0.0|0.0|0"
form policy/what-if 404 "${table[@]}" -F id=giant -F set=没有的=80%
form policy/diff 200 "${table[@]}" -F id=giant -F from=2022 -F to=2026
row 0 0 "A|不符合|待人工|得|负债率|·|·"
row 0 1 "B|符合|不符合|失|主营占比;知识产权|·|·"
form policy/push 200 "${table[@]}" -F policy=giant_renovation
row 0 0 "A|甲公司|giant_renovation||已符合||5000000.0|"
form ladder 200 "${table[@]}" -F enterprise=A
row 0 0 "A|专精特新|2026-07-15|30天内到期|小巨人|待人工|11/11||0|0||甲公司"
form ladder 200 "${table[@]}" -F enterprise=C
row 0 0 "C|小巨人|2026-09-20|90天内到期|高企|待补|0/8||·|0||丙公司"
form policy/table 200 -F id=giant
check "the law department's table" grep -qF '主营业务收入[上年]' body
form policy/test 200 -F policy=giant
printf '企业,营业收入[-1],营业收入[2025]\nA,1,2\n' >twice.csv
for verb in policy/check policy/push policy/grants ladder; do form "$verb" 400 -F data=@twice.csv -F on=2026-06-30; done
check "which two columns" grep -qF '营业收入[-1]' body

echo "— papers issued"
write u-industry POST /api/v1/verbs/paper/promises 202 -d '{"out":"承诺.docx"}'
job=$(json body '$.id')
wait_job u-industry "$job"
call GET "/api/v1/jobs/$job/files/0" 200 -b u-industry.jar
cp body 承诺.docx
call POST /api/v1/verbs/paper/issue 200 -b u-industry.jar -H "X-CSRF-Token: $(cat u-industry.csrf)" -F file=@承诺.docx -F "number=洹〔2025〕1号"
call POST /api/v1/verbs/paper/issue 409 -b u-industry.jar -H "X-CSRF-Token: $(cat u-industry.csrf)" -F file=@承诺.docx
call POST /api/v1/verbs/paper/issue 422 -b u-industry.jar -H "X-CSRF-Token: $(cat u-industry.csrf)" -F file=@bad.csv
call GET /api/v1/verbs/paper/history 200 -b u-industry.jar
paper=$(json body '$.tables[0].rows[0][0]')
check "who issued it" grep -qF '"u-industry"' body
check "its hash" grep -qF "$(sha256sum 承诺.docx | cut -d' ' -f1)" body
call GET "/api/v1/verbs/paper/changed?id=$paper" 200 -b u-industry.jar
call GET "/api/v1/verbs/paper/changed?id=ffffffff" 404 -b u-industry.jar
call GET /api/v1/verbs/paper/history 403 -b u-viewer.jar
call GET /api/v1/verbs/paper/history 200 -b u-county.jar
check "a county sees no paper of the city" [ -z "$(grep -o "$paper" body)" ]
call GET "/api/v1/verbs/paper/changed?id=$paper" 404 -b u-county.jar
write u-statistics POST /api/v1/verbs/paper/fetch 202 -d "{\"id\":\"$paper\",\"out\":\"x.docx\"}"
job=$(json body '$.id')
wait_job u-statistics "$job"
call GET "/api/v1/jobs/$job/files/0" 200 -b u-statistics.jar
check "byte by byte" cmp -s body 承诺.docx

echo "— other people's rows"
for who in u-county u-enterprise; do
    call GET "/api/v1/verbs/show?what=$mine" 200 -b $who.jar
    call GET "/api/v1/verbs/show?what=$theirs" 404 -b $who.jar
    call GET "/api/v1/verbs/history?subject=$theirs&item=dispatch_revenue" 404 -b $who.jar
    call GET "/api/v1/verbs/export?what=enterprises&format=csv" 200 -b $who.jar
    check "$who exports no others" [ -z "$(grep -o "$theirs" body)" ]
done
call GET "/api/v1/verbs/show?what=$mine" 404 -b u-viewer.jar
call GET "/api/v1/verbs/history?subject=$mine&item=annual_output" 403 -b u-industry.jar
call GET "/api/v1/verbs/history?subject=$mine&item=annual_output" 200 -b u-statistics.jar

echo "— attacks"
# Fixation: an id that the client brings is never taken over.
fixed=$(printf '0%.0s' $(seq 64))
call POST /api/v1/session 200 -c fix.jar -b "__Host-fangding=$fixed" -H "$J" -d '{"user":"u-industry","password":"kettle drum forty two"}'
check "a new id" [ -z "$(grep "$fixed" fix.jar)" ]
call GET /api/v1/verbs 401 -b "__Host-fangding=$fixed"
call POST /api/v1/session 200 -c fix2.jar -b fix.jar -H "$J" -d '{"user":"u-industry","password":"kettle drum forty two"}'
call GET /api/v1/verbs 401 -b fix.jar # signing in again ends the session that asked
# Traversal
for path in /../../../../etc/passwd /assets/../../../etc/passwd /..%2f..%2f..%2fetc/passwd /assets/%2e%2e/%2e%2e/etc/passwd /./city.fangding /city.fangding /city.fangding.users; do
    curl -sS --path-as-is --cacert city.fangding.cert.pem -o body "$base$path"
    check "$path gives no file" [ -z "$(grep -aoE 'root:|SQLite format' body)" ]
done
call GET /assets/nothing.js 404
call GET /some/page/of/the/ui 200
check "which is the first page" grep -qi '<html' body
call POST /some/page 405 -H "$J" -d '{}'
call GET /api/v1/nothing 404
# Header injection
call GET "/api/v1/session?lang=zh%0d%0aSet-Cookie:%20a=b" 400
check "no header of theirs" [ -z "$(grep -i '^set-cookie: a=b' head)" ]
call GET "/x%0d%0aX-Evil:1" 400
call GET "/api/v1/verbs/show?what=%00" 400 -b u-industry.jar
call GET "/api/v1/verbs/show?what=%ff" 400 -b u-industry.jar
# Oversize
call GET "/api/v1/session?$(head -c 9000 big)" 414
got=$(curl -sS --cacert city.fangding.cert.pem -o /dev/null -w '%{http_code}' -H "X-Big: $(head -c 90000 big)" "$base/healthz" 2>/dev/null)
check "a header of 90 kB is refused ($got)" [ "$got" = 431 -o "$got" = 413 -o "$got" = 000 ]
call GET "/api/v1/session?$(for i in $(seq 200); do printf 'a%d=1&' "$i"; done)" 413
# A body whose end cannot be told is refused at once, not held until it is cut.
call POST /api/v1/session 400 -H "$J" -H 'Transfer-Encoding: gzip' --max-time 5 -d '{}'
# HTML and SQL in every text parameter: an answer in JSON, never a page, never a broken file
evil="%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E'%3B%20DROP%20TABLE%20segment%3B--"
for ask in "show?what=$evil" "measure?ids=$evil" "measure?ids=dispatch_output_total&where=$evil" "why?id=$evil" "history?subject=$evil" "records?type=$evil" "records?type=promise&key=$evil" "target?id=$evil" "published?cube=$evil" "export?what=facts&item=$evil" "paper/changed?id=$evil" "ding/history?id=$evil" "ding/diff?id=sei_share&from=$evil" "search?text=$evil"; do
    curl -sS --cacert city.fangding.cert.pem -b u-industry.jar -o body -D head "$base/api/v1/verbs/$ask"
    check "$ask is JSON" grep -qiE '^content-type: application/(problem\+)?json' head
    check "$ask does not break" [ -z "$(grep -E '^HTTP/[0-9.]+ 5' head)" ]
done
# The same in every text parameter of every route that GET asks, by the document itself: one at a time, the ones
# that must be there as well.
sqlite3 -separator ' ' :memory: "SELECT p.key, json_extract(a.value, '\$.name'), (SELECT group_concat(json_extract(b.value, '\$.name'), ' ') FROM json_each(m.value, '\$.parameters') b WHERE json_extract(b.value, '\$.required') AND json_extract(b.value, '\$.in') = 'query') FROM json_each(readfile('openapi.json'), '\$.paths') p, json_each(p.value) m, json_each(m.value, '\$.parameters') a WHERE m.key = 'get' AND p.key LIKE '/api/v1/verbs/%' AND json_extract(a.value, '\$.in') = 'query'" >texts
fields=0 pages=0
while read -r path name must; do
    asked="$name=$evil"
    for other in $must; do [ "$other" = "$name" ] || asked="$asked&$other=$evil"; done
    curl -sS --cacert city.fangding.cert.pem -b u-industry.jar -o body -D head "$base$path?$asked"
    fields=$((fields + 1))
    if grep -qE '^HTTP/[0-9.]+ 5' head; then wrong "$path?$name= breaks"; fi
    if grep -qiE '^content-type: text/html' head; then pages=$((pages + 1)); fi
done <texts
check "evil text in every one of $fields parameters" [ "$fields" -gt 100 ]
check "never answered with a page" [ "$pages" = 0 ]
check "and the file is whole" bash -c "$fangding doctor --city city.fangding >/dev/null"
check "security headers" [ "$(curl -sS --cacert city.fangding.cert.pem -D - -o /dev/null "$base/" | grep -ciE "^(content-security-policy: default-src 'self'|x-content-type-options: nosniff|x-frame-options: DENY|referrer-policy: no-referrer|strict-transport-security: max-age)")" = 5 ]
# TLS
check "TLS 1.1 is refused" bash -c "! curl -sS --cacert city.fangding.cert.pem --ciphers DEFAULT@SECLEVEL=0 --tls-max 1.1 $base/healthz -o /dev/null 2>/dev/null"
check "TLS 1.2 is taken" curl -sS --cacert city.fangding.cert.pem --tlsv1.2 --tls-max 1.2 "$base/healthz" -o /dev/null
check "TLS 1.3 is taken" curl -sS --cacert city.fangding.cert.pem --tlsv1.3 "$base/healthz" -o /dev/null
check "the key is ours alone" [ "$(stat -c %a city.fangding.key.pem)" = 600 -a "$(stat -c %a city.fangding.users)" = 600 ]
# Guessing passwords: known and unknown users lock alike
for user in u-department nobody-here; do
    for i in 1 2 3 4 5; do call POST /api/v1/session 401 -H "$J" -d "{\"user\":\"$user\",\"password\":\"guess number $i\"}"; done
    call POST /api/v1/session 429 -H "$J" -d "{\"user\":\"$user\",\"password\":\"kettle drum forty two\"}"
    check "$user: when to come back" grep -qi '^retry-after: ' head
done
check "no query in the log" [ -z "$(grep -E '"path":"[^"]*\?' main.log)" ]
call GET "/api/v1/verbs/audit?last=500" 200 -b admin.jar
check "reads of an enterprise are in the chain" grep -qF "$mine" body
call GET "/api/v1/verbs/audit/verify" 200 -b admin.jar

echo "— limits"
start slow --insecure-http --queue 1 --address-connections 64
slow=$base slow_port=${base##*:}
exec 7<>"/dev/tcp/127.0.0.1/$slow_port"
printf 'GET /healthz HTTP/1.1\r\nHost: a\r\nX-' >&7
slow_since=$(date +%s)
base=$slow
curl -sS -c slow.jar -H "$J" -d '{"user":"admin","password":"kettle drum forty two"}' -o body "$base/api/v1/session"
json body '$.csrf' >slow.csrf
# A queue of one: while passwords are being checked, whatever is slow is turned away.
(while [ ! -e enough ]; do for i in 1 2 3 4 5 6; do curl -sS -H "$J" -d "{\"user\":\"nobody$i\",\"password\":\"x\"}" -o /dev/null "$slow/api/v1/session" & done; wait; done) 2>/dev/null &
busy=$!
until_503() { # METHOD PATH [option…]
    local i method=$1 path=$2 got route
    shift 2
    for i in $(seq 100); do
        got=$(curl -sS -b slow.jar -H "X-CSRF-Token: $(cat slow.csrf)" -X "$method" -o body -w '%{http_code}' "$@" "$base$path" 2>/dev/null)
        if [ "$got" = 503 ]; then
            route=$(printf '%s' "$path" | sed -E 's#^(/api/v1/verbs)/.+#\1/*#; s#(/users|/tokens|/proposals)/[^/]+#\1/{id}#')
            echo "$method $route 503" >>seen
            ok
            return
        fi
    done
    wrong "$method $path was never turned away"
}
n=0
sqlite3 -separator ' ' :memory: "SELECT DISTINCT upper(m.key), p.key FROM json_each(readfile('openapi.json'), '\$.paths') p, json_each(p.value) m, json_each(m.value, '\$.responses') s WHERE s.key = '503'" | sed -E 's#(/api/v1/verbs)/.+#\1/*#' | sort -u >slow.routes
while read -r method path; do
    target=${path//\{id\}/999}
    [ "$path" = '/api/v1/verbs/*' ] && { [ "$method" = GET ] && target="/api/v1/verbs/show?what=x$n" || target=/api/v1/verbs/correct; }
    n=$((n + 1))
    case $method in
    GET) # a new question each time: what was answered before is answered again without a worker
        until_503 GET "$target" ;;
    DELETE) until_503 DELETE "$target" ;;
    *) until_503 "$method" "$target" -H "$J" -d '{"user":"nobody","password":"x"}' ;;
    esac
done <slow.routes
touch enough
wait $busy 2>/dev/null

start fast --insecure-http --rate 1
for i in 1 2 3; do curl -sS -o /dev/null "$base/healthz"; done
sqlite3 -separator ' ' :memory: "SELECT DISTINCT upper(m.key), p.key FROM json_each(readfile('openapi.json'), '\$.paths') p, json_each(p.value) m" | sed -E 's#(/api/v1/verbs)/.+#\1/*#' | sort -u >all.routes
while read -r method path; do
    for i in $(seq 20); do
        got=$(curl -sS -X "$method" -o /dev/null -w '%{http_code}' "$base${path//\*/status}")
        [ "$got" = 429 ] && break
    done
    if [ "$got" = 429 ]; then ok; echo "$method $path 429" >>seen; else wrong "$method $path is never limited"; fi
done <all.routes
check "a cut slow client" bash -c "
    while [ \$((\$(date +%s) - $slow_since)) -lt 50 ]; do
        printf 'x' >&7 2>/dev/null || exit 0
        [ \"\$(curl -sS $slow/metrics 2>/dev/null | grep -oE '^fangding_slow_connections_cut_total [0-9]+' | cut -d' ' -f2)\" -gt 0 ] 2>/dev/null && exit 0
        sleep 1
    done
    exit 1" 7>&7

echo "— every documented status"
sqlite3 -separator ' ' :memory: "SELECT DISTINCT upper(m.key), p.key, s.key FROM json_each(readfile('openapi.json'), '\$.paths') p, json_each(p.value) m, json_each(m.value, '\$.responses') s" | sed -E 's#(/api/v1/verbs)/[^ ]+#\1/*#' | sort -u >documented
sort -u seen >seen.sorted
while read -r missing; do wrong "documented, never seen: $missing"; done < <(comm -23 documented seen.sorted)
while read -r extra; do wrong "seen, not documented: $extra"; done < <(comm -13 documented seen.sorted | grep -E '^[A-Z]+ /(api/v1|healthz|metrics)' | grep -vE ' (405|414|431)$|^HEAD|^[A-Z]+ /api/v1/nothing|^GET /api/v1/session (400|413)$')

for p in $servers; do kill -TERM "$p"; done
for p in $servers; do wait "$p" || wrong "a server did not stop in order"; done
servers=
check "nothing half received is left" [ ! -e city.fangding.incoming ]
check "the chain holds" "$fangding" audit verify --city city.fangding
echo "$good good, $bad wrong"
[ $bad -eq 0 ]
