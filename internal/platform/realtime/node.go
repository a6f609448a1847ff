package realtime

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/centrifugal/centrifuge"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/prometheus/client_golang/prometheus"

	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
)

const (
	pingEvery   = 25 * time.Second
	writeWithin = 5 * time.Second
	// queueBytes bounds what waits for one slow client before it is dropped.
	queueBytes    = 512 << 10
	maxTopics     = 128
	maxRequest    = 64 << 10
	socketsOfUser = 64
	// recheckEvery is how often each socket's topics are authorised again. It
	// is the backstop for a Recheck that was lost.
	recheckEvery  = 30 * time.Second
	authorizeTime = 5 * time.Second
)

// Config is what a node needs from the features, which it does not know.
type Config struct {
	Logger *slog.Logger
	// User names the person of a socket's request, or fails.
	User func(ctx context.Context) (userID string, err error)
	// Authorize decides whether the user may watch a topic. Faults of kind
	// Forbidden, NotFound and Unauthenticated refuse; any other error has the
	// client try again. ctx holds what the socket's request held.
	Authorize func(ctx context.Context, userID, topic string) error
	// Presences are told of sockets that go. Nil where no method makes any
	// present.
	Presences *Presences
	// Methods are what clients may ask for over their sockets, by name.
	Methods map[string]Method
	// PingEvery is how often a client is asked whether it is still there; it is
	// cut off when it has not answered after two fifths of that. 0 means 25 s.
	PingEvery time.Duration
	// Origins are other origins ("https://papers.example") whose pages may
	// open a socket, besides the server's own.
	Origins []string
	// Registerer takes the metrics; nil keeps them to itself.
	Registerer prometheus.Registerer
}

// Node holds the sockets of this process and listens for what all processes
// publish.
type Node struct {
	cfg    Config
	node   *centrifuge.Node
	socket http.Handler

	stopListening context.CancelFunc
	listening     sync.WaitGroup
	ready         chan struct{}

	// granting is held while a subscription is being made. The client has the
	// answer a moment before centrifuge has the subscription, and asks for what is
	// there: what is published in that moment has to wait, or nobody would tell it.
	granting sync.RWMutex
}

// NewNode starts a node. It listens on a connection of its own, made with the
// pool's settings.
func NewNode(pool *pgxpool.Pool, cfg Config) (*Node, error) {
	// A registry of its own: two nodes in one process must not meet in the
	// global one, which panics at equal names.
	var registry centrifuge.RegistererGatherer = prometheus.NewRegistry()
	if cfg.PingEvery <= 0 {
		cfg.PingEvery = pingEvery
	}
	inner, err := centrifuge.New(centrifuge.Config{
		Name:                         "scrollkeeper",
		LogLevel:                     centrifuge.LogLevelWarn,
		LogHandler:                   logTo(cfg.Logger),
		ClientQueueMaxSize:           queueBytes,
		ClientChannelLimit:           maxTopics,
		UserConnectionLimit:          socketsOfUser,
		ClientPresenceUpdateInterval: recheckEvery,
		Metrics:                      centrifuge.MetricsConfig{RegistererGatherer: registry},
	})
	if err != nil {
		return nil, fmt.Errorf("realtime: %w", err)
	}
	n := &Node{cfg: cfg, node: inner, ready: make(chan struct{})}
	inner.OnConnecting(n.connecting)
	inner.OnConnect(n.connected)
	if err := inner.Run(); err != nil {
		return nil, fmt.Errorf("realtime: %w", err)
	}
	if cfg.Registerer != nil {
		if err := cfg.Registerer.Register(registry.(prometheus.Collector)); err != nil {
			return nil, fmt.Errorf("realtime: metrics: %w", err)
		}
	}
	n.socket = centrifuge.NewWebsocketHandler(inner, centrifuge.WebsocketConfig{
		CheckOrigin:        n.originAllowed,
		MessageSizeLimit:   maxRequest,
		WriteTimeout:       writeWithin,
		UseWriteBufferPool: true,
		PingPongConfig:     centrifuge.PingPongConfig{PingInterval: cfg.PingEvery, PongTimeout: cfg.PingEvery * 2 / 5},
	})
	ctx, stop := context.WithCancel(context.Background())
	n.stopListening = stop
	l := &listener{
		cfg: pool.Config().ConnConfig, log: cfg.Logger, ready: n.ready,
		receive: n.receive,
		again: func() {
			// Whatever was published meanwhile is lost to this node.
			n.resync()
			n.recheckAll()
			if cfg.Presences != nil {
				cfg.Presences.beatSoon()
			}
		},
	}
	n.listening.Go(func() { l.run(ctx) })
	return n, nil
}

// Ready is closed once this node hears what is published.
func (n *Node) Ready() <-chan struct{} { return n.ready }

// ServeHTTP is the websocket endpoint. The request's context must hold the
// person, for Config.User.
func (n *Node) ServeHTTP(w http.ResponseWriter, r *http.Request) { n.socket.ServeHTTP(w, r) }

