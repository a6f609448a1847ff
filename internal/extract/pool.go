package extract

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"scrollkeeper.example/scrollkeeper/internal/pagetext"
	"scrollkeeper.example/scrollkeeper/internal/pdfupdate"
)

// Config of a Pool. Zero values mean the defaults.
type Config struct {
	// Executable and Args start a child. Default: this binary with the one
	// argument "extract-child"; it must call [ChildMain].
	Executable string
	Args       []string
	// CacheDir keeps PDFium compiled for this machine, about 25 MB. Without
	// it each child compiles anew, which costs seconds of CPU. It is made when
	// missing.
	CacheDir string
	// Jobs is how many children may work at once. Default: 1.
	Jobs int
	// MemoryLimit is how much resident memory a child may hold, in bytes.
	// Default: 512 MiB.
	MemoryLimit int64
	// TimeLimit is the wall clock that a document may take, besides PageTime
	// for each of its pages. Default: 25 s.
	TimeLimit time.Duration
	// PageTime is added to TimeLimit for each page. Default: 500 ms.
	PageTime time.Duration
	// StepLimit is the CPU time that a child may take for one step: opening the
	// file, or one page. Default: 5 s. Kept on Linux only.
	StepLimit time.Duration
	// MaxPages a document may have. Default: 5,000.
	MaxPages int
	// WritesOnly makes children that start at once and can do nothing but
	// [AddMarks]. A pool for that alone does not wait for documents that are
	// extracted.
	WritesOnly bool
	// IdleTime is how long a child without work stays. Default: 60 s.
	IdleTime time.Duration
	// Logger gets what children say before they die. Default: slog.Default.
	Logger *slog.Logger
}

// Pool holds the child processes. Its methods are safe for concurrent use.
type Pool struct {
	config  Config
	slots   chan struct{} // one for each document under way
	starts  chan startOrder
	closing chan struct{}

	peak atomic.Int64 // most resident memory seen in a child, bytes

	living sync.WaitGroup // one for each child in all

	mu     sync.Mutex
	closed bool
	idle   []*child // the latest last, so that the others can leave
	all    map[*child]struct{}
}

const (
	// documentsPerChild bounds what leaks in a child can add up to. Fewer
	// would pay the start more often: every 5 costs a third more CPU.
	documentsPerChild = 100
	// watchInterval bounds how far a child can get over its memory limit.
	watchInterval = 25 * time.Millisecond
	// startLimit is for a child's start, which may have to compile PDFium on a
	// slow machine.
	startLimit = 2 * time.Minute

	maxFileSize = 1 << 31
)

// ErrPoolClosed is what runs fail with when their pool is closed.
var ErrPoolClosed = errors.New("extract: the pool is closed")

// NewPool makes a pool. Children start when there is work.
func NewPool(config Config) *Pool {
	config.setDefaults()
	p := &Pool{
		config:  config,
		slots:   make(chan struct{}, config.Jobs),
		starts:  make(chan startOrder),
		closing: make(chan struct{}),
		all:     map[*child]struct{}{},
	}
	go p.starter()
	return p
}

func (c *Config) setDefaults() {
	if c.Executable == "" {
		// The path stays right when the file is replaced by a newer version.
		if path, err := os.Executable(); err == nil {
			c.Executable = path
		}
		if c.Args == nil {
			c.Args = []string{ChildCommand}
		}
	}
	c.Jobs = max(c.Jobs, 1)
	setDefault(&c.MemoryLimit, 512<<20)
	setDefault(&c.TimeLimit, 25*time.Second)
	setDefault(&c.PageTime, 500*time.Millisecond)
	setDefault(&c.StepLimit, 5*time.Second)
	setDefault(&c.MaxPages, 5000)
	setDefault(&c.IdleTime, time.Minute)
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
}

func setDefault[T int | int64 | time.Duration](field *T, value T) {
	if *field <= 0 {
		*field = value
	}
}

