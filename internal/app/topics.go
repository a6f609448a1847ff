package app

import (
	"context"
	"strings"

	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
)

// topics says who decides about each kind of topic, the word before its colon.
type topics map[string]func(ctx context.Context, p identity.Person, topic string) error

// authorize decides whether p may listen to topic.
func (t topics) authorize(ctx context.Context, p identity.Person, topic string) error {
	kind, _, _ := strings.Cut(topic, ":")
	decide, ok := t[kind]
	if !ok {
		return fault.New(fault.NotFound, "topic_not_found", "There is no such topic.")
	}
	return decide(ctx, p, topic)
}
