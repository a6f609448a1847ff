package realtimetest

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
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
	// frames holds what was read in one frame and not yet looked at.
	frames []reply
}

type reply struct {
	ID    int `json:"id"`
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
	if code := s.call(`"connect":{}`); code != 0 {
		t.Fatalf("connect: error %d", code)
	}
	return s
}

// Subscribe watches a topic and returns 0, or the code of the refusal.
func (s *Socket) Subscribe(topic string) int {
	s.t.Helper()
	return s.call(`"subscribe":{"channel":"` + topic + `"}`)
}

// Next is the payload of the next message on topic; the test fails when none
// comes within ten seconds.
func (s *Socket) Next(topic string) string {
	s.t.Helper()
	for {
		r := s.read()
		if r.Push != nil && r.Push.Pub != nil && r.Push.Channel == topic {
			return string(r.Push.Pub.Data)
		}
	}
}

// WaitUnsubscribed returns once the server ended the subscription to topic.
func (s *Socket) WaitUnsubscribed(topic string) {
	s.t.Helper()
	for {
		if r := s.read(); r.Push != nil && r.Push.Unsubscribe != nil && r.Push.Channel == topic {
			return
		}
	}
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

func (s *Socket) call(command string) int {
	s.t.Helper()
	s.id++
	id, _ := json.Marshal(s.id)
	if err := websocket.Message.Send(s.conn, `{"id":`+string(id)+`,`+command+`}`); err != nil {
		s.t.Fatalf("send: %v", err)
	}
	for {
		r := s.read()
		if r.ID != s.id {
			continue
		}
		if r.Error != nil {
			return r.Error.Code
		}
		return 0
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
			s.frames = append(s.frames, r)
		}
	}
	r := s.frames[0]
	s.frames = s.frames[1:]
	return r, nil
}
