package citation

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"scrollkeeper.example/scrollkeeper/internal/citation/sequence"
)

//go:generate go run ./train -o model.gz -root .

//go:embed model.gz
var modelFile []byte

// model is decoded when the first reference is read: most commands need none.
var model = sync.OnceValue(func() *sequence.Model {
	m, err := sequence.Read(bytes.NewReader(modelFile))
	if err != nil {
		panic(fmt.Sprintf("citation: the embedded model cannot be read: %v", err))
	}
	return m
})

// HashSources is SHA-256 over the sources that a model is made from, below the
// folder of this package. A model with another hash is stale.
func HashSources(folder fs.FS) ([32]byte, error) {
	var names []string
	for _, pattern := range []string{"sequence/*.go", "specimen/*.go", "train/*.go"} {
		found, err := fs.Glob(folder, pattern)
		if err != nil {
			return [32]byte{}, err
		}
		names = append(names, found...)
	}
	slices.Sort(names)
	sum := sha256.New()
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		data, err := fs.ReadFile(folder, name)
		if err != nil {
			return [32]byte{}, err
		}
		// A checkout may end lines in another way.
		data = bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n"))
		_, _ = fmt.Fprintf(sum, "%s %d\n", name, len(data))
		sum.Write(data)
	}
	return [32]byte(sum.Sum(nil)), nil
}
