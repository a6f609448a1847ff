package extract_test

import (
	"os"
	"testing"

	"scrollkeeper.example/scrollkeeper/internal/extract/extracttest"
)

func TestMain(m *testing.M) {
	extracttest.ServeChild()
	os.Exit(m.Run())
}
