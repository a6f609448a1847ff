package organise

import (
	"slices"

	"github.com/google/uuid"
)

// node is a collection in its tree.
type node struct {
	id     uuid.UUID
	parent uuid.NullUUID // invalid at the top
}

// tree is all collections of a library, those under one parent in their order.
type tree []node

func (t tree) find(id uuid.UUID) (node, bool) {
	i := slices.IndexFunc(t, func(n node) bool { return n.id == id })
	if i < 0 {
		return node{}, false
	}
	return t[i], true
}

// children gives what is right under a parent, in order.
func (t tree) children(parent uuid.NullUUID) []uuid.UUID {
	var ids []uuid.UUID
	for _, n := range t {
		if n.parent == parent {
			ids = append(ids, n.id)
		}
	}
	return ids
}

// under gives a collection and all that is under it.
func (t tree) under(id uuid.UUID) []uuid.UUID {
	ids := []uuid.UUID{id}
	for i := 0; i < len(ids); i++ {
		ids = append(ids, t.children(uuid.NullUUID{UUID: ids[i], Valid: true})...)
	}
	return ids
}

// depth is how many stand above each other down to id: 1 at the top, 0 for none.
func (t tree) depth(id uuid.NullUUID) int {
	depth := 0
	for id.Valid {
		n, found := t.find(id.UUID)
		if !found {
			break
		}
		depth++
		id = n.parent
	}
	return depth
}

// height is how many stand under each other from id on: 1 without children.
func (t tree) height(id uuid.UUID) int {
	highest := 0
	for _, child := range t.children(uuid.NullUUID{UUID: id, Valid: true}) {
		highest = max(highest, t.height(child))
	}
	return highest + 1
}

// mayHold says why a collection that is height high cannot be put under parent.
func (t tree) mayHold(parent uuid.NullUUID, height int) error {
	if parent.Valid {
		if _, found := t.find(parent.UUID); !found {
			return errNoParent
		}
	}
	if t.depth(parent)+height > maxDepth {
		return errTooDeep
	}
	return nil
}
