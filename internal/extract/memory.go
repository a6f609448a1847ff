package extract

import (
	"sync/atomic"

	"github.com/tetratelabs/wazero/experimental"
	"golang.org/x/sys/unix"
)

// guestMemory is the memory of one WebAssembly instance, with a hard limit.
//
// wazero's own page limit bounds the length of the memory but not what growing
// costs: it grows by copying into a new slice, so for a moment twice the memory
// is there. Here the whole range is reserved once, which costs nothing, and
// growing only makes more of it usable. Above the limit growing is refused;
// PDFium then fails to allocate, and refused tells why.
type guestMemory struct {
	reserved []byte
	usable   int
	limit    int
	refused  atomic.Bool
}

// guestAllocator makes the memory of each instance and remembers the latest.
type guestAllocator struct {
	limit  int
	latest *guestMemory
}

func (a *guestAllocator) Allocate(_, most uint64) experimental.LinearMemory {
	size := a.limit
	if most < uint64(size) {
		size = int(most) //nolint:gosec // below limit, which is an int
	}
	memory := &guestMemory{limit: size}
	reserved, err := unix.Mmap(-1, 0, size, unix.PROT_NONE, unix.MAP_PRIVATE|unix.MAP_ANON)
	if err == nil {
		memory.reserved = reserved
	}
	a.latest = memory
	return memory
}

// Reallocate makes the first size bytes usable, or returns nil above the limit.
// The address never changes.
func (m *guestMemory) Reallocate(size uint64) []byte {
	if size > uint64(len(m.reserved)) {
		m.refused.Store(true)
		return nil
	}
	if wanted := int(size); wanted > m.usable { //nolint:gosec // not above len(m.reserved)
		if err := unix.Mprotect(m.reserved[:wanted], unix.PROT_READ|unix.PROT_WRITE); err != nil {
			// RLIMIT_DATA answers here.
			m.refused.Store(true)
			return nil
		}
		m.usable = wanted
	}
	return m.reserved[:size:size]
}

// Free gives everything back.
func (m *guestMemory) Free() {
	if m.reserved != nil {
		_ = unix.Munmap(m.reserved)
		m.reserved, m.usable = nil, 0
	}
}