// Close kills the children and fails every run that is under way.
func (p *Pool) Close() error {
	p.mu.Lock()
	if p.closed {
		p.mu.Unlock()
		return nil
	}
	p.closed = true
	children := make([]*child, 0, len(p.all))
	for c := range p.all {
		children = append(children, c)
	}
	p.idle = nil
	p.mu.Unlock()
	close(p.closing)
	for _, c := range children {
		c.kill()
	}
	p.living.Wait()
	return nil
}

func (p *Pool) isClosing() bool {
	select {
	case <-p.closing:
		return true
	default:
		return false
	}
}

// startOrder asks the starter for a child.
type startOrder struct {
	ctx   context.Context //nolint:containedctx // travels with the order
	reply chan startReply
}

type startReply struct {
	child *child
	err   error
}

// starter starts children, one at a time: so the first one fills the compile
// cache for the others. It keeps its thread for as long as the pool lives,
// because Linux kills a child when the thread that started it ends
// (Pdeathsig, prctl(2)).
func (p *Pool) starter() {
	runtime.LockOSThread()
	for {
		select {
		case order := <-p.starts:
			if order.ctx.Err() != nil {
				order.reply <- startReply{err: order.ctx.Err()}
				continue
			}
			c, err := p.start()
			order.reply <- startReply{child: c, err: err}
		case <-p.closing:
			runtime.UnlockOSThread()
			return
		}
	}
}

// compiled counts what is in the compile cache.
func (p *Pool) compiled() int {
	if p.config.CacheDir == "" {
		return 0
	}
	files, _ := filepath.Glob(filepath.Join(p.config.CacheDir, "*", "*")) // the pattern is sound
	return len(files)
}

// start makes a child and waits until it is ready.
func (p *Pool) start() (*child, error) {
	if p.config.CacheDir != "" {
		if err := os.MkdirAll(p.config.CacheDir, 0o700); err != nil {
			p.config.Logger.Warn("no compile cache for the PDF reader", "error", err)
		}
	}
	before := p.compiled()
	c, err := p.startOne()
	if err == nil && p.compiled() > before {
		// This one compiled PDFium, which can leave it with more memory than a
		// document may take. The next one finds it in the cache.
		c.kill()
		<-c.exited
		return p.startOne()
	}
	return c, err
}

func (p *Pool) startOne() (*child, error) {
	c, err := startChild(p.config)
	if err != nil {
		return nil, fmt.Errorf("extract: start child: %w", err)
	}
	p.mu.Lock()
	if p.closed {
		p.mu.Unlock()
		c.kill()
		<-c.exited
		return nil, ErrPoolClosed
	}
	p.all[c] = struct{}{}
	p.living.Go(func() {
		<-c.exited
		p.mu.Lock()
		delete(p.all, c)
		p.forget(c)
		p.mu.Unlock()
	})
	p.mu.Unlock()
	if err := c.greet(p.config); err != nil {
		c.kill()
		<-c.exited
		if p.isClosing() {
			return nil, ErrPoolClosed
		}
		return nil, fmt.Errorf("extract: start child: %w%s", err, c.lastWords())
	}
	return c, nil
}

// take gives an idle child or starts one. fresh tells which.
func (p *Pool) take(ctx context.Context) (c *child, fresh bool, err error) {
	p.mu.Lock()
	if p.closed {
		p.mu.Unlock()
		return nil, false, ErrPoolClosed
	}
	if last := len(p.idle) - 1; last >= 0 {
		c = p.idle[last]
		p.idle = p.idle[:last]
		p.mu.Unlock()
		c.leave.Stop()
		return c, false, nil
	}
	p.mu.Unlock()
	order := startOrder{ctx: ctx, reply: make(chan startReply, 1)}
	select {
	case p.starts <- order:
	case <-p.closing:
		return nil, false, ErrPoolClosed
	case <-ctx.Done():
		return nil, false, ctx.Err()
	}
	reply := <-order.reply
	return reply.child, true, reply.err
}

