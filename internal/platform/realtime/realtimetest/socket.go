package realtimetest

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/websocket"
)

// Socket speaks centrifuge's JSON protocol as a browser does.
type Socket struct {
	t    testing.TB
	conn *websocket.Conn
	id   int
	// ID is what the server calls this socket.
	ID string
	// frames holds what was read in one frame and not yet looked at.
	frames []reply
	// passed holds the messages that came while an answer was waited for.
	passed []reply
}

type reply struct {
	ID      int `json:"id"`
	Connect *struct {
		Client string `json:"client"`
	} `json:"connect"`
	Error *struct {
		Code    int    `json:"code"`
		Message string `json:"message"`
	} `json:"error"`
	Push *struct {
		Channel string `json:"channel"`
		Pub     *struct {
			Data json.RawMessage `json:"data"`
		} `json:"pub"`
		Unsubscribe *struct {
			Code int `json:"code"`
		} `json:"unsubscribe"`
		Disconnect *struct {
			Code int `json:"code"`
		} `json:"disconnect"`
	} `json:"push"`
}

// Dial opens a socket at an http URL, with the header's cookies or token, and
// connects. It fails the test when the server refuses.
func Dial(t testing.TB, url string, header http.Header) *Socket {
	t.Helper()
	cfg, err := websocket.NewConfig(strings.Replace(url, "http", "ws", 1), url)
	if err != nil {
		t.Fatal(err)
	}
	if header != nil {
		cfg.Header = header
	}
	conn, err := cfg.DialContext(t.Context())
	if err != nil {
		t.Fatalf("dial %s: %v", url, err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	s := &Socket{t: t, conn: conn}
	r := s.call(`"connect":{}`)
	if r.Error != nil || r.Connect == nil {
		t.Fatalf("connect: %+v", r)
	}
	s.ID = r.Connect.Client
	return s
}

// Subscribe watches a topic and returns 0, or the code of the refusal.
func (s *Socket) Subscribe(topic string) int {
	s.t.Helper()
	return s.call(`"subscribe":{"channel":"` + topic + `"}`).code()
}

// Unsubscribe ends watching a topic.
func (s *Socket) Unsubscribe(topic string) {
	s.t.Helper()
	if code := s.call(`"unsubscribe":{"channel":"` + topic + `"}`).code(); code != 0 {
		s.t.Fatalf("unsubscribe %s: error %d", topic, code)
	}
}

// Call asks for one of the server's methods with data as JSON and returns 0, or
// the code of the refusal. Messages that come before the answer are kept for Next.
func (s *Socket) Call(method, data string) int {
	s.t.Helper()
	return s.call(`"rpc":{"method":"` + method + `","data":` + data + `}`).code()
}

// Send writes something to the server as it is, without waiting for an answer;
// false when the server has closed the socket.
func (s *Socket) Send(text string) bool {
	return websocket.Message.Send(s.conn, text) == nil
}

// Close ends the socket as a closed tab does.
func (s *Socket) Close() { _ = s.conn.Close() }

// Next is the payload of the next message on topic; the test fails when none
// comes within ten seconds.
func (s *Socket) Next(topic string) string {
	s.t.Helper()
	for i, r := range s.passed {
		if r.on(topic) {
			s.passed = append(s.passed[:i:i], s.passed[i+1:]...)
			return string(r.Push.Pub.Data)
		}
	}
	for {
		if r := s.read(); r.on(topic) {
			return string(r.Push.Pub.Data)
		}
	}
}

// WaitUnsubscribed returns once the server ended the subscription to topic.
func (s *Socket) WaitUnsubscribed(topic string) {
	s.t.Helper()
	ended := func(r reply) bool { return r.Push != nil && r.Push.Unsubscribe != nil && r.Push.Channel == topic }
	for !slices.ContainsFunc(s.passed, ended) {
		s.passed = append(s.passed, s.read())
	}
	s.passed = slices.DeleteFunc(s.passed, ended)
}

// WaitClosed returns once the server closed the socket.
func (s *Socket) WaitClosed() {
	s.t.Helper()
	for {
		if _, err := s.receive(); err != nil {
			if !errors.Is(err, io.EOF) {
				s.t.Fatalf("socket: %v", err)
			}
			return
		}
	}
}

func (r reply) on(topic string) bool {
	return r.Push != nil && r.Push.Pub != nil && r.Push.Channel == topic
}

func (r reply) code() int {
	if r.Error != nil {
		return r.Error.Code
	}
	return 0
}

func (s *Socket) call(command string) reply {
	s.t.Helper()
	s.id++
	id, _ := json.Marshal(s.id)
	if err := websocket.Message.Send(s.conn, `{"id":`+string(id)+`,`+command+`}`); err != nil {
		s.t.Fatalf("send: %v", err)
	}
	for {
		r := s.read()
		if r.ID == s.id {
			return r
		}
		if r.Push != nil {
			s.passed = append(s.passed, r)
		}
	}
}

func (s *Socket) read() reply {
	s.t.Helper()
	r, err := s.receive()
	if err != nil {
		s.t.Fatalf("socket: %v", err)
	}
	return r
}

func (s *Socket) receive() (reply, error) {
	for len(s.frames) == 0 {
		if err := s.conn.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
			return reply{}, err
		}
		var text string
		if err := websocket.Message.Receive(s.conn, &text); err != nil {
			return reply{}, err
		}
		for dec := json.NewDecoder(strings.NewReader(text)); ; {
			var r reply
			if err := dec.Decode(&r); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				return reply{}, err
			}
			if r == (reply{}) {
				// A ping: whoever does not answer is taken for asleep.
				if err := websocket.Message.Send(s.conn, "{}"); err != nil {
					return reply{}, err
				}
				continue
			}
			s.frames = append(s.frames, r)
		}
	}
	r := s.frames[0]
	s.frames = s.frames[1:]
	return r, nil
}
