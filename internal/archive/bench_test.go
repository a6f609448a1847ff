package archive_test

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"scrollkeeper.example/scrollkeeper/internal/archive"
	"scrollkeeper.example/scrollkeeper/internal/csl"
)

// cpu is what this process and those of the database have computed, in seconds:
// other work on the machine does not count.
func (e *env) cpu() float64 {
	e.t.Helper()
	rows, err := e.Pool.Query(e.t.Context(), `SELECT pid FROM pg_stat_activity WHERE backend_type IN ('client backend', 'parallel worker')`)
	if err != nil {
		e.t.Fatal(err)
	}
	pids, err := pgx.CollectRows(rows, pgx.RowTo[int])
	if err != nil {
		e.t.Fatal(err)
	}
	ticks := 0.0
	for _, pid := range append(pids, os.Getpid()) {
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err != nil {
			continue // it has ended
		}
		fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))
		for _, field := range fields[11:13] { // utime, stime
			n, err := strconv.ParseFloat(field, 64)
			if err != nil {
				e.t.Fatal(err)
			}
			ticks += n
		}
	}
	const perSecond = 100 // Linux says so to programs, whatever the kernel's own
	return ticks / perSecond
}

// BenchmarkOut takes a library of 10,000 works without files out.
func BenchmarkOut(b *testing.B) {
	e := newEnv(b)
	for batch := range 10 {
		items := make([]csl.Item, 1000)
		for i := range items {
			items[i] = csl.Item{
				Type: "article-journal", Title: fmt.Sprintf("On the %d measurements of batch %d and their meaning", i, batch), Issued: csl.NewDate(1950 + i%70),
				Author: []csl.Name{{Family: fmt.Sprintf("Author%d", i), Given: "A. B."}, {Family: "Second", Given: "Carla"}}, ContainerTitle: "Journal of Measurements",
				Volume: "12", Page: "1–20", DOI: fmt.Sprintf("10.1000/%d.%d", batch, i), Abstract: "An abstract that says what was done, and what it means for others who measure.",
			}
		}
		e.works(e.LibraryID, items...)
	}
	before := e.cpu()
	for b.Loop() {
		e.out(e.Reader, e.LibraryID, archive.Choice{})
	}
	b.ReportMetric((e.cpu()-before)/float64(b.N), "cpu-s/op")
}
