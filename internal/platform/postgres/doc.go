// Package postgres is everything between the product and its database: the
// connection pool, transactions, migrations, errors as faults, and a PostgreSQL
// server of its own for those who name no other.
//
// Most callers need three things:
//
//	db, err := postgres.Open(ctx, postgres.Config{DataDir: dir}) // built-in or outside, whichever is configured
//	err = postgres.Migrate(ctx, db.Pool)
//	err = postgres.InTx(ctx, db.Pool, func(ctx context.Context, tx *postgres.Tx) error { … })
//
// # The built-in server
//
// Inside a data folder it owns:
//
//	postgres/       the cluster; its Unix socket is in here too, and there is no TCP port
//	postgres.new/   a cluster in the making, renamed when complete
//	postgres.lock   held while a process runs the server; names that process
//	postgres.users  held, shared, by every process that uses the server
//	postgres.log    what the server says, and postgres.log.1 before it
//
// The server is a direct child that the kernel stops when its parent dies.
// PostgreSQL refuses to run as root, so root starts it as an ordinary user. That
// user need not be able to reach the data folder by its path: the child starts
// inside the cluster and names it /proc/self/cwd, so a data folder under a
// closed home works, and stays whole. Its programs are copied to a public folder
// only when that user cannot run them where they are.
//
// Tests get their databases from the package postgrestest.
package postgres
