// Package jobs runs background work from a queue in PostgreSQL. It sets River
// up so that a job starts within milliseconds of its commit, and so that the
// job of a killed worker runs again within seconds.
//
// Every process may insert jobs; only those with the worker role start them.
// The kinds are registered the same on every node, whatever its role.
//
// A job is tried three times unless it says otherwise. A worker process that
// dies in the middle uses up a try like an error does. A job whose tries are
// used up is set aside: its worker hears of it through SetAsider, and River
// keeps the row, with the errors, until somebody deletes it.
package jobs