// Shutdown closes all sockets with the code that has clients connect again,
// to another node or to the next process, and stops listening.
func (n *Node) Shutdown(ctx context.Context) error {
	err := n.node.Shutdown(ctx)
	n.stopListening()
	n.listening.Wait()
	if err != nil {
		return fmt.Errorf("realtime: shutdown: %w", err)
	}
	return nil
}

// Sockets is the number of open sockets on this node.
func (n *Node) Sockets() int { return n.node.Hub().NumClients() }

// originAllowed admits the server's own pages, the configured ones, and
// programs, which send no origin.
func (n *Node) originAllowed(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	if origin == "" || slices.Contains(n.cfg.Origins, origin) {
		return true
	}
	u, err := url.Parse(origin)
	return err == nil && u.Host == r.Host
}

func (n *Node) connecting(ctx context.Context, _ centrifuge.ConnectEvent) (centrifuge.ConnectReply, error) {
	userID, err := n.cfg.User(ctx)
	if err != nil {
		return centrifuge.ConnectReply{}, centrifuge.DisconnectInvalidToken
	}
	return centrifuge.ConnectReply{Credentials: &centrifuge.Credentials{UserID: userID}}, nil
}

func (n *Node) connected(client *centrifuge.Client) {
	s := &Socket{client: client, presences: n.cfg.Presences, watching: map[string]struct{}{}}
	client.OnRPC(func(e centrifuge.RPCEvent, reply centrifuge.RPCCallback) {
		if err := n.call(s, e); err != nil {
			reply(centrifuge.RPCReply{}, err)
			return
		}
		reply(centrifuge.RPCReply{Data: []byte("{}")}, nil)
	})
	client.OnUnsubscribe(func(e centrifuge.UnsubscribeEvent) {
		// Also called for each subscription of a socket that closes.
		s.ended(e.Channel)
	})
	client.OnSubscribe(func(e centrifuge.SubscribeEvent, reply centrifuge.SubscribeCallback) {
		if err := s.admit(time.Now()); err != nil {
			reply(centrifuge.SubscribeReply{}, err)
			return
		}
		// Asking takes a query; the socket's read loop must not wait for it.
		go func() {
			if err := n.authorize(client, e.Channel); err != nil {
				reply(centrifuge.SubscribeReply{}, refusal(err))
				return
			}
			s.granted(e.Channel)
			n.granting.RLock()
			defer n.granting.RUnlock()
			reply(centrifuge.SubscribeReply{}, nil)
		}()
	})
	client.OnAlive(func() { n.recheck(client) })
}

func (n *Node) authorize(client *centrifuge.Client, topic string) error {
	ctx, cancel := context.WithTimeout(client.Context(), authorizeTime)
	defer cancel()
	return n.cfg.Authorize(ctx, client.UserID(), topic)
}

// refusal tells a client either to give up or to try again later.
func refusal(err error) error {
	if refused(err) {
		return centrifuge.ErrorPermissionDenied
	}
	return centrifuge.ErrorInternal
}

func refused(err error) bool {
	f, ok := fault.As(err)
	return ok && (f.Kind == fault.Forbidden || f.Kind == fault.NotFound || f.Kind == fault.Unauthenticated)
}

// recheck ends the subscriptions that a client may no longer have. An error of
// another kind, such as a database that is away, ends nothing.
func (n *Node) recheck(client *centrifuge.Client) {
	for _, topic := range client.Channels() {
		if err := n.authorize(client, topic); err != nil && refused(err) {
			client.Unsubscribe(topic)
		}
	}
}

func (n *Node) recheckAll() {
	for _, client := range n.node.Hub().Connections() {
		n.recheck(client)
	}
}

// resync tells every watcher on this node to catch up.
func (n *Node) resync() {
	for _, topic := range n.node.Hub().Channels() {
		n.publish(topic, resyncPayload)
	}
}

func (n *Node) publish(topic string, data []byte) {
	n.granting.Lock()
	defer n.granting.Unlock()
	if _, err := n.node.Publish(topic, data); err != nil {
		n.cfg.Logger.Warn("realtime: could not publish", slog.String("topic", topic), slog.Any("error", err))
	}
}

func (n *Node) receive(m notification) {
	switch m.Op {
	case opPublish:
		n.publish(m.Topic, m.Data)
	case opResync:
		n.resync()
	case opRecheck:
		for _, client := range n.node.Hub().UserConnections(m.User) {
			go n.recheck(client)
		}
	case opDisconnect:
		for _, client := range n.node.Hub().UserConnections(m.User) {
			client.Disconnect(centrifuge.DisconnectForceReconnect)
		}
	}
}

func logTo(log *slog.Logger) centrifuge.LogHandler {
	levels := map[centrifuge.LogLevel]slog.Level{
		centrifuge.LogLevelWarn: slog.LevelWarn, centrifuge.LogLevelError: slog.LevelError,
	}
	return func(e centrifuge.LogEntry) {
		if errors.Is(e.Error, context.Canceled) {
			return
		}
		log.Log(context.Background(), levels[e.Level], "realtime", slog.String("event", e.Message), slog.Any("fields", e.Fields))
	}
}
