package ingest

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/tus/tusd/v2/pkg/handler"
	"github.com/tus/tusd/v2/pkg/memorylocker"
	"golang.org/x/exp/slog"

	"scrollkeeper.example/scrollkeeper/internal/platform/httpapi"
)

// basePath is where uploads live; an upload's own path is below it.
const basePath = "/api/uploads/"

const (
	// networkTimeout ends a transfer that stands still; what came is kept.
	networkTimeout = 60 * time.Second
	// lockTimeout is how long a request waits for an earlier one on the same
	// upload, which is told to stop at once.
	lockTimeout = 10 * time.Second
	// finishTime is what a request has left to finish its work when its client
	// hangs up.
	finishTime = 10 * time.Second
	// drainBytes and drainTime bound what is read of a body after a refusal. A
	// connection closed on unread bytes is reset, and then many clients,
	// browsers among them, never see the answer.
	drainBytes = 16 << 20
	drainTime  = 5 * time.Second
)

func (s *Service) newTus() (*handler.UnroutedHandler, error) {
	composer := handler.NewStoreComposer()
	composer.UseCore(store{s})
	composer.UseTerminater(store{s})
	composer.UseLocker(locker{memorylocker.New()})
	return handler.NewUnroutedHandler(handler.Config{
		StoreComposer: composer,
		BasePath:      basePath,
		MaxSize:       s.cfg.MaxBytes,
		// Only our own pages send files; other sites are refused before.
		Cors:                             &handler.CorsConfig{Disable: true},
		DisableDownload:                  true,
		DisableConcatenation:             true,
		Logger:                           silent(),
		PreUploadCreateCallback:          s.beforeCreate,
		PreFinishResponseCallback:        s.beforeFinish,
		PreUploadTerminateCallback:       s.beforeTerminate,
		GracefulRequestCompletionTimeout: finishTime,
		AcquireLockTimeout:               lockTimeout,
		NetworkTimeout:                   networkTimeout,
	})
}

// silent is a logger that says nothing: the request log and the problems that
// are answered say it already. tusd still has the experimental slog.
func silent() *slog.Logger {
	return slog.New(slog.NewTextHandler(io.Discard, &slog.HandlerOptions{Level: slog.LevelError + 1}))
}

// exchange stands between tusd and a client. It holds back tusd's own error
// answers, so that every error leaves as a problem document.
type exchange struct {
	http.ResponseWriter
	// reading is done once the request's body is being read, or the request ended.
	reading context.Context //nolint:containedctx // an event, not the request's context
	// err is what our own code failed with, under tusd.
	err error
	// refused is the status of the answer that was held back, and said its text.
	refused int
	said    []byte
}

type exchangeKey struct{}

// fail notes the error that a hook or the store gives to tusd, which would
// only pass on its text.
func fail(ctx context.Context, err error) error {
	if x, ok := ctx.Value(exchangeKey{}).(*exchange); ok && x.err == nil {
		x.err = err
	}
	return err
}

func (x *exchange) WriteHeader(status int) {
	if status >= http.StatusBadRequest {
		x.refused = status
		return
	}
	// A path instead of tusd's whole address, which would be wrong behind a
	// proxy that speaks https.
	if location := x.Header().Get("Location"); location != "" {
		x.Header().Set("Location", basePath+location[strings.LastIndexByte(location, '/')+1:])
	}
	x.ResponseWriter.WriteHeader(status)
}

func (x *exchange) Write(p []byte) (int, error) {
	if x.refused != 0 {
		x.said = append(x.said, p[:min(len(p), 512-min(len(x.said), 512))]...)
		return len(p), nil
	}
	return x.ResponseWriter.Write(p)
}

// Unwrap lets http.ResponseController reach the connection's deadlines.
func (x *exchange) Unwrap() http.ResponseWriter { return x.ResponseWriter }

