package extract

import (
	"bytes"
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
	// Jobs is how many children may work at once. Default: 1. A document of many
	// pages is given those that no other document needs. While one reads on after
	// a page that failed, one more child may run.
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
	// file, or one page. A page that takes longer is lost, and the document is
	// not. Default: 5 s. Kept on Linux only.
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

	peak atomic.Int64 // see PeakMemory
	// waiting counts the documents that wait for a slot.
	waiting atomic.Int64

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

// PeakMemory is the most resident memory that a child was seen to hold while it
// worked on a document, in bytes; 0 where that is not watched.
func (p *Pool) PeakMemory() int64 { return p.peak.Load() }

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
		NoThumbnail: opts.NoThumbnail || opts.TextOnly || opts.PagesOnly,
		TextOnly:    opts.TextOnly,
		PagesOnly:   opts.PagesOnly,
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
	result  *Result // nil for what follows
	update  []byte
	picture []byte
}

// serve has a child answer a request.
func (p *Pool) serve(ctx context.Context, file *os.File, asked request, opts Options) (answer, error) {
	if err := p.acquire(ctx); err != nil {
		return answer{}, err
	}
	defer func() { <-p.slots }()
	asked.Spread = p.config.Jobs > 1
	run := documentRun{pool: p, file: file, asked: asked, opts: opts, lost: map[int]*Error{}}
	for {
		got, again, err := run.try(ctx)
		if again {
			continue
		}
		if err != nil {
			return answer{}, err
		}
		if (got.result != nil) != asked.whole() || (got.picture != nil) != (asked.Render != nil) {
			return answer{}, errors.New("extract: the child answered another question")
		}
		if got.result != nil {
			got.result.Seconds = time.Since(run.began).Seconds()
			got.result.FailedPages = run.failedPages(got.result.FailedPages)
		}
		return got, nil
	}
}

// acquire waits for a slot.
func (p *Pool) acquire(ctx context.Context) error {
	p.waiting.Add(1)
	defer p.waiting.Add(-1)
	select {
	case p.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-p.closing:
		return ErrPoolClosed
	}
}

// documentRun is one document's way through one child or several.
type documentRun struct {
	pool     *Pool
	file     *os.File
	asked    request
	opts     Options
	began    time.Time // when the first child was there
	deadline int64     // Unix nanoseconds

	informed  bool // the caller has its Info
	delivered int  // pages that the caller has
	// lost are the pages that no child got over, by index from 0, and why.
	lost map[int]*Error
}

// try has a child read the document. again asks for another try: the child was
// gone before it began, or a page was lost that the others can do without.
func (r *documentRun) try(ctx context.Context) (got answer, again bool, err error) {
	c, fresh, err := r.pool.take(ctx)
	if err != nil {
		return answer{}, false, err
	}
	if r.began.IsZero() {
		r.began = time.Now()
		r.deadline = r.began.Add(r.pool.config.TimeLimit).UnixNano()
	}
	if err := sendRequest(c.conn, r.asked, r.file); err != nil {
		c.kill()
		<-c.exited
		if fresh {
			return answer{}, false, fmt.Errorf("extract: send request: %w%s", err, c.lastWords())
		}
		// An idle child can have died unnoticed; a new one has not.
		return answer{}, true, nil
	}
	helpers, cancel := context.WithCancel(ctx)
	defer cancel()
	follow := receiver{run: r, child: c, ctx: ctx, helpers: helpers, watch: newWatch(c, r.pool.config)}
	follow.watch.deadline.Store(r.deadline)
	answered, err := r.pool.converse(ctx, c, follow.watch, &follow.ended, follow.frames)
	r.deadline = follow.watch.deadline.Load()
	if follow.spread != nil {
		if err != nil {
			cancel()
		}
		follow.spread.finish()
	}
	if err == nil {
		return follow.answer, false, nil
	}
	failure, typed := AsError(err)
	if typed && failure.Kind == KindCrashed && !answered && !fresh {
		return answer{}, true, nil
	}
	if follow.result != nil && ctx.Err() == nil && follow.callbackErr == nil && !errors.Is(err, ErrPoolClosed) {
		r.pool.config.Logger.Info("no thumbnail", "error", err, "child", c.lastWords())
		return follow.answer, false, nil
	}
	if typed && !follow.watch.late && r.goOn(&follow, failure) {
		return answer{}, true, nil
	}
	return answer{}, false, err
}

// goOn gives up the page at which a child failed, and reports whether the rest
// of the document can still be read.
func (r *documentRun) goOn(follow *receiver, failure *Error) bool {
	if !r.asked.whole() || follow.info.PageCount == 0 {
		return false
	}
	switch failure.Kind { //nolint:exhaustive // the others are the whole file's
	case KindTimedOut, KindOutOfMemory, KindCrashed:
	default:
		return false
	}
	index := len(follow.boxes) + follow.held
	if follow.spread != nil {
		if follow.spread.failure != nil {
			return false
		}
		index = follow.spread.at
	}
	if index >= follow.info.PageCount || r.lost[index] != nil {
		return false
	}
	r.lost[index] = failure
	r.asked.Careful = true
	return !tooManyLost(r.lost, follow.info.PageCount)
}

// failedPages adds the lost pages to those that the child could not read.
func (r *documentRun) failedPages(known []FailedPage) []FailedPage {
	for index, failure := range r.lost {
		known = append(known, FailedPage{Page: index + 1, Kind: failure.Kind})
	}
	slices.SortFunc(known, func(a, b FailedPage) int { return a.Page - b.Page })
	return known
}