// put takes a child back after a document that left it sound.
func (p *Pool) put(c *child) {
	c.served++
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed || c.killed.Load() || c.served >= documentsPerChild {
		c.dismiss()
		return
	}
	p.idle = append(p.idle, c)
	c.leave = time.AfterFunc(p.config.IdleTime, func() { p.retire(c) })
}

// retire lets an idle child go, if it still is idle.
func (p *Pool) retire(c *child) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.forget(c) {
		c.dismiss()
	}
}

// forget takes a child off the idle list and reports whether it was on it. The
// caller holds mu.
func (p *Pool) forget(c *child) bool {
	at := slices.Index(p.idle, c)
	if at < 0 {
		return false
	}
	p.idle = slices.Delete(p.idle, at, at+1)
	return true
}

// run extracts one document.
func (p *Pool) run(ctx context.Context, file *os.File, size int64, opts Options) (*Result, error) {
	asked := request{
		Size:        size,
		Password:    opts.Password,
		Filename:    filepath.Base(opts.Filename),
		MaxPages:    p.config.MaxPages,
		NoThumbnail: opts.NoThumbnail,
	}
	if opts.Filename == "" {
		asked.Filename = ""
	}
	got, err := p.serve(ctx, file, asked, opts)
	if err != nil {
		return nil, err
	}
	return got.result, nil
}

// answer is what a child gave.
type answer struct {
	result *Result // nil for an update
	update []byte
}

// serve has a child answer a request.
func (p *Pool) serve(ctx context.Context, file *os.File, asked request, opts Options) (answer, error) {
	select {
	case p.slots <- struct{}{}:
		defer func() { <-p.slots }()
	case <-ctx.Done():
		return answer{}, ctx.Err()
	case <-p.closing:
		return answer{}, ErrPoolClosed
	}
	for {
		c, fresh, err := p.take(ctx)
		if err != nil {
			return answer{}, err
		}
		if err := sendRequest(c.conn, asked, file); err != nil {
			c.kill()
			<-c.exited
			if fresh {
				return answer{}, fmt.Errorf("extract: send request: %w%s", err, c.lastWords())
			}
			// An idle child can have died unnoticed; a new one has not.
			continue
		}
		began := time.Now()
		got, answered, err := p.receive(ctx, c, opts)
		if typed, ok := AsError(err); ok && typed.Kind == KindCrashed && !answered && !fresh {
			continue
		}
		if got.result != nil {
			got.result.Seconds = time.Since(began).Seconds()
		}
		if (got.result != nil) == (asked.Update != nil) && err == nil {
			return answer{}, errors.New("extract: the child answered another question")
		}
		return got, err
	}
}

// receive takes what the child sends about one document, while the watch keeps
// an eye on it. answered tells whether the child said anything at all.
func (p *Pool) receive(ctx context.Context, c *child, opts Options) (got answer, answered bool, err error) {
	watch := newWatch(c, p.config)
	stop := make(chan struct{})
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		watch.run(ctx, stop)
	}()
	r := receiver{opts: opts, watch: watch, config: p.config}
	err = r.frames(c.reader)
	close(stop)
	<-stopped
	answered = watch.progress.Load() > 0
	p.notePeak(watch.peak)

	var failure *Error
	switch {
	case err == nil, errors.As(err, &failure) && r.ended:
		// A child that was told to die just as it finished is not kept.
		p.put(c)
	default:
		c.kill()
		<-c.exited
		err = p.causeOfDeath(ctx, c, watch, err)
	}
	if r.result != nil && err != nil && ctx.Err() == nil && r.callbackErr == nil && !errors.Is(err, ErrPoolClosed) {
		p.config.Logger.Info("no thumbnail", "error", err, "child", c.lastWords())
		return r.answer, answered, nil
	}
	if err != nil {
		return answer{}, answered, err
	}
	return r.answer, answered, nil
}