// through runs one of tusd's handlers and turns its errors into ours.
func (s *Service) through(api *httpapi.API, h http.HandlerFunc) http.Handler {
	inner := http.StripPrefix(basePath, s.tus.Middleware(h))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithCancelCause(r.Context())
		defer cancel(nil)
		// tusd's deadline for writing would stay with the connection and break
		// a later request on it.
		defer func() { _ = http.NewResponseController(w).SetWriteDeadline(time.Time{}) }()

		reading, begun := context.WithCancel(context.Background())
		defer begun()
		forget := func() bool { return false }
		defer func() { forget() }()
		if r.Body != nil {
			r.Body = &noted{r.Body, sync.OnceFunc(func() {
				forget = context.AfterFunc(s.stopping, func() { cancel(context.Cause(s.stopping)) })
				begun()
			})}
		}

		x := &exchange{ResponseWriter: w, reading: reading}
		r.Header.Del("X-HTTP-Method-Override") // routes are chosen by the real method
		inner.ServeHTTP(x, r.WithContext(context.WithValue(ctx, exchangeKey{}, x)))
		if x.refused != 0 {
			x.Header().Del("Content-Length")
			s.refuseRequest(api, w, r, s.problem(x, httpapi.RequestID(ctx)))
		}
	})
}

// noted is a request's body that tells when it is first read.
type noted struct {
	io.ReadCloser
	begin func() // may be called any number of times
}

func (b *noted) Read(p []byte) (int, error) {
	b.begin()
	return b.ReadCloser.Read(p)
}

// locker is tusd's, whose holders are asked to let go only while they read: tusd
// keeps the body of a request without a lock, and looks at it when it ends that.
type locker struct{ *memorylocker.MemoryLocker }

func (l locker) NewLock(id string) (handler.Lock, error) {
	inner, err := l.MemoryLocker.NewLock(id)
	return lock{inner}, err
}

type lock struct{ inner handler.Lock }

func (l lock) Lock(ctx context.Context, release func()) error {
	x, ok := ctx.Value(exchangeKey{}).(*exchange)
	if !ok {
		return l.inner.Lock(ctx, release)
	}
	return l.inner.Lock(ctx, func() { context.AfterFunc(x.reading, release) })
}

func (l lock) Unlock() error { return l.inner.Unlock() }

// refuseRequest answers with a problem, after reading on for a while where the
// client is still sending.
func (s *Service) refuseRequest(api *httpapi.API, w http.ResponseWriter, r *http.Request, err error) {
	if r.Body != nil && r.ContentLength != 0 {
		_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(drainTime))
		_, _ = io.CopyN(io.Discard, r.Body, drainBytes)
	}
	api.WriteProblem(w, r, err)
}

// tusProblem is one of tusd's own refusals, in our words. The statuses are the
// protocol's.
type tusProblem struct {
	status       int
	code, detail string
}

var tusProblems = map[string]tusProblem{
	handler.ErrUnsupportedVersion.ErrorCode: {
		http.StatusPreconditionFailed, "tus_version",
		"Uploads speak tus 1.0.0; send the header Tus-Resumable: 1.0.0.",
	},
	handler.ErrInvalidContentType.ErrorCode: {
		http.StatusUnsupportedMediaType, "chunk_content_type",
		"A chunk has the content type application/offset+octet-stream.",
	},
	handler.ErrInvalidUploadLength.ErrorCode: {
		http.StatusBadRequest, "length_required",
		"Say the file's size in bytes in the header Upload-Length.",
	},
	handler.ErrNotImplemented.ErrorCode: {
		http.StatusBadRequest, "length_required",
		"The file's size must be known when its upload begins; say it in the header Upload-Length.",
	},
	handler.ErrInvalidOffset.ErrorCode: {
		http.StatusBadRequest, "offset_required",
		"Say where the chunk begins in the header Upload-Offset.",
	},
	handler.ErrMismatchOffset.ErrorCode: {
		http.StatusConflict, "offset_mismatch",
		"The upload stands at another offset. Ask for it with HEAD and go on from there.",
	},
	handler.ErrSizeExceeded.ErrorCode: {
		http.StatusRequestEntityTooLarge, "size_exceeded",
		"The chunk goes past the size that was announced.",
	},
	handler.ErrFileLocked.ErrorCode: {
		http.StatusLocked, "upload_locked",
		"Another request is writing to this upload. Try again in a moment.",
	},
	handler.ErrLockTimeout.ErrorCode: {
		http.StatusLocked, "upload_locked",
		"Another request is writing to this upload. Try again in a moment.",
	},
	handler.ErrUploadInterrupted.ErrorCode: {
		http.StatusConflict, "upload_interrupted",
		"A newer request took this upload over.",
	},
	handler.ErrServerShutdown.ErrorCode: {
		http.StatusServiceUnavailable, "stopping",
		"The server is restarting. The upload goes on where it was in a moment.",
	},
	handler.ErrUnexpectedEOF.ErrorCode: {
		http.StatusBadRequest, "chunk_cut_off",
		"The chunk ended early. What came is kept; go on from there.",
	},
	handler.ErrReadTimeout.ErrorCode: {
		http.StatusRequestTimeout, "chunk_timed_out",
		"No byte came for a minute. What came is kept; go on from there.",
	},
	handler.ErrConnectionReset.ErrorCode: {
		http.StatusBadRequest, "chunk_cut_off",
		"The connection broke. What came is kept; go on from there.",
	},
}

