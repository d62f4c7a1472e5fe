# Keeps one throw-away Postgres for the process that holds the other end of our standard input, and obeys the orders
# that come through it, one a line, answering each with its exit status. However that process ends, even by kill -9,
# the input ends with it: then the server is stopped and the directory removed.
#
# usage: supervise.sh BIN DIR, where DIR holds a file `settings` to append to postgresql.conf

bin=$1 dir=$2

# A signal meant for our parent's terminal must not keep us from cleaning up, nor a reply nobody reads any more.
trap '' HUP INT TERM PIPE

init() {
	"$bin/initdb" -D "$dir/data" -U postgres -E UTF8 --locale=C.UTF-8 --auth=trust --no-sync --no-instructions &&
		cat "$dir/settings" >>"$dir/data/postgresql.conf"
}

# start returns once the server answers, or has given up.
start() {
	rm -f "$dir/ended"
	{
		"$bin/postgres" -D "$dir/data"
		: >"$dir/ended"
	} &
	until grep -q '^ready' "$dir/data/postmaster.pid"; do
		[ ! -e "$dir/ended" ] || return 1
		sleep 0.02
	done 2>/dev/null
}

# stop returns once the server is gone: INT has it close its files in good order, QUIT does not.
stop() {
	read -r server <"$dir/data/postmaster.pid" && kill -s "$1" "$server"
	wait
}

while read -r order; do
	case $order in
	init) init ;;
	start) start ;;
	halt) stop INT ;;
	esac </dev/null >>"$dir/log" 2>&1
	echo $?
done

stop QUIT >/dev/null 2>&1
rm -rf "$dir"
