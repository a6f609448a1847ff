package extract_test

import (
	"os"
	"testing"

	"scrollkeeper.example/scrollkeeper/internal/extract/extracttest"
)

// serveParent is set where a test starts this binary as a parent of children.
var serveParent = func() {}

func TestMain(m *testing.M) {
	extracttest.ServeChild()
	serveParent()
	os.Exit(m.Run())
}