// problem is the error to answer with.
func (s *Service) problem(x *exchange, requestID string) error {
	if x.err != nil {
		return x.err
	}
	code, _, _ := strings.Cut(string(x.said), ":")
	if code == handler.ErrMaxSizeExceeded.ErrorCode {
		return s.errTooLarge()
	}
	p, ok := tusProblems[code]
	if !ok {
		return fmt.Errorf("ingest: tusd answered %d %q", x.refused, x.said)
	}
	return p.as(requestID)
}

func (p tusProblem) as(requestID string) *httpapi.Problem {
	return &httpapi.Problem{
		Type: "about:blank", Title: http.StatusText(p.status), Status: p.status, Code: p.code, Detail: p.detail, RequestID: requestID,
	}
}

// serve answers one method on one upload: ours is asked first, and tusd only
// about uploads that are open.
func (s *Service) serve(api *httpapi.API, next http.Handler, check func(context.Context, Upload) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := r.Context()
		u, err := s.mine(ctx, r.PathValue("id"))
		if err == nil && u.State == Open && r.Method != http.MethodDelete && s.complete(u) {
			// All bytes came, but the server died, or the database was away,
			// before that was recorded.
			u, err = s.finish(ctx, u.ID)
		}
		if err == nil && u.State != Open && !u.done() {
			err = gone(u)
		}
		if err == nil && check != nil {
			err = check(ctx, u)
		}
		switch {
		case err != nil:
			w.Header().Set("Tus-Resumable", "1.0.0")
			s.refuseRequest(api, w, r, err)
		case u.done():
			s.answerDone(api, w, r, u)
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// answerDone answers for an upload that was acknowledged before: its client
// may not have got the answer.
func (s *Service) answerDone(api *httpapi.API, w http.ResponseWriter, r *http.Request, u Upload) {
	h := w.Header()
	h.Set("Tus-Resumable", "1.0.0")
	offset := strconv.FormatInt(u.Size, 10)
	switch {
	case r.Method == http.MethodDelete:
		s.refuseRequest(api, w, r, errFinished)
		return
	case r.Method == http.MethodPatch && r.Header.Get("Upload-Offset") != offset:
		s.refuseRequest(api, w, r, tusProblems[handler.ErrMismatchOffset.ErrorCode].as(httpapi.RequestID(r.Context())))
		return
	}
	for key, value := range outcome(u) {
		h.Set(key, value)
	}
	h.Set("Upload-Offset", offset)
	if r.Method == http.MethodHead {
		h.Set("Upload-Length", offset)
		w.WriteHeader(http.StatusOK)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// limited lets a bounded number of requests carry bytes at the same time.
func (s *Service) limited(api *httpapi.API, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case s.transfers <- struct{}{}:
			defer func() { <-s.transfers }()
			next.ServeHTTP(w, r)
		default:
			s.refuseRequest(api, w, r, errBusy)
		}
	})
}

// checkPatch is asked before each chunk.
func (s *Service) checkPatch(ctx context.Context, u Upload) error {
	if u.State != Open {
		return nil
	}
	if err := s.mayStillAdd(ctx, u); err != nil {
		return err
	}
	return s.extend(ctx, u)
}

// beforeTerminate is tusd's hook for DELETE. It holds the upload's lock, so a
// transfer under way has ended.
func (s *Service) beforeTerminate(e handler.HookEvent) (handler.HTTPResponse, error) {
	id, err := uuid.Parse(e.Upload.ID)
	if err != nil {
		return handler.HTTPResponse{}, fail(e.Context, err)
	}
	ended, err := s.end(e.Context, id, Terminated, "")
	if err == nil && !ended {
		err = errGone
	}
	if err != nil {
		return handler.HTTPResponse{}, fail(e.Context, err)
	}
	return handler.HTTPResponse{}, nil
}
