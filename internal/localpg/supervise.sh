# Keeps one throw-away Postgres for the process that holds the other end of our standard input, and obeys the orders
# that come through it, one a line, answering each with its exit status. However that process ends, even by kill -9,
# the input ends with it: then the server is stopped and the directory removed.
#
# usage: supervise.sh BIN DIR [PRIMARY], where DIR holds a file `settings` to append to postgresql.conf, and PRIMARY is the
# address of the server whose standby this one is to be

bin=$1 dir=$2 primary=$3

# A signal meant for our parent's terminal must not keep us from cleaning up, nor a reply nobody reads any more.
trap '' HUP INT TERM PIPE

init() {
	make_data && cat "$dir/settings" >>"$dir/data/postgresql.conf"
}

make_data() {
	if [ -n "$primary" ]; then
		"$bin/pg_basebackup" -D "$dir/data" -d "$primary" --write-recovery-conf --checkpoint=fast --no-sync
	else
		"$bin/initdb" -D "$dir/data" -U postgres -E UTF8 --locale=C.UTF-8 --auth=trust --no-sync --no-instructions
	fi
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

# destroy ends every process of the server before it can notice. The memory that they shared goes when nobody uses it; but
# for the one piece that tells whether anybody does, which its next start would look at.
destroy() {
	{ read -r server && read -r _ && read -r _ && read -r _ && read -r _ && read -r _ && read -r _ id; } <"$dir/data/postmaster.pid"
	kill -s KILL "$server" $(cat "/proc/$server/task/$server/children")
	wait
	ipcrm -m "$id"
	rm "$dir/data/postmaster.pid"
}

while read -r order; do
	case $order in
	init) init ;;
	start) start ;;
	halt) stop INT ;;
	kill) destroy ;;
	esac </dev/null >>"$dir/log" 2>&1
	echo $?
done

stop QUIT >/dev/null 2>&1
rm -rf "$dir"
