package realtime

import (
	"encoding/json"
	"time"
)

// MaxPayload is the most that one message's JSON may take, in bytes.
// PostgreSQL carries less than 8,000 bytes in a notification, with the topic.
const MaxPayload = 7000

// channel is the name that processes listen on.
const channel = "scrollkeeper_live"

// Paced is implemented by payloads of which only the newest matters. Of those
// with the same topic and key, at most one is sent per interval; the first goes
// out at once and the last one always goes out.
type Paced interface {
	// Pace gives the key, the interval between two messages, and an order:
	// a message older than one already taken is dropped. Where the order is
	// always 0, the one published last is the newest.
	Pace() (key string, every time.Duration, order int64)
}

// op says what a notification between processes asks for.
type op string

const (
	opPublish    op = "p"
	opRecheck    op = "c"
	opDisconnect op = "d"
	opResync     op = "s"
)

// notification is what travels between processes. Fields are short because
// PostgreSQL limits its size.
type notification struct {
	Op    op              `json:"o"`
	Topic string          `json:"t,omitempty"`
	User  string          `json:"u,omitempty"`
	Data  json.RawMessage `json:"d,omitempty"`
}

// resyncPayload tells clients that they may have missed something.
var resyncPayload = []byte(`{"type":"resync"}`)
