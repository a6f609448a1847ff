package realtime

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"github.com/centrifugal/centrifuge"

	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
)

// Method answers one kind of request that clients send over their socket. data
// is what the client sent and may be anything. A fault refuses it; any other
// error has the client try again. ctx holds what the socket's request held.
//
// A socket's requests are answered one after the other, so a method must not
// wait for anything.
type Method func(ctx context.Context, s *Socket, data json.RawMessage) error

// Socket is one client's connection to this node.
type Socket struct {
	client    *centrifuge.Client
	presences *Presences
	// requests and refusals are used by the connection's read loop alone.
	requests, refusals bucket

	mu sync.Mutex
	// watching are the topics that were granted. The client has the answer, and
	// may act on it, a moment before centrifuge knows of the subscription itself.
	watching map[string]struct{}
}

func (s *Socket) granted(topic string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.watching[topic] = struct{}{}
}

func (s *Socket) ended(topic string) {
	s.mu.Lock()
	delete(s.watching, topic)
	s.mu.Unlock()
	if s.presences != nil {
		s.Gone(topic)
	}
}

func (s *Socket) watches(topic string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, ok := s.watching[topic]
	return ok
}

const (
	// A client sends at most requestRate requests a second for long, and
	// requestBurst at once: all its topics when it connects. What is more is
	// refused. Who does not mind being refused maxRefusals times is cut off.
	requestRate  = 30
	requestBurst = maxTopics + 32
	refusalRate  = 10
	maxRefusals  = 300
)

// disconnectFlood has a client connect again later, with its own back-off.
var disconnectFlood = centrifuge.Disconnect{Code: 4408, Reason: "too many requests"}

var errNotWatching = fault.New(fault.Conflict, "not_subscribed", "Subscribe to the topic before you say where you are.")

// Codes of refusals, beside centrifuge's own. Those of centrifuge-js treat what
// is temporary as worth another try.
const (
	codeInvalid  = 422
	codeConflict = 409
	codeTooLarge = 413
)

// ID names the socket among all nodes' sockets; its client knows it as its
// client id.
func (s *Socket) ID() string { return s.client.ID() }

// Here makes the socket present on a topic that it is subscribed to, with a
// state, or changes its state. It is told to all who watch the topic, as JSON. A
// fault when the state is over MaxPayload, or the socket is not subscribed.
func (s *Socket) Here(topic string, state any) error {
	data, err := json.Marshal(state)
	if err != nil {
		return fmt.Errorf("presence: %w", err)
	}
	if !s.watches(topic) {
		return errNotWatching
	}
	if err := s.presences.set(place{topic, s.ID()}, data); err != nil {
		return err
	}
	// Whoever ends the subscription takes the presence away after it: if it was
	// ended in between, that has happened already.
	if !s.watches(topic) {
		s.Gone(topic)
		return errNotWatching
	}
	return nil
}

// Gone makes the socket absent from a topic. A subscription that ends does the
// same, whoever ends it.
func (s *Socket) Gone(topic string) { s.presences.remove(place{topic, s.ID()}) }

// admit counts a request and says whether it may be answered.
func (s *Socket) admit(now time.Time) error {
	if s.requests.take(now, requestRate, requestBurst) {
		return nil
	}
	if !s.refusals.take(now, refusalRate, maxRefusals) {
		s.client.Disconnect(disconnectFlood)
	}
	return centrifuge.ErrorTooManyRequests
}

// call answers a request.
func (n *Node) call(s *Socket, e centrifuge.RPCEvent) error {
	if err := s.admit(time.Now()); err != nil {
		return err
	}
	method, ok := n.cfg.Methods[e.Method]
	if !ok {
		return centrifuge.ErrorMethodNotFound
	}
	err := method(s.client.Context(), s, e.Data)
	if err == nil {
		return nil
	}
	f, ok := fault.As(err)
	if !ok {
		n.cfg.Logger.WarnContext(s.client.Context(), "realtime: a request failed", "method", e.Method, "error", err)
		return centrifuge.ErrorInternal
	}
	switch f.Kind {
	case fault.Invalid:
		return &centrifuge.Error{Code: codeInvalid, Message: f.Message}
	case fault.Conflict:
		return &centrifuge.Error{Code: codeConflict, Message: f.Message, Temporary: true}
	case fault.TooLarge:
		return &centrifuge.Error{Code: codeTooLarge, Message: f.Message}
	case fault.TooMany:
		return centrifuge.ErrorTooManyRequests
	case fault.Forbidden, fault.NotFound, fault.Unauthenticated:
		return centrifuge.ErrorPermissionDenied
	default:
		return centrifuge.ErrorInternal
	}
}

// bucket bounds how often something happens.
type bucket struct {
	used float64
	at   time.Time
}

// take reports whether one more may happen now: rate a second for long, burst at once.
func (b *bucket) take(now time.Time, rate, burst float64) bool {
	b.used = max(0, b.used-now.Sub(b.at).Seconds()*rate)
	b.at = now
	if b.used+1 > burst {
		return false
	}
	b.used++
	return true
}