// converse follows what a child sends about a document, while the watch keeps an
// eye on it. answered tells whether the child said anything at all. ended is set
// by frames when the child said that it is done with the document.
func (p *Pool) converse(ctx context.Context, c *child, watch *watch, ended *bool, frames func() error) (answered bool, err error) {
	stop := make(chan struct{})
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		watch.run(ctx, stop)
	}()
	err = frames()
	close(stop)
	<-stopped
	answered = watch.progress.Load() > 0
	// What the watch saw now and then, and what the system knows if it lives.
	p.notePeak(max(watch.peak, peakResident(c.command.Process.Pid)))

	var failure *Error
	if err == nil || errors.As(err, &failure) && *ended {
		// A child that was told to die just as it finished is not kept.
		p.put(c)
		return answered, err
	}
	c.kill()
	<-c.exited
	return answered, p.causeOfDeath(ctx, c, watch, err)
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
	var failure *Error
	switch {
	case errors.As(err, &callback):
		return callback.cause
	case errors.As(err, &failure):
		return err // the document's other children ended it
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

// receiver follows what the main child of a document sends.
type receiver struct {
	run     *documentRun
	child   *child
	ctx     context.Context //nolint:containedctx // of the document, as long as this
	helpers context.Context //nolint:containedctx // of those that help
	watch   *watch
	answer
	info        Info
	spread      *spread         // nil while the child reads by itself
	boxes       []pagetext.Rect // of the pages so far
	held        int             // pages that the child has read and not sent yet
	ended       bool            // the child said that it is done with the document
	callbackErr error
}

func (r *receiver) frames() error {
	var buffer []byte
	for !r.ended {
		kind, payload, err := readFrame(r.child.reader, buffer)
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
	opts, config := &r.run.opts, &r.run.pool.config
	switch kind {
	case frameInfo:
		if err := json.Unmarshal(payload, &r.info); err != nil {
			return err
		}
		if r.run.informed {
			return nil
		}
		r.run.informed = true
		r.watch.extend(time.Duration(r.info.PageCount) * config.PageTime)
		if opts.OnInfo != nil {
			return r.callback(func() error { return opts.OnInfo(r.info) })
		}
	case frameWant:
		return r.want(payload)
	case frameAt:
		index, err := decodeIndex(payload)
		if err != nil {
			return errBadPage
		}
		if r.spread == nil {
			if r.held++; r.held > pagesAhead {
				return errBadPage
			}
			return nil
		}
		r.spread.mu.Lock()
		r.spread.at = index
		r.spread.mu.Unlock()
	case framePage:
		content, err := decodePage(payload)
		if err != nil {
			return err
		}
		if r.boxes = append(r.boxes, content.Box); content.Number != len(r.boxes) {
			return errBadPage
		}
		// A page that the caller has from a try before this one is not told again.
		if content.Number <= r.run.delivered {
			return nil
		}
		r.run.delivered = content.Number
		if opts.OnPage != nil {
			return r.callback(func() error { return opts.OnPage(content) })
		}
	case frameResult:
		r.result = new(Result)
		if err := json.Unmarshal(payload, r.result); err != nil {
			return err
		}
		for i := range r.result.References {
			one := &r.result.References[i]
			one.Item.Page = one.Pages // hidden in JSON by the reference's own
		}
		if !validMarks(r.result.Annotations, r.boxes) {
			return errors.New("the child sent annotations that cannot be")
		}
		if !validCitations(r.result) {
			return errors.New("the child sent citations that cannot be")
		}
	case frameThumbnail:
		switch {
		case r.run.asked.Render != nil:
			r.picture = bytes.Clone(payload)
		case r.result != nil:
			r.result.Thumbnail = bytes.Clone(payload)
		default:
			return errors.New("thumbnail before the result")
		}
	case frameUpdate:
		if len(r.update)+len(payload) > pdfupdate.MaxSize+maxUpdateFrame {
			return errors.New("the child sent too long an update")
		}
		r.update = append(r.update, payload...)
	case frameDone:
		if r.result == nil && r.run.asked.whole() {
			return errors.New("done without a result")
		}
		r.ended = true
	case frameFailure:
		r.ended = true
		return decodeFailure(payload)
	default:
		return unexpectedFrame(kind)
	}
	return nil
}

// want answers the main child of a document whose pages are shared out.
func (r *receiver) want(payload []byte) error {
	due, err := decodeIndex(payload)
	if err != nil || due < len(r.boxes) || due > len(r.boxes)+pagesAhead || due >= r.info.PageCount {
		return errBadPage
	}
	if r.spread == nil {
		r.spread = newSpread(r.info.PageCount, r.run.asked.Careful, r.run.lost)
	}
	var frame []byte
	if due == 0 && !r.spread.careful {
		// The first pages are the main child's own.
		if frame, err = r.spread.next(r.ctx, r.child.exited, due); err != nil {
			return err
		}
	}
	r.run.pool.findHelp(r.helpers, r.run.file, r.run.asked, r.spread)
	if frame == nil {
		if frame, err = r.spread.next(r.ctx, r.child.exited, due); err != nil {
			return err
		}
	}
	_, err = r.child.conn.Write(frame)
	return err
}

func decodeFailure(payload []byte) error {
	failure := new(Error)
	if err := json.Unmarshal(payload, failure); err != nil {
		return err
	}
	return failure
}

func unexpectedFrame(kind frameKind) error { return fmt.Errorf("unexpected frame %d", kind) }

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