func (p *Pool) notePeak(resident int64) {
	for {
		known := p.peak.Load()
		if resident <= known || p.peak.CompareAndSwap(known, resident) {
			return
		}
	}
}

// causeOfDeath turns a broken conversation into the error that tells why.
func (p *Pool) causeOfDeath(ctx context.Context, c *child, watch *watch, err error) error {
	var callback *callbackError
	switch {
	case errors.As(err, &callback):
		return callback.cause
	case ctx.Err() != nil:
		return ctx.Err()
	case watch.verdict != nil:
		return watch.verdict
	}
	if p.isClosing() {
		return ErrPoolClosed
	}
	words := c.lastWords()
	p.config.Logger.Warn("extract child ended", "error", err, "child", words)
	if c.ranOutOfMemory() {
		return failBecause(KindOutOfMemory, messageMemory, err)
	}
	return failBecause(KindCrashed, "The PDF reader gave up on this file.", fmt.Errorf("%w%s", err, words))
}

const messageMemory = "Reading the file takes more memory than is allowed."

// callbackError is an error of the caller's own, given back as it is.
type callbackError struct{ cause error }

func (e *callbackError) Error() string { return e.cause.Error() }

// receiver follows one document's frames.
type receiver struct {
	opts   Options
	watch  *watch
	config Config
	answer
	boxes       []pagetext.Rect // of the pages so far
	ended       bool            // the child said that it is done with the document
	callbackErr error
}

func (r *receiver) frames(reader *bufio.Reader) error {
	var buffer []byte
	for !r.ended {
		kind, payload, err := readFrame(reader, buffer)
		if err != nil {
			return err
		}
		r.watch.progress.Add(1)
		buffer = payload
		if err := r.frame(kind, payload); err != nil {
			return err
		}
	}
	return nil
}

func (r *receiver) frame(kind frameKind, payload []byte) error {
	switch kind {
	case frameInfo:
		var info Info
		if err := json.Unmarshal(payload, &info); err != nil {
			return err
		}
		r.watch.extend(time.Duration(info.PageCount) * r.config.PageTime)
		if r.opts.OnInfo != nil {
			return r.callback(func() error { return r.opts.OnInfo(info) })
		}
	case framePage:
		content, err := decodePage(payload)
		if err != nil {
			return err
		}
		if r.boxes = append(r.boxes, content.Box); content.Number != len(r.boxes) {
			return errBadPage
		}
		if r.opts.OnPage != nil {
			return r.callback(func() error { return r.opts.OnPage(content) })
		}
	case frameResult:
		r.result = new(Result)
		if err := json.Unmarshal(payload, r.result); err != nil {
			return err
		}
		if !validMarks(r.result.Annotations, r.boxes) {
			return errors.New("the child sent annotations that cannot be")
		}
	case frameThumbnail:
		if r.result == nil {
			return errors.New("thumbnail before the result")
		}
		r.result.Thumbnail = append([]byte(nil), payload...)
	case frameUpdate:
		if len(r.update)+len(payload) > pdfupdate.MaxSize+maxUpdateFrame {
			return errors.New("the child sent too long an update")
		}
		r.update = append(r.update, payload...)
	case frameDone:
		if r.result == nil && !r.opts.writing {
			return errors.New("done without a result")
		}
		r.ended = true
	case frameFailure:
		failure := new(Error)
		if err := json.Unmarshal(payload, failure); err != nil {
			return err
		}
		r.ended = true
		return failure
	default:
		return fmt.Errorf("unexpected frame %d", kind)
	}
	return nil
}

// callback runs the caller's code, whose time is not the child's.
func (r *receiver) callback(run func() error) error {
	began := time.Now()
	err := run()
	r.watch.extend(time.Since(began))
	if err != nil {
		r.callbackErr = err
		return &callbackError{cause: err}
	}
	return nil
}
