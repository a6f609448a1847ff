// Package realtimetest helps to test what is published and who hears it.
package realtimetest

import (
	"context"
	"encoding/json"
	"sync"
	"testing"
	"time"
)

// Message is one that was published, with its payload as JSON.
type Message struct {
	Topic   string
	Payload string
}

// Recorder stands in for a Bus and keeps what is published. Safe for
// concurrent use.
type Recorder struct {
	mu       sync.Mutex
	messages []Message
	more     chan struct{}
}

// NewRecorder makes an empty one.
func NewRecorder() *Recorder { return &Recorder{more: make(chan struct{})} }

// Publish has the signature of Bus.Publish.
func (r *Recorder) Publish(_ context.Context, topic string, payload any) {
	data, err := json.Marshal(payload)
	if err != nil {
		data = []byte(err.Error())
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.messages = append(r.messages, Message{topic, string(data)})
	close(r.more)
	r.more = make(chan struct{})
}

// Messages gives what was published so far, in order.
func (r *Recorder) Messages() []Message {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]Message(nil), r.messages...)
}

// Wait returns once a published message satisfies ok, and fails the test when
// none does within ten seconds.
func (r *Recorder) Wait(t testing.TB, ok func(Message) bool) Message {
	t.Helper()
	deadline := time.After(10 * time.Second)
	for seen := 0; ; {
		r.mu.Lock()
		messages, more := r.messages, r.more
		r.mu.Unlock()
		for ; seen < len(messages); seen++ {
			if ok(messages[seen]) {
				return messages[seen]
			}
		}
		select {
		case <-more:
		case <-deadline:
			t.Fatalf("no such message among %v", messages)
		}
	}
}
