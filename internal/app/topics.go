package app

import (
	"context"
	"slices"
	"strings"

	"scrollkeeper.example/scrollkeeper/internal/annotation"
	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
	"scrollkeeper.example/scrollkeeper/internal/reader"
)

// topics says who decides about each kind of topic, the word before its colon.
type topics map[string]func(ctx context.Context, p identity.Person, topic string) error

// guestTopics are the kinds that guests may listen to, of documents that their link shows.
var guestTopics = []string{reader.TopicKind, annotation.TopicKind}

// authorize decides whether p may listen to topic.
func (t topics) authorize(ctx context.Context, p identity.Person, topic string) error {
	kind, _, _ := strings.Cut(topic, ":")
	decide, ok := t[kind]
	if !ok || p.IsGuest() && !slices.Contains(guestTopics, kind) {
		return fault.New(fault.NotFound, "topic_not_found", "There is no such topic.")
	}
	return decide(ctx, p, topic)
}
